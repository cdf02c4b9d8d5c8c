/** Cases that two people want erased, and what is left of those that are. */
import type { AuditRow } from '../crypto/audit-chain.ts';
import type { AlertId, CaseId, ErasureId } from '../kernel/ids.ts';
import { auditColumns } from './audit.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gt, inArray, lte, or, sql } from './drizzle.cjs';
import { isOfLength } from './lengths.ts';
import { alertLog, alerts, auditLog, deliveries, emptiedCases, erasures, pages } from './schema.ts';

export type ErasureRow = typeof erasures.$inferSelect;

const LIVE = ['asked', 'waiting'] as const;

export async function insertErasure(tx: Tx, row: typeof erasures.$inferInsert): Promise<void> {
  await tx.insert(erasures).values(row);
}

export async function updateErasure(
  tx: Tx,
  id: ErasureId,
  set: Partial<typeof erasures.$inferInsert>,
): Promise<void> {
  await tx.update(erasures).set(set).where(eq(erasures.id, id));
}

/** The one that was asked for last, over or not. */
export async function lastErasure(db: Db | Tx, caseId: CaseId): Promise<ErasureRow | undefined> {
  const [row] = await db
    .select()
    .from(erasures)
    .where(eq(erasures.caseId, caseId))
    .orderBy(desc(erasures.askedAt))
    .limit(1);
  return row;
}

/** One that is asked for or waits; undefined: none. The caller holds the case. */
export async function liveErasure(db: Db | Tx, caseId: CaseId): Promise<ErasureRow | undefined> {
  const [row] = await db
    .select()
    .from(erasures)
    .where(and(eq(erasures.caseId, caseId), inArray(erasures.state, LIVE)));
  return row;
}

export async function findErasure(db: Db | Tx, id: ErasureId): Promise<ErasureRow | undefined> {
  const [row] = await db.select().from(erasures).where(eq(erasures.id, id));
  return row;
}

/** Everything that is asked for or waits. */
export function liveErasures(db: Db | Tx): Promise<ErasureRow[]> {
  return db.select().from(erasures).where(inArray(erasures.state, LIVE)).orderBy(asc(erasures.askedAt));
}

/** Those whose days are over, and those to which nobody agreed in time, oldest first. */
export function endedErasures(db: Db, now: Date, askedBefore: Date, limit: number): Promise<ErasureRow[]> {
  return db
    .select()
    .from(erasures)
    .where(
      or(
        and(eq(erasures.state, 'waiting'), lte(erasures.dueAt, now)),
        and(eq(erasures.state, 'asked'), lte(erasures.askedAt, askedBefore)),
      ),
    )
    .orderBy(asc(erasures.askedAt))
    .limit(limit);
}

/** A case with this reference was erased: nobody gets it again. */
export async function erasedWith(db: Db | Tx, reference: string): Promise<ErasureRow | undefined> {
  const [row] = await db
    .select()
    .from(erasures)
    .where(and(eq(erasures.reference, reference), eq(erasures.state, 'done')));
  return row;
}

/** The rows of the audit log that say that this was done about an erasure. */
export function auditedAbout(tx: Tx, what: string, id: ErasureId): Promise<AuditRow[]> {
  return tx
    .select(auditColumns)
    .from(auditLog)
    .where(and(isOfLength(auditLog), eq(auditLog.what, what), sql`${auditLog.detail} ->> 'erasure' = ${id}`));
}

/** That a case was erased, as the audit log has it; undefined: it does not say so. */
export async function auditedErased(db: Db | Tx, caseId: string): Promise<AuditRow | undefined> {
  const [row] = await db
    .select(auditColumns)
    .from(auditLog)
    .where(and(eq(auditLog.what, 'case_erased'), sql`${auditLog.caseId} = ${caseId}`))
    .limit(1);
  return row;
}

/** Whether officers were sought for it since then, also if it is closed again. */
export async function wasRaisedSince(tx: Tx, id: AlertId, since: Date): Promise<boolean> {
  const rows = await tx
    .select({ id: alertLog.alertId })
    .from(alertLog)
    .where(and(eq(alertLog.alertId, id), inArray(alertLog.what, RAISED), gt(alertLog.at, since)))
    .limit(1);
  return rows.length > 0;
}
const RAISED = ['raised', 'raised_again', 'level_raised'];

/** An alert and everything that was decided, paged and still waits to be sent about it to officers. */
export async function deleteAlert(tx: Tx, id: AlertId): Promise<void> {
  await tx.delete(alertLog).where(eq(alertLog.alertId, id));
  await tx.delete(pages).where(eq(pages.alertId, id));
  const named = sql`${deliveries.about} @> ${JSON.stringify([id])}::jsonb`;
  const isAlone = sql`jsonb_array_length(${deliveries.about}) = 1`;
  await tx.delete(deliveries).where(and(named, isAlone, sql`${deliveries.state} <> 'sending'`));
  await tx
    .update(deliveries)
    .set({ about: sql`${deliveries.about} - ${id}::text` })
    .where(named);
  await tx.delete(alerts).where(eq(alerts.id, id));
}

/** Done, and not said to anybody yet. */
export async function untoldErasures(db: Db | Tx): Promise<ErasureId[]> {
  const rows = await db.select({ id: erasures.id }).from(erasures).where(eq(erasures.isUntold, true));
  return rows.map(({ id }) => id);
}

/** It is said now; undefined: it was said by another process. */
export async function noteTold(tx: Tx, id: ErasureId): Promise<ErasureRow | undefined> {
  const [row] = await tx
    .update(erasures)
    .set({ isUntold: false })
    .where(and(eq(erasures.id, id), eq(erasures.isUntold, true)))
    .returning();
  return row;
}

/** Everything that was ever erased. */
export function doneErasures(db: Db | Tx): Promise<ErasureRow[]> {
  return db.select().from(erasures).where(eq(erasures.state, 'done')).orderBy(asc(erasures.endedAt));
}

/** What is left of a case that was erased, into a database from before; it counts, whatever that one says. */
export async function keepErasure(tx: Tx, row: ErasureRow): Promise<ErasureRow> {
  const { id: _, ...set } = row;
  await tx.insert(erasures).values(row).onConflictDoUpdate({ target: erasures.id, set });
  return row;
}

/** Cases that were emptied, and when. */
export function emptied(db: Db | Tx): Promise<(typeof emptiedCases.$inferSelect)[]> {
  return db.select().from(emptiedCases);
}

/** A case was emptied then, not now: what comes into it after that is its own. */
export async function keepEmptied(tx: Tx, caseId: CaseId, at: Date): Promise<void> {
  await tx.update(emptiedCases).set({ at }).where(eq(emptiedCases.caseId, caseId));
}
