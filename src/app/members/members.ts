/**
 * Who belongs to the console, with which devices; taking a person or a device out.
 *
 * Invariants: a member who lets others in, and one who opens cases, stay as long as there are any; no member takes their last
 * device from themselves.
 */
import type { ListedDevice, ListedMember, OfficerToInvite } from '../../contract/team.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { isSignedMember } from '../../crypto/member-binding.ts';
import { answersForNone } from '../../db/case-status.ts';
import type { Db, Tx } from '../../db/database.ts';
import {
  findMember,
  findPasskeyById,
  listGrants,
  listMembers,
  lockMembers,
  type MemberRow,
  type PasskeyRow,
  passkeysOf,
  removeMember,
  revokePasskey,
} from '../../db/members.ts';
import type { MemberId, PasskeyId } from '../../kernel/ids.ts';
import { listOfficers } from '../duty/officers.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { openMemberName } from '../records/member-name.ts';
import { stopErasuresBy } from '../reporters/erasure-stops.ts';
import { stopPushes } from './pushes.ts';
import { may } from './rights.ts';
import { isOwnDevice } from './vouched-rows.ts';

type Keys = { keyring: Keyring };
/** The member who does it; null: the operator, from the command line. */
type By = MemberId | null;

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
export async function officersToInvite(db: Db | Tx, ctx: Keys): Promise<OfficerToInvite[]> {
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
  { tx, ctx }: Moment<Pick<Context, 'team' | 'keyring'>>,
  without: { member: MemberId } | { device: PasskeyId },
): Promise<LastOne | undefined> {
  // A member or a device for which the server does not vouch lets nobody in.
  const all = (await lockMembers(tx)).filter((each) =>
    isSignedMember(ctx.keyring.signer, each, each.signature),
  );
  const byId = new Map(all.map((each) => [each.id, each]));
  const devices = (await passkeysOf(tx, [...byId.keys()])).filter((each) => {
    const member = byId.get(each.memberId);
    return member && isOwnDevice(ctx, each, member);
  });
  const inUse = fingerprint(ctx.team.recipient);
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
export async function takeOut(at: Moment, by: By, id: MemberId): Promise<'ok' | 'no_such' | LastOne> {
  const { tx, now } = at;
  const last = await lastOf(at, { member: id });
  if (!(await findMember(tx, id))) return 'no_such';
  if (last) return last;
  for (const device of await passkeysOf(tx, [id])) await stopPushes(at, device);
  await removeMember(tx, id, now);
  await stopErasuresBy(at, id);
  await answersForNone(tx, id);
  at.ctx.nudge('list');
  await audit(at, { memberId: by, what: 'member_removed', detail: { member: id } });
  return 'ok';
}

/** A device was lost or stolen. The last one of the last administrator stays, and that of the last who opens cases. */
export async function revokeDevice(at: Moment, by: By, id: PasskeyId): Promise<'ok' | LastOne> {
  const { tx, now } = at;
  const last = await lastOf(at, { device: id });
  if (last) return last;
  const device = await findPasskeyById(tx, id);
  // Nor their own last one, by whatever way: they could not come in any more.
  if (by && device?.memberId === by && device.revokedAt === null)
    if ((await passkeysOf(tx, [by])).length === 1) return 'last_one';
  if (device) await stopPushes(at, device);
  await revokePasskey(tx, id, now);
  at.ctx.nudge('list');
  await audit(at, { memberId: by, what: 'device_revoked', detail: { device: id } });
  return 'ok';
}

/** Takes one of their own devices from a member. The last one stays: they could not come in any more. */
export async function revokeOwnDevice(
  at: Moment,
  member: MemberRow,
  id: PasskeyId,
): Promise<'ok' | 'no_such' | LastOne> {
  // Before looking how many there are: two devices that take each other away come one after the other.
  await lockMembers(at.tx);
  const devices = await passkeysOf(at.tx, [member.id]);
  if (!devices.some((each) => each.id === id)) return 'no_such';
  if (devices.length === 1) return 'last_one';
  return revokeDevice(at, member.id, id);
}
