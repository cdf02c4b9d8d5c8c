/**
 * Messages that come faster than anybody writes are kept first and handled when there is time, so that whoever floods
 * stands in nobody's way: keeping costs a small part of handling.
 *
 * Invariants: what is kept is handled in the order in which it came, and what comes after it waits behind it, but for a
 * cry for help; it lies under the day's key; of one contact so much is kept and no more, and whoever sends more is told
 * that it is not kept.
 */
import PQueue from 'p-queue';
import type { IncomingMessage } from '../channels/channel.ts';
import { isCryForHelp } from '../conversation/cry.ts';
import { type Arrival, arrive } from '../db/arrivals.ts';
import { firstWaiting, keepWaiting, type Waiting, whoWaits } from '../db/backlog.ts';
import { isUnavailable } from '../db/database.ts';
import { parkMessage } from '../db/inbox.ts';
import { createBudget } from '../kernel/budget.ts';
import type { Context } from './context.ts';
import { openLive, sealLive } from './epochs.ts';
import { serviceSay } from './service-texts.ts';
import { transact } from './transaction.ts';

/** So many messages under way at once are much for one machine. */
const BUSY = 8;
/** What one contact may have handled at once: at most so many a minute, and fewer while much is going on. */
const A_MINUTE = 60;
const A_MINUTE_WHEN_BUSY = 3;
/** What passes from somebody whose messages wait. */
const CRIES_A_MINUTE = 6;
/** What is kept of one contact: messages, and bytes of them. A phone forwards a hundred at a time. */
const MOST_WAITING = 500;
const MOST_BYTES = 2_000_000;
/** What is kept of all of them; above that only a few of each. */
const MOST_OF_ALL = 20_000;
const FEW = 20;
/** Messages handled side by side; the others of the service need connections too. */
const AT_ONCE = 12;
/** Rows written in one go, and messages of the backlog handled. */
const WRITTEN_AT_ONCE = 200;
const HANDLED_AT_ONCE = 10;
const HANDLED_WHEN_BUSY = 4;

export type Backlog = {
  /**
   * Handles the message, or keeps it for later. Resolves once one or the other is committed (or once it is clear that
   * it is too much, and that was said).
   */
  take(message: IncomingMessage, arrival: Arrival, handle: () => Promise<void>): Promise<void>;
  /** Handles some of what waits, those first who have few; returns how many that were. */
  catchUp(handle: (message: IncomingMessage) => Promise<void>): Promise<number>;
};

type Who = Pick<Waiting, 'channel' | 'from'>;
type Pending = { message: IncomingMessage; who: Who; index: Uint8Array; done: PromiseWithResolvers<void> };

const keyOf = ({ channel, from }: Who): string => `${channel}/${Buffer.from(from).toString('hex')}`;

/** `now`: milliseconds that never jump. */
export function createBacklog(ctx: Context, now: () => number = () => performance.now()): Backlog {
  const calm = createBudget(A_MINUTE, now);
  const busy = createBudget(A_MINUTE_WHEN_BUSY, now);
  const cries = createBudget(CRIES_A_MINUTE, now);
  const refusals = createBudget(1, now);
  const handling = new PQueue({ concurrency: AT_ONCE });
  /** Whose message is being handled: the next one of theirs is not begun beside it. */
  const beingHandled = new Set<string>();
  const waiting = new Map<string, { count: number; bytes: number }>();
  const pending: Pending[] = [];
  let underWay = 0;
  let all = 0;
  /** Writing and counting never overlap, so that no count is missed. */
  let last: Promise<unknown> = Promise.resolve();
  let isFlushing = false;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const count = (who: Who, messages: number, bytes: number): void => {
    const key = keyOf(who);
    const before = waiting.get(key) ?? { count: 0, bytes: 0 };
    const after = { count: before.count + messages, bytes: before.bytes + bytes };
    all += messages;
    if (after.count > 0) waiting.set(key, after);
    else waiting.delete(key);
  };

  async function recount(): Promise<Who[]> {
    const rows = await whoWaits(ctx.db);
    waiting.clear();
    all = 0;
    for (const row of rows) count(row, row.count, row.bytes);
    for (const { who, message } of pending) count(who, 1, sizeOf(message));
    ctx.metrics.backlog(all);
    return rows;
  }

  async function flush(): Promise<void> {
    const batch = pending.splice(0, WRITTEN_AT_ONCE);
    if (batch.length === 0) return;
    try {
      const at = await ctx.clock.now(ctx.db);
      const rows = batch.map(async ({ message, who, index }) => ({
        ...who,
        messageIndex: index,
        ...(await sealLive(ctx, ctx.db, at, `inbox/${who.channel}`, message)),
      }));
      await keepWaiting(ctx.db, at, await Promise.all(rows));
      for (const { done } of batch) done.resolve();
    } catch (error) {
      for (const { who, message, done } of batch) {
        count(who, -1, -sizeOf(message));
        done.reject(error);
      }
    }
  }

  /** What comes while a batch is being written is the next one. */
  async function keep(message: IncomingMessage, who: Who, index: Uint8Array): Promise<void> {
    const done = Promise.withResolvers<void>();
    pending.push({ message, who, index, done });
    count(who, 1, sizeOf(message));
    if (!isFlushing) {
      isFlushing = true;
      void inTurn(async () => {
        isFlushing = false;
        while (pending.length > 0) await flush();
      });
    }
    await done.promise;
  }

  function isTooMuch(who: Who, message: IncomingMessage): boolean {
    const { count: messages, bytes } = waiting.get(keyOf(who)) ?? { count: 0, bytes: 0 };
    if (all >= MOST_OF_ALL && messages >= FEW) return true;
    return messages >= MOST_WAITING || bytes + sizeOf(message) > MOST_BYTES;
  }

  /** Not kept, and never handled if it comes again: the person is told, once a minute. */
  async function refuse(message: IncomingMessage, arrival: Arrival, who: Who): Promise<void> {
    ctx.metrics.refused(message.channel);
    if (refusals.take(keyOf(who)) > 0) return;
    await transact(ctx, async (tx, inside, at) => {
      const { isNew, contact } = await arrive(tx, at, arrival);
      if (isNew) await serviceSay(tx, inside, at, contact, 'service.too_many', {}, message.languageHint);
    });
  }

  const isCry = ({ content }: IncomingMessage): boolean => isCryForHelp(ctx.texts, content);

  function mayBeHandled(who: Who, message: IncomingMessage): boolean {
    const key = keyOf(who);
    const fits = underWay < BUSY ? calm.wait(key) === 0 : busy.wait(key) === 0;
    if (!waiting.has(key) && !beingHandled.has(key) && fits) {
      calm.take(key);
      busy.take(key);
      return true;
    }
    return isCry(message) && cries.take(key) === 0;
  }

  async function alone(key: string, handle: () => Promise<void>, priority: number): Promise<void> {
    beingHandled.add(key);
    try {
      await handling.add(handle, { priority });
    } finally {
      beingHandled.delete(key);
    }
  }

  return {
    async take(message, arrival, handle) {
      const { addressIndex, messageIndex } = arrival;
      const who = { channel: message.channel, from: addressIndex };
      underWay += 1;
      try {
        if (mayBeHandled(who, message)) await alone(keyOf(who), handle, isCry(message) ? 1 : 0);
        else if (isTooMuch(who, message)) await refuse(message, arrival, who);
        else await keep(message, who, messageIndex);
      } finally {
        underWay -= 1;
      }
    },
    async catchUp(handle) {
      let handled = 0;
      for (const who of await inTurn(recount)) {
        const most = underWay < BUSY ? HANDLED_AT_ONCE : HANDLED_WHEN_BUSY;
        if (handled >= most) break;
        for (const row of await firstWaiting(ctx.db, who, most - handled)) {
          handled += 1;
          const value = await openLive(ctx, ctx.db, row, `inbox/${who.channel}`);
          const key = { channel: who.channel, index: row.messageIndex };
          if (value === undefined) await parkMessage(ctx.db, key);
          else if (!(await isDone(() => handle(asMessage(value))))) break;
        }
      }
      return handled;
    },
  };
}

/** Whether it was handled (or parked); if it failed it is tried again, and what came after it waits. */
async function isDone(handle: () => Promise<void>): Promise<boolean> {
  try {
    await handle();
    return true;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return false;
  }
}

/** What is counted of a message: the words are what can be long. */
const sizeOf = ({ content }: IncomingMessage): number =>
  1_000 + (content.kind === 'text' ? 3 * content.text.length : 0);

function asMessage(value: unknown): IncomingMessage {
  const message = value as Omit<IncomingMessage, 'sentAt'> & { sentAt?: string };
  const { sentAt, ...rest } = message;
  return { ...rest, ...(sentAt ? { sentAt: new Date(sentAt) } : {}) };
}
