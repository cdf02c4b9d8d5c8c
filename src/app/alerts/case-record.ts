/**
 * Adding to cases.
 *
 * Invariants: nothing is added to a case whose key is not the one that was signed when it was opened: it goes into the one
 * that goes on in its place; every item says inside the seal which case and place it belongs to, and the chain over the
 * ciphertexts is signed, so moving, dropping or adding shows.
 */
import type { CaseEntry } from '../../conversation/values/effect.ts';
import { emptyCase as dropContents, updateCase } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import type { CaseId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import { bindingColumns, type ItemKind, sealIntoBound } from '../records/bound-case.ts';
import { earlierOf, lockCaseToAddTo } from './case-going-on.ts';

/**
 * Seals one more thing into a case and returns its place. `payload` is stored as JSON with the time; `evidence`
 * and other big things are sealed apart and only described here.
 */
export async function sealIntoCase(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  kind: ItemKind,
  payload: unknown,
): Promise<number> {
  const row = await lockCaseToAddTo(tx, ctx, now, caseId);
  return sealIntoBound(tx, ctx, now, row, kind, payload);
}

/**
 * Forgets everything in a case, and in those from which it goes on, but that there is one; what comes from now on lies
 * under its signed key.
 */
export async function emptyCase(tx: Tx, ctx: Context, now: Date, caseId: CaseId): Promise<void> {
  const row = await lockCaseToAddTo(tx, ctx, now, caseId);
  for (const id of [row.id, ...(await earlierOf(tx, ctx, row))]) await dropContents(tx, id);
  await updateCase(tx, row.id, bindingColumns(ctx, row.id, row.recipient));
}

/** Answers as they go into a case. */
export function sealAnswers(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  kind: 'report' | 'answers',
  entries: readonly CaseEntry[],
  extra: Record<string, unknown> = {},
): Promise<number> {
  return sealIntoCase(tx, ctx, now, caseId, kind, { entries, ...extra });
}
