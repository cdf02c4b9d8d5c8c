/**
 * A case that was to be erased by now and is not yet: since when, and why, stands with it, and those who wanted it and
 * supervisors are told once.
 *
 * Invariant: who must not know of the case is told nothing (`erasure-stops.ts`).
 */
import { type ErasureRow, endedErasures, findErasure, updateErasure } from '../../db/erasures.ts';
import type { ErasureId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import type { PostponedBecause } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { tellOfErasure } from './erasure-stops.ts';

const MOST_AT_ONCE = 200;

/** Notes it; of another reason than before nobody is told anew. */
export async function postpone(at: Moment, row: ErasureRow, because: PostponedBecause): Promise<void> {
  if (row.postponedAt && row.postponedBecause === because) return;
  await updateErasure(at.tx, row.id, {
    postponedAt: row.postponedAt ?? at.now,
    postponedBecause: because,
  });
  if (!row.postponedAt) await tellOfErasure(at, row, `erasure.postponed_${because}`);
}

export function postponeOne(ctx: Context, id: ErasureId, because: PostponedBecause): Promise<void> {
  return transact(ctx, async (at) => {
    const row = await findErasure(at.tx, id);
    if (row?.state === 'waiting') await postpone(at, row, because);
  });
}

/** All that are due, while nothing is erased at all. */
export async function postponeDue(ctx: Context, because: PostponedBecause): Promise<void> {
  const now = await ctx.clock.now(ctx.db);
  for (const { id, dueAt } of await endedErasures(ctx.db, now, new Date(0), MOST_AT_ONCE))
    if (dueAt && dueAt <= now)
      await postponeOne(ctx, id, because).catch((error: unknown) =>
        ctx.log.error('cycle_failed', { cycle: 'postpone', ...reduceError(error) }),
      );
}
