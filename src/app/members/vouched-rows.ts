/**
 * Rows of the database that let a member into the room, each with a keyed hash that only the server can make.
 *
 * Invariants: a device, a session or an invitation that an intruder wrote, changed or moved to another member counts
 * for nothing, nor does a member whose role, officer or key is another one than when the device was added; one that was
 * taken out stays out as long as the audit log says so. Rows from before that are vouched for once, at the first start;
 * those whom the upgrade left without an officer's record that an older member has, as far as they were vouched for
 * with it.
 */

import type { Keyring } from '../../crypto/keyring.ts';
import { isSignedMember, signMember } from '../../crypto/member-binding.ts';
import { isAuditedAbout } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import {
  allMembers,
  endAllSessions,
  type InvitationRow,
  invitationsWaiting,
  listMembers,
  type MemberRow,
  type PasskeyRow,
  passkeysOf,
  type SessionRow,
  updatePasskey,
  vouchInvitation,
  vouchMember,
} from '../../db/members.ts';
import { mayStillSign, type Signing } from '../ground/earlier-rows.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';

type Keys = { keyring: Keyring };
type Who = Pick<MemberRow, 'id' | 'role' | 'officerId' | 'recipient'>;
type Device = Pick<PasskeyRow, 'id' | 'memberId' | 'credentialId' | 'publicKey' | 'wrappedBy'>;
type Session = Pick<SessionRow, 'tokenIndex' | 'id' | 'memberId' | 'passkeyId' | 'createdAt' | 'expiresAt'>;
type Invitation = Pick<InvitationRow, 'id' | 'codeIndex' | 'role' | 'officerId' | 'expiresAt' | 'createdAt'> &
  Partial<Pick<InvitationRow, 'memberId' | 'invitedBy' | 'confirmedBy' | 'confirmedAt'>>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const whoOf = ({ id, role, officerId, recipient }: Who) => [id, role, officerId, recipient];

function textOfDevice(device: Device, member: Who): string {
  const { id, memberId, credentialId, publicKey, wrappedBy } = device;
  return JSON.stringify([id, memberId, credentialId, hex(publicKey), wrappedBy, whoOf(member)]);
}

function textOfSession(session: Session, member: Who): string {
  const { tokenIndex, id, memberId, passkeyId, createdAt, expiresAt } = session;
  const times = [createdAt.getTime(), expiresAt.getTime()];
  return JSON.stringify([hex(tokenIndex), id, memberId, passkeyId, ...times, whoOf(member)]);
}

function textOfInvitation(invitation: Invitation): string {
  const { id, codeIndex, role, officerId, memberId = null, expiresAt, createdAt } = invitation;
  const { invitedBy, confirmedBy = null, confirmedAt } = invitation;
  return JSON.stringify([
    id,
    hex(codeIndex),
    role,
    officerId,
    memberId,
    expiresAt.getTime(),
    createdAt.getTime(),
    // Who made it, and who said yes.
    ...(invitedBy ? [invitedBy, confirmedBy, confirmedAt?.getTime() ?? null] : []),
  ]);
}

/** The row with what vouches for it. */
export const vouchedDevice = <T extends Device>({ keyring }: Keys, row: T, member: Who) => ({
  ...row,
  mac: keyring.index('passkey-row', textOfDevice(row, member)),
});
export const vouchedSession = <T extends Session>({ keyring }: Keys, row: T, member: Who) => ({
  ...row,
  mac: keyring.index('session-row', textOfSession(row, member)),
});
export const vouchedInvitation = <T extends Invitation>({ keyring }: Keys, row: T) => ({
  ...row,
  mac: keyring.index('invitation-row', textOfInvitation(row)),
});

export const isOwnDevice = (ctx: Keys, row: PasskeyRow, member: Who): boolean =>
  isVouched(ctx, 'passkey-row', textOfDevice(row, member), row.mac);
export const isOwnSession = (ctx: Keys, row: SessionRow, member: Who): boolean =>
  isVouched(ctx, 'session-row', textOfSession(row, member), row.mac);
export const isOwnInvitation = (ctx: Keys, row: InvitationRow): boolean =>
  isVouched(ctx, 'invitation-row', textOfInvitation(row), row.mac);

function isVouched({ keyring }: Keys, purpose: string, text: string, mac: Uint8Array | null): boolean {
  return mac !== null && keyring.indexes(purpose, text).some((each) => Buffer.compare(each, mac) === 0);
}

/** Whether the log says that this member, or this device of theirs, was taken out: whatever the rows say now. */
export async function wasTakenOut(tx: Tx, device: PasskeyRow): Promise<boolean> {
  return (
    (await isAuditedAbout(tx, 'member_removed', { member: device.memberId })) ||
    (await isAuditedAbout(tx, 'device_revoked', { device: device.id }))
  );
}

/** Vouches once for who is there from before rows were vouched for; everybody signs in anew. */
export async function vouchForEarlierMembers(at: Moment<Signing>): Promise<void> {
  const { tx, ctx, now } = at;
  const isAny = async () =>
    (await allMembers(tx)).length > 0 || (await invitationsWaiting(tx, now)).length > 0;
  if (!(await mayStillSign(at, 'members', isAny))) return vouchForParted(at);
  const members = await allMembers(tx);
  for (const member of members) await vouchMember(tx, member.id, signMember(ctx.keyring.signer, member));
  const devices = await passkeysOf(
    tx,
    members.map(({ id }) => id),
  );
  for (const device of devices) {
    const member = members.find(({ id }) => id === device.memberId);
    if (member) await updatePasskey(tx, device.id, { mac: vouchedDevice(ctx, device, member).mac });
  }
  for (const each of await invitationsWaiting(tx, now))
    await vouchInvitation(tx, each.id, vouchedInvitation(ctx, each).mac);
  await endAllSessions(tx);
  await audit(at, { memberId: null, what: 'members_bound', detail: { count: members.length } });
}

/** Signs anew members who shared an officer's record with an older member and has none now (migration 0017). */
async function vouchForParted({ tx, ctx }: Moment<Keys>): Promise<void> {
  const all = await listMembers(tx);
  const isSigned = (member: MemberRow) => isSignedMember(ctx.keyring.signer, member, member.signature);
  for (const [place, member] of all.entries()) {
    if (member.officerId !== null || isSigned(member)) continue;
    const was = all
      .slice(0, place)
      .filter((older) => older.officerId !== null && isSigned(older))
      .map(({ officerId }) => ({ ...member, officerId }))
      .find(isSigned);
    if (!was) continue;
    await vouchMember(tx, member.id, signMember(ctx.keyring.signer, member));
    for (const device of await passkeysOf(tx, [member.id]))
      if (isOwnDevice(ctx, device, was))
        await updatePasskey(tx, device.id, { mac: vouchedDevice(ctx, device, member).mac });
  }
}
