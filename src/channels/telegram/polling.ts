/**
 * Long polling, so that no update is lost (docs/decisions/own-telegram-loop.md).
 *
 * Invariants: `getUpdates` is never asked with an offset beyond an update that is not committed (Telegram
 * forgets what lies before it); pending updates are never dropped; within a chat an update is not begun before
 * the one ahead of it is done, or, when more wait than Telegram gives at once, not before the one ahead of it is begun
 * (the service keeps them in order). A crash at any moment means that Telegram delivers again, and the service knows
 * the ids it has had.
 *
 * A slow or failing chat does not hold up the others: after a quarter of a second the loop asks again from the first open
 * update and hands on what is new. Only when some 100 updates have come after a stuck one does everybody wait,
 * because Telegram gives no more than 100 from the offset on.
 */
import type { Log } from '../../kernel/log.ts';
import { backOff, pause } from '../back-off.ts';
import { type Calls, type Failure, failureCode } from './calls.ts';
import type { ChatQueues } from './chat-queues.ts';
import type { Health } from './health.ts';
import { Progress } from './progress.ts';
import { ALLOWED_UPDATES, type ReadUpdate, updateIdOf } from './update.ts';

/**
 * Only one process may poll a bot. Without a lease two processes end each other's polls with 409 all the
 * time: nothing is lost and nothing taken twice (the database knows the ids), but answers come late.
 */
export type Lease = { isHeld(): boolean };

/** In milliseconds unless the name says otherwise. */
export type Timing = {
  pollSeconds: number;
  /** How long others wait for a slow chat before the loop asks for more. */
  straggler: number;
  /** The same while more waits at Telegram than it gives at once. */
  rush: number;
  firstBackOff: number;
  maxBackOff: number;
  /** Between two looks at the lease while another process holds it. */
  leaseCheck: number;
  /** Between two tries with a token that is refused. */
  refusedToken: number;
};

export const DEFAULT_TIMING: Timing = {
  pollSeconds: 25,
  straggler: 250,
  rush: 100,
  firstBackOff: 500,
  maxBackOff: 30_000,
  leaseCheck: 1_000,
  refusedToken: 60_000,
};

export type PollingParts = {
  calls: Calls;
  queues: ChatQueues;
  health: Health;
  lease: Lease;
  log: Log;
  timing: Timing;
  /** Milliseconds since 1970. */
  now: () => number;
  read: (raw: unknown) => ReadUpdate | null;
  /** Resolves once all is committed. */
  handle: (update: ReadUpdate) => Promise<void>;
};

/** An answer slower than this to a long poll without updates is a real one; faster ones are slowed down. */
const SUSPICIOUSLY_FAST = 300;
/** Most that Telegram gives at once. */
const BATCH = 100;
/** After a week of silence ids start anew: forget the offset before. */
const FORGET_OFFSET_AFTER = 6 * 24 * 3_600_000;
const STANDBY_PROBE = 30_000;
/** Most that the last call before the end may take. */
const FAREWELL_SECONDS = 5;

export class Polling {
  readonly #parts: PollingParts;
  readonly #progress = new Progress();
  readonly #stop = new AbortController();
  /** Chats whose last update failed: how often, and until when they are left alone. */
  readonly #held = new Map<string, { failures: number; until: number }>();
  #failures = 0;
  #lastUpdate: number;
  #lastProbe = Number.NEGATIVE_INFINITY;
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: PollingParts) {
    this.#parts = parts;
    this.#lastUpdate = parts.now();
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Takes nothing new, lets what is being handled finish, and tells Telegram how far that was. */
  async stop(): Promise<void> {
    const { calls, queues, lease } = this.#parts;
    this.#stop.abort();
    await this.#loop;
    await queues.idle();
    const offset = this.#progress.offset();
    // What comes back is not confirmed by this and comes again after the start.
    if (offset !== undefined && lease.isHeld())
      await calls('getUpdates', { offset, timeout: 0, limit: 1 }, { timeoutSeconds: FAREWELL_SECONDS });
  }

  async #run(): Promise<void> {
    const { lease } = this.#parts;
    let prepared = false;
    while (!this.#stop.signal.aborted) {
      if (!lease.isHeld()) {
        prepared = false;
        await this.#standBy();
        continue;
      }
      if (!prepared) await this.#removeWebhook();
      prepared = true;
      await this.#poll();
    }
  }

  /** Another process polls; this one still sends, so it looks now and then whether Telegram is there. */
  async #standBy(): Promise<void> {
    const { calls, health, now, timing } = this.#parts;
    if (now() - this.#lastProbe >= STANDBY_PROBE) {
      this.#lastProbe = now();
      const outcome = await calls('getMe', {} as never, { signal: this.#stop.signal });
      if (outcome.ok || (outcome.failure.kind === 'refused' && outcome.failure.code !== 401))
        health.succeeded();
      else health.failed(failureCode(outcome.failure), outcome.failure.kind === 'refused');
    }
    await pause(timing.leaseCheck, this.#stop.signal);
  }

  /** A webhook left behind makes `getUpdates` fail. Other servers may not know the method: go on. */
  async #removeWebhook(): Promise<void> {
    const { calls, log } = this.#parts;
    const outcome = await calls(
      'deleteWebhook',
      { drop_pending_updates: false },
      { signal: this.#stop.signal },
    );
    if (outcome.ok || this.#stop.signal.aborted) return;
    const fields = { error: 'TelegramCall', code: failureCode(outcome.failure), method: 'deleteWebhook' };
    log.warn('channel_call_failed', { channel: 'telegram', ...fields });
  }

  async #poll(): Promise<void> {
    const { calls, health, lease, now } = this.#parts;
    const patient = !this.#progress.hasOpen();
    const seconds = patient ? this.#parts.timing.pollSeconds : 0;
    if (patient && now() - this.#lastUpdate > FORGET_OFFSET_AFTER) this.#progress.forgetOffset();
    const offset = this.#progress.offset();
    const began = now();
    const outcome = await calls(
      'getUpdates',
      {
        ...(offset === undefined ? {} : { offset }),
        timeout: seconds,
        limit: BATCH,
        allowed_updates: ALLOWED_UPDATES,
      },
      { signal: this.#stop.signal, timeoutSeconds: seconds + 15 },
    );
    if (this.#stop.signal.aborted) return;
    if (!outcome.ok) return await this.#failed(outcome.failure);
    this.#failures = 0;
    health.succeeded();
    // Lost while we waited: the process that has it now gets these updates too, and nothing of them is confirmed.
    if (!lease.isHeld()) return;
    const updates = Array.isArray(outcome.result) ? outcome.result : [];
    const accepted = this.#accept(updates);
    if (updates.length > 0) this.#lastUpdate = now();
    if (patient && accepted === 0 && now() - began < SUSPICIOUSLY_FAST) await this.#pause(SUSPICIOUSLY_FAST);
    await this.#settle(updates.length >= BATCH ? this.#parts.timing.rush : this.#parts.timing.straggler);
  }

  /** Hands on what is new. Returns how many that were. */
  #accept(raws: readonly unknown[]): number {
    const ids = raws.map(updateIdOf);
    this.#progress.answered(
      ids.filter((id) => id !== undefined),
      raws.length >= BATCH,
    );
    const isWanted = (id: number | undefined) => id !== undefined && this.#progress.isWanted(id);
    const wanted = raws
      .filter((_, n) => isWanted(ids[n]))
      .map((raw) => this.#parts.read(raw))
      .filter((update) => update !== null);
    const begun = wanted.filter(({ updateId, chat }) => {
      const isHeld = this.#isHeld(chat);
      this.#progress.set(updateId, isHeld ? 'failed' : 'running');
      return !isHeld;
    });
    // More waits at Telegram than it gives at once: a chat's updates are not waited for one by one.
    if (raws.length >= BATCH) {
      for (const [chat, all] of Map.groupBy(begun, ({ chat }) => chat))
        void this.#parts.queues.run(chat, async () => {
          await Promise.all(all.map((update) => this.#handle(update)));
        });
    } else {
      for (const update of begun) void this.#parts.queues.run(update.chat, () => this.#handle(update));
    }
    return wanted.length;
  }

  async #handle(update: ReadUpdate): Promise<void> {
    const { handle, log, now, timing } = this.#parts;
    // Not begun: behind a failed one of the same chat, or the service is stopping. Telegram gives it again.
    if (this.#isHeld(update.chat) || this.#stop.signal.aborted) {
      return this.#progress.set(update.updateId, 'failed');
    }
    try {
      await handle(update);
      this.#held.delete(update.chat);
      this.#progress.set(update.updateId, 'done');
    } catch {
      // The service has said in its own log what went wrong; here it is only known that nothing was committed.
      const failures = (this.#held.get(update.chat)?.failures ?? 0) + 1;
      const wait = backOff(failures, timing.firstBackOff, timing.maxBackOff);
      this.#held.set(update.chat, { failures, until: now() + wait });
      this.#progress.set(update.updateId, 'failed');
      log.warn('message_failed', { channel: 'telegram', attempts: failures, error: 'NotCommitted' });
    }
  }

  #isHeld(chat: string): boolean {
    return (this.#held.get(chat)?.until ?? 0) > this.#parts.now();
  }

  /** Waits until all is done, but not long: then slow ones go on beside the next round. */
  async #settle(longest: number): Promise<void> {
    const { queues, timing } = this.#parts;
    const enough = new AbortController();
    const signal = AbortSignal.any([enough.signal, this.#stop.signal]);
    await Promise.race([queues.idle(), pause(longest, signal)]);
    enough.abort();
    if (!this.#progress.hasFailed()) return;
    const next = Math.min(...[...this.#held.values()].map(({ until }) => until - this.#parts.now()));
    await this.#pause(Math.min(timing.straggler, Math.max(timing.firstBackOff / 2, next)));
  }

  async #failed(failure: Failure): Promise<void> {
    const { health, log, timing } = this.#parts;
    const refused = failure.kind === 'refused' ? failure : undefined;
    const code = failureCode(failure);
    this.#failures += 1;
    const badToken = refused?.code === 401 || refused?.code === 403 || refused?.code === 404;
    health.failed(code, badToken);
    if (refused?.code === 409) {
      log.warn('channel_conflict', { channel: 'telegram' });
      if (/webhook/i.test(refused.description)) await this.#removeWebhook();
    } else {
      log.warn('channel_failed', { channel: 'telegram', error: 'TelegramPoll', code, method: 'getUpdates' });
    }
    const patience = backOff(this.#failures, timing.firstBackOff, timing.maxBackOff);
    const asked = (refused?.retryAfterSeconds ?? 0) * 1000;
    await this.#pause(badToken ? timing.refusedToken : Math.max(patience, asked));
  }

  #pause(ms: number): Promise<void> {
    return pause(ms, this.#stop.signal);
  }
}
