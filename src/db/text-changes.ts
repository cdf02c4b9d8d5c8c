/** Changes of texts, in order, and what the audit log notes of each. */
import type { AuditRow } from '../crypto/audit-chain.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gte, inArray, sql } from './drizzle.cjs';
import { auditLog, textChanges } from './schema.ts';

export type TextChangeRow = typeof textChanges.$inferSelect;

/** The word of the audit log for each of them. */
export const TEXT_CHANGED = 'text_changed';

export function allTextChanges(db: Db | Tx): Promise<TextChangeRow[]> {
  return db.select().from(textChanges).orderBy(asc(textChanges.seq));
}

/** The last one. */
export async function lastTextChange(db: Db | Tx): Promise<TextChangeRow | undefined> {
  const [row] = await db.select().from(textChanges).orderBy(desc(textChanges.seq)).limit(1);
  return row;
}

export async function appendTextChange(tx: Tx, row: TextChangeRow): Promise<void> {
  await tx.insert(textChanges).values(row);
}

/** The newest note of a change. */
export async function lastNoted(db: Db | Tx): Promise<AuditRow | undefined> {
  const [row] = await db
    .select()
    .from(auditLog)
    .where(eq(auditLog.what, TEXT_CHANGED))
    .orderBy(desc(auditLog.seq))
    .limit(1);
  return row;
}

/** The notes of these changes. */
export function notedChanges(db: Db | Tx, seqs: readonly number[]): Promise<AuditRow[]> {
  if (seqs.length === 0) return Promise.resolve([]);
  const place = sql<number>`(${auditLog.detail}->>'change')::int`;
  return db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.what, TEXT_CHANGED), inArray(place, [...seqs])))
    .orderBy(asc(auditLog.seq));
}

/** How many changes a member made since then. */
export async function changesNotedSince(tx: Tx, memberId: string, since: Date): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.what, TEXT_CHANGED),
        gte(auditLog.at, since),
        eq(sql`${auditLog.memberId}::text`, memberId),
      ),
    );
  return row?.count ?? 0;
}
