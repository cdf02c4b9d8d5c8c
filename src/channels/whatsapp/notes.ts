/**
 * What the operator may know of the connection: times, codes and counts, nothing of anybody.
 *
 * Kept in memory and handed over every few seconds, if something has changed, or twice a minute anyway, so that its
 * reader sees that the process lives. A note that cannot be kept is handed over with the next one.
 */
import { areJidsSameUser, type BinaryNode, jidDecode } from '@whiskeysockets/baileys';
import { type Log, reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import type { SendResult } from '../channel.ts';
import type { ConnectionStatus, Socket } from './connection.ts';
import { isPerson } from './people.ts';
import { isRestrictedBy } from './restricted.ts';

type Note = {
  /** What the number is called. */
  name?: string;
  state: ConnectionStatus['is'];
  because?: string;
  since: Date;
  /** When all of this was true. */
  at: Date;
  /** Closes since the last note. */
  closes: number;
  firstOpenAt?: Date;
  receivedAt?: Date;
  sentAt?: Date;
  handsetAt?: Date;
  /** A close code, or `ack_` and what WhatsApp said to a message of ours. */
  errorCode?: string;
  errorAt?: Date;
};

export type NoteKeeper = { keep(note: Note): Promise<void> };

export type Notes = {
  start(): void;
  /** Hears what goes on a socket. */
  listen(socket: Socket): void;
  became(status: ConnectionStatus): void;
  /** What WhatsApp said to a message of ours. */
  sent(result: SendResult): void;
  /** Whether WhatsApp has refused a message of ours within the last hour because the account is restricted. */
  isRestricted(): boolean;
  /** Hands over what is left. */
  stop(): Promise<void>;
};

const EVERY = seconds(3);
const AT_LEAST_EVERY = seconds(30);
/** How WhatsApp greets a new device: no trouble. */
const RESTART = 515;

export function createNotes({ keeper, log }: { keeper: NoteKeeper; log: Log }): Notes {
  let status: ConnectionStatus = { is: 'off', since: new Date() };
  let news: Omit<Note, 'state' | 'because' | 'since' | 'at'> = { closes: 0 };
  let hasChanged = false;
  let refused: { code: string; atMs: number } | undefined;
  let lastKept = Number.NEGATIVE_INFINITY;
  let keeping: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const notice = (more: Partial<Note>): void => {
    news = { ...news, ...more };
    hasChanged = true;
  };

  const keep = async (): Promise<void> => {
    const { is: state, because, since } = status;
    // The process that has the connection speaks; one that waits for it, or for a number, has nothing to say.
    if (state === 'standby' || state === 'unlinked') return;
    if (!hasChanged && performance.now() - lastKept < AT_LEAST_EVERY) return;
    const handed = news;
    news = { closes: 0 };
    hasChanged = false;
    try {
      await keeper.keep({ ...handed, state, ...(because ? { because } : {}), since, at: new Date() });
      lastKept = performance.now();
    } catch (error) {
      news = { ...handed, ...news, closes: handed.closes + news.closes };
      hasChanged = true;
      log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
    }
  };
  const keepNext = (): Promise<void> => {
    keeping = keeping.then(keep);
    return keeping;
  };

  return {
    start() {
      timer = setInterval(() => void keepNext(), EVERY);
      timer.unref();
    },
    listen(socket) {
      const isHandset = ({ attrs }: BinaryNode): boolean => {
        const { me } = socket.authState.creds;
        const from = jidDecode(attrs.from);
        if (!from || from.device) return false;
        return areJidsSameUser(attrs.from, me?.id) || areJidsSameUser(attrs.from, me?.lid);
      };
      const seen = (stanza: BinaryNode): void => {
        if (isHandset(stanza)) notice({ handsetAt: new Date() });
        else if (stanza.tag === 'message' && isPerson(stanza.attrs.from)) notice({ receivedAt: new Date() });
      };
      socket.ws.on('CB:message', seen);
      // The handset confirms each message of ours, since it gets a copy of it.
      socket.ws.on('CB:receipt', seen);
    },
    sent(result) {
      if (result.ok) return notice({ sentAt: new Date() });
      if (result.reason !== 'rejected') return;
      if (isRestrictedBy(result.code, 0)) refused = { code: result.code, atMs: performance.now() };
      notice({ errorCode: result.code, errorAt: new Date() });
    },
    became(next) {
      status = next;
      if (next.is === 'open') notice({ firstOpenAt: next.since });
      // Rare, and what an operator waits to see: kept at once.
      queueMicrotask(() => void keepNext());
      const hasClosed = (next.is === 'waiting' || next.is === 'stopped') && next.code !== RESTART;
      if (!hasClosed) return notice({});
      const errorCode = String(next.code ?? 'none');
      notice({ closes: news.closes + 1, errorCode, errorAt: next.since });
    },
    isRestricted: () =>
      refused !== undefined && isRestrictedBy(refused.code, performance.now() - refused.atMs),
    async stop() {
      clearInterval(timer);
      await keepNext();
    },
  };
}
