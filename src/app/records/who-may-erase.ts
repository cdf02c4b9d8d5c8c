/**
 * Which members may be the two who want a case erased.
 *
 * Invariants: each has been a member for seven days, holds the team's key, and is one for whom the server vouches; neither
 * has invited the other. Only where nobody else was in the room a person and whom they invited are enough: a small office
 * can erase too, and nobody does it alone within a week. A member who was taken out counts as another person for a week.
 */
import { fingerprint } from '../../crypto/fingerprint.ts';
import { isSignedMember } from '../../crypto/member-binding.ts';
import { isAuditedAbout } from '../../db/audit.ts';
import { mayKnow } from '../../db/known.ts';
import { allMembers, findMember, grantsOf, invitersOf, type MemberRow } from '../../db/members.ts';
import type { MemberId, PersonId } from '../../kernel/ids.ts';
import { after, days } from '../../kernel/time.ts';
import { mayHoldKey } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember, withNamesakes } from './may-know.ts';
import { openMemberName } from './member-name.ts';
import { joinedAt, type Membership, memberships } from './membership.ts';

type At = Moment<Pick<Context, 'keyring' | 'team'>>;

/** Before that a member erases nothing. */
const MEMBER_FOR = days(7);

/** Why a member may not be one of the two; undefined: they may. `when`: at the time at which they said it. */
export async function whyNotOne(
  at: At,
  member: MemberRow,
  when: Date,
): Promise<'no_key' | 'too_new' | undefined> {
  const { tx, ctx } = at;
  const inUse = fingerprint(ctx.team.recipient);
  const grants = await grantsOf(tx, member.id);
  if (!mayHoldKey(member.role) || !grants.some((each) => each.fingerprint === inUse)) return 'no_key';
  const since = await joinedAt(at, member);
  return since === undefined || after(since, MEMBER_FOR) > when ? 'too_new' : undefined;
}

/** Why a second member may not be the other one of a first. */
export async function whyNotTwo(
  at: Moment<Pick<Context, 'keyring'>>,
  first: MemberId,
  second: MemberRow,
  { excluded, when }: { excluded: readonly PersonId[]; when: Date },
): Promise<'same_person' | 'invited' | undefined> {
  const { tx } = at;
  const all = await allMembers(tx);
  const one = all.find(({ id }) => id === first);
  if (!one) return 'same_person';
  const own = await withNamesakes(at, await idsOfMember(tx, second));
  if (own.includes(first)) return 'same_person';
  const others = await withNamesakes(at, await idsOfMember(tx, one));
  const isInvited = (await invitersOf(tx, one)).some((id) => own.includes(id));
  const hasInvited = (await invitersOf(tx, second)).some((id) => others.includes(id));
  if (!isInvited && !hasInvited) return undefined;
  const pair = new Set([...own, ...others]);
  const there = (await memberships(at)).filter(wasThere(when));
  for (const { id } of there.filter((each) => mayHoldKey(each.role) && !pair.has(each.id))) {
    const row = all.find((each) => each.id === id);
    if (mayKnow(row ? await idsOfMember(tx, row) : [id], { excluded })) return 'invited';
  }
  return undefined;
}

/** Who has let a member into the team, by name; none: the first of all, or one from before it was noted. */
export async function namesOfInviters({ tx, ctx }: At, member: MemberRow): Promise<string[]> {
  const names: string[] = [];
  for (const id of new Set(await invitersOf(tx, member))) {
    const inviter = await findMember(tx, id);
    if (inviter) names.push(openMemberName(ctx, inviter));
  }
  return names;
}

/** Members who were in the room then, or had been in the week before. */
const wasThere =
  (when: Date) =>
  ({ joinedAt: since, removedAt }: Membership): boolean =>
    since <= when && (removedAt === null || removedAt > after(when, -MEMBER_FOR));

/** Whether both still stand behind it, who said so at these times, and may know of the case. */
export async function areStillTwo(
  at: At,
  [first, second]: readonly [{ id: MemberId; at: Date }, { id: MemberId; at: Date }],
  excluded: readonly PersonId[],
): Promise<boolean> {
  const { tx, ctx } = at;
  for (const { id, at: when } of [first, second]) {
    const member = await findMember(tx, id);
    if (!member || !isSignedMember(ctx.keyring.signer, member, member.signature)) return false;
    // Whatever the row says now.
    if (await isAuditedAbout(tx, 'member_removed', { member: id })) return false;
    if (!mayKnow(await idsOfMember(tx, member), { excluded })) return false;
    if (await whyNotOne(at, member, when)) return false;
  }
  const other = await findMember(tx, second.id);
  return other !== undefined && !(await whyNotTwo(at, first.id, other, { excluded, when: second.at }));
}
