/**
 * One of our numbers: its session, its connection, its pace, and what is noted of it. Two can be linked; what is sent through one
 * of them, and what came to it, has nothing to do with the session of the other.
 *
 * Invariant: what a number is called is the same each time it is linked, is chosen by chance, and stands nowhere beside the number
 * itself but under the server key.
 */
import { randomBytes } from 'node:crypto';
import { type Log, reduceError } from '../../kernel/log.ts';
import type { ChannelHealth, NumberName } from '../channel.ts';
import { linkOf } from './auth-state.ts';
import type { ConnectionParts, ConnectionStatus, Socket } from './connection.ts';
import { inTurn } from './in-turn.ts';
import { LinkedConnection, type LinkedConnectionParts, type Unlinking } from './linked-connection.ts';
import { createNotes, type NoteKeeper, type Notes } from './notes.ts';
import { createPace, type Pace } from './pace.ts';
import type { Seat, SentMessages, SessionStore, StagedMessages } from './session-store.ts';
import { Staging } from './staging.ts';

/** What belongs to one number alone. */
export type NumberParts = {
  seat: Seat;
  store: SessionStore;
  sent: SentMessages;
  /** Of the process that holds its socket. */
  lease: LinkedConnectionParts['lease'];
  unlinking: Unlinking;
  notes: NoteKeeper;
};

type Shared = {
  staged: StagedMessages;
  perMinute: number;
  socketUrl?: string;
  log: Log;
  onSocket(socket: Socket): void;
} & Pick<ConnectionParts, 'arriving' | 'timing' | 'dice' | 'wait'> & { lookMs?: number };

/** A number of ours that is linked: what it is called, and its digits. */
export type Known = { name: NumberName; digits: string };

export class OurNumber {
  readonly seat: Seat;
  readonly store: SessionStore;
  readonly sent: SentMessages;
  readonly pace: Pace;
  readonly notes: Notes;
  readonly #connection: LinkedConnection;
  readonly #log: Log;
  #known: Known | undefined;
  #learning = false;

  constructor({ seat, store, sent, lease, unlinking, notes }: NumberParts, shared: Shared) {
    const { staged, perMinute, log, ...rest } = shared;
    this.seat = seat;
    this.store = store;
    this.sent = sent;
    this.pace = createPace(perMinute);
    const keeper: NoteKeeper = {
      keep: (note) => notes.keep({ ...note, ...(this.#known ? { name: this.#known.name } : {}) }),
    };
    this.notes = createNotes({ keeper, log });
    this.#log = log;
    this.#connection = new LinkedConnection({
      ...rest,
      store,
      lease,
      staging: new Staging(staged, seat),
      sent,
      log,
      unlinking,
      hasUnhandled: async () => (await staged.waiting(1)).length > 0,
      onStatus: (status) => this.#became(status),
    });
  }

  get status(): ConnectionStatus {
    return this.#connection.status;
  }

  /** The socket while it is open. */
  get socket(): Socket | undefined {
    return this.#connection.socket;
  }

  /** Whether there is a number in this seat, as far as it was looked at. */
  get isLinked(): boolean {
    return this.status.is !== 'unlinked' && this.status.is !== 'off';
  }

  /** Whether it was looked at what is linked here, and this process knows what that is called. */
  get isSettled(): boolean {
    return this.status.is === 'unlinked' || this.known !== undefined;
  }

  /** What it is called; undefined until that was read, and while this process does not hold it. */
  get known(): Known | undefined {
    if (!this.isLinked || this.status.is === 'standby') return undefined;
    if (!this.#known) void this.learn();
    return this.#known;
  }

  start(): void {
    this.notes.start();
    this.#connection.start();
  }

  /** Resolves when the session is whole in the store, and what is left of the notes is kept. */
  async stop(): Promise<void> {
    await this.#connection.stop();
  }

  health(): ChannelHealth {
    const { is, since, code, because } = this.status;
    if (is === 'unlinked') return { state: 'down', since, lastError: 'not_linked' };
    if (is === 'standby') return { state: 'up', since, isStandby: true };
    if (is === 'open' && this.notes.isRestricted()) return { state: 'up', since, lastError: 'restricted' };
    const lastError = because ?? (code === undefined ? undefined : String(code));
    const state = is === 'open' ? 'up' : is === 'stopped' ? 'down' : 'starting';
    return { state, since, ...(lastError ? { lastError } : {}) };
  }

  /** What it is called, read or chosen now; undefined if nothing is linked. Rejects while the store cannot be asked. */
  async named(): Promise<Known | undefined> {
    this.#known ??= await nameOf(this.store);
    return this.#known;
  }

  async learn(): Promise<void> {
    if (this.#learning) return;
    this.#learning = true;
    try {
      await this.named();
    } catch (error) {
      this.#log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
    } finally {
      this.#learning = false;
    }
  }

  #became(status: ConnectionStatus): void {
    this.notes.became(status);
    // The next one in this seat may be another one.
    if (['unlinked', 'standby', 'off'].includes(status.is)) this.#known = undefined;
  }
}

const nameIn = (digits: string): string => `our-number/${digits}`;

/** What the number that is linked in this store is called; a new one is given a name. Only by the process that holds it. */
export async function nameOf(store: SessionStore): Promise<Known | undefined> {
  const link = await linkOf(store);
  if (!link) return undefined;
  const key = nameIn(link.number);
  return inTurn(store, key, async () => {
    const found = (await store.read([key])).get(key);
    if (found !== undefined) return { name: found, digits: link.number };
    const name = randomBytes(6).toString('hex');
    await store.write(new Map([[key, name]]));
    return { name, digits: link.number };
  });
}

/** The same, without giving one: empty while it has none. */
export async function knownName(store: SessionStore): Promise<Known | undefined> {
  const link = await linkOf(store);
  if (!link) return undefined;
  const key = nameIn(link.number);
  return { name: (await store.read([key])).get(key) ?? '', digits: link.number };
}
