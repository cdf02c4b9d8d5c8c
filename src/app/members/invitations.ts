/**
 * Invitations: made, listed, agreed to by a second administrator, taken back.
 *
 * Invariants: an invitation works once, for a day, and stands in the database only as a keyed hash; the one who says yes
 * is another human than the one who invites; supervisors hear of every invitation that is made in the room; a link is
 * shown only to the maker of the invitation.
 */
import { randomBytes } from 'node:crypto';
import type { WaitingInvitation } from '../../contract/team.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Tx } from '../../db/database.ts';
import { sameHumans } from '../../db/known.ts';
import {
  allMembers,
  deleteInvitation,
  findMember,
  forgetInvitationsOf,
  type InvitationRow,
  insertInvitation,
  invitationsOfPeople,
  isOfficerInvited,
  lockInvitation,
  lockMembers,
  type MemberRow,
  updateInvitation,
} from '../../db/members.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { type InvitationId, type MemberId, newId, type OfficerId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import type { Role } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { withNamesakes } from '../records/may-know.ts';
import { openMemberName, sealMemberName } from '../records/member-name.ts';
import { isUsable } from './second-yes.ts';
import { isOwnInvitation, vouchedInvitation } from './vouched-rows.ts';

type Keys = { keyring: Keyring };
/** The member who does it; null: the operator, from the command line. */
type By = MemberId | null;

const INVITATION_LIFE = hours(24);

export type Invited =
  | { ok: true; code: string; expiresAt: Date }
  /** The officer is a member already, or an invitation waits for them. */
  | { ok: false; reason: 'officer_taken' | 'officer_invited' | 'translator_paged' };

/** Makes an invitation and returns its code, shown once. The operator's takes the place of one that waits. */
export async function invite(
  at: Moment<Keys>,
  by: By,
  whom: { name: string; role: Role; officerId?: OfficerId },
): Promise<Invited> {
  const { tx, now } = at;
  const { officerId } = whom;
  // Who is paged learns of alerts: a translator sees nothing but texts.
  if (officerId && whom.role === 'translator') return { ok: false, reason: 'translator_paged' };
  if (officerId) {
    if (await isMemberAlready(tx, officerId)) return { ok: false, reason: 'officer_taken' };
    if (by && (await isOfficerInvited(tx, officerId, now))) return { ok: false, reason: 'officer_invited' };
    await forgetInvitationsOf(tx, officerId, by ? now : undefined);
  }
  const made = await saveInvitation(at, {
    name: whom.name,
    role: whom.role,
    officerId: officerId ?? null,
    invitedBy: by,
    life: INVITATION_LIFE,
  });
  await audit(at, { memberId: by, what: 'invited', detail: { role: whom.role } });
  return { ok: true, ...made };
}

/** The link of an invitation. The code stands behind `#`: it goes to no server and into no log. */
export const joiningLink = (origin: string, code: string): string => `${origin}/console/#join=${code}`;

/** Whether an officer's record belongs to a member. The transaction that asks holds all members until it ends. */
export async function isMemberAlready(tx: Tx, officerId: OfficerId): Promise<boolean> {
  return (await lockMembers(tx)).some((each) => each.officerId === officerId);
}

type Made = Pick<InvitationRow, 'role' | 'officerId'> &
  Partial<Pick<InvitationRow, 'invitedBy' | 'memberId' | 'wrappedSecret'>> & {
    name: string;
    /** Milliseconds for which it can be used. */
    life: number;
  };

/** Keeps a new invitation, of which the database has a keyed hash; returns its code, which is shown once. */
export async function saveInvitation(
  { tx, ctx, now }: Moment<Keys>,
  { name, life, ...made }: Made,
): Promise<{ code: string; expiresAt: Date }> {
  const id = newId<InvitationId>();
  const code = randomBytes(20).toString('base64url');
  const expiresAt = after(now, life);
  const codeIndex = ctx.keyring.index('invitation', code);
  const nameSealed = sealMemberName(ctx, id, name);
  const row = { ...made, id, codeIndex, nameSealed, expiresAt, createdAt: now };
  await insertInvitation(tx, vouchedInvitation(ctx, row));
  return { code, expiresAt };
}

/** Undefined as code: it waits for a second administrator's yes. */
export async function inviteAs(
  at: Moment,
  member: MemberRow,
  whom: { name: string; role: Role; officerId?: OfficerId },
): Promise<{ ok: true; code?: string; expiresAt: Date } | Extract<Invited, { ok: false }>> {
  const invited = await invite(at, member.id, whom);
  if (!invited.ok) return invited;
  const mayUse = await isUsable(at, { invitedBy: member.id, confirmedAt: null });
  await tellSupervisors(at, mayUse ? 'invited' : 'invited_waits', member, whom.name);
  const { code, expiresAt } = invited;
  return mayUse ? { ok: true, code, expiresAt } : { ok: true, expiresAt };
}

/** Invitations made in the room that nobody has used, newest first. */
export async function waitingInvitations(
  at: Moment,
  member: MemberRow,
): Promise<(WaitingInvitation & { id: InvitationId })[]> {
  const { tx, ctx, now } = at;
  const names = new Map((await allMembers(tx)).map((row) => [row.id, openMemberName(ctx, row)]));
  const rows = await invitationsOfPeople(tx, now);
  return Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      name: openMemberName(ctx, row),
      role: row.role,
      by: (row.invitedBy && names.get(row.invitedBy)) ?? '',
      isMine: row.invitedBy === member.id,
      isReady: await isUsable(at, row),
      expiresAt: row.expiresAt.toISOString(),
    })),
  );
}

/** An administrator says yes to what another one made. From now on it can be used, for a day. */
export async function sayYes(
  at: Moment,
  member: MemberRow,
  id: InvitationId,
): Promise<'ok' | 'no_such' | 'no_right'> {
  const { tx, ctx, now } = at;
  const found = await lockInvitation(tx, { id }, now);
  // What the server did not write itself nobody says yes to.
  if (!found?.invitedBy || !isOwnInvitation(ctx, found)) return 'no_such';
  const inviter = await findMember(tx, found.invitedBy);
  const own = await withNamesakes(at, await sameHumans(tx, [found.invitedBy]));
  if (own.includes(member.id)) return 'no_right';
  // An invitation by a member who was taken out since lets nobody in.
  if (!inviter) return 'no_such';
  if (found.confirmedAt !== null) return 'ok';
  const yes = { confirmedBy: member.id, confirmedAt: now, expiresAt: after(now, INVITATION_LIFE) };
  const { mac } = vouchedInvitation(ctx, { ...found, ...yes });
  await updateInvitation(tx, id, { ...yes, mac });
  await audit(at, {
    memberId: member.id,
    what: 'invitation_confirmed',
    detail: { role: found.role, by: found.invitedBy },
  });
  await tellSupervisors(at, 'invitation_confirmed', member, openMemberName(ctx, found));
  return 'ok';
}

/** The link, for the maker of the invitation: a fresh one each time, an earlier one then works no more. */
export async function codeOf(
  at: Moment,
  member: MemberRow,
  id: InvitationId,
): Promise<{ code: string; expiresAt: Date } | undefined> {
  const { tx, ctx, now } = at;
  const found = await lockInvitation(tx, { id }, now);
  if (found?.invitedBy !== member.id || !isOwnInvitation(ctx, found)) return undefined;
  if (!(await isUsable(at, found))) return undefined;
  const code = randomBytes(20).toString('base64url');
  const codeIndex = ctx.keyring.index('invitation', code);
  const { mac } = vouchedInvitation(ctx, { ...found, codeIndex });
  await updateInvitation(tx, id, { codeIndex, mac });
  return { code, expiresAt: found.expiresAt };
}

/** Any administrator takes one back. */
export async function dropInvitation(
  at: Moment,
  member: MemberRow,
  id: InvitationId,
): Promise<'ok' | 'no_such'> {
  const found = await lockInvitation(at.tx, { id }, at.now);
  if (!found?.invitedBy) return 'no_such';
  await deleteInvitation(at.tx, id);
  await audit(at, {
    memberId: member.id,
    what: 'invitation_dropped',
    detail: { role: found.role, by: found.invitedBy },
  });
  return 'ok';
}

async function tellSupervisors(
  at: Moment,
  what: 'invited' | 'invited_waits' | 'invitation_confirmed',
  member: MemberRow,
  name: string,
): Promise<void> {
  const supervisors = (await enrolledOfficers(at.tx)).filter(({ role }) => role === 'supervisor');
  await notifyOfficers(at, supervisors, {
    key: `notice.${what}`,
    params: { by: openMemberName(at.ctx, member), name },
  });
}
