import type { Tx } from '../db/database.ts';
import type { Context } from './context.ts';

/**
 * Runs `work` in one transaction with the database's time, and wakes the cycles only once it has committed: a
 * cycle that is woken earlier would find nothing.
 */
export async function transact<T>(
  ctx: Context,
  work: (tx: Tx, ctx: Context, now: Date) => Promise<T>,
): Promise<T> {
  const woken = new Set<Parameters<Context['nudge']>[0]>();
  const inside: Context = { ...ctx, nudge: (cycle) => woken.add(cycle) };
  const result = await ctx.db.transaction(async (tx) => work(tx, inside, await ctx.clock.now(tx)));
  for (const cycle of woken) ctx.nudge(cycle);
  return result;
}
