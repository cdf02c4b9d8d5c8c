/**
 * When an invitation can be used.
 *
 * Invariants: as soon as there are two administrators, a link that one of them made lets nobody in before another one has
 * said yes; an administrator who was taken out still counts for a day, so that nobody is alone by taking the other one out
 * first; the operator, who holds the machine, invites without: all devices may be lost.
 */
import { allMembers, type InvitationRow } from '../../db/members.ts';
import { after, hours } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { withNamesakes } from '../records/may-know.ts';

/** So long an administrator who was taken out counts. */
const COUNTED_AFTER = hours(24);

/** Whether an invitation can be used: the operator's, one to which a second administrator said yes, or there is only one. */
export async function isUsable(
  at: Moment<Pick<Context, 'keyring'>>,
  { invitedBy, confirmedAt }: Pick<InvitationRow, 'invitedBy' | 'confirmedAt'>,
): Promise<boolean> {
  if (invitedBy === null || confirmedAt !== null) return true;
  const own = await withNamesakes(at, [invitedBy]);
  const others = (await allMembers(at.tx)).filter(
    ({ id, role, removedAt }) =>
      role === 'administrator' &&
      !own.includes(id) &&
      (removedAt === null || removedAt > after(at.now, -COUNTED_AFTER)),
  );
  return others.length === 0;
}
