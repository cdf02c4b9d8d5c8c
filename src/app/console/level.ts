/** The level of a case, changed from the console: what was changed is an audit entry, what was refused is none. */
import type { MemberRow } from '../../db/members.ts';
import { changeLevel, type Levelled, type NewLevel } from '../decisions/levels.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';

export async function setLevel(
  at: Moment,
  member: MemberRow,
  reference: string,
  to: NewLevel,
): Promise<Levelled> {
  const came = await changeLevel(at, member, reference, to);
  if (!came.ok) return came;
  const { caseId, from } = came;
  const detail = { from, to: to.level };
  await audit(at, { memberId: member.id, what: 'level_set', caseId, detail });
  return came;
}
