/**
 * Who belongs to the console: invitations, joining with a passkey, the team's key.
 *
 * Invariants: an invitation works once, for a day, and stands in the database only as a keyed hash; the server never
 * sees a member's secret key nor the team's: it keeps them as the browser wrapped them; the team's key is granted only
 * by somebody who has it, and only the one whose public half the operator has pinned.
 */
import { randomBytes } from 'node:crypto';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { fingerprint, isTeamRecipient } from '../../crypto/case-key.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import {
  findGrant,
  findMember,
  type InvitationRow,
  insertInvitation,
  insertMember,
  insertPasskey,
  listGrants,
  listMembers,
  lockInvitation,
  type MemberRow,
  passkeysOf,
  type Role,
  removeMember,
  revokePasskey,
  saveGrant,
  useInvitation,
} from '../../db/members.ts';
import { type InvitationId, type MemberId, newId, type OfficerId, type PasskeyId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import { audit } from './audit.ts';
import { challengeFor, type Site, verifiedDevice } from './passkeys.ts';

type Keys = { keyring: Keyring };
/** Who does it; null: the operator, from the command line. */
type By = MemberId | null;

const INVITATION_LIFE = hours(24);

/** Makes an invitation and returns its code, shown once. */
export async function invite(
  tx: Tx,
  ctx: Keys,
  now: Date,
  by: By,
  whom: { name: string; role: Role; officerId?: OfficerId },
): Promise<{ code: string; expiresAt: Date }> {
  const id = newId<InvitationId>();
  const code = randomBytes(20).toString('base64url');
  const expiresAt = after(now, INVITATION_LIFE);
  await insertInvitation(tx, {
    id,
    codeIndex: ctx.keyring.index('invitation', code),
    role: whom.role,
    nameSealed: sealMemberName(ctx, id, whom.name),
    officerId: whom.officerId ?? null,
    expiresAt,
    createdAt: now,
  });
  await audit(tx, ctx, now, { memberId: by, what: 'invited', detail: { role: whom.role } });
  return { code, expiresAt };
}

/** What somebody with an invitation is shown before they make their passkey; undefined: it cannot be used. */
export async function beginJoining(
  tx: Tx,
  ctx: Keys & { team: { recipient: string } },
  now: Date,
  site: Site,
  code: string,
) {
  const invitation = await lockInvitation(tx, { codeIndexes: ctx.keyring.indexes('invitation', code) }, now);
  if (!invitation) return undefined;
  const name = openMemberName(ctx, invitation);
  const options = await challengeFor(tx, ctx, now, site, {
    purpose: 'join',
    invitationId: invitation.id,
    name,
  });
  return { options, name, role: invitation.role, team: ctx.team.recipient };
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
  | { ok: false; reason: 'no_invitation' | 'bad_device' | 'bad_key' };

export async function join(tx: Tx, ctx: Keys, now: Date, site: Site, joining: Joining): Promise<Joined> {
  const codeIndexes = ctx.keyring.indexes('invitation', joining.code);
  const invitation = await lockInvitation(tx, { codeIndexes }, now);
  if (!invitation) return { ok: false, reason: 'no_invitation' };
  if (!isTeamRecipient(joining.recipient)) return { ok: false, reason: 'bad_key' };
  const device = await verifiedDevice(tx, ctx, now, site, joining.response, invitation.id);
  if (!device) return { ok: false, reason: 'bad_device' };
  const member = await becomeMember(tx, ctx, now, invitation, joining.recipient);
  const passkeyId = newId<PasskeyId>();
  const { wrappedBy, wrappedSecret } = joining;
  await insertPasskey(tx, {
    ...device,
    id: passkeyId,
    memberId: member.id,
    wrappedBy,
    wrappedSecret,
    createdAt: now,
  });
  await useInvitation(tx, invitation.id, now);
  await audit(tx, ctx, now, { memberId: member.id, what: 'joined', detail: { role: member.role } });
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
  const row = { id, officerId, nameSealed, role, recipient, createdAt: now, removedAt: null };
  await insertMember(tx, row);
  return row;
}

export type ListedMember = {
  id: MemberId;
  name: string;
  role: Role;
  recipient: string;
  isPaged: boolean;
  /** Whether they can open cases. */
  hasKey: boolean;
  devices: { id: PasskeyId; createdAt: string; lastUsedAt: string | null }[];
};

export async function membersWithDevices(db: Db | Tx, ctx: Keys): Promise<ListedMember[]> {
  const rows = await listMembers(db);
  const granted = new Set((await listGrants(db)).map(({ memberId }) => memberId));
  const devices = await passkeysOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    name: openMemberName(ctx, row),
    role: row.role,
    recipient: row.recipient,
    isPaged: row.officerId !== null,
    hasKey: granted.has(row.id),
    devices: devices
      .filter(({ memberId }) => memberId === row.id)
      .map(({ id, createdAt, lastUsedAt }) => ({
        id,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      })),
  }));
}

/**
 * Hands the team's key on, as the browser of somebody who has it sealed it to a member. An administrator without it
 * brings it along on paper or in a file: the first one, and whoever comes back with the recovery kit.
 */
export async function grantTeamKey(
  tx: Tx,
  ctx: Keys & { team: { recipient: string } },
  now: Date,
  by: MemberId,
  to: MemberId,
  sealed: Uint8Array,
): Promise<'ok' | 'no_such' | 'no_key' | 'no_right'> {
  const member = await findMember(tx, to);
  if (!member) return 'no_such';
  // An auditor sees who looked at what, and never what.
  if (member.role === 'auditor') return 'no_right';
  const isBrought = by === to && member.role === 'administrator';
  if (!isBrought && !(await findGrant(tx, by))) return 'no_key';
  const grant = { sealed, fingerprint: fingerprint(ctx.team.recipient), grantedBy: by, grantedAt: now };
  await saveGrant(tx, { ...grant, memberId: to });
  await audit(tx, ctx, now, { memberId: by, what: 'granted', detail: { to } });
  return 'ok';
}

/** Takes somebody out. The last administrator stays: nobody could let another one in. */
export async function takeOut(
  tx: Tx,
  ctx: Keys,
  now: Date,
  by: By,
  id: MemberId,
): Promise<'ok' | 'no_such' | 'last_one'> {
  const all = await listMembers(tx);
  const member = all.find((each) => each.id === id);
  if (!member) return 'no_such';
  const others = all.filter((each) => each.role === 'administrator' && each.id !== id);
  if (member.role === 'administrator' && others.length === 0) return 'last_one';
  await removeMember(tx, id, now);
  await audit(tx, ctx, now, { memberId: by, what: 'member_removed', detail: { member: id } });
  return 'ok';
}

/** A device was lost or stolen. */
export async function revokeDevice(tx: Tx, ctx: Keys, now: Date, by: By, id: PasskeyId): Promise<void> {
  await revokePasskey(tx, id, now);
  await audit(tx, ctx, now, { memberId: by, what: 'device_revoked', detail: { device: id } });
}

function sealMemberName({ keyring }: Keys, id: MemberId | InvitationId, name: string): Uint8Array {
  return keyring.seal('member-name', id, new TextEncoder().encode(name));
}

export function openMemberName(
  { keyring }: Keys,
  row: { id: MemberId | InvitationId; nameSealed: Uint8Array },
): string {
  return new TextDecoder().decode(keyring.open('member-name', row.id, row.nameSealed));
}
