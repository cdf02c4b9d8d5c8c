/** The duty console: who may sign in, with which devices, and the log of who looked at what. */
import type { CaseId, ContactId, InvitationId, MemberId, OfficerId, PasskeyId } from '../../kernel/ids.ts';
import type { Role, WrappedBy } from '../../kernel/vocabulary.ts';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  sql,
  text,
  uniqueIndex,
  uuid,
} from '../drizzle.cjs';
import { at, bytea } from './columns.ts';
import { officers } from './officers.ts';
import { contacts } from './people.ts';

/** A person of the office who signs in. The name is under the server key. */
export const members = pgTable(
  'members',
  {
    id: uuid('id').$type<MemberId>().primaryKey(),
    /** The person who is paged, if they are one and the same: only they can take alerts. */
    officerId: uuid('officer_id')
      .$type<OfficerId>()
      .references(() => officers.id),
    nameSealed: bytea('name_sealed').notNull(),
    role: text('role').$type<Role>().notNull(),
    /** Public half of this person's own key, an age recipient: what is granted to them is sealed to it. */
    recipient: text('recipient').notNull(),
    /** The server's signature of id, key, role and officer (`src/crypto/member-binding.ts`). */
    signature: bytea('signature'),
    createdAt: at('created_at').notNull(),
    removedAt: at('removed_at'),
  },
  // An officer's record belongs to one member.
  (t) => [uniqueIndex('members_officer').on(t.officerId).where(sql`${t.removedAt} is null`)],
);

/** A device by which a member signs in, and their own secret key as only that device unwraps it. */
export const passkeys = pgTable('passkeys', {
  id: uuid('id').$type<PasskeyId>().primaryKey(),
  memberId: uuid('member_id')
    .$type<MemberId>()
    .notNull()
    .references(() => members.id, { onDelete: 'cascade' }),
  /** As WebAuthn gives it, base64url. */
  credentialId: text('credential_id').notNull().unique(),
  publicKey: bytea('public_key').notNull(),
  counter: bigint('counter', { mode: 'number' }).notNull(),
  transports: jsonb('transports').$type<string[]>().notNull(),
  /** How the secret is wrapped: by what the device computes (PRF), or by a passphrase. */
  wrappedBy: text('wrapped_by').$type<WrappedBy>().notNull(),
  wrappedSecret: bytea('wrapped_secret').notNull(),
  /** The contact by which this browser gets pushes: gone with the device. */
  pushContactId: uuid('push_contact_id')
    .$type<ContactId>()
    .references(() => contacts.id, { onDelete: 'set null' }),
  createdAt: at('created_at').notNull(),
  lastUsedAt: at('last_used_at'),
  revokedAt: at('revoked_at'),
  /** Keyed hash of the device and the member (`src/app/members/vouched-rows.ts`). */
  mac: bytea('mac'),
});

/**
 * A team's secret key, sealed to one member: a member without one cannot open cases. While the key is being changed a
 * member has two.
 */
export const teamGrants = pgTable(
  'team_grants',
  {
    memberId: uuid('member_id')
      .$type<MemberId>()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    sealed: bytea('sealed').notNull(),
    /** Fingerprint of the team's public half. */
    fingerprint: text('fingerprint').notNull(),
    grantedBy: uuid('granted_by').$type<MemberId>(),
    grantedAt: at('granted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.fingerprint] })],
);

/**
 * Team keys that came, or are to come, after another. Which one is in use stands in the operator's file, not here; the
 * first one has no row.
 */
export const teamKeys = pgTable('team_keys', {
  fingerprint: text('fingerprint').primaryKey(),
  recipient: text('recipient').notNull(),
  /** Fingerprint of the key before it, and the word of a member who has that one (`vouchFor`). */
  vouchedBy: text('vouched_by').notNull(),
  voucher: bytea('voucher').notNull(),
  madeBy: uuid('made_by').$type<MemberId>(),
  madeAt: at('made_at').notNull(),
});

/** A link by which a person joins, for a day, or adds a device, for some minutes. Works once. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid('id').$type<InvitationId>().primaryKey(),
    codeIndex: bytea('code_index').notNull().unique(),
    role: text('role').$type<Role>().notNull(),
    nameSealed: bytea('name_sealed').notNull(),
    officerId: uuid('officer_id')
      .$type<OfficerId>()
      .references(() => officers.id),
    /** Not for a new member, but for one more device of this one. */
    memberId: uuid('member_id')
      .$type<MemberId>()
      .references(() => members.id, { onDelete: 'cascade' }),
    /** Their own secret key for that device, under a key that stands in the link only; emptied when it is used. */
    wrappedSecret: bytea('wrapped_secret'),
    /** Who made it; null: the operator, or it is for one more device. The yes of a second administrator. */
    invitedBy: uuid('invited_by').$type<MemberId>(),
    confirmedBy: uuid('confirmed_by').$type<MemberId>(),
    confirmedAt: at('confirmed_at'),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    createdAt: at('created_at').notNull(),
    /** Keyed hash of the row. */
    mac: bytea('mac'),
  },
  // Nor do two invitations wait that would give it away twice.
  (t) => [uniqueIndex('invitations_officer').on(t.officerId).where(sql`${t.usedAt} is null`)],
);

/**
 * Challenges of WebAuthn that were answered, until they run out: each is answered once. One that is only given out has no
 * row, so that nobody outside can make any.
 */
export const challenges = pgTable('challenges', {
  /** Hash of the challenge. */
  challengeIndex: bytea('challenge_index').primaryKey(),
  purpose: text('purpose').$type<'join' | 'sign_in'>().notNull(),
  invitationId: uuid('invitation_id').$type<InvitationId>(),
  expiresAt: at('expires_at').notNull(),
});

/** Who is signed in. The token stands here only as a keyed hash. */
export const sessions = pgTable('sessions', {
  tokenIndex: bytea('token_index').primaryKey(),
  id: uuid('id').notNull().unique(),
  memberId: uuid('member_id')
    .$type<MemberId>()
    .notNull()
    .references(() => members.id, { onDelete: 'cascade' }),
  passkeyId: uuid('passkey_id')
    .$type<PasskeyId>()
    .notNull()
    .references(() => passkeys.id, { onDelete: 'cascade' }),
  createdAt: at('created_at').notNull(),
  lastSeenAt: at('last_seen_at').notNull(),
  expiresAt: at('expires_at').notNull(),
  /** Keyed hash of the row and the member. */
  mac: bytea('mac'),
});

/**
 * Every look at a case, and everything about keys and members, in order. Each row holds the hash of the row before it
 * and is signed; the database refuses to change or delete one (migration 0007).
 */
export const auditLog = pgTable(
  'audit_log',
  {
    seq: integer('seq').primaryKey(),
    at: at('at').notNull(),
    memberId: uuid('member_id').$type<MemberId>(),
    what: text('what').notNull(),
    caseId: uuid('case_id').$type<CaseId>(),
    /** Scalars of a closed list; never content. */
    detail: jsonb('detail').$type<Record<string, string | number | boolean>>().notNull(),
    link: bytea('link').notNull(),
    signature: bytea('signature').notNull(),
    /** Keyed hash of the row with its link (`src/crypto/audit-chain.ts`); none in rows from before 0036. */
    mac: bytea('mac'),
  },
  // What was looked at within the hour is asked at each look.
  (t) => [index('audit_log_at').on(t.at)],
);
