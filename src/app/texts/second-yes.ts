/**
 * Whose yes counts to what another person proposed.
 *
 * Invariants: the second person is another human than the author, whatever records they have; one of the two is a coordinator
 * or an administrator; neither has let the other in, as long as there is a third who holds the team's key; the second has been
 * a member for seven days, and so has the author where one has let the other in, as long as anybody else was there by then;
 * both are members for whom the server vouches, and neither was taken out since; what was proposed a month ago is nobody's any more.
 * What waits is taken away, by a no or by something else in its place, only by its author or by who answers for texts.
 */
import { isSignedMember } from '../../crypto/member-binding.ts';
import { isAuditedAbout } from '../../db/audit.ts';
import { findMember, invitersOf, type MemberRow } from '../../db/members.ts';
import type { MemberId } from '../../kernel/ids.ts';
import { after, days } from '../../kernel/time.ts';
import { mayHoldKey } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember, withNamesakes } from '../records/may-know.ts';
import { memberships } from '../records/membership.ts';
import { whyNotTwo } from '../records/who-may-erase.ts';

/** So long what one person proposed waits for another one. */
const PROPOSED_FOR = days(30);
/** Before that a member's yes counts for nothing. */
const MEMBER_FOR = days(7);

/** `too_late`: it waited too long. `too_new`: not yet a member for a week. */
export type WhyNotSecond = 'same_person' | 'no_right' | 'moved_on' | 'invited' | 'too_new' | 'too_late';

type At = Moment<Pick<Context, 'keyring'>>;

export const answersForTexts = ({ role }: Pick<MemberRow, 'role'>): boolean =>
  role === 'coordinator' || role === 'administrator';

/** Who takes away what waits: its author, or a person who answers for texts. A translator alone ends nothing of another one's. */
export const mayRefuse = (member: Pick<MemberRow, 'id' | 'role'>, { by }: { by: string | null }): boolean =>
  by === member.id || answersForTexts(member);

export const isEnded = ({ at }: { at: Date }, now: Date): boolean => after(at, PROPOSED_FOR) <= now;

/** Why a member's yes to what a member proposed (`by` null: the operator) does not count; undefined: it does. */
export async function whyNotSecond(
  at: At,
  proposed: { by: string | null; at: Date },
  second: MemberRow,
): Promise<WhyNotSecond | undefined> {
  const { tx, ctx, now } = at;
  if (isEnded(proposed, now)) return 'too_late';
  if (proposed.by === null) {
    if (!answersForTexts(second)) return 'no_right';
    return (await isTooNew(at, second)) ? 'too_new' : undefined;
  }
  const first = await findMember(tx, proposed.by as MemberId);
  // What a member proposed who was taken out since is for another one to propose.
  if (!first || !isSignedMember(ctx.keyring.signer, first, first.signature)) return 'moved_on';
  if (await isAuditedAbout(tx, 'member_removed', { member: first.id })) return 'moved_on';
  const own = await withNamesakes(at, await idsOfMember(tx, second));
  if (own.includes(first.id)) return 'same_person';
  if (!answersForTexts(first) && !answersForTexts(second)) return 'no_right';
  const why = await whyNotTwo(at, first.id, second, { excluded: [], when: now });
  if (why) return why;
  if (await isTooNew(at, second)) return 'too_new';
  const others = await withNamesakes(at, await idsOfMember(tx, first));
  const isLetIn =
    (await invitersOf(tx, first)).some((id) => own.includes(id)) ||
    (await invitersOf(tx, second)).some((id) => others.includes(id));
  return isLetIn && (await isTooNew(at, first)) ? 'too_new' : undefined;
}

/** In the first week of a room everybody is new. */
async function isTooNew(at: At, member: MemberRow): Promise<boolean> {
  const { tx, now } = at;
  const before = after(now, -MEMBER_FOR);
  const all = await memberships(at);
  const since = all.find(({ id }) => id === member.id)?.joinedAt;
  if (since && since <= before) return false;
  const own = await withNamesakes(at, await idsOfMember(tx, member));
  return all.some(
    ({ id, role, joinedAt, removedAt }) =>
      mayHoldKey(role) &&
      !own.includes(id) &&
      joinedAt <= before &&
      (removedAt === null || removedAt > before),
  );
}
