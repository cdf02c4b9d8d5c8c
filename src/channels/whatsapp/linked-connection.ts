/**
 * The connection of the number that is linked, whichever that is: waits for one, keeps it, lets go of it when the
 * operator unlinks it, and takes the next one without a restart.
 *
 * Invariants: while no number is linked the lease is free, for `whatsapp pair` needs it; what WhatsApp has ended for
 * good (`stopped`) is not tried again before the number is linked anew or the service is started again; the session is
 * forgotten only while nothing can write to it any more.
 */
import { type Log, reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import { pause } from '../back-off.ts';
import { type Link, linkOf } from './auth-state.ts';
import { Connection, type ConnectionParts, type ConnectionStatus, type Socket } from './connection.ts';

export type Unlinking = {
  /** Whether the operator has asked for it. */
  isWanted(): Promise<boolean>;
  /** Forgets the session. `wasTold`: WhatsApp knows that this device is no more. */
  done(wasTold: boolean): Promise<void>;
};

export type LinkedConnectionParts = Omit<ConnectionParts, 'lease' | 'onQr'> & {
  lease: { isHeld(): boolean; start(): Promise<void>; stop(): Promise<void> };
  unlinking: Unlinking;
  /** Whether something was decrypted that is not handled yet. */
  hasUnhandled(): Promise<boolean>;
  log: Log;
  /** Milliseconds between two looks at whether a number is linked, or to be unlinked; default 2,000. */
  lookMs?: number;
};

/** What was decrypted may take so long to be handled before the number goes; it is kept in any case. */
const HANDLED_WITHIN = seconds(10);

export class LinkedConnection {
  readonly #parts: LinkedConnectionParts;
  readonly #lookMs: number;
  readonly #stop = new AbortController();
  #status: ConnectionStatus = { is: 'off', since: new Date() };
  #connection: Connection | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: LinkedConnectionParts) {
    this.#parts = parts;
    this.#lookMs = parts.lookMs ?? seconds(2);
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** The socket while it is open. */
  get socket(): Socket | undefined {
    return this.#connection?.socket;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Resolves when the session is whole in the store. The lease goes on until its owner ends it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#connection?.stop();
    await this.#loop;
    this.#become({ is: 'off', since: new Date() });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { lease } = this.#parts;
    while (!signal.aborted) {
      const link = await this.#link();
      if (signal.aborted) return;
      if (link?.is) {
        await lease.start();
        await this.#keep(link.is.session);
        if (!signal.aborted) await lease.stop();
        continue;
      }
      if (link && this.#status.is !== 'unlinked') this.#become({ is: 'unlinked', since: new Date() });
      await pause(this.#lookMs, signal);
    }
  }

  /** Until the number is unlinked, or we are stopped. */
  async #keep(session: string): Promise<void> {
    const { unlinking, lease, hasUnhandled } = this.#parts;
    const { signal } = this.#stop;
    const connection = new Connection({ ...this.#parts, onStatus: (status) => this.#become(status) });
    this.#connection = connection;
    connection.start();
    while (!signal.aborted) {
      await pause(this.#lookMs, signal);
      if (signal.aborted) return;
      if (!lease.isHeld()) {
        // Another process may have unlinked it.
        const link = await this.#link();
        if (!link || link.is?.session === session) continue;
        await connection.stop();
        break;
      }
      if (!(await this.#ask(unlinking.isWanted))) continue;
      const wasTold = await connection.logOut();
      for (let waited = 0; waited < HANDLED_WITHIN && (await this.#ask(hasUnhandled)); waited += this.#lookMs)
        await pause(this.#lookMs, signal);
      if (await this.#ask(async () => unlinking.done(wasTold).then(() => true))) break;
    }
    if (!signal.aborted) this.#connection = undefined;
  }

  #link(): Promise<{ is: Link | undefined } | undefined> {
    return this.#ask(async () => ({ is: await linkOf(this.#parts.store) }));
  }

  /** Undefined while the database cannot be reached. */
  async #ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await question();
    } catch (error) {
      this.#parts.log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
      return undefined;
    }
  }

  #become(status: ConnectionStatus): void {
    this.#status = status;
    this.#parts.onStatus?.(status);
  }
}
