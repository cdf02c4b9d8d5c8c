/** Changes of texts and recordings, in order, and what the audit log notes of each. */
import type { AuditRow } from '../crypto/audit-chain.ts';
import { VOICE_CHANGES } from '../kernel/vocabulary.ts';
import { auditColumns } from './audit.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gt, inArray, lt, type SQL, sql } from './drizzle.cjs';
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

/** Bytes that are read at once: what one row may have is read alone. */
const AT_ONCE = 2_000_000;

/**
 * All that are no longer than one of the server's own can be, in order, a few megabytes at a time. Rows of another hand may be
 * among them, at any place, of any length up to that and in any number.
 */
export async function* textChangesByPage(db: Db | Tx): AsyncGenerator<TextChangeRow[]> {
  for await (const places of placesByPage(db)) {
    for (let n = 0; n < places.length; ) {
      const from = n;
      for (let bytes = 0; n < places.length && (n === from || bytes < AT_ONCE); n++)
        bytes += places[n]?.size ?? 0;
      const ids = places.slice(from, n).map((each) => each.id);
      const rows = await db
        .select()
        .from(textChanges)
        .where(inArray(id, ids))
        .orderBy(...ORDER);
      yield rows.map(({ id: _, ...row }) => row);
    }
  }
}

const ORDER = [asc(seq), asc(id)];
type Place = { id: string; seq: number; size: number };

async function* placesByPage(db: Db | Tx): AsyncGenerator<Place[]> {
  const size = sql<number>`octet_length(${textChanges.sealed}) + octet_length(${textChanges.key})`;
  for (let from: SQL | undefined; ; ) {
    const page = await db
      .select({ id, seq, size })
      .from(textChanges)
      .where(and(isShort, from))
      .orderBy(...ORDER)
      .limit(MANY);
    yield page;
    const last = page.at(-1);
    if (!last || page.length < MANY) return;
    from = sql`(${seq}, ${id}) > (${last.seq}, ${last.id}::uuid)`;
  }
}

/** The row at this place with this hash (hexadecimal): of others there nothing leaves the database. */
export async function changeAt(db: Db | Tx, place: number, hash: string): Promise<TextChangeRow | undefined> {
  for (let from: SQL | undefined; ; ) {
    const page = await db
      .select({ id, isIt: sql<boolean>`encode(sha256(${textChanges.sealed}), 'hex') = ${hash}` })
      .from(textChanges)
      .where(and(isShort, eq(seq, place), from))
      .orderBy(asc(id))
      .limit(PAGE);
    const found = page.find(({ isIt }) => isIt);
    const last = page.at(-1);
    if (found) {
      const [row] = await db.select().from(textChanges).where(eq(id, found.id));
      if (!row) return undefined;
      const { id: _, ...rest } = row;
      return rest;
    }
    if (!last || page.length < PAGE) return undefined;
    from = sql`${id} > ${last.id}::uuid`;
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

/** How many rows there are, of whatever hand, and how many notes of such behind a place of the log. */
export type TextsCount = { changes: number; highest: number; notes: number; noted: number };

/** `since`: a place of the log that the caller stays with. */
export async function countTexts(db: Db | Tx, since: number): Promise<TextsCount> {
  const [changes] = await db
    .select({ changes: sql<number>`count(*)::int`, highest: sql<number>`coalesce(max(${seq}), 0)` })
    .from(textChanges);
  const [notes] = await db
    .select({ notes: sql<number>`count(*)::int`, noted: sql<number>`coalesce(max(${auditLog.seq}), 0)` })
    .from(auditLog)
    .where(and(gt(auditLog.seq, since), isNote));
  return { changes: 0, highest: 0, notes: 0, noted: 0, ...changes, ...notes };
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
