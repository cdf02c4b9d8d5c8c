/**
 * What comes from the loft.
 *
 * Invariants: a letter is confirmed only once `receive` has resolved; letters of one person are handed on one after another,
 * those of others beside them.
 */
import { backOff, pause } from '../../../src/channels/back-off.ts';
import type {
  AccountFault,
  Arriving,
  IncomingContent,
  IncomingMessage,
  Receive,
} from '../../../src/channels/channel.ts';
import { openAsSet, readAtMost } from '../../../src/channels/outside.ts';
import type { Log } from '../../../src/kernel/log.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { jsonOf, type Letter, letterSchema, littleSchema } from './wire.ts';

export type Access = { url: string; key: string };
export type Become = (state: 'up' | 'down', more?: { lastError?: string; fault?: AccountFault }) => void;

type Listening = Access & {
  lease: { isHeld(): boolean };
  arriving: Arriving;
  log: Log;
  receive: Receive;
  become: Become;
  signal: AbortSignal;
};

/** The loft answers a question for letters within 20 seconds. */
const PATIENCE = { firstByte: seconds(40), silence: seconds(40) };
const MOST_BYTES = 4_000_000;
const ASK_FOR_LEASE_EVERY = 100;

export const headersOf = ({ key }: Access) => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
});

/** Until `signal`; only as the one process that may. */
export async function listen(parts: Listening): Promise<void> {
  const { lease, signal } = parts;
  let confirmed = 0;
  for (let failures = 0; !signal.aborted; ) {
    if (!lease.isHeld()) {
      await pause(ASK_FOR_LEASE_EVERY, signal);
      continue;
    }
    const asked = await askOnce(parts, confirmed);
    confirmed = asked.confirmed;
    failures = asked.isWhole ? 0 : failures + 1;
    if (failures > 0) await pause(backOff(failures, 200, seconds(10)), signal);
  }
}

async function askOnce(parts: Listening, before: number): Promise<{ confirmed: number; isWhole: boolean }> {
  try {
    const letters = (await lettersAfter(parts, before)).flatMap((raw) => read(raw, parts.arriving) ?? []);
    parts.become('up');
    const failed = await handOn(letters, parts.receive);
    return failed === undefined
      ? { confirmed: Math.max(before, ...letters.map(({ n }) => n)), isWhole: true }
      : { confirmed: failed - 1, isWhole: false };
  } catch (error) {
    if (!parts.signal.aborted) failedToAsk(parts, error);
    return { confirmed: before, isWhole: false };
  }
}

function failedToAsk({ log, become }: Listening, error: unknown): void {
  const { status } = error as { status?: number };
  const code = status === undefined ? 'unreachable' : `http_${status}`;
  log.warn('channel_call_failed', { channel: 'pigeon', error: 'Letters', code, method: 'letters' });
  become('down', { lastError: code, ...(status === 401 ? { fault: 'key' } : {}) });
}

/** Asks for what came after `after`; throws if the loft does not give it. */
async function lettersAfter({ signal, ...access }: Listening, after: number): Promise<unknown[]> {
  const headers = headersOf(access);
  const asked = await openAsSet(
    `${access.url}/letters?after=${after}`,
    { headers },
    { signal, patience: PATIENCE },
  );
  if (asked.status !== 200) {
    asked.close();
    throw Object.assign(new Error('refused'), { status: asked.status });
  }
  const { bytes } = await readAtMost(asked, MOST_BYTES);
  // A last line that was cut off comes again.
  return bytes.toString().split('\n').slice(0, -1).map(jsonOf);
}

/** What makes the program fall while it is read three times is handed on as something that cannot be read. */
function read(raw: unknown, arriving: Arriving): { n: number; message: IncomingMessage } | undefined {
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

const UNREADABLE: IncomingContent = { kind: 'unsupported', what: 'letter' };

const messageOf = ({ n, id, from, at, about, content }: Letter): IncomingMessage => ({
  ...(about === undefined ? {} : { repliesTo: about }),
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
    case 'place': {
      const { latitude, longitude, words } = content;
      return { kind: 'location', latitude, longitude, ...(words ? { words } : {}), ...edited };
    }
    case 'card':
      return { kind: 'card', what: 'contact', words: content.words };
    case 'gone':
      return { kind: 'blocked' };
  }
}
