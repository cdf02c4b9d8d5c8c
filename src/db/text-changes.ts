/** Changes of texts and recordings, in order, and what the audit log notes of each. */
import type { AuditRow } from '../crypto/audit-chain.ts';
import { VOICE_CHANGES } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, getTableColumns, gt, inArray, lt, sql } from './drizzle.cjs';
import { auditLog, textChanges } from './schema.ts';

/** One of them; `id` tells rows apart that stand at one place. */
export type TextChangeRow = Omit<typeof textChanges.$inferSelect, 'id'>;

/** The word of the audit log for each change of a text; one of a recording has its own (`VOICE_CHANGES`). */
export const TEXT_CHANGED = 'text_changed';

/** As words: a row that an intruder made may hold anything in this place. */
const placeOf = sql<string>`${auditLog.detail}->>'change'`;
const isNote = and(inArray(auditLog.what, [TEXT_CHANGED, ...VOICE_CHANGES]), sql`${placeOf} is not null`);

/** Rows of nobody's own may be among them, at any place. */
export function allTextChanges(db: Db | Tx): Promise<TextChangeRow[]> {
  const { id: _, ...row } = getTableColumns(textChanges);
  return db.select(row).from(textChanges).orderBy(asc(textChanges.seq));
}

/** What there is, in a word that is another one after each change. `since`: a place of the log that the caller stays with. */
export async function standOfTexts(db: Db | Tx, since: number): Promise<string> {
  const noted = sql`(select concat(count(*), ' ', max(${auditLog.seq})) from ${auditLog} where ${gt(auditLog.seq, since)} and ${isNote})`;
  const [row] = await db
    .select({ stand: sql<string>`concat(count(*), ' ', max(${textChanges.seq}), ' ', ${noted})` })
    .from(textChanges);
  return row?.stand ?? '';
}

export async function appendTextChange(tx: Tx, row: TextChangeRow): Promise<void> {
  await tx.insert(textChanges).values(row);
}

/** Notes below a place of the log, the newest first. */
export const notesBelow = (db: Db | Tx, seq: number, limit: number): Promise<AuditRow[]> =>
  db
    .select()
    .from(auditLog)
    .where(and(lt(auditLog.seq, seq), isNote))
    .orderBy(desc(auditLog.seq))
    .limit(limit);

/** The notes of these changes. */
export function notedChanges(db: Db | Tx, seqs: readonly number[]): Promise<AuditRow[]> {
  if (seqs.length === 0) return Promise.resolve([]);
  return db
    .select()
    .from(auditLog)
    .where(and(isNote, inArray(placeOf, seqs.map(String))))
    .orderBy(asc(auditLog.seq));
}

/** Rows above a place that stand not right behind the one that they name. */
export const leapsAbove = (db: Db | Tx, seq: number): Promise<AuditRow[]> =>
  db
    .select()
    .from(auditLog)
    .where(and(gt(auditLog.seq, seq), sql`${auditLog.detail}->>'behind' is not null`))
    .orderBy(asc(auditLog.seq));

/** How many rows of the log have this link. */
export async function rowsWithLink(db: Db | Tx, link: Uint8Array): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(auditLog)
    .where(eq(auditLog.link, link));
  return row?.count ?? 0;
}
