/**
 * A member says how far a case is, or ends it.
 *
 * Invariants: one for which officers are sought is ended only as its alert is closed, by the officer who has it or a supervisor;
 * one that has ended goes on only when an officer takes it again, or something comes; who said it stands sealed in the case.
 */
import { endAs, mayEnd, mayFollow } from '../../cases/status.ts';
import type { MemberRow } from '../../db/members.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { type CaseEnd, type GoingOn, hasEnded } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import type { Moment } from '../ground/transaction.ts';
import { setEnded, setGoingOn } from '../records/case-status.ts';
import { openMemberName } from '../records/member-name.ts';
import { closeLocked } from './closing.ts';
import { lockToFollow } from './standing.ts';

export type NewStatus = { to: Exclude<GoingOn, 'new'> } | { to: CaseEnd; reason: string };

export type StatusSet =
  | { ok: true; caseId: CaseId; from: string }
  | {
      ok: false;
      reason:
        | 'no_such'
        /** They do not follow this case. */
        | 'not_yours'
        /** Officers are called for it, or one has it: it is closed by them. */
        | 'alert_open'
        /** It has ended: an officer takes it again. */
        | 'closed'
        /** The reason is none of this end. */
        | 'no_reason';
    };

export async function setStatus(
  at: Moment,
  by: MemberRow,
  reference: string,
  said: NewStatus,
): Promise<StatusSet> {
  const found = await lockToFollow(at, by, reference);
  if (!found) return { ok: false, reason: 'no_such' };
  const { row, alert, who } = found;
  const end = 'reason' in said ? endAs(said.to, said.reason) : undefined;
  if ('reason' in said && !end) return { ok: false, reason: 'no_reason' };
  if (end && !mayEnd(who)) return { ok: false, reason: who.isPaging ? 'alert_open' : 'not_yours' };
  if (!mayFollow(who)) return { ok: false, reason: 'not_yours' };
  if (!end && hasEnded(row.status)) return { ok: false, reason: 'closed' };
  const because = end ? { reason: end.reason } : {};
  await sealIntoCase(at, row.id, 'event', { what: 'status', status: said.to, ...because, member: by.id });
  if (!('reason' in said)) await setGoingOn(at, row.id, said.to);
  else if (end && alert.state === 'closed') await setEnded(at, row, end);
  else if (end) {
    const name = openMemberName(at.ctx, by).trim().split(/\s+/)[0] ?? '';
    const ending = { who: { officerId: by.officerId, name }, officers: await enrolledOfficers(at.tx) };
    await closeLocked(at, alert, end, ending);
  }
  return { ok: true, caseId: row.id, from: row.status };
}
