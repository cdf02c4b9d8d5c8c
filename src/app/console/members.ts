/**
 * Who belongs to the console: invitations, joining with a passkey, more devices.
 *
 * Invariants: an invitation works once, for a day, and stands in the database only as a keyed hash; the server never
 * sees a member's secret key: it keeps it as the browser wrapped it; a device is added only by a member who has just
 * proved who they are.
 */
import { randomBytes } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { isTeamRecipient } from '../../crypto/case-key.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { isSignedMember, signMember } from '../../crypto/member-binding.ts';
import type { Db, Tx } from '../../db/database.ts';
import {
  findMember,
  findPasskeyById,
  forgetInvitationsOf,
  type InvitationRow,
  insertInvitation,
  insertMember,
  insertPasskey,
  isOfficerInvited,
  listGrants,
  listMembers,
  lockInvitation,
  lockMembers,
  type MemberRow,
  type PasskeyRow,
  passkeysOf,
  type Role,
  removeMember,
  revokePasskey,
  useInvitation,
} from '../../db/members.ts';
import { type InvitationId, type MemberId, newId, type OfficerId, type PasskeyId } from '../../kernel/ids.ts';
import { after, hours, minutes } from '../../kernel/time.ts';
import { listOfficers } from '../duty/officers.ts';
import type { Context } from '../ground/context.ts';
import { audit } from '../records/audit.ts';
import { excludeIfNamesake } from '../records/may-know.ts';
import { openMemberName, sealMemberName } from '../records/member-name.ts';
import { challengeFor, provedPasskey, type Site, verifiedDevice } from './passkeys.ts';
import { stopPushes } from './pushes.ts';
import { may } from './rights.ts';
import { isUsable } from './second-yes.ts';
import { isOwnDevice, isOwnInvitation, vouchedDevice, vouchedInvitation } from './vouched-rows.ts';

type Keys = { keyring: Keyring };
/** The member who does it; null: the operator, from the command line. */
type By = MemberId | null;

export const INVITATION_LIFE = hours(24);
/** From one device to the other, both in hand. */
const DEVICE_LINK_LIFE = minutes(10);

export type Invited =
  | { ok: true; code: string; expiresAt: Date }
  /** The officer is a member already, or an invitation waits for them. */
  | { ok: false; reason: 'officer_taken' | 'officer_invited' };

/** Makes an invitation and returns its code, shown once. The operator's takes the place of one that waits. */
export async function invite(
  tx: Tx,
  ctx: Keys,
  now: Date,
  by: By,
  whom: { name: string; role: Role; officerId?: OfficerId },
): Promise<Invited> {
  const { officerId } = whom;
  if (officerId) {
    if (await isTaken(tx, officerId)) return { ok: false, reason: 'officer_taken' };
    if (by && (await isOfficerInvited(tx, officerId, now))) return { ok: false, reason: 'officer_invited' };
    await forgetInvitationsOf(tx, officerId, by ? now : undefined);
  }
  const id = newId<InvitationId>();
  const code = randomBytes(20).toString('base64url');
  const expiresAt = after(now, INVITATION_LIFE);
  const row = {
    id,
    codeIndex: ctx.keyring.index('invitation', code),
    role: whom.role,
    nameSealed: sealMemberName(ctx, id, whom.name),
    officerId: whom.officerId ?? null,
    invitedBy: by,
    expiresAt,
    createdAt: now,
  };
  await insertInvitation(tx, vouchedInvitation(ctx, row));
  await audit(tx, ctx, now, { memberId: by, what: 'invited', detail: { role: whom.role } });
  return { ok: true, code, expiresAt };
}

/** Whether an officer's record belongs to a member. The transaction that asks holds all members until it ends. */
async function isTaken(tx: Tx, officerId: OfficerId): Promise<boolean> {
  return (await lockMembers(tx)).some((each) => each.officerId === officerId);
}

/** What a person with an invitation is shown before they make their passkey; undefined: it cannot be used. */
export async function beginJoining(
  tx: Tx,
  ctx: Keys & { team: { recipient: string } },
  now: Date,
  site: Site,
  code: string,
) {
  const invitation = await lockInvitation(tx, { codeIndexes: ctx.keyring.indexes('invitation', code) }, now);
  if (!invitation || !isOwnInvitation(ctx, invitation)) return undefined;
  if (!(await isUsable(tx, ctx, now, invitation))) return undefined;
  const name = openMemberName(ctx, invitation);
  const options = await challengeFor(ctx, now, site, {
    purpose: 'join',
    invitationId: invitation.id,
    name,
  });
  const { role, wrappedSecret } = invitation;
  return { options, name, role, team: ctx.team.recipient, wrappedSecret };
}

export type Joining = {
  code: string;
  response: RegistrationResponseJSON;
  /** Public half of the member's own key, and the secret half as only their device (or passphrase) unwraps it. */
  recipient: string;
  wrappedBy: 'prf' | 'passphrase';
  wrappedSecret: Uint8Array;
};

export type Joined =
  | { ok: true; member: MemberRow; passkeyId: PasskeyId }
  | { ok: false; reason: 'no_invitation' | 'bad_device' | 'bad_key' | 'officer_taken' };

export async function join(tx: Tx, ctx: Keys, now: Date, site: Site, joining: Joining): Promise<Joined> {
  const codeIndexes = ctx.keyring.indexes('invitation', joining.code);
  const invitation = await lockInvitation(tx, { codeIndexes }, now);
  if (!invitation || !isOwnInvitation(ctx, invitation)) return { ok: false, reason: 'no_invitation' };
  if (!(await isUsable(tx, ctx, now, invitation))) return { ok: false, reason: 'no_invitation' };
  if (!isTeamRecipient(joining.recipient)) return { ok: false, reason: 'bad_key' };
  const device = await verifiedDevice(ctx, now, site, joining.response, invitation.id);
  if (!device) return { ok: false, reason: 'bad_device' };
  const known = invitation.memberId ? await findMember(tx, invitation.memberId) : undefined;
  if (invitation.memberId && known?.recipient !== joining.recipient) return { ok: false, reason: 'bad_key' };
  if (!known && invitation.officerId && (await isTaken(tx, invitation.officerId)))
    return { ok: false, reason: 'officer_taken' };
  const member = known ?? (await becomeMember(tx, ctx, now, invitation, joining.recipient));
  const passkeyId = newId<PasskeyId>();
  const { wrappedBy, wrappedSecret } = joining;
  const row = { ...device, id: passkeyId, memberId: member.id, wrappedBy, wrappedSecret, createdAt: now };
  await insertPasskey(tx, vouchedDevice(ctx, row, member));
  await useInvitation(tx, invitation.id, now);
  const entry = known
    ? ({ what: 'device_added', detail: { device: passkeyId } } as const)
    : ({ what: 'joined', detail: { role: member.role } } as const);
  await audit(tx, ctx, now, { memberId: member.id, ...entry });
  return { ok: true, member, passkeyId };
}

async function becomeMember(
  tx: Tx,
  ctx: Keys,
  now: Date,
  invitation: InvitationRow,
  recipient: string,
): Promise<MemberRow> {
  const id = newId<MemberId>();
  const { role, officerId } = invitation;
  const nameSealed = sealMemberName(ctx, id, openMemberName(ctx, invitation));
  const signature = signMember(ctx.keyring.signer, { id, recipient, role, officerId });
  const row = { id, officerId, nameSealed, role, recipient, signature, createdAt: now, removedAt: null };
  await insertMember(tx, row);
  await excludeIfNamesake(tx, ctx, id);
  return row;
}

export type ListedMember = {
  id: MemberId;
  name: string;
  role: Role;
  recipient: string;
  /** The server's signature, base64, of what stands here (`crypto/member-binding.ts`): before anything is sealed to them. */
  signature: string | null;
  officerId: OfficerId | null;
  isPaged: boolean;
  /** Fingerprints of the team keys they were given: with the one in use they open cases. */
  grants: string[];
  devices: ListedDevice[];
};
export type ListedDevice = { id: PasskeyId; createdAt: string; lastUsedAt: string | null };

export async function membersWithDevices(db: Db | Tx, ctx: Keys): Promise<ListedMember[]> {
  const rows = await listMembers(db);
  const grants = await listGrants(db);
  const devices = await passkeysOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    name: openMemberName(ctx, row),
    role: row.role,
    recipient: row.recipient,
    signature: row.signature && Buffer.from(row.signature).toString('base64'),
    officerId: row.officerId,
    isPaged: row.officerId !== null,
    grants: grants.flatMap(({ memberId, fingerprint }) => (memberId === row.id ? [fingerprint] : [])),
    devices: devices.filter(({ memberId }) => memberId === row.id).map(listed),
  }));
}

/**
 * Officers of the on-call team who are no members yet: a member who joins as one of them can take alerts in the room.
 */
export async function officersToInvite(db: Db | Tx, ctx: Keys): Promise<{ id: OfficerId; name: string }[]> {
  const known = new Set((await listMembers(db)).map(({ officerId }) => officerId));
  return (await listOfficers(db, ctx)).flatMap(({ id, name }) => (known.has(id) ? [] : [{ id, name }]));
}

export async function devicesOf(db: Db | Tx, memberId: MemberId): Promise<ListedDevice[]> {
  return (await passkeysOf(db, [memberId])).map(listed);
}

const listed = ({ id, createdAt, lastUsedAt }: PasskeyRow): ListedDevice => ({
  id,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});

/** What a removal may not leave behind: a room that nobody can let others into, or in which nobody can open cases. */
export type LastOne = 'last_one' | 'last_key';

/**
 * Whether a member could still let others in, and open cases, without this member or device, as far as anyone can now.
 * The transaction that asks holds all members until it ends: two administrators who take each other out come one after
 * the other.
 */
async function lastOf(
  tx: Tx,
  { team, keyring }: Pick<Context, 'team' | 'keyring'>,
  without: { member: MemberId } | { device: PasskeyId },
): Promise<LastOne | undefined> {
  // A member or a device for which the server does not vouch lets nobody in.
  const all = (await lockMembers(tx)).filter((each) => isSignedMember(keyring.signer, each, each.signature));
  const byId = new Map(all.map((each) => [each.id, each]));
  const devices = (await passkeysOf(tx, [...byId.keys()])).filter((each) => {
    const member = byId.get(each.memberId);
    return member && isOwnDevice({ keyring }, each, member);
  });
  const inUse = fingerprint(team.recipient);
  const holders = new Set(
    (await listGrants(tx)).flatMap((each) => (each.fingerprint === inUse ? [each.memberId] : [])),
  );
  const left = devices.filter((each) =>
    'member' in without ? each.memberId !== without.member : each.id !== without.device,
  );
  const isLeft = (who: (member: MemberRow) => boolean, among: readonly PasskeyRow[]) =>
    all.some((member) => who(member) && among.some(({ memberId }) => memberId === member.id));
  const letsIn = ({ role }: MemberRow) => role === 'administrator';
  const opens = ({ id, role }: MemberRow) => holders.has(id) && may(role, 'open_case');
  if (isLeft(letsIn, devices) && !isLeft(letsIn, left)) return 'last_one';
  if (isLeft(opens, devices) && !isLeft(opens, left)) return 'last_key';
  return undefined;
}

/** Takes a member out; not the last one who lets others in, nor the last one who opens cases. */
export async function takeOut(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: By,
  id: MemberId,
): Promise<'ok' | 'no_such' | LastOne> {
  const last = await lastOf(tx, ctx, { member: id });
  if (!(await findMember(tx, id))) return 'no_such';
  if (last) return last;
  for (const device of await passkeysOf(tx, [id])) await stopPushes(tx, ctx, now, device);
  await removeMember(tx, id, now);
  await audit(tx, ctx, now, { memberId: by, what: 'member_removed', detail: { member: id } });
  return 'ok';
}

/** A device was lost or stolen. The last one of the last administrator stays, and that of the last who opens cases. */
export async function revokeDevice(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: By,
  id: PasskeyId,
): Promise<'ok' | LastOne> {
  const last = await lastOf(tx, ctx, { device: id });
  if (last) return last;
  const device = await findPasskeyById(tx, id);
  // Nor their own last one, by whatever way: they could not come in any more.
  if (by && device?.memberId === by && device.revokedAt === null)
    if ((await passkeysOf(tx, [by])).length === 1) return 'last_one';
  if (device) await stopPushes(tx, ctx, now, device);
  await revokePasskey(tx, id, now);
  await audit(tx, ctx, now, { memberId: by, what: 'device_revoked', detail: { device: id } });
  return 'ok';
}

/** Takes one of their own devices from a member. The last one stays: they could not come in any more. */
export async function revokeOwnDevice(
  tx: Tx,
  ctx: Context,
  now: Date,
  member: MemberRow,
  id: PasskeyId,
): Promise<'ok' | 'no_such' | LastOne> {
  // Before looking how many there are: two devices that take each other away come one after the other.
  await lockMembers(tx);
  const devices = await passkeysOf(tx, [member.id]);
  if (!devices.some((each) => each.id === id)) return 'no_such';
  if (devices.length === 1) return 'last_one';
  return revokeDevice(tx, ctx, now, member.id, id);
}

/**
 * Makes a link by which a member adds a device. `wrappedSecret`: their own secret key, under a key that the browser
 * puts into the link and sends to nobody. Undefined: the person who asks did not prove by a passkey, just now, that
 * they are that member.
 */
export async function linkDevice(
  tx: Tx,
  ctx: Keys,
  now: Date,
  site: Site,
  member: MemberRow,
  asked: { response: AuthenticationResponseJSON; wrappedSecret: Uint8Array },
): Promise<{ code: string; expiresAt: Date } | undefined> {
  const passkey = await provedPasskey(tx, ctx, now, site, asked.response);
  if (passkey?.memberId !== member.id) return undefined;
  const id = newId<InvitationId>();
  const code = randomBytes(20).toString('base64url');
  const expiresAt = after(now, DEVICE_LINK_LIFE);
  const row = {
    id,
    codeIndex: ctx.keyring.index('invitation', code),
    role: member.role,
    nameSealed: sealMemberName(ctx, id, openMemberName(ctx, member)),
    officerId: null,
    memberId: member.id,
    wrappedSecret: asked.wrappedSecret,
    expiresAt,
    createdAt: now,
  };
  await insertInvitation(tx, vouchedInvitation(ctx, row));
  return { code, expiresAt };
}
