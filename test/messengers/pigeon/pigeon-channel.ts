/**
 * The loft behind the port `Channel`.
 *
 * Invariants: a letter is confirmed only once `receive` has resolved; letters of one person are handed on one after another,
 * those of others beside them; the key stands in no result and no log line.
 */
import { backOff, pause } from '../../../src/channels/back-off.ts';
import type {
  AccountFault,
  Arriving,
  Capabilities,
  Channel,
  IncomingContent,
  IncomingMessage,
  OutgoingMessage,
  Receive,
  SendResult,
} from '../../../src/channels/channel.ts';
import { accountRefused, callHttp, codeOfRefusal, type Means } from '../../../src/channels/http-call.ts';
import { FILE_PATIENCE, openAsSet, readAtMost } from '../../../src/channels/outside.ts';
import type { Log } from '../../../src/kernel/log.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { type Letter, letterSchema, littleSchema, type Sending, sentSchema, whoSchema } from './wire.ts';

export const PIGEON_CAPABILITIES: Capabilities = {
  buttons: true,
  editText: true,
  maxTextLength: 4_000,
  maxButtonData: 64,
  maxFileBytes: 10_000_000,
  sendsOnce: true,
};
export const PIGEON_ACCOUNT = { all: 'PIGEON_KEY', address: 'PIGEON_URL' };

type Access = { url: string; key: string };
type Options = Access & { lease: { isHeld(): boolean }; arriving: Arriving; log: Log };

/** The loft answers a question for letters within 20 seconds. */
const PATIENCE = { firstByte: seconds(40), silence: seconds(40) };
const MOST_LETTERS = 4_000_000;
const ASK_FOR_LEASE_EVERY = 100;

const headersOf = ({ key }: Access) => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
});

/** 410: the person let us go; else as any service refuses an account. */
const means: Means = (status, body) =>
  status === 410 ? { ok: false, reason: 'blocked' } : accountRefused(status, body);

/** What we are called there. */
export async function askWho(
  access: Access,
  signal = AbortSignal.timeout(seconds(5)),
): Promise<{ ok: true; name: string } | { ok: false; code: string }> {
  const answer = await callHttp(`${access.url}/who`, { headers: headersOf(access) }, signal);
  if (!answer.ok) return { ok: false, code: codeOfRefusal(answer) };
  const who = whoSchema.safeParse(jsonOf(answer.body));
  return who.success ? { ok: true, name: who.data.name } : { ok: false, code: 'no_name' };
}

export function createPigeonChannel(options: Options): Channel {
  const { url, lease, arriving, log } = options;
  const stopping = new AbortController();
  let listening: Promise<void> = Promise.resolve();
  let health: { state: 'up' | 'starting' | 'down'; since: Date; lastError?: string; fault?: AccountFault } = {
    state: 'starting',
    since: new Date(),
  };
  const become = (state: 'up' | 'down', more: { lastError?: string; fault?: AccountFault } = {}): void => {
    health = { state, since: state === health.state ? health.since : new Date(), ...more };
  };

  const post = async (sending: Sending, signal: AbortSignal): Promise<SendResult> => {
    const body = JSON.stringify(sending);
    const answer = await callHttp(`${url}/letters`, { headers: headersOf(options), body }, signal, { means });
    if (!answer.ok) return answer;
    const sent = sentSchema.safeParse(jsonOf(answer.body));
    return sent.success
      ? { ok: true, messageRef: sent.data.id }
      : { ok: false, reason: 'ambiguous', code: 'no_id' };
  };

  /** Asks for what came after `after`; throws if the loft does not give it. */
  const lettersAfter = async (after: number): Promise<unknown[]> => {
    const asked = await openAsSet(
      `${url}/letters?after=${after}`,
      { headers: headersOf(options) },
      { signal: stopping.signal, patience: PATIENCE },
    );
    if (asked.status !== 200) {
      asked.close();
      throw Object.assign(new Error('refused'), { status: asked.status });
    }
    const { bytes } = await readAtMost(asked, MOST_LETTERS);
    // A last line that was cut off comes again.
    return bytes.toString().split('\n').slice(0, -1).map(jsonOf);
  };

  const read = (raw: unknown): { n: number; message: IncomingMessage } | undefined => {
    const little = littleSchema.safeParse(raw);
    if (!little.success) return undefined;
    const { n, from: address } = little.data;
    const unread = { channel: 'pigeon', id: String(n), address, content: UNREADABLE };
    const whole = () => {
      const letter = letterSchema.safeParse(raw);
      return letter.success ? messageOf(letter.data) : unread;
    };
    const message = arriving.read('pigeon', { id: String(n), raw: () => raw }, whole, () => unread);
    return { n, message };
  };

  const listen = async (receive: Receive): Promise<void> => {
    let confirmed = 0;
    for (let failures = 0; !stopping.signal.aborted; ) {
      if (!lease.isHeld()) {
        await pause(ASK_FOR_LEASE_EVERY, stopping.signal);
        continue;
      }
      try {
        const letters = (await lettersAfter(confirmed)).flatMap((raw) => read(raw) ?? []);
        become('up');
        const failed = await handOn(letters, receive);
        confirmed = failed === undefined ? Math.max(confirmed, ...letters.map(({ n }) => n)) : failed - 1;
        failures = failed === undefined ? 0 : failures + 1;
      } catch (error) {
        if (stopping.signal.aborted) return;
        const { status } = error as { status?: number };
        const code = status === undefined ? 'unreachable' : `http_${status}`;
        log.warn('channel_call_failed', { channel: 'pigeon', error: 'Letters', code, method: 'letters' });
        become('down', { lastError: code, ...(status === 401 ? { fault: 'key' } : {}) });
        failures += 1;
      }
      if (failures > 0) await pause(backOff(failures, 200, seconds(10)), stopping.signal);
    }
  };

  return {
    kind: 'pigeon',
    can: PIGEON_CAPABILITIES,
    account: PIGEON_ACCOUNT,
    async start(receive) {
      listening = listen(receive);
      log.info('channel_started', { channel: 'pigeon' });
    },
    async stop() {
      stopping.abort();
      await listening;
    },
    send: (to, message, signal) => post(letterTo(to, message), signal),
    edit: (to, change, message, signal) => post({ ...letterTo(to, message), change }, signal),
    retract: (to, change, signal) => post({ to, text: '', change }, signal),
    async fetchFile({ ref }, signal) {
      try {
        const opened = await openAsSet(
          `${url}/files/${encodeURIComponent(ref)}`,
          { headers: headersOf(options) },
          { signal, patience: FILE_PATIENCE },
        );
        if (opened.status === 200) return { ok: true, stream: ReadableStream.from(opened.body) };
        opened.close();
        return { ok: false, reason: opened.status === 404 ? 'gone' : 'unreachable', code: 'no_file' };
      } catch {
        return { ok: false, reason: 'unreachable', code: 'no_file' };
      }
    },
    health: () => (lease.isHeld() ? health : { ...health, isStandby: true }),
    async probe(signal) {
      const who = await askWho(options, signal);
      return who.ok ? undefined : who.code;
    },
  };
}

/** The lowest number that could not be committed; undefined: all could. */
async function handOn(
  letters: readonly { n: number; message: IncomingMessage }[],
  receive: Receive,
): Promise<number | undefined> {
  const people = Map.groupBy(letters, ({ message }) => message.address);
  const failed = await Promise.all(
    [...people.values()].map(async (own) => {
      for (const { n, message } of own) {
        try {
          await receive(message);
        } catch {
          return [n];
        }
      }
      return [];
    }),
  );
  const numbers = failed.flat();
  return numbers.length > 0 ? Math.min(...numbers) : undefined;
}

const letterTo = (to: string, { text, rows, key }: OutgoingMessage): Sending => ({
  to,
  text,
  ...(rows && rows.length > 0 ? { choices: rows } : {}),
  ...(key ? { key } : {}),
});

const UNREADABLE: IncomingContent = { kind: 'unsupported', what: 'letter' };

const messageOf = ({ n, id, from, at, content }: Letter): IncomingMessage => ({
  channel: 'pigeon',
  id: String(n),
  address: from,
  messageRef: id,
  sentAt: new Date(at),
  content: contentOf(content),
});

function contentOf(content: Letter['content']): IncomingContent {
  const edited = 'again' in content && content.again ? { edited: true } : {};
  switch (content.is) {
    case 'words':
      return { kind: 'text', text: content.words, ...edited };
    case 'choice':
      return { kind: 'button', data: content.data };
    case 'sign':
      return { kind: 'reaction', emoji: content.sign };
    case 'file': {
      const { kind, ref, size, words } = content;
      return { kind: 'file', file: { kind, ref, size }, ...(words ? { caption: words } : {}), ...edited };
    }
    case 'place':
      return { kind: 'location', latitude: content.latitude, longitude: content.longitude, ...edited };
    case 'gone':
      return { kind: 'blocked' };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
