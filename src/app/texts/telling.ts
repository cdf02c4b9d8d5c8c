/**
 * Supervisors and coordinators are told in their chat when what safety hangs on is said otherwise.
 *
 * Invariant: neutral, on a phone that another person may read: no sentence, no name. At most one message in ten minutes.
 */
import { allMembers } from '../../db/members.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { after, minutes } from '../../kernel/time.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';

/** All of so long is one message, at its end. */
const TOGETHER = minutes(10);

/** Where there are none of them, everybody on duty is told. */
export async function tellInForce(at: Moment<Context>): Promise<void> {
  const { tx, now } = at;
  const officers = await enrolledOfficers(tx);
  const coordinators = (await allMembers(tx)).filter(
    ({ role, removedAt }) => role === 'coordinator' && removedAt === null,
  );
  const told = officers.filter(
    ({ id, role }) => role === 'supervisor' || coordinators.some(({ officerId }) => officerId === id),
  );
  const window = Math.floor(now.getTime() / TOGETHER);
  await notifyOfficers(at, told.length > 0 ? told : officers, {
    key: 'notice.texts_in_force',
    coalesce: `texts:${window}`,
    delayMs: after(new Date(window * TOGETHER), TOGETHER).getTime() - now.getTime(),
  });
}
