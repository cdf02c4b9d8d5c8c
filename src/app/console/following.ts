/**
 * How far a case is, and who answers for it, from the console: what was decided is an audit entry, what was refused is none.
 */

import { mayEnd, mayFollow } from '../../cases/status.ts';
import type { FollowingOfCase } from '../../contract/following.ts';
import { type AlertRow, findAlertOfCase } from '../../db/alerts.ts';
import type { CaseRow } from '../../db/cases.ts';
import { findCaseFor } from '../../db/known.ts';
import { allMembers, findMember, type MemberRow } from '../../db/members.ts';
import type { MemberId } from '../../kernel/ids.ts';
import { hasEnded } from '../../kernel/vocabulary.ts';
import { type AnswersSet, setResponsible, whoMayAnswer } from '../decisions/answering-for.ts';
import { standingOf } from '../decisions/standing.ts';
import { type NewStatus, type StatusSet, setStatus } from '../decisions/statuses.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { idsOfMember } from '../records/may-know.ts';
import { openMemberName } from '../records/member-name.ts';

export async function sayStatus(
  at: Moment,
  member: MemberRow,
  reference: string,
  said: NewStatus,
): Promise<StatusSet> {
  const came = await setStatus(at, member, reference, said);
  if (!came.ok) return came;
  const because = 'reason' in said ? { reason: said.reason } : {};
  const detail = { from: came.from, to: said.to, ...because };
  await audit(at, { memberId: member.id, what: 'status_set', caseId: came.caseId, detail });
  return came;
}

export async function sayWhoAnswers(
  at: Moment,
  member: MemberRow,
  reference: string,
  to: MemberId | null,
): Promise<AnswersSet> {
  const came = await setResponsible(at, member, reference, to);
  if (!came.ok) return came;
  const detail = to ? { member: to } : {};
  await audit(at, { memberId: member.id, what: 'responsible_set', caseId: came.caseId, detail });
  return came;
}

/** To whom a case can be given. */
export async function whoMayAnswerFor(at: Moment, member: MemberRow, reference: string) {
  const row = await findCaseFor(at.tx, await idsOfMember(at.tx, member), reference);
  if (!row) return { ok: false, reason: 'no_such' } as const;
  const alert = (await findAlertOfCase(at.tx, row.id)) ?? { excluded: [] };
  return { ok: true, members: await whoMayAnswer(at, alert) } as const;
}

/** As it stands in a case that is open. */
export async function followingOf(
  at: Moment,
  member: MemberRow,
  row: CaseRow,
  alert: AlertRow,
): Promise<FollowingOfCase> {
  const who = await standingOf(at, member, row, alert);
  const found = row.responsible ? await findMember(at.tx, row.responsible) : undefined;
  return {
    since: row.statusSince.toISOString(),
    reason: row.statusReason,
    answersFor: found ? openMemberName(at.ctx, found) : null,
    isMine: row.responsible === member.id,
    mayFollow: mayFollow(who),
    mayEnd: mayEnd(who),
    hasEnded: hasEnded(row.status),
  };
}

/** Who answers for cases, by name; those too who were taken out. */
export async function namesOfResponsible(at: Moment): Promise<ReadonlyMap<MemberId, string>> {
  return new Map((await allMembers(at.tx)).map((row) => [row.id, openMemberName(at.ctx, row)]));
}
