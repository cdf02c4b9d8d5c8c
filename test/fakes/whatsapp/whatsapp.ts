/**
 * A WhatsApp server for tests: Noise, pairing, Signal and media as unpatched Baileys expects them, people with
 * phones, faults on request.
 *
 *     const whatsapp = await startFakeWhatsApp();
 *     const undo = trust(whatsapp.credentials);
 *     // start the bot with waWebSocketUrl whatsapp.url, then link it:
 *     await whatsapp.handset.scans(qr);
 *     const awa = whatsapp.person('Awa');
 *     await awa.says('SOS');
 *     await awa.seesText(/reçu/);
 *     whatsapp.fail({ on: 'message', with: 463 });
 *     whatsapp.closes(503);
 *     await whatsapp.close();
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readParams } from '../telegram/body.ts';
import { Account } from './account.ts';
import { Changes } from './changes.ts';
import { type Fault, Faults } from './faults.ts';
import { tellHistory, tellSettings } from './handset.ts';
import { type CloseCode, Line } from './line.ts';
import { MediaHost } from './media.ts';
import { type Hello, serverKeys } from './noise.ts';
import { Person } from './person.ts';
import { type Call, Switchboard } from './switchboard.ts';
import type { Credentials } from './trust.ts';
import { type Stanza, stanza } from './wire.ts';

type Json = Record<string, unknown>;

export type FakeOptions = {
  /** Default: any free port. */
  port?: number;
  /** The bot's number; default a made-up one. */
  number?: string;
  /**
   * As other servers than WhatsApp's own do it: a device is greeted before a handset has accepted it, is not asked to
   * come again after that, and what the bot sends is answered as if it were a receipt.
   */
  isForeign?: boolean;
  /** A server whose keys are certified by a root that nobody else has. */
  isImposter?: boolean;
  /** Milliseconds since 1970, for the dates of messages; default the real clock. */
  now?: () => number;
  /** Answers `POST /control`, for a fake that is its own process: see `main.ts`. */
  control?: (body: Json) => Promise<Json>;
};

export type FakeWhatsApp = Awaited<ReturnType<typeof startFakeWhatsApp>>;

export async function startFakeWhatsApp(options: FakeOptions = {}) {
  const now = options.now ?? Date.now;
  const seconds = () => String(Math.floor(now() / 1_000));
  const faults = new Faults();
  const media = new MediaHost(faults);
  const changes = new Changes();
  const account = new Account(options.number ?? '22370000001', '100000000000001');
  /** Another number that the bot can be linked to. */
  const other = new Account('22370000002', '100000000000002');
  const people: Person[] = [];
  const calls: Call[] = [];
  const lines = new Set<Line>();
  const find = (user: string) => people.find((person) => person.owns(user));
  const { isForeign = false, isImposter = false } = options;
  const keys = serverKeys(isImposter);
  const boardOf = (of: Account) =>
    new Switchboard({ account: of, media, find, faults, changes, calls, now, isForeign });
  const switchboard = boardOf(account);
  const otherBoard = boardOf(other);
  const boards = new Map<Line, Switchboard>();
  /** The number that the device is linked to. */
  const boardFor = ({ staticKey }: Hello): Switchboard =>
    other.linked?.noiseKey.equals(staticKey) ? otherBoard : switchboard;
  const credentials: Credentials = {
    root: Buffer.from(keys.root.public).toString('hex'),
    ca: media.certificate.cert,
    media: '',
  };
  const broken: unknown[] = [];
  let turnedAway = 0;

  const http = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname === '/credentials') return void response.end(JSON.stringify(credentials));
    if (url.pathname !== '/control' || !options.control) return void response.writeHead(404).end();
    response.end(JSON.stringify(await options.control(await readParams(request, url))));
  });
  http.on('upgrade', (request, socket) => {
    const fault = faults.strike('connect');
    if (fault !== undefined) turnedAway += 1;
    changes.changed();
    if (typeof fault === 'number') return void socket.end(`HTTP/1.1 ${fault} Refused\r\n\r\n`);
    if (fault === 'drop') return void socket.destroy();
    const line = new Line(request, socket, {
      keys,
      onHello(from, hello) {
        boards.set(from, boardFor(hello));
        boards.get(from)?.hello(from, hello);
      },
      onStanza: async (from, stanza) => boards.get(from)?.take(from, stanza),
      onClose: (from) => {
        lines.delete(from);
        boards.get(from)?.closed(from);
        boards.delete(from);
      },
      onBroken: (thrown) => {
        broken.push(thrown);
        changes.changed();
      },
    });
    line.silent = fault === 'hang';
    lines.add(line);
  });
  await Promise.all([
    media.listen(),
    new Promise<void>((resolve) => http.listen(options.port ?? 0, '127.0.0.1', resolve)),
  ]);
  credentials.media = media.origin;
  const { port } = http.address() as AddressInfo;
  const until = <T>(look: () => T | false | undefined, within?: number): Promise<T> => {
    const seen = () =>
      `the last of the bot: ${calls
        .slice(-20)
        .map(({ method }) => method)
        .join(', ')}`;
    return changes.until(look, () => [seen(), ...broken.map(String)].join('; '), within);
  };

  return {
    /** What the bot takes as `waWebSocketUrl`. */
    url: `ws://127.0.0.1:${port}/ws/chat`,
    root: `http://127.0.0.1:${port}`,
    /** What a bot has to trust instead of WhatsApp: see `trust.ts`. */
    credentials,
    number: account.number,
    /** Everything the bot sent, oldest first. */
    calls,
    account,
    isForeign,
    /** The other number, with the phone that owns it. */
    other: {
      account: other,
      /** Links the bot that shows this QR text to the other number. */
      async scans(qr: string): Promise<void> {
        const pairing = await until(() => switchboard.pairing);
        switchboard.pairing = undefined;
        otherBoard.pairing = pairing;
        boards.set(pairing.line, otherBoard);
        pairing.belongsTo(other);
        pairing.scans(qr);
      },
      isReady: () => until(() => other.active),
    },
    /** WhatsApp blocks a number for good: its connection ends, and no login helps. */
    blocks(number: Account, code: 401 | 403 = 403): void {
      number.refuses = code;
      number.line?.end(code);
    },
    /** It lets a number in again. */
    admits(number: Account): void {
      number.refuses = undefined;
    },
    media,
    /** What went wrong inside the fake, or was wrong about what the bot sent. */
    broken,
    /** Questions of the bot that the fake has no answer for. */
    unanswered: switchboard.unanswered,
    /** The phone that owns the bot's number. */
    handset: {
      /** Links the bot that shows this QR text. */
      async scans(qr: string): Promise<void> {
        (await until(() => switchboard.pairing)).scans(qr);
      },
      /** Links the bot that shows these eight letters. */
      async types(code: string): Promise<void> {
        const asked = () => (switchboard.pairing?.hasAskedForCode ? switchboard.pairing : undefined);
        await (await until(asked)).types(code);
      },
      /** Confirms a message of the bot, of which it has a copy: its sign of life. */
      confirms({ attrs: { id, to } }: Stanza): void {
        const from = account.jid('number', 0);
        account.line?.send(stanza('receipt', { from, type: 'sender', id, recipient: to }));
      },
      /** Names a file with what was said in earlier chats. */
      tellsHistory: () => tellHistory(account, media, seconds()),
      /** Says that settings were changed, which lie in a file too. */
      tellsSettings: () => tellSettings(account, media, seconds()),
      /** Takes the bot off the list of linked devices. */
      unlinks(): void {
        account.linked = undefined;
        account.line?.end(401);
      },
    },
    /** A new person, known by LID unless said otherwise. */
    person(name: string): Person {
      const place = people.length + 1;
      const identity = {
        name,
        number: String(22_376_000_000 + place),
        lidUser: String(200_000_000_000_000 + place),
      };
      const person = new Person(identity, { account, changes, media, now });
      people.push(person);
      return person;
    },
    /** Adds a fault: see `Fault`. */
    fail: (fault: Fault) => faults.add(fault),
    /** Everything works again. */
    heal(): void {
      faults.clear();
      for (const line of lines) line.silent = false;
    },
    /** Ends the bot's connection in WhatsApp's way for this code. */
    closes: (code: CloseCode) => account.line?.end(code),
    /** The network between them is gone. */
    drops(): void {
      for (const line of lines) line.drop();
    },
    /** The connection stays open, and nothing comes of it any more. */
    fallsSilent(): void {
      for (const line of lines) line.silent = true;
    },
    /** How many connections went wrong on purpose. */
    turnedAway: () => turnedAway,
    /** Keeps what is sent to the bot, until `delivers`. */
    holds(): void {
      account.active = false;
    },
    /** Delivers what was kept, in this order of the texts' ids; default as sent. */
    delivers(inOrder: (kept: Stanza[]) => Stanza[] = (kept) => kept): void {
      account.active = true;
      for (const mail of inOrder([...account.waiting])) account.line?.send(mail);
    },
    /** Gives the bot the very same stanza once more, as happens when an acknowledgement was lost. */
    repeats({ id }: { id: string }): void {
      const mail = account.history.get(id);
      if (!mail) throw new Error(`nothing with the id ${id} was sent`);
      account.deliver(mail);
    },
    /** How many messages the bot has not acknowledged. */
    unconfirmed: () => account.waiting.filter(({ tag }) => tag === 'message').length,
    /** What the bot sent under one tag, or asked as one question. */
    callsOf: (method: string): Stanza[] =>
      calls.filter((call) => call.method === method).map(({ stanza }) => stanza),
    /** Resolves with what `look` finds: looked at whenever anything changes. */
    until,
    /** Resolves once the bot is connected and takes live messages. */
    isReady: () => until(() => account.active),
    /** Resolves with the first stanza of the bot that fits, sent earlier or to come. */
    sawCall: (fits: (call: Call) => boolean, within?: number): Promise<Call> =>
      until(() => calls.find(fits), within),
    /** Ends the server and every connection. */
    async close(): Promise<void> {
      for (const line of lines) line.drop();
      for (const { device } of people) device.close();
      account.close();
      other.close();
      http.closeAllConnections();
      await Promise.all([media.close(), new Promise((resolve) => http.close(resolve))]);
    },
  };
}
