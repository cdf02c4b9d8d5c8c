/** Cases by how far they are. */
import type { CaseId, MemberId } from '../kernel/ids.ts';
import { CASE_ENDS, GOING_ON } from '../kernel/vocabulary.ts';
import { type CaseRow, updateCase } from './cases.ts';
import type { Db, Tx } from './database.ts';
import { and, eq, inArray } from './drizzle.cjs';
import { cases } from './schema.ts';

/** Not ended, and no draft. */
export const goesOn = () => inArray(cases.status, [...GOING_ON]);
export const isOver = () => inArray(cases.status, [...CASE_ENDS]);

/** Cases that have not ended. */
export async function openCaseIds(db: Db | Tx): Promise<ReadonlySet<CaseId>> {
  const rows = await db.select({ id: cases.id }).from(cases).where(goesOn());
  return new Set(rows.map(({ id }) => id));
}

/** One that nobody had looked at is looked at. Returns the row as it then is. */
export async function noteFirstLook(tx: Tx, row: CaseRow, now: Date): Promise<CaseRow> {
  if (row.status !== 'new') return row;
  const [looked] = await tx
    .update(cases)
    .set({ status: 'assessing', statusSince: now })
    .where(and(eq(cases.id, row.id), eq(cases.status, 'new')))
    .returning();
  return looked ?? row;
}

/** A member who is taken out answers for no case any more. */
export async function answersForNone(tx: Tx, member: MemberId): Promise<void> {
  const rows = await tx.select({ id: cases.id }).from(cases).where(eq(cases.responsible, member));
  for (const { id } of rows) await updateCase(tx, id, { responsible: null });
}
