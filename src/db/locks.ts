/**
 * Locking cases and alerts: nothing else does (`test/db/locks.test.ts`).
 *
 * Invariants: the case's row before its alert's, in that order: of two who need both none waits for one who waits for them.
 * A row is locked until the transaction ends. The one who claims an alert to page for it waits for nobody and needs nothing
 * of its case.
 */
import type { AlertId, CaseId, OfficerId } from '../kernel/ids.ts';
import { type AlertRow, isDue } from './alerts.ts';
import type { CaseRow } from './cases.ts';
import type { Tx } from './database.ts';
import { and, asc, eq, isNull } from './drizzle.cjs';
import { alerts, cases } from './schema.ts';

/** A case: what is appended to its chain is appended by the one who holds it. Its alert may be locked after it. */
export async function lockCase(tx: Tx, id: CaseId): Promise<CaseRow | undefined> {
  const [row] = await tx.select().from(cases).where(eq(cases.id, id)).for('update');
  return row;
}

/** A case and its alert, which is returned: the one who decides about it is alone. */
export async function lockAlertOfCase(tx: Tx, caseId: CaseId): Promise<AlertRow | undefined> {
  await holdCase(tx, caseId);
  const [row] = await tx.select().from(alerts).where(eq(alerts.caseId, caseId)).for('no key update');
  return row;
}

/** The same of an alert that was looked up. An exercise has no case. */
export async function lockAlert(
  tx: Tx,
  { id, caseId }: Pick<AlertRow, 'id' | 'caseId'>,
): Promise<AlertRow | undefined> {
  if (caseId) await holdCase(tx, caseId);
  const [row] = await tx.select().from(alerts).where(eq(alerts.id, id)).for('no key update');
  return row;
}

async function holdCase(tx: Tx, id: CaseId): Promise<void> {
  await tx.select({ id: cases.id }).from(cases).where(eq(cases.id, id)).for('update');
}

/** The same of an alert of which only the id is known. */
export async function lockAlertById(tx: Tx, id: AlertId): Promise<AlertRow | undefined> {
  const [found] = await tx
    .select({ id: alerts.id, caseId: alerts.caseId })
    .from(alerts)
    .where(eq(alerts.id, id));
  return found && lockAlert(tx, found);
}

/** The alerts an officer has taken and that are not closed. Always in the same order. */
export async function lockTakenBy(tx: Tx, officerId: OfficerId): Promise<AlertRow[]> {
  const isTheirs = and(eq(alerts.state, 'taken'), eq(alerts.takenBy, officerId));
  const found = await tx
    .select({ id: alerts.id, caseId: alerts.caseId })
    .from(alerts)
    .where(isTheirs)
    .orderBy(asc(alerts.id));
  const rows: AlertRow[] = [];
  for (const each of found) {
    const row = await lockAlert(tx, each);
    if (row?.state === 'taken' && row.takenBy === officerId) rows.push(row);
  }
  return rows;
}

/** Claims an alert if it is still due and nobody else has it at this moment: it alone, and waits for nobody. */
export async function claimDueAlert(tx: Tx, id: AlertId, now: Date): Promise<AlertRow | undefined> {
  const [row] = await tx
    .select()
    .from(alerts)
    .where(and(eq(alerts.id, id), isDue(now)))
    .for('no key update', { skipLocked: true });
  return row;
}

/** Sees to it that a case is not deleted before the transaction ends; false: it is gone. */
export async function keepCase(tx: Tx, id: CaseId): Promise<boolean> {
  const [row] = await tx.select({ id: cases.id }).from(cases).where(eq(cases.id, id)).for('key share');
  return row !== undefined;
}

/** Cases whose key nobody has signed, drafts too. */
export function unboundCases(tx: Tx): Promise<Pick<CaseRow, 'id' | 'recipient' | 'chainLength'>[]> {
  const { id, recipient, chainLength } = cases;
  return tx
    .select({ id, recipient, chainLength })
    .from(cases)
    .where(isNull(cases.recipientSignature))
    .orderBy(asc(cases.id))
    .for('update');
}
