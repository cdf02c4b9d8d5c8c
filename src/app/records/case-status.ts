/**
 * How far a case is, as it is kept.
 *
 * Invariants: a case has ended exactly as long as its alert is closed: both are done in one transaction
 * (`decisions/closing.ts`, `alerts/quiet-alerts.ts`); the caller holds the case.
 */
import { type CaseEvent, type End, statusAfter } from '../../cases/status.ts';
import { findCase, updateCase } from '../../db/cases.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { type GoingOn, hasEnded } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';

type At = Pick<Moment<unknown>, 'tx' | 'now'>;

/** What follows by itself. A draft, and one that has ended, stay what they are. */
export async function noteCaseEvent(at: At, caseId: CaseId, event: CaseEvent): Promise<void> {
  const row = await findCase(at.tx, caseId);
  if (!row || row.status === 'draft' || hasEnded(row.status)) return;
  const status = statusAfter(row.status, event);
  if (status !== row.status) await setGoingOn(at, caseId, status);
}

/** It goes on, from now with this status. */
export function setGoingOn({ tx, now }: At, caseId: CaseId, status: GoingOn): Promise<void> {
  return updateCase(tx, caseId, { status, statusSince: now, statusReason: null, closedAt: null });
}

/** It ends now; one that had ended before is called something else, and keeps its end. */
export function setEnded(
  { tx, now }: At,
  row: { id: CaseId; closedAt: Date | null; status: string },
  { status, reason }: End,
): Promise<void> {
  const closedAt = hasEnded(row.status) ? (row.closedAt ?? now) : now;
  return updateCase(tx, row.id, { status, statusSince: now, statusReason: reason, closedAt });
}
