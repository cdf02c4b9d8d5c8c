import type { CaseId } from '../kernel/ids.ts';
import { CASE_ENDS } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, eq, gt, inArray, ne } from './drizzle.cjs';
import {
  caseItems,
  cases,
  caseWraps,
  emptiedCases,
  evidence,
  evidenceChunks,
  receiptCodes,
  renewedCodes,
} from './schema.ts';
import { urgencyOf } from './urgency.ts';

export type CaseRow = typeof cases.$inferSelect;
export type CaseItemRow = typeof caseItems.$inferSelect;

/** Makes a case with its wrapped keys; `key`: the fingerprint of what each is wrapped to. `reference` null: a draft. */
export async function insertCase(
  tx: Tx,
  row: typeof cases.$inferInsert,
  wraps: { group: string; key: string; wrapped: Uint8Array }[],
): Promise<void> {
  await tx.insert(cases).values(row);
  await tx.insert(caseWraps).values(
    wraps.map(({ group, key, wrapped }) => ({
      caseId: row.id,
      recipientGroup: group,
      keyFingerprint: key,
      wrappedSecret: wrapped,
    })),
  );
}

export async function findCase(db: Db | Tx, id: CaseId): Promise<CaseRow | undefined> {
  const [row] = await db.select().from(cases).where(eq(cases.id, id));
  return row;
}

/** A case (never a draft) by the reference people say. */
export async function findCaseByReference(db: Db | Tx, reference: string): Promise<CaseRow | undefined> {
  const [row] = await db
    .select()
    .from(cases)
    .where(and(eq(cases.reference, reference), ne(cases.status, 'draft')));
  return row;
}

/** All cases that are not drafts, most urgent and oldest first, those that are closed last. */
export function listCases(db: Db | Tx): Promise<CaseRow[]> {
  return db
    .select()
    .from(cases)
    .where(ne(cases.status, 'draft'))
    .orderBy(inArray(cases.status, [...CASE_ENDS]), urgencyOf(cases.level), asc(cases.openedAt));
}

/** Cases that say that they go on from this one; whether that is so, their signature shows. */
export function continuationsOf(
  db: Db | Tx,
  replaces: CaseId,
): Promise<Pick<CaseRow, 'id' | 'replacesSignature'>[]> {
  const { id, replacesSignature } = cases;
  return db.select({ id, replacesSignature }).from(cases).where(eq(cases.replaces, replaces));
}

export async function updateCase(tx: Tx, id: CaseId, set: Partial<typeof cases.$inferInsert>): Promise<void> {
  await tx.update(cases).set(set).where(eq(cases.id, id));
}

/** Appends an item and moves the chain's head; the caller holds the case's lock. */
export async function appendItem(tx: Tx, item: typeof caseItems.$inferInsert): Promise<void> {
  await tx.insert(caseItems).values(item);
  await tx
    .update(cases)
    .set({ chainHead: item.link, chainLength: item.place + 1, updatedAt: item.createdAt })
    .where(eq(cases.id, item.caseId));
}

export function itemsOf(db: Db | Tx, id: CaseId): Promise<CaseItemRow[]> {
  return db.select().from(caseItems).where(eq(caseItems.caseId, id)).orderBy(asc(caseItems.place));
}

/** While the team's key is being changed a group has several. */
export function wrapsOf(
  db: Db | Tx,
  id: CaseId,
): Promise<{ group: string; key: string; wrapped: Uint8Array }[]> {
  return db
    .select({
      group: caseWraps.recipientGroup,
      key: caseWraps.keyFingerprint,
      wrapped: caseWraps.wrappedSecret,
    })
    .from(caseWraps)
    .where(eq(caseWraps.caseId, id));
}

/** Deletes a case with everything in it: items, wraps, files. For drafts and for erasure. */
export async function deleteCase(tx: Tx, id: CaseId): Promise<void> {
  await tx.delete(cases).where(eq(cases.id, id));
}

/** Deletes what a case holds but keeps the case, and its code: without it the holder of the phone would be given another. */
export async function emptyCase(tx: Tx, id: CaseId, now: Date): Promise<void> {
  // No backup from before brings it back.
  await tx
    .insert(emptiedCases)
    .values({ caseId: id, at: now })
    .onConflictDoUpdate({ target: emptiedCases.caseId, set: { at: now } });
  await tx.delete(caseItems).where(eq(caseItems.caseId, id));
  await tx.delete(evidence).where(eq(evidence.caseId, id));
  await tx
    .update(cases)
    .set({ chainHead: null, chainLength: 0, zone: null, region: null, unheard: 0 })
    .where(eq(cases.id, id));
}

/** What is stored of a case's receipt code; undefined if it was given none. */
export async function findReceiptCode(
  db: Db | Tx,
  caseId: CaseId,
): Promise<typeof receiptCodes.$inferSelect | undefined> {
  const [row] = await db.select().from(receiptCodes).where(eq(receiptCodes.caseId, caseId));
  return row;
}

/** The case's code opens nothing any more, here and in a database that is restored from before. */
export async function deleteReceiptCode(tx: Tx, caseId: CaseId, at: Date): Promise<void> {
  await tx.delete(receiptCodes).where(eq(receiptCodes.caseId, caseId));
  await tx
    .insert(renewedCodes)
    .values({ caseId, at })
    .onConflictDoUpdate({ target: renewedCodes.caseId, set: { at } });
}

export async function saveReceiptCode(
  tx: Tx,
  row: typeof receiptCodes.$inferInsert,
  at: Date,
): Promise<void> {
  await tx.insert(receiptCodes).values(row).onConflictDoUpdate({ target: receiptCodes.caseId, set: row });
  await tx.update(renewedCodes).set({ at }).where(eq(renewedCodes.caseId, row.caseId));
}

/** When it was replaced last; undefined: it never was. */
export async function codeReplacedAt(db: Db | Tx, caseId: CaseId): Promise<Date | undefined> {
  const [row] = await db.select().from(renewedCodes).where(eq(renewedCodes.caseId, caseId));
  return row?.at;
}

/** Of cases whose code was replaced: when last, and what is stored of the one that counts now; null: none does. */
export async function codesReplaced(
  db: Db | Tx,
): Promise<{ caseId: CaseId; at: Date; code: typeof receiptCodes.$inferSelect | null }[]> {
  return db
    .select({ caseId: renewedCodes.caseId, at: renewedCodes.at, code: receiptCodes })
    .from(renewedCodes)
    .leftJoin(receiptCodes, eq(receiptCodes.caseId, renewedCodes.caseId));
}

export function evidenceOf(db: Db | Tx, id: CaseId): Promise<(typeof evidence.$inferSelect)[]> {
  return db.select().from(evidence).where(eq(evidence.caseId, id)).orderBy(asc(evidence.createdAt));
}

/** The sealed bytes of a file, chunk by chunk, so that a big file is never whole in memory. */
export async function* chunksOf(
  db: Db | Tx,
  evidenceId: (typeof evidence.$inferSelect)['id'],
): AsyncGenerator<Uint8Array> {
  for (let n = 0; ; n++) {
    const [row] = await db
      .select({ ciphertext: evidenceChunks.ciphertext })
      .from(evidenceChunks)
      .where(and(eq(evidenceChunks.evidenceId, evidenceId), eq(evidenceChunks.n, n)));
    if (!row) return;
    yield row.ciphertext;
  }
}

export type CaseHeadRow = Pick<CaseRow, 'id' | 'reference' | 'chainHead' | 'chainLength'>;

/** Every case with the end of its chain, drafts too, a page at a time. */
export async function* casesByPage(db: Db | Tx, pageSize = 500): AsyncGenerator<CaseHeadRow> {
  for (let last: CaseId | undefined; ; ) {
    const rows: CaseHeadRow[] = await db
      .select({
        id: cases.id,
        reference: cases.reference,
        chainHead: cases.chainHead,
        chainLength: cases.chainLength,
      })
      .from(cases)
      .where(last ? gt(cases.id, last) : undefined)
      .orderBy(asc(cases.id))
      .limit(pageSize);
    yield* rows;
    last = rows.at(-1)?.id ?? last;
    if (rows.length < pageSize) return;
  }
}
