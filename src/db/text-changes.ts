/** Changes of texts and recordings, in order, and what the audit log notes of each. */
import type { AuditRow } from '../crypto/audit-chain.ts';
import { VOICE_CHANGES } from '../kernel/vocabulary.ts';
import { auditColumns } from './audit.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, gt, inArray, lt, type SQL, sql } from './drizzle.cjs';
import { isOfLength } from './lengths.ts';
import { auditLog, textChanges } from './schema.ts';

const PAGE = 100;
const MANY = 1_000;

/** One of them; `id` tells rows apart that stand at one place. */
export type TextChangeRow = Omit<typeof textChanges.$inferSelect, 'id'>;

/** The word of the audit log for each change of a text; one of a recording has its own (`VOICE_CHANGES`). */
export const TEXT_CHANGED = 'text_changed';

/** As words: a row that an intruder made may hold anything in this place. */
const placeOf = sql<string>`${auditLog.detail}->>'change'`;
const isNote = and(
  isOfLength(auditLog),
  inArray(auditLog.what, [TEXT_CHANGED, ...VOICE_CHANGES]),
  sql`${placeOf} is not null`,
);

const { id, seq } = textChanges;
const isShort = isOfLength(textChanges);

/**
 * All that are no longer than one of the server's own can be, in order, in pages of a few megabytes. Rows of another hand may be
 * among them, at any place and in any number.
 */
export async function* textChangesByPage(db: Db | Tx): AsyncGenerator<TextChangeRow[]> {
  const order = [asc(seq), asc(id)];
  let from: SQL | undefined;
  for (;;) {
    const page = await db
      .select()
      .from(textChanges)
      .where(and(isShort, from))
      .orderBy(...order)
      .limit(PAGE);
    yield page.map(({ id: _, ...row }) => row);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = sql`(${seq}, ${id}) > (${last.seq}, ${last.id}::uuid)`;
  }
}

/** Places of longer ones, the first of them. */
export async function tooLongChanges(db: Db | Tx, limit: number): Promise<number[]> {
  const rows = await db
    .select({ seq })
    .from(textChanges)
    .where(sql`not ${isShort}`)
    .orderBy(asc(seq))
    .limit(limit);
  return rows.map((row) => row.seq);
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
    .select(auditColumns)
    .from(auditLog)
    .where(and(lt(auditLog.seq, seq), isNote))
    .orderBy(desc(auditLog.seq))
    .limit(limit);

/** The notes of these changes, in order, in pages: how many there are another hand may decide. */
export async function* notedChanges(db: Db | Tx, seqs: readonly number[]): AsyncGenerator<AuditRow[]> {
  for (let from = -1; seqs.length > 0; ) {
    const page = await db
      .select(auditColumns)
      .from(auditLog)
      .where(and(gt(auditLog.seq, from), isNote, inArray(placeOf, seqs.map(String))))
      .orderBy(asc(auditLog.seq))
      .limit(MANY);
    yield page;
    if (page.length < MANY) return;
    from = page.at(-1)?.seq ?? from;
  }
}
