/** Cases that are held, and those whose time is over. */
import type { CaseId, MemberId } from '../kernel/ids.ts';
import type { HoldReason } from '../kernel/vocabulary.ts';
import { isOver } from './case-status.ts';
import type { CaseRow } from './cases.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gt, inArray } from './drizzle.cjs';
import type { ErasureRow } from './erasures.ts';
import { caseHolds, cases, erasures } from './schema.ts';

export type HoldRow = typeof caseHolds.$inferSelect;

export async function findHold(db: Db | Tx, caseId: CaseId): Promise<HoldRow | undefined> {
  const [row] = await db.select().from(caseHolds).where(eq(caseHolds.caseId, caseId));
  return row;
}

/** Nothing, if it is held already. The caller holds the case. */
export async function insertHold(
  tx: Tx,
  row: { caseId: CaseId; because: HoldReason; heldBy: MemberId; heldAt: Date },
): Promise<void> {
  await tx.insert(caseHolds).values(row).onConflictDoNothing();
}

/** Who wants it let go, and since when; null: nobody any more. */
export async function setLift(
  tx: Tx,
  caseId: CaseId,
  lift: { by: MemberId; at: Date } | null,
): Promise<void> {
  await tx
    .update(caseHolds)
    .set({ liftBy: lift?.by ?? null, liftAt: lift?.at ?? null })
    .where(eq(caseHolds.caseId, caseId));
}

export async function deleteHold(tx: Tx, caseId: CaseId): Promise<void> {
  await tx.delete(caseHolds).where(eq(caseHolds.caseId, caseId));
}

/** Of these cases those that are held. */
export async function heldAmong(db: Db | Tx, ids: readonly CaseId[]): Promise<ReadonlyMap<CaseId, HoldRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(caseHolds)
    .where(inArray(caseHolds.caseId, [...ids]));
  return new Map(rows.map((row) => [row.caseId, row]));
}

/** Every case that has ended, the one that ended first before the others. */
export function endedCases(db: Db | Tx): Promise<CaseRow[]> {
  return db.select().from(cases).where(isOver()).orderBy(asc(cases.closedAt), asc(cases.id));
}

/** Of these cases what was said last of their going, by reason of time, since then. */
export async function timeOverSince(db: Db | Tx, since: Date): Promise<ReadonlyMap<CaseId, ErasureRow>> {
  const rows = await db
    .select()
    .from(erasures)
    .where(and(eq(erasures.because, 'time_over'), gt(erasures.askedAt, since)))
    .orderBy(desc(erasures.askedAt));
  return new Map(rows.toReversed().map((row) => [row.caseId, row]));
}
