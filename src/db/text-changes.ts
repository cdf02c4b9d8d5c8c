/** Changes of texts, in order, and what the audit log notes of each. */
import type { AuditRow } from '../crypto/audit-chain.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, getTableColumns, gte, inArray, sql } from './drizzle.cjs';
import { auditLog, textChanges } from './schema.ts';

/** One of them; `id` tells rows apart that stand at one place. */
export type TextChangeRow = Omit<typeof textChanges.$inferSelect, 'id'>;

/** The word of the audit log for each of them. */
export const TEXT_CHANGED = 'text_changed';

/** Rows of nobody's own may be among them, at any place. */
export function allTextChanges(db: Db | Tx): Promise<TextChangeRow[]> {
  const { id, ...row } = getTableColumns(textChanges);
  return db.select(row).from(textChanges).orderBy(asc(textChanges.seq), asc(id));
}

/** What there is, in a word that is another one after each change. */
export async function standOfTexts(db: Db | Tx): Promise<string> {
  const [row] = await db
    .select({
      stand: sql<string>`concat(count(*), ' ', max(${textChanges.id}), ' ', max(${textChanges.seq}))`,
    })
    .from(textChanges);
  return row?.stand ?? '';
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
  // As words: a row that an intruder made may hold anything in this place.
  const place = sql<string>`${auditLog.detail}->>'change'`;
  return db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.what, TEXT_CHANGED), inArray(place, seqs.map(String))))
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
