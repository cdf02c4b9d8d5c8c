/**
 * Adding to cases.
 *
 * Invariants: nothing is added to a case whose key is not the one that was signed when it was opened: it goes into the one
 * that goes on in its place; every item says inside the seal which case and place it belongs to, and the chain over the
 * ciphertexts is signed, so moving, dropping or adding shows.
 */
import type { CaseEntry } from '../../conversation/values/effect.ts';
import { emptyCase as dropContents, updateCase } from '../../db/cases.ts';
import type { CaseId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { bindingColumns, type ItemKind, sealIntoBound } from '../records/bound-case.ts';
import { earlierOf, lockCaseToAddTo } from './case-going-on.ts';

/**
 * Seals one more thing into a case and returns its place. `payload` is stored as JSON with the time; `evidence`
 * and other big things are sealed apart and only described here.
 */
export async function sealIntoCase(
  at: Moment,
  caseId: CaseId,
  kind: ItemKind,
  payload: unknown,
): Promise<number> {
  const row = await lockCaseToAddTo(at, caseId);
  return sealIntoBound(at, row, kind, payload);
}

/**
 * Forgets everything in a case, and in those from which it goes on, but that there is one; what comes from now on lies
 * under its signed key.
 */
export async function emptyCase(at: Moment, caseId: CaseId): Promise<void> {
  const row = await lockCaseToAddTo(at, caseId);
  for (const id of [row.id, ...(await earlierOf(at, row))]) await dropContents(at.tx, id, at.now);
  await updateCase(at.tx, row.id, bindingColumns(at.ctx, row.id, row.recipient));
}

/** Answers as they go into a case. */
export function sealAnswers(
  at: Moment,
  caseId: CaseId,
  kind: 'report' | 'answers',
  entries: readonly CaseEntry[],
  extra: Record<string, unknown> = {},
): Promise<number> {
  return sealIntoCase(at, caseId, kind, { entries, ...extra });
}
