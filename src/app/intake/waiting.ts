/**
 * What is kept of each contact until it has its turn: counted in memory, written in batches under the day's key.
 *
 * Invariants: writing and counting never overlap, so that no count is missed; a message counts from the moment at which
 * it is handed over, and no longer when it could not be written; nothing is kept before what the same contact wrote earlier is
 * committed: the messenger would bring the earlier one again, behind it.
 */
import type { IncomingMessage } from '../../channels/channel.ts';
import { keepWaiting, type Waiting, whoWaits } from '../../db/backlog.ts';
import { isUnavailable } from '../../db/failure.ts';
import type { Context } from '../ground/context.ts';
import { sealLive } from '../keys/epochs.ts';
import { wordsIn } from './bounded.ts';

/** What is kept of one contact: messages, and bytes of them. A phone forwards a hundred at a time. */
const MOST_WAITING = 500;
const MOST_BYTES = 2_000_000;
/** What is kept of all of them; above that only a few of each. */
const MOST_OF_ALL = 20_000;
const FEW = 20;
/** Rows written in one go. */
const WRITTEN_AT_ONCE = 200;

export type Who = Pick<Waiting, 'channel' | 'from'>;
type Pending = { message: IncomingMessage; who: Who; index: Uint8Array; done: PromiseWithResolvers<void> };

export const contactKey = ({ channel, from }: Who): string =>
  `${channel}/${Buffer.from(from).toString('hex')}`;

export type WaitingMessages = {
  /** Whether anything of this contact waits. */
  has(key: string): boolean;
  isTooMuch(who: Who, message: IncomingMessage): boolean;
  /** Resolves once it is committed. `earlier`: what comes before it and is under way; if the database is lost for that, so is it for this. */
  keep(message: IncomingMessage, who: Who, index: Uint8Array, earlier?: Promise<unknown>): Promise<void>;
  /** Counts anew what the database holds: the people who wait there, officers first, then those who have few. */
  recount(): Promise<Awaited<ReturnType<typeof whoWaits>>>;
};

export function createWaiting(ctx: Context): WaitingMessages {
  const waiting = new Map<string, { count: number; bytes: number }>();
  const pending: Pending[] = [];
  /** Handed over, behind what is under way. */
  const behind = new Set<Pending>();
  let all = 0;
  let last: Promise<unknown> = Promise.resolve();
  let isFlushing = false;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const count = (who: Who, messages: number, bytes: number): void => {
    const key = contactKey(who);
    const before = waiting.get(key) ?? { count: 0, bytes: 0 };
    const after = { count: before.count + messages, bytes: before.bytes + bytes };
    all += messages;
    if (after.count > 0) waiting.set(key, after);
    else waiting.delete(key);
  };

  async function flush(): Promise<void> {
    const batch = pending.splice(0, WRITTEN_AT_ONCE);
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
      // Those behind them too if the database is away: with the next connection they would come first.
      const behindThem = isUnavailable(error) ? pending.splice(0) : [];
      for (const { who, message, done } of [...batch, ...behindThem]) {
        count(who, -1, -sizeOf(message));
        done.reject(error);
      }
    }
  }

  return {
    has: (key) => waiting.has(key),
    isTooMuch(who, message) {
      const { count: messages, bytes } = waiting.get(contactKey(who)) ?? { count: 0, bytes: 0 };
      if (all >= MOST_OF_ALL && messages >= FEW) return true;
      return messages >= MOST_WAITING || bytes + sizeOf(message) > MOST_BYTES;
    },
    /** What comes while a batch is being written is the next one. */
    async keep(message, who, index, earlier) {
      const done = Promise.withResolvers<void>();
      const kept = { message, who, index, done };
      count(who, 1, sizeOf(message));
      behind.add(kept);
      try {
        await earlier;
      } catch (error) {
        // What fails by itself is counted as a try of its own, and of none behind it.
        if (isUnavailable(error)) {
          count(who, -1, -sizeOf(message));
          throw error;
        }
      } finally {
        behind.delete(kept);
      }
      pending.push(kept);
      if (!isFlushing) {
        isFlushing = true;
        void inTurn(async () => {
          isFlushing = false;
          while (pending.length > 0) await flush();
        });
      }
      await done.promise;
    },
    recount: () =>
      inTurn(async () => {
        const rows = await whoWaits(ctx.db);
        waiting.clear();
        all = 0;
        for (const row of rows) count(row, row.count, row.bytes);
        for (const { who, message } of [...pending, ...behind]) count(who, 1, sizeOf(message));
        ctx.metrics.backlog(all);
        return rows;
      }),
  };
}

/** What is counted of a message: the words are what can be long. */
function sizeOf({ content }: IncomingMessage): number {
  return 1_000 + 3 * (wordsIn(content)?.length ?? 0);
}
