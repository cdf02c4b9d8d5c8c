/**
 * An alert's row as the pure rules see it, and back.
 *
 * Invariant: whatever changes an alert that is not closed also writes when to look at it again.
 */
import { type Next, nextStep } from '../../alerts/escalation.ts';
import { type OfficerOnCall, type Policy, policySchema } from '../../alerts/policy.ts';
import { type AlertNow, offeredTo, progressSchema } from '../../alerts/progress.ts';
import { type AlertRow, updateAlert } from '../../db/alerts.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';

/** The policy that was frozen into the alert when it was raised. */
export function policyOf(row: AlertRow): Policy {
  return policySchema.parse(row.policy);
}

export function toAlertNow(row: AlertRow): AlertNow {
  const progress = progressSchema.parse(row.progress);
  return {
    state: row.state === 'taken' ? 'taken' : 'open',
    ...(row.isQuiet ? { isQuiet: true } : {}),
    roundAt: row.roundAt,
    progress,
    ...(row.state === 'taken' && row.takenBy ? { takenBy: row.takenBy } : {}),
    ...(row.state === 'taken' && row.workedAt ? { workedAt: row.workedAt } : {}),
  };
}

/** The columns that belong to the pure state. An open alert has no taker. */
function toColumns(alert: AlertNow) {
  const isTaken = alert.state === 'taken' && alert.takenBy !== undefined;
  return {
    state: alert.state,
    isQuiet: alert.isQuiet === true,
    roundAt: alert.roundAt,
    progress: alert.progress,
    ...(isTaken
      ? { takenBy: alert.takenBy, workedAt: alert.workedAt ?? null }
      : { takenBy: null, takenAt: null, workedAt: null }),
  };
}

/** Writes a state and when to look again; returns the row as it then is. */
export async function saveAlert(
  { tx, now }: Moment,
  row: AlertRow,
  change: AlertNow | Pick<Next, 'alert' | 'nextStepAt'>,
  more: Partial<AlertRow> = {},
): Promise<AlertRow> {
  const next =
    'alert' in change
      ? change
      : { alert: change, nextStepAt: nextStep(policySchema.parse(more.policy ?? row.policy), change, now) };
  const set = { ...toColumns(next.alert), nextStepAt: next.nextStepAt, ...more };
  await updateAlert(tx, row.id, set);
  return { ...row, ...set } as AlertRow;
}

/** Officers as the policy sees them. `rotas`: those on which each is on call now. */
export function onCall(
  officers: readonly EnrolledOfficer[],
  rotas: ReadonlyMap<OfficerId, readonly string[]> = new Map(),
): OfficerOnCall[] {
  return officers.map((officer) => ({
    id: officer.id,
    role: officer.role,
    isOnDuty: officer.isOnDuty === true || rotas.has(officer.id),
    rotas: rotas.get(officer.id) ?? [],
    isReachable: officer.contacts.some((contact) => !contact.isBlocked),
  }));
}

/** Whether this officer was asked to take it over. */
export function isOfferedTo(row: AlertRow, officer: OfficerId): boolean {
  return row.state === 'taken' && offeredTo(toAlertNow(row)) === officer;
}

/** Whether this officer has it, and has not said that they saw that the person asked again or that the level rose. */
export function isUnseenBy(row: AlertRow, officer: OfficerId): boolean {
  const { takenBy, progress } = toAlertNow(row);
  return takenBy === officer && progress.againAt !== undefined;
}
