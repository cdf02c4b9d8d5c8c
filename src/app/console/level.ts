/** The level of a case, changed from the console: what was changed is an audit entry, what was refused is none. */
import type { Tx } from '../../db/database.ts';
import type { MemberRow } from '../../db/members.ts';
import { changeLevel, type Levelled, type NewLevel } from '../decisions/levels.ts';
import type { Context } from '../ground/context.ts';
import { audit } from '../records/audit.ts';

export async function setLevel(
  tx: Tx,
  ctx: Context,
  now: Date,
  member: MemberRow,
  reference: string,
  to: NewLevel,
): Promise<Levelled> {
  const came = await changeLevel(tx, ctx, now, member, reference, to);
  if (!came.ok) return came;
  const { caseId, from } = came;
  const detail = { from, to: to.level };
  await audit(tx, ctx, now, { memberId: member.id, what: 'level_set', caseId, detail });
  return came;
}
