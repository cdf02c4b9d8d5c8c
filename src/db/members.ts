/** Members of the console: their devices, grants, invitations and sessions. */
import type { InvitationId, MemberId, OfficerId, PasskeyId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, sql } from './drizzle.cjs';
import { isOfLength } from './lengths.ts';
import { auditLog, challenges, invitations, members, passkeys, sessions, teamGrants } from './schema.ts';

export type MemberRow = typeof members.$inferSelect;
export type PasskeyRow = typeof passkeys.$inferSelect;
export type InvitationRow = typeof invitations.$inferSelect;
export type GrantRow = typeof teamGrants.$inferSelect;

const isShort = isOfLength(members);

export async function insertMember(tx: Tx, row: typeof members.$inferInsert): Promise<void> {
  await tx.insert(members).values(row);
}

/** Everybody who joined and was not removed, oldest first. */
export function listMembers(db: Db | Tx): Promise<MemberRow[]> {
  return db
    .select()
    .from(members)
    .where(and(isShort, isNull(members.removedAt)))
    .orderBy(asc(members.createdAt));
}

/** The same, their rows locked: of two who take each other out at once, the second sees what the first has done. */
export function lockMembers(tx: Tx): Promise<MemberRow[]> {
  return tx
    .select()
    .from(members)
    .where(and(isShort, isNull(members.removedAt)))
    .orderBy(asc(members.id))
    .for('no key update');
}

/** Everybody who ever joined. */
export function allMembers(db: Db | Tx): Promise<MemberRow[]> {
  return db.select().from(members).where(isShort);
}

export async function findMember(db: Db | Tx, id: MemberId): Promise<MemberRow | undefined> {
  const [row] = await db
    .select()
    .from(members)
    .where(and(isShort, eq(members.id, id), isNull(members.removedAt)));
  return row;
}

/** A member is gone: nothing that was granted to them stays, and nothing they hold signs in. */
export async function removeMember(tx: Tx, id: MemberId, now: Date): Promise<void> {
  await tx.update(members).set({ removedAt: now }).where(eq(members.id, id));
  await tx
    .update(passkeys)
    .set({ revokedAt: now, wrappedSecret: new Uint8Array() })
    .where(eq(passkeys.memberId, id));
  await tx.delete(invitations).where(eq(invitations.memberId, id));
  await tx.delete(teamGrants).where(eq(teamGrants.memberId, id));
  await tx.delete(sessions).where(eq(sessions.memberId, id));
}

export async function insertPasskey(tx: Tx, row: typeof passkeys.$inferInsert): Promise<void> {
  await tx.insert(passkeys).values(row);
}

export async function vouchMember(tx: Tx, id: MemberId, signature: Uint8Array): Promise<void> {
  await tx.update(members).set({ signature }).where(eq(members.id, id));
}

export async function vouchInvitation(tx: Tx, id: InvitationId, mac: Uint8Array): Promise<void> {
  await tx.update(invitations).set({ mac }).where(eq(invitations.id, id));
}

export function invitationsWaiting(tx: Tx, now: Date): Promise<InvitationRow[]> {
  return tx
    .select()
    .from(invitations)
    .where(and(gt(invitations.expiresAt, now), isNull(invitations.usedAt)));
}

export async function endAllSessions(tx: Tx): Promise<void> {
  await tx.delete(sessions);
}

/** A device that may sign in. */
export async function findPasskey(db: Db | Tx, credentialId: string): Promise<PasskeyRow | undefined> {
  const [row] = await db
    .select()
    .from(passkeys)
    .where(and(eq(passkeys.credentialId, credentialId), isNull(passkeys.revokedAt)));
  return row;
}

export async function findPasskeyById(db: Db | Tx, id: PasskeyId): Promise<PasskeyRow | undefined> {
  const [row] = await db.select().from(passkeys).where(eq(passkeys.id, id));
  return row;
}

export function passkeysOf(db: Db | Tx, memberIds: readonly MemberId[]): Promise<PasskeyRow[]> {
  if (memberIds.length === 0) return Promise.resolve([]);
  return db
    .select()
    .from(passkeys)
    .where(and(inArray(passkeys.memberId, [...memberIds]), isNull(passkeys.revokedAt)))
    .orderBy(asc(passkeys.createdAt));
}

export async function updatePasskey(
  tx: Tx,
  id: PasskeyId,
  set: Partial<typeof passkeys.$inferInsert>,
): Promise<void> {
  await tx.update(passkeys).set(set).where(eq(passkeys.id, id));
}

/** Devices that were taken out, also with their member. */
export function revokedPasskeys(db: Db | Tx): Promise<{ id: PasskeyId; removedAt: Date | null }[]> {
  return db
    .select({ id: passkeys.id, removedAt: passkeys.revokedAt })
    .from(passkeys)
    .where(isNotNull(passkeys.revokedAt));
}

/** A device was lost or stolen: it signs in no more, sessions that began with it end, and what it unwraps is gone. */
export async function revokePasskey(tx: Tx, id: PasskeyId, now: Date): Promise<void> {
  const [row] = await tx
    .update(passkeys)
    .set({ revokedAt: now, wrappedSecret: new Uint8Array() })
    .where(eq(passkeys.id, id))
    .returning({ memberId: passkeys.memberId });
  // Nor does a link for one more device that was made on it just now.
  if (row) await tx.delete(invitations).where(eq(invitations.memberId, row.memberId));
  await tx.delete(sessions).where(eq(sessions.passkeyId, id));
}

export async function saveGrant(tx: Tx, row: typeof teamGrants.$inferInsert): Promise<void> {
  await tx
    .insert(teamGrants)
    .values(row)
    .onConflictDoUpdate({ target: [teamGrants.memberId, teamGrants.fingerprint], set: row });
}

export function listGrants(db: Db | Tx): Promise<GrantRow[]> {
  return db.select().from(teamGrants);
}

export function grantsOf(db: Db | Tx, memberId: MemberId): Promise<GrantRow[]> {
  return db.select().from(teamGrants).where(eq(teamGrants.memberId, memberId));
}

/** Whether an invitation waits for this officer. */
export async function isOfficerInvited(tx: Tx, officerId: OfficerId, now: Date): Promise<boolean> {
  const rows = await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(eq(invitations.officerId, officerId), isNull(invitations.usedAt), gt(invitations.expiresAt, now)),
    );
  return rows.length > 0;
}

/** Forgets the invitations of an officer that were not used; `until`: only those that ended by then. */
export async function forgetInvitationsOf(tx: Tx, officerId: OfficerId, until?: Date): Promise<void> {
  await tx
    .delete(invitations)
    .where(
      and(
        eq(invitations.officerId, officerId),
        isNull(invitations.usedAt),
        until ? lte(invitations.expiresAt, until) : undefined,
      ),
    );
}

/** Links for one more device that ran out are forgotten, with the key that lay in them. */
export async function insertInvitation(tx: Tx, row: typeof invitations.$inferInsert): Promise<void> {
  const isOver = and(isNotNull(invitations.memberId), lt(invitations.expiresAt, row.createdAt));
  await tx.delete(invitations).where(isOver);
  await tx.insert(invitations).values(row);
}

/** An invitation that can still be used, its row locked: a link works once. */
export async function lockInvitation(
  tx: Tx,
  by: { codeIndexes: readonly Uint8Array[] } | { id: InvitationId },
  now: Date,
): Promise<InvitationRow | undefined> {
  const [row] = await tx
    .select()
    .from(invitations)
    .where(
      and(
        'id' in by ? eq(invitations.id, by.id) : inArray(invitations.codeIndex, [...by.codeIndexes]),
        gt(invitations.expiresAt, now),
        isNull(invitations.usedAt),
      ),
    )
    .for('no key update');
  return row;
}

/** Who let a member in, by what was noted when they joined; of one from before that was noted, by the invitation they used then. */
export async function invitersOf(
  db: Db | Tx,
  { id, createdAt }: Pick<MemberRow, 'id' | 'createdAt'>,
): Promise<MemberId[]> {
  const noted = await db
    .select({ by: sql<MemberId | null>`${auditLog.detail} ->> 'by'` })
    .from(auditLog)
    .where(and(isOfLength(auditLog), eq(auditLog.what, 'joined'), eq(auditLog.memberId, id)));
  const used = await db
    .select({ by: invitations.invitedBy })
    .from(invitations)
    .where(and(eq(invitations.usedAt, createdAt), isNull(invitations.memberId)));
  return [...noted, ...used].flatMap(({ by }) => by ?? []);
}

export async function useInvitation(tx: Tx, id: InvitationId, now: Date): Promise<void> {
  await tx.update(invitations).set({ usedAt: now, wrappedSecret: null }).where(eq(invitations.id, id));
}

export async function updateInvitation(
  tx: Tx,
  id: InvitationId,
  set: Partial<typeof invitations.$inferInsert>,
): Promise<void> {
  await tx.update(invitations).set(set).where(eq(invitations.id, id));
}

export async function deleteInvitation(tx: Tx, id: InvitationId): Promise<void> {
  await tx.delete(invitations).where(eq(invitations.id, id));
}

/** Invitations that a member made and nobody has used, newest first. */
export function invitationsOfPeople(db: Db | Tx, now: Date): Promise<InvitationRow[]> {
  return db
    .select()
    .from(invitations)
    .where(and(isNotNull(invitations.invitedBy), isNull(invitations.usedAt), gt(invitations.expiresAt, now)))
    .orderBy(desc(invitations.createdAt));
}

/** Notes that a challenge was answered; false: it had been before. Those that ran out before `now` are forgotten. */
export async function useChallenge(tx: Tx, row: typeof challenges.$inferInsert, now: Date): Promise<boolean> {
  await tx.delete(challenges).where(lt(challenges.expiresAt, now));
  const rows = await tx.insert(challenges).values(row).onConflictDoNothing().returning();
  return rows.length > 0;
}

export async function insertSession(tx: Tx, row: typeof sessions.$inferInsert): Promise<void> {
  await tx.delete(sessions).where(lt(sessions.expiresAt, row.createdAt));
  await tx.insert(sessions).values(row);
}

export type SessionRow = typeof sessions.$inferSelect;

/** Neither over nor idle, of a member who was not removed. */
const isGoing = (now: Date, idleSince: Date) =>
  and(gt(sessions.expiresAt, now), gt(sessions.lastSeenAt, idleSince), isNull(members.removedAt));

/** A session that is neither over nor idle, with its member. */
export async function findSession(
  db: Db | Tx,
  tokenIndexes: readonly Uint8Array[],
  now: Date,
  idleSince: Date,
): Promise<{ session: SessionRow; member: MemberRow } | undefined> {
  const [row] = await db
    .select({ session: sessions, member: members })
    .from(sessions)
    .innerJoin(members, eq(members.id, sessions.memberId))
    .where(and(inArray(sessions.tokenIndex, [...tokenIndexes]), isGoing(now, idleSince)));
  return row;
}

/** Which of these are neither over nor idle. */
export async function livingSessions(
  db: Db | Tx,
  ids: readonly string[],
  now: Date,
  idleSince: Date,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(members, eq(members.id, sessions.memberId))
    .where(and(inArray(sessions.id, [...ids]), isGoing(now, idleSince)));
  return new Set(rows.map(({ id }) => id));
}

export async function touchSession(db: Db | Tx, id: string, now: Date): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.id, id));
}

export function sessionsOf(db: Db | Tx, memberId: MemberId, now: Date): Promise<SessionRow[]> {
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.memberId, memberId), gt(sessions.expiresAt, now)))
    .orderBy(asc(sessions.createdAt));
}

/** Ends one session of a member; false: there is none. */
export async function endSession(tx: Tx | Db, memberId: MemberId, id: string): Promise<boolean> {
  const rows = await tx
    .delete(sessions)
    .where(and(eq(sessions.memberId, memberId), eq(sessions.id, id)))
    .returning({ id: sessions.id });
  return rows.length > 0;
}
