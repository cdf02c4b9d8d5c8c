/** What a member is to a case: by this they may set its status, end it, and say who answers for it. */
import type { Standing } from '../../cases/status.ts';
import type { AlertRow } from '../../db/alerts.ts';
import type { CaseRow } from '../../db/cases.ts';
import { findCaseFor } from '../../db/known.ts';
import { lockAlertOfCase, lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import { findOfficer } from '../../db/officers.ts';
import { lockOrOpenAlert } from '../alerts/quiet-alerts.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember } from '../records/may-know.ts';

export async function standingOf(
  { tx }: Pick<Moment, 'tx'>,
  member: MemberRow,
  row: Pick<CaseRow, 'responsible'>,
  alert: Pick<AlertRow, 'state' | 'isQuiet' | 'takenBy'> | undefined,
): Promise<Standing> {
  const officer = member.officerId ? await findOfficer(tx, member.officerId) : undefined;
  const isOfficer = officer !== undefined && officer.removedAt === null;
  return {
    isTaker: isOfficer && alert !== undefined && alert.state !== 'open' && alert.takenBy === officer.id,
    isResponsible: row.responsible === member.id,
    isCoordinator: member.role === 'coordinator',
    isSupervisor: isOfficer && officer.role === 'supervisor',
    isPaging: alert !== undefined && !alert.isQuiet && alert.state !== 'closed',
  };
}

/** A case that they may know of, with its alert, both locked. */
export async function lockToFollow(
  at: Moment,
  member: MemberRow,
  reference: string,
): Promise<{ row: CaseRow; alert: AlertRow; who: Standing } | undefined> {
  const { tx } = at;
  const found = await findCaseFor(tx, await idsOfMember(tx, member), reference);
  const row = found && (await lockCase(tx, found.id));
  const alert = row && ((await lockAlertOfCase(tx, row.id)) ?? (await lockOrOpenAlert(at, row.id)));
  if (!row || !alert) return undefined;
  return { row, alert, who: await standingOf(at, member, row, alert) };
}
