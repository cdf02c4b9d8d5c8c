/**
 * Whose yes is enough for a text on which people's safety hangs.
 *
 * Invariants: the second person is another human than the author, whatever records they have; one of the two is a coordinator
 * or an administrator; neither has let the other in, as long as there is a third who holds the team's key; both are members for whom the server vouches, and neither was taken out since.
 */
import { isSignedMember } from '../../crypto/member-binding.ts';
import { isAuditedAbout } from '../../db/audit.ts';
import { findMember, type MemberRow } from '../../db/members.ts';
import type { MemberId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember, withNamesakes } from '../records/may-know.ts';
import { whyNotTwo } from '../records/who-may-erase.ts';

const answersForTexts = ({ role }: MemberRow): boolean => role === 'coordinator' || role === 'administrator';

/** Why a member's yes to what `author` proposed (null: the operator) does not count; undefined: it does. */
export async function whyNotSecond(
  at: Moment<Pick<Context, 'keyring'>>,
  author: string | null,
  second: MemberRow,
): Promise<'same_person' | 'no_right' | 'moved_on' | 'invited' | undefined> {
  const { tx, ctx, now } = at;
  if (author === null) return answersForTexts(second) ? undefined : 'no_right';
  const first = await findMember(tx, author as MemberId);
  // What a member proposed who was taken out since is for another one to propose.
  if (!first || !isSignedMember(ctx.keyring.signer, first, first.signature)) return 'moved_on';
  if (await isAuditedAbout(tx, 'member_removed', { member: first.id })) return 'moved_on';
  const own = await withNamesakes(at, await idsOfMember(tx, second));
  if (own.includes(first.id)) return 'same_person';
  if (!answersForTexts(first) && !answersForTexts(second)) return 'no_right';
  return whyNotTwo(at, first.id, second, { excluded: [], when: now });
}
