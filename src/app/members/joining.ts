/**
 * Coming in by a link: joining with a passkey, and one more device of a member.
 *
 * Invariants: the server never sees a member's secret key: it keeps it as the browser wrapped it; a device is added only by
 * a member who has just proved who they are.
 */

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { isTeamRecipient } from '../../crypto/case-key.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { signMember } from '../../crypto/member-binding.ts';
import {
  findMember,
  type InvitationRow,
  insertMember,
  insertPasskey,
  lockInvitation,
  type MemberRow,
  useInvitation,
} from '../../db/members.ts';
import { type MemberId, newId, type PasskeyId } from '../../kernel/ids.ts';
import { minutes } from '../../kernel/time.ts';
import type { WrappedBy } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { excludeIfNamesake } from '../records/may-know.ts';
import { openMemberName, sealMemberName } from '../records/member-name.ts';
import { isMemberAlready, saveInvitation } from './invitations.ts';
import { challengeToJoin, provedPasskey, type Site, verifiedDevice } from './passkeys.ts';
import { isUsable } from './second-yes.ts';
import { isOwnInvitation, vouchedDevice } from './vouched-rows.ts';

type Keys = { keyring: Keyring };

/** From one device to the other, both in hand. */
const DEVICE_LINK_LIFE = minutes(10);

/** What a person with an invitation is shown before they make their passkey; undefined: it cannot be used. */
export async function beginJoining(
  at: Moment<Keys & { team: { recipient: string } }>,
  site: Site,
  code: string,
) {
  const { tx, ctx, now } = at;
  const invitation = await lockInvitation(tx, { codeIndexes: ctx.keyring.indexes('invitation', code) }, now);
  if (!invitation || !isOwnInvitation(ctx, invitation)) return undefined;
  if (!(await isUsable(at, invitation))) return undefined;
  const name = openMemberName(ctx, invitation);
  const options = await challengeToJoin(ctx, now, site, { id: invitation.id, name });
  const { role, wrappedSecret } = invitation;
  return { options, name, role, team: ctx.team.recipient, wrappedSecret };
}

export type Joining = {
  code: string;
  response: RegistrationResponseJSON;
  /** Public half of the member's own key, and the secret half as only their device (or passphrase) unwraps it. */
  recipient: string;
  wrappedBy: WrappedBy;
  wrappedSecret: Uint8Array;
};

export type Joined =
  | { ok: true; member: MemberRow; passkeyId: PasskeyId }
  | { ok: false; reason: 'no_invitation' | 'bad_device' | 'bad_key' | 'officer_taken' };

export async function join(at: Moment<Keys>, site: Site, joining: Joining): Promise<Joined> {
  const { tx, ctx, now } = at;
  const codeIndexes = ctx.keyring.indexes('invitation', joining.code);
  const invitation = await lockInvitation(tx, { codeIndexes }, now);
  if (!invitation || !isOwnInvitation(ctx, invitation)) return { ok: false, reason: 'no_invitation' };
  if (!(await isUsable(at, invitation))) return { ok: false, reason: 'no_invitation' };
  if (!isTeamRecipient(joining.recipient)) return { ok: false, reason: 'bad_key' };
  const device = await verifiedDevice(ctx, now, site, joining.response, invitation.id);
  if (!device) return { ok: false, reason: 'bad_device' };
  const known = invitation.memberId ? await findMember(tx, invitation.memberId) : undefined;
  if (invitation.memberId && known?.recipient !== joining.recipient) return { ok: false, reason: 'bad_key' };
  if (!known && invitation.officerId && (await isMemberAlready(tx, invitation.officerId)))
    return { ok: false, reason: 'officer_taken' };
  const member = known ?? (await becomeMember(at, invitation, joining.recipient));
  const passkeyId = newId<PasskeyId>();
  const { wrappedBy, wrappedSecret } = joining;
  const row = { ...device, id: passkeyId, memberId: member.id, wrappedBy, wrappedSecret, createdAt: now };
  await insertPasskey(tx, vouchedDevice(ctx, row, member));
  await useInvitation(tx, invitation.id, now);
  const entry = known
    ? ({ what: 'device_added', detail: { device: passkeyId } } as const)
    : ({ what: 'joined', detail: { role: member.role, ...letInBy(invitation) } } as const);
  await audit(at, { memberId: member.id, ...entry });
  return { ok: true, member, passkeyId };
}

/** Of one whom the operator let in, nobody. */
const letInBy = ({ invitedBy }: InvitationRow) => (invitedBy ? { by: invitedBy } : {});

async function becomeMember(
  at: Moment<Keys>,
  invitation: InvitationRow,
  recipient: string,
): Promise<MemberRow> {
  const { tx, ctx, now } = at;
  const id = newId<MemberId>();
  const { role, officerId } = invitation;
  const nameSealed = sealMemberName(ctx, id, openMemberName(ctx, invitation));
  const signature = signMember(ctx.keyring.signer, { id, recipient, role, officerId });
  const row = { id, officerId, nameSealed, role, recipient, signature, createdAt: now, removedAt: null };
  await insertMember(tx, row);
  await excludeIfNamesake(at, id);
  return row;
}

/**
 * Makes a link by which a member adds a device. `wrappedSecret`: their own secret key, under a key that the browser
 * puts into the link and sends to nobody. Undefined: the person who asks did not prove by a passkey, just now, that
 * they are that member.
 */
export async function linkDevice(
  at: Moment<Keys>,
  site: Site,
  member: MemberRow,
  asked: { response: AuthenticationResponseJSON; wrappedSecret: Uint8Array },
): Promise<{ code: string; expiresAt: Date } | undefined> {
  const passkey = await provedPasskey(at, site, asked.response);
  if (passkey?.memberId !== member.id) return undefined;
  return saveInvitation(at, {
    name: openMemberName(at.ctx, member),
    role: member.role,
    officerId: null,
    memberId: member.id,
    wrappedSecret: asked.wrappedSecret,
    life: DEVICE_LINK_LIFE,
  });
}
