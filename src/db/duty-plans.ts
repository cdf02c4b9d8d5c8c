/** The duty plan, covers, and what was said of gaps. */
import type { CoverId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gt, isNull, lt, notInArray } from './drizzle.cjs';
import { covers, dutyPlans, gapWarnings } from './schema.ts';

export type DutyPlanRow = typeof dutyPlans.$inferSelect;
export type CoverRow = typeof covers.$inferSelect;

export async function newestPlan(db: Db | Tx): Promise<DutyPlanRow | undefined> {
  const [row] = await db.select().from(dutyPlans).orderBy(desc(dutyPlans.id)).limit(1);
  return row;
}

export async function insertPlan(tx: Tx, row: typeof dutyPlans.$inferInsert): Promise<void> {
  await tx.insert(dutyPlans).values(row);
}

/** Covers that touch the time between two instants, in the order in which they were made. */
export function coversBetween(db: Db | Tx, from: Date, to: Date): Promise<CoverRow[]> {
  return db
    .select()
    .from(covers)
    .where(and(isNull(covers.removedAt), gt(covers.endsAt, from), lt(covers.startsAt, to)))
    .orderBy(asc(covers.madeAt), asc(covers.id));
}

export async function insertCover(tx: Tx, row: typeof covers.$inferInsert): Promise<void> {
  await tx.insert(covers).values(row);
}

/** False: there is no such cover, or it was taken back before. */
export async function removeCover(tx: Tx, now: Date, id: CoverId): Promise<boolean> {
  const rows = await tx
    .update(covers)
    .set({ removedAt: now })
    .where(and(eq(covers.id, id), isNull(covers.removedAt)))
    .returning({ id: covers.id });
  return rows.length > 0;
}

/** Notes that a gap was told so long ahead; false: it had been. */
export async function noteGap(
  tx: Tx,
  now: Date,
  gap: string,
  ahead: typeof gapWarnings.$inferSelect.ahead,
): Promise<boolean> {
  const rows = await tx
    .insert(gapWarnings)
    .values({ gap, ahead, toldAt: now })
    .onConflictDoNothing()
    .returning({ gap: gapWarnings.gap });
  return rows.length > 0;
}

/** What was said of gaps that are no longer there is forgotten: one that comes back is told again. */
export async function forgetGaps(tx: Tx, present: readonly string[]): Promise<void> {
  await tx
    .delete(gapWarnings)
    .where(present.length > 0 ? notInArray(gapWarnings.gap, [...present]) : undefined);
}
