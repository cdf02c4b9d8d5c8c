import { isRetryable, type Tx } from '../../db/database.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { Context } from './context.ts';
import { type MadeCode, NO_CODE_READY } from './receipt-codes.ts';

/** How often one transaction is run at most. */
const RUNS = 5;

/** What a transaction does; `ctx` is the one to use inside: its nudges wait for the commit. */
type Work<T, More extends unknown[]> = (tx: Tx, ctx: Context, ...more: More) => Promise<T>;

/** Runs `work` in one transaction with the database's time. */
export function transact<T>(ctx: Context, work: Work<T, [now: Date]>): Promise<T> {
  return transactUntimed(ctx, async (tx, inside) => work(tx, inside, await ctx.clock.now(tx)));
}

/**
 * The same for work whose own first statement reads the time. The cycles are woken only once the transaction has
 * committed: one that is woken earlier would find nothing. Of two that wait for each other PostgreSQL ends one; nothing
 * of it is left, so it is run again, as it is when it needs a receipt code and none lies ready: `work` must change nothing
 * but the database.
 */
export async function transactUntimed<T>(ctx: Context, work: Work<T, []>): Promise<T> {
  let made: MadeCode | undefined;
  for (let run = 1; ; run++) {
    const woken = new Set<Parameters<Context['nudge']>[0]>();
    const inside: Context = { ...ctx, nudge: (cycle) => woken.add(cycle), ...withCode(ctx, made) };
    try {
      const result = await ctx.db.transaction((tx) => work(tx, inside));
      for (const cycle of woken) ctx.nudge(cycle);
      return result;
    } catch (error) {
      const needsCode = made === undefined && error instanceof LakanaError && error.code === NO_CODE_READY;
      if (run >= RUNS || !(needsCode || isRetryable(error))) throw error;
      // Hashed while no transaction is open.
      if (needsCode) made = await ctx.receiptCodes.make();
    }
  }
}

/** The code that was made for this work, if it needed one; a second one is taken from those that lie ready. */
function withCode({ receiptCodes }: Context, made: MadeCode | undefined): Partial<Context> {
  let next = made;
  const take = (): MadeCode => {
    const mine = next;
    next = undefined;
    return mine ?? receiptCodes.take();
  };
  return made ? { receiptCodes: { ...receiptCodes, take } } : {};
}
