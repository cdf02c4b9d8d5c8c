import type { CaseHead, Heads } from '../crypto/heads-root.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, lt, ne, sql } from './drizzle.cjs';
import { auditLog, caseItems, cases, roots } from './schema.ts';

export type RootRow = typeof roots.$inferSelect;

/**
 * The heads as they stand, of cases that are not drafts; the transaction that reads them holds the end of the audit
 * log.
 */
export async function headsNow(
  tx: Tx,
  at: Date,
  last: { seq: number; link: Uint8Array } | undefined,
): Promise<Heads> {
  const rows = await tx
    .select({ id: cases.id, length: cases.chainLength, head: cases.chainHead })
    .from(cases)
    .where(ne(cases.status, 'draft'))
    .orderBy(asc(cases.id));
  return {
    at,
    cases: rows.map(({ id, length, head }) => ({ id, length, head: head && hex(head) })),
    audit: last ? { seq: last.seq, head: hex(last.link) } : null,
  };
}

/** Keeps the root of a day, once; false: that day has one. Those from before `forgetBefore` are forgotten. */
export async function insertRoot(
  tx: Tx,
  row: typeof roots.$inferInsert,
  forgetBefore: Date,
): Promise<boolean> {
  await tx.delete(roots).where(lt(roots.at, forgetBefore));
  return (await tx.insert(roots).values(row).onConflictDoNothing().returning({ day: roots.day })).length > 0;
}

export async function findRoot(db: Db | Tx, root: string): Promise<RootRow | undefined> {
  const [row] = await db.select().from(roots).where(eq(roots.root, root)).orderBy(desc(roots.at)).limit(1);
  return row;
}

/** Newest first. */
export function listRoots(db: Db | Tx, limit: number): Promise<RootRow[]> {
  return db.select().from(roots).orderBy(desc(roots.at)).limit(limit);
}

/** Whether a case still holds this head at its place; and its reference, for saying so. */
export async function holdsHead(
  db: Db | Tx,
  { id, length, head }: CaseHead,
): Promise<{ holds: boolean; reference: string | null }> {
  const [row] = await db
    .select({ reference: cases.reference, link: caseItems.link })
    .from(cases)
    .leftJoin(caseItems, and(eq(caseItems.caseId, cases.id), eq(caseItems.place, length - 1)))
    .where(sql`${cases.id} = ${id}`);
  const holds =
    row !== undefined && (head === null ? length === 0 : row.link !== null && hex(row.link) === head);
  return { holds, reference: row?.reference ?? null };
}

export async function auditLinkAt(db: Db | Tx, seq: number): Promise<string | undefined> {
  const [row] = await db.select({ link: auditLog.link }).from(auditLog).where(eq(auditLog.seq, seq));
  return row && hex(row.link);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
