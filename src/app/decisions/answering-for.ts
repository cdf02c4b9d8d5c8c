/**
 * Which member answers for a case, besides the officer who has its alert.
 *
 * Invariants: a member who must not know of the case does not answer for it, and the one who asked learns no more than that
 * this person cannot; one takes it when nobody has it; those who follow the case give it to another or back; the one who gets it
 * hears so, by its reference only.
 */
import { mayFollow } from '../../cases/status.ts';
import { updateCase } from '../../db/cases.ts';
import { mayKnow } from '../../db/known.ts';
import { findMember, listMembers, type MemberRow } from '../../db/members.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { CaseId, MemberId } from '../../kernel/ids.ts';
import { mayHoldKey } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember } from '../records/may-know.ts';
import { openMemberName } from '../records/member-name.ts';
import { lockToFollow } from './standing.ts';

export type AnswersSet =
  | { ok: true; caseId: CaseId }
  /** `not_offered`: this member cannot have it. */
  | { ok: false; reason: 'no_such' | 'not_yours' | 'not_offered' };

/** `to` null: nobody does any more. */
export async function setResponsible(
  at: Moment,
  by: MemberRow,
  reference: string,
  to: MemberId | null,
): Promise<AnswersSet> {
  const { tx, ctx } = at;
  const found = await lockToFollow(at, by, reference);
  if (!found) return { ok: false, reason: 'no_such' };
  const { row, alert, who } = found;
  const isTaking = to === by.id && row.responsible === null;
  if (!isTaking && !mayFollow(who)) return { ok: false, reason: 'not_yours' };
  if (to === row.responsible) return { ok: true, caseId: row.id };
  const member = to && (await findMember(tx, to));
  if (to && !(member && (await mayAnswer(at, member, alert)))) return { ok: false, reason: 'not_offered' };
  await updateCase(tx, row.id, { responsible: to });
  const whom = member ? { officer: openMemberName(ctx, member), to: member.id } : {};
  await sealIntoCase(at, row.id, 'event', {
    what: member ? 'answers_for_it' : 'nobody_answers',
    ...whom,
    member: by.id,
  });
  if (member && member.id !== by.id) {
    const theirs = (await enrolledOfficers(tx)).filter(({ id }) => id === member.officerId);
    const name = openMemberName(ctx, by).trim().split(/\s+/)[0] ?? '';
    await notifyOfficers(at, theirs, { key: 'told.answers_for', params: { reference, name } });
  }
  return { ok: true, caseId: row.id };
}

/** Members who can answer for a case, by name. */
export async function whoMayAnswer(
  at: Moment,
  alert: Parameters<typeof mayAnswer>[2],
): Promise<{ id: MemberId; name: string }[]> {
  const able: { id: MemberId; name: string }[] = [];
  for (const each of await listMembers(at.tx))
    if (await mayAnswer(at, each, alert)) able.push({ id: each.id, name: openMemberName(at.ctx, each) });
  return able.sort((a, b) => a.name.localeCompare(b.name));
}

async function mayAnswer(
  { tx }: Moment,
  member: MemberRow,
  alert: Parameters<typeof mayKnow>[1],
): Promise<boolean> {
  if (member.removedAt || !mayHoldKey(member.role)) return false;
  return mayKnow(await idsOfMember(tx, member), alert);
}
