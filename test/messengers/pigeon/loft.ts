/** A server of the third messenger, with people on it. */
import { createServer, type IncomingMessage as Request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { Changes } from '../../fakes/whatsapp/changes.ts';
import { type Letter, type LetterContent, type Sending, sendingSchema } from './wire.ts';

/** One letter on a person's screen; `at`: when it came or was last changed, as a count. */
export type Shown = {
  id: string;
  isOurs: boolean;
  text: string;
  choices: { label: string; data: string }[];
  at: number;
  voice?: Sending['voice'];
};

/** What goes wrong on the way to a person: a status, no answer, or what the server does and does not say. */
export type LoftFault = number | 'hang' | 'drop' | 'accept_then_drop';

type Loft = Awaited<ReturnType<typeof startLoft>>;
export type LoftPerson = ReturnType<Loft['person']>;

/** So long a question for letters waits. */
const WAIT_MS = 15_000;
export const KEY = 'the-key-of-this-loft';

export async function startLoft({ now = Date.now }: { now?: () => number } = {}) {
  const changes = new Changes();
  const letters: Letter[] = [];
  const screens = new Map<string, Shown[]>();
  const sent = new Map<string, string>();
  const files = new Map<string, Uint8Array>();
  const faults: { to: string; how: LoftFault }[] = [];
  const tries: string[] = [];
  const rang: { to: string; text: string }[] = [];
  const losing: number[] = [];
  let confirmed = 0;
  let hasFallen = false;
  let inVain = 0;

  const shownTo = (who: string): Shown[] => {
    const found = screens.get(who) ?? [];
    screens.set(who, found);
    return found;
  };
  const takes = (sending: Sending): { status: number; id?: string } => {
    const screen = shownTo(sending.to);
    const choices = (sending.choices ?? []).flat();
    changes.count += 1;
    if (sending.change !== undefined) {
      const at = screen.findIndex(({ id }) => id === sending.change);
      const found = screen[at];
      if (!found) return { status: 409 };
      if (sending.text === '') screen.splice(at, 1);
      else Object.assign(found, { text: sending.text, choices, at: changes.count });
      return { status: 200, id: sending.change };
    }
    const known = sending.key && sent.get(`${sending.to}/${sending.key}`);
    if (known) return { status: 200, id: known };
    const id = `o${changes.count}`;
    if (sending.key) sent.set(`${sending.to}/${sending.key}`, id);
    const { text, voice } = sending;
    screen.push({ id, isOurs: true, text, choices, at: changes.count, ...(voice ? { voice } : {}) });
    rang.push({ to: sending.to, text: `${sending.text}\n${JSON.stringify(choices)}` });
    return { status: 200, id };
  };

  const answersLetters = async (after: number, response: ServerResponse): Promise<void> => {
    confirmed = Math.max(confirmed, after);
    changes.changed();
    const waiting = () => letters.filter(({ n }) => n > confirmed);
    let isGone = false;
    response.on('close', () => {
      isGone = true;
      changes.changed();
    });
    await changes
      .until(
        () => isGone || hasFallen || waiting().length > 0,
        () => 'no letter',
        WAIT_MS,
      )
      .catch(() => undefined);
    if (isGone || hasFallen) return void response.destroy();
    response.end(
      waiting()
        .map((letter) => `${JSON.stringify(letter)}\n`)
        .join(''),
    );
  };

  const takesLetter = async (request: Request, response: ServerResponse): Promise<void> => {
    const sending = sendingSchema.parse(JSON.parse(await readText(request)));
    if (sending.change === undefined) tries.push(sending.to);
    const at = faults.findIndex(({ to }) => to === sending.to && sending.change === undefined);
    const how = at < 0 ? undefined : faults.splice(at, 1)[0]?.how;
    changes.changed();
    if (how === 'hang') return;
    if (how === 'drop') return void request.socket.destroy();
    if (typeof how === 'number') return void response.writeHead(how).end();
    const { status, id } = takes(sending);
    changes.changed();
    if (how === 'accept_then_drop') return void request.socket.destroy();
    response.writeHead(status).end(JSON.stringify({ id }));
  };

  const serves = async (request: Request, response: ServerResponse): Promise<void> => {
    if (hasFallen) {
      inVain += 1;
      changes.changed();
      return void request.socket.destroy();
    }
    if (request.headers.authorization !== `Bearer ${KEY}`) return void response.writeHead(401).end();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loft');
    if (pathname === '/who') return void response.end('{"name":"lakana"}');
    if (pathname.startsWith('/files/')) {
      const bytes = losing.shift() === undefined ? files.get(pathname.slice('/files/'.length)) : undefined;
      return void (bytes ? response.end(bytes) : response.writeHead(404).end());
    }
    if (request.method === 'GET') return answersLetters(Number(searchParams.get('after')), response);
    return takesLetter(request, response);
  };
  const server = createServer((request, response) => {
    void serves(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  const person = (name: string) => {
    const from = String(22_300_000 + screens.size);
    const screen = shownTo(from);
    let acted = 0;
    const does = (content: LetterContent, id?: string, about?: string): { id: string } => {
      const n = letters.length + 1;
      const letter = {
        n,
        id: id ?? `i${n}`,
        from,
        at: now(),
        ...(about === undefined ? {} : { about }),
        content,
      };
      letters.push(letter);
      changes.count += 1;
      acted = changes.count;
      changes.changed();
      return letter;
    };
    const shows = (text: string, { id }: { id: string }): { id: string } => {
      screen.push({ id, isOurs: false, text, choices: [], at: changes.count });
      changes.changed();
      return { id };
    };
    return {
      name,
      from,
      screen,
      does,
      shows,
      /** What the service sent that came or changed since this person did something last. */
      fresh: () => screen.filter(({ isOurs, at }) => isOurs && at > acted),
      puts(bytes: Uint8Array): string {
        const ref = `f${files.size + 1}`;
        files.set(ref, bytes);
        return ref;
      },
      until: <T>(what: string, within: number | undefined, look: () => T | undefined) =>
        changes.until(
          look,
          () => `${name} waits for ${what}; sees:\n${screen.map(({ text }) => text).join('\n')}`,
          within,
        ),
    };
  };

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    person,
    until: (condition: () => boolean, within?: number) =>
      changes.until(condition, () => 'nothing of the kind', within),
    unconfirmed: () => letters.length - confirmed,
    confirmed: () => confirmed,
    fails: (to: string, how: LoftFault) => void faults.push({ to, how }),
    triesFor: (to: string) => tries.filter((each) => each === to).length,
    rang: (to: string) => rang.flatMap((each) => (each.to === to ? [each.text] : [])),
    losesNextFile: () => void losing.push(1),
    inVain: () => inVain,
    falls(): void {
      hasFallen = true;
      inVain = 0;
      changes.changed();
      server.closeAllConnections();
    },
    heals(): void {
      hasFallen = false;
      faults.length = 0;
    },
    async close(): Promise<void> {
      hasFallen = true;
      changes.changed();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
