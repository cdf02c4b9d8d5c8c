import type { ContactId, EpochId, OfficerId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or } from './drizzle.cjs';
import { isOfLength } from './lengths.ts';
import { contacts, deliveries, officerContacts, officers, revokedContacts } from './schema.ts';

export type OfficerRow = typeof officers.$inferSelect;
export type OfficerContactRow = typeof officerContacts.$inferSelect;

/** An enrolled officer with the contacts on which they are reached, in order. */
export type EnrolledOfficer = OfficerRow & {
  /** Only verified ones. `delaySeconds`: how long after the first one a page goes there too. */
  contacts: {
    contactId: ContactId;
    channel: string;
    isBlocked: boolean;
    /** What was sent to this address last was refused. */
    isRefused: boolean;
    delaySeconds: number;
  }[];
};

const isShort = isOfLength(officers);

export async function insertOfficer(tx: Tx, row: typeof officers.$inferInsert): Promise<void> {
  await tx.insert(officers).values(row);
}

export async function findOfficer(db: Db | Tx, id: OfficerId): Promise<OfficerRow | undefined> {
  const [row] = await db.select().from(officers).where(eq(officers.id, id));
  return row;
}

export async function lockOfficer(tx: Tx, id: OfficerId): Promise<OfficerRow | undefined> {
  const [row] = await tx.select().from(officers).where(eq(officers.id, id)).for('no key update');
  return row;
}

/** The officer whose unused code this is; its row is locked, so that a code works once. */
export async function lockOfficerByCode(
  tx: Tx,
  codeIndexes: readonly Uint8Array[],
  now: Date,
): Promise<OfficerRow | undefined> {
  const [row] = await tx
    .select()
    .from(officers)
    .where(
      and(
        inArray(officers.codeIndex, [...codeIndexes]),
        gt(officers.codeExpiresAt, now),
        isNull(officers.removedAt),
      ),
    )
    .for('no key update');
  return row;
}

export async function updateOfficer(
  tx: Tx,
  id: OfficerId,
  set: Partial<typeof officers.$inferInsert>,
): Promise<void> {
  await tx.update(officers).set(set).where(eq(officers.id, id));
}

/** Everybody who was ever added. */
export function allOfficers(db: Db | Tx): Promise<OfficerRow[]> {
  return db.select().from(officers).where(isShort);
}

/** Everybody who was added and not removed, enrolled or not, oldest first. */
export function listOfficerRows(db: Db | Tx): Promise<OfficerRow[]> {
  return db
    .select()
    .from(officers)
    .where(and(isShort, isNull(officers.removedAt)))
    .orderBy(asc(officers.createdAt), asc(officers.id));
}

/** Everybody who can be paged: enrolled, not removed, with at least one contact. In order of enrolment. */
export async function enrolledOfficers(db: Db | Tx): Promise<EnrolledOfficer[]> {
  const rows = await db
    .select({
      officer: officers,
      contactId: officerContacts.contactId,
      channel: contacts.channel,
      blockedAt: contacts.blockedAt,
      delaySeconds: officerContacts.delaySeconds,
      refusal: officerContacts.refusal,
    })
    .from(officers)
    .innerJoin(officerContacts, eq(officerContacts.officerId, officers.id))
    .innerJoin(contacts, eq(contacts.id, officerContacts.contactId))
    .where(
      and(
        isShort,
        isNull(officers.removedAt),
        isNotNull(officers.enrolledAt),
        isNotNull(officerContacts.verifiedAt),
      ),
    )
    .orderBy(asc(officers.enrolledAt), asc(officers.id), asc(officerContacts.position));
  const found = new Map<OfficerId, EnrolledOfficer>();
  for (const { officer, contactId, channel, blockedAt, delaySeconds, refusal } of rows) {
    const known = found.get(officer.id) ?? { ...officer, contacts: [] };
    const isBlocked = blockedAt !== null;
    known.contacts.push({ contactId, channel, isBlocked, isRefused: refusal !== null, delaySeconds });
    found.set(officer.id, known);
  }
  return [...found.values()];
}

/** Notes that something was taken there, at most once a minute; nothing if it is nobody's of the team. */
export async function noteTaken(db: Db | Tx, contactId: ContactId, now: Date): Promise<void> {
  await db
    .update(officerContacts)
    .set({ takenAt: now, refusal: null })
    .where(
      and(
        eq(officerContacts.contactId, contactId),
        or(
          isNotNull(officerContacts.refusal),
          isNull(officerContacts.takenAt),
          lte(officerContacts.takenAt, new Date(now.getTime() - 60_000)),
        ),
      ),
    );
}

/** Notes that this address was refused; whose it is if that is new. */
export async function noteRefused(
  tx: Tx,
  contactId: ContactId,
  refusal: string,
): Promise<OfficerId | undefined> {
  const [row] = await tx
    .update(officerContacts)
    .set({ refusal })
    .where(
      and(
        eq(officerContacts.contactId, contactId),
        isNull(officerContacts.refusal),
        isNotNull(officerContacts.verifiedAt),
      ),
    )
    .returning({ officerId: officerContacts.officerId });
  return row?.officerId;
}

/** All verified contacts of the team's officers, with what is known of each. */
export function contactsOfTeam(db: Db | Tx) {
  return db
    .select({
      channel: contacts.channel,
      verifiedAt: officerContacts.verifiedAt,
      takenAt: officerContacts.takenAt,
      refusal: officerContacts.refusal,
      blockedAt: contacts.blockedAt,
    })
    .from(officerContacts)
    .innerJoin(contacts, eq(contacts.id, officerContacts.contactId))
    .innerJoin(officers, eq(officers.id, officerContacts.officerId))
    .where(and(isNull(officers.removedAt), isNotNull(officerContacts.verifiedAt)));
}

export async function insertOfficerContact(tx: Tx, row: typeof officerContacts.$inferInsert): Promise<void> {
  await tx.insert(officerContacts).values(row);
}

export async function findOfficerContact(
  db: Db | Tx,
  contactId: ContactId,
): Promise<OfficerContactRow | undefined> {
  const [row] = await db.select().from(officerContacts).where(eq(officerContacts.contactId, contactId));
  return row;
}

export function contactsOfOfficer(db: Db | Tx, officerId: OfficerId): Promise<OfficerContactRow[]> {
  return db
    .select()
    .from(officerContacts)
    .where(eq(officerContacts.officerId, officerId))
    .orderBy(asc(officerContacts.position));
}

/** What an officer's chat is in the middle of; null ends it. */
export async function saveOfficerState(
  tx: Tx,
  contactId: ContactId,
  state: { epochId: EpochId; stateSealed: Uint8Array; dueAt: Date | null } | null,
): Promise<void> {
  await tx
    .update(officerContacts)
    .set(state ?? { epochId: null, stateSealed: null, dueAt: null })
    .where(eq(officerContacts.contactId, contactId));
}

/** Officers who asked for help and have not said whether it is for themselves, and whose time is over. */
export async function dueOfficerContacts(db: Db, now: Date, limit: number): Promise<ContactId[]> {
  const rows = await db
    .select({ contactId: officerContacts.contactId })
    .from(officerContacts)
    .where(and(isNotNull(officerContacts.dueAt), lte(officerContacts.dueAt, now)))
    .orderBy(asc(officerContacts.dueAt))
    .limit(limit);
  return rows.map((row) => row.contactId);
}

/** Ends a timer whose handling fails again and again, or moves it. */
export async function setOfficerDue(tx: Tx, contactId: ContactId, dueAt: Date | null): Promise<void> {
  await tx.update(officerContacts).set({ dueAt }).where(eq(officerContacts.contactId, contactId));
}

/** What one needs to know of a contact to write to it; no lock. */
export async function findContactBrief(
  db: Db | Tx,
  id: ContactId,
): Promise<
  { language: string | null; blockedAt: Date | null; mutedAt: Date | null; channel: string } | undefined
> {
  const { language, blockedAt, mutedAt, channel } = contacts;
  const [row] = await db
    .select({ language, blockedAt, mutedAt, channel })
    .from(contacts)
    .where(eq(contacts.id, id));
  return row;
}

/** The contact is its officer's no more, nor in a database that is restored from before. */
export async function deleteOfficerContact(tx: Tx, contactId: ContactId, at: Date): Promise<void> {
  await tx.delete(officerContacts).where(eq(officerContacts.contactId, contactId));
  await tx
    .insert(revokedContacts)
    .values({ contactId, at })
    .onConflictDoUpdate({ target: revokedContacts.contactId, set: { at } });
}

/** Contacts that were taken from their officers, and when last. Some may be an officer's again since. */
export function contactsTaken(db: Db | Tx): Promise<(typeof revokedContacts.$inferSelect)[]> {
  return db.select().from(revokedContacts);
}

/** Officers one of whose contacts waits for a code that can no longer be typed at `now`. */
export async function officersWithUnverified(db: Db | Tx, now: Date): Promise<Set<OfficerId>> {
  const rows = await db
    .select({ id: officerContacts.officerId })
    .from(officerContacts)
    .where(and(isNull(officerContacts.verifiedAt), lte(officerContacts.codeExpiresAt, now)));
  return new Set(rows.map(({ id }) => id));
}

/** An officer's contacts with their addresses, in order, those that wait to be verified among them. */
export function contactsWithAddress(db: Db | Tx, officerId: OfficerId) {
  return db
    .select({
      contactId: officerContacts.contactId,
      position: officerContacts.position,
      delaySeconds: officerContacts.delaySeconds,
      verifiedAt: officerContacts.verifiedAt,
      codeIndex: officerContacts.codeIndex,
      codeExpiresAt: officerContacts.codeExpiresAt,
      codeTries: officerContacts.codeTries,
      takenAt: officerContacts.takenAt,
      refusal: officerContacts.refusal,
      channel: contacts.channel,
      addressSealed: contacts.addressSealed,
      blockedAt: contacts.blockedAt,
    })
    .from(officerContacts)
    .innerJoin(contacts, eq(contacts.id, officerContacts.contactId))
    .where(eq(officerContacts.officerId, officerId))
    .orderBy(asc(officerContacts.position));
}

export async function updateOfficerContact(
  tx: Tx,
  contactId: ContactId,
  set: Partial<typeof officerContacts.$inferInsert>,
): Promise<void> {
  await tx.update(officerContacts).set(set).where(eq(officerContacts.contactId, contactId));
}

/** What waits to leave for one contact does not leave. */
export async function cancelAllTo(tx: Tx, contactId: ContactId): Promise<void> {
  await tx
    .update(deliveries)
    .set({ state: 'replaced', bodySealed: null, epochId: null })
    .where(and(eq(deliveries.contactId, contactId), eq(deliveries.state, 'queued')));
}
