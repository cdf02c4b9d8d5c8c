/** Sealed cases and what belongs to them. */
import type { CaseId, EpochId, EvidenceId, MemberId } from '../../kernel/ids.ts';
import { CASE_ENDS, CASE_STATUSES, type CaseStatus, type EndReason } from '../../kernel/vocabulary.ts';
import { boolean, check, index, integer, pgTable, primaryKey, sql, text, uuid } from '../drizzle.cjs';
import { at, bytea, quoted } from './columns.ts';

/** The sealed record a report becomes. `draft`: made to hold files before there is a report; nobody sees it. */
export const cases = pgTable(
  'cases',
  {
    id: uuid('id').$type<CaseId>().primaryKey(),
    /** Can be said aloud; random, says nothing of the order or date. Null while a draft. */
    reference: text('reference').unique(),
    status: text('status').$type<'draft' | CaseStatus>().notNull(),
    /** Since when it has this status. Of one that waits for us: since the first word that is not answered. */
    statusSince: at('status_since').notNull(),
    /** Why it ended. */
    statusReason: text('status_reason').$type<EndReason>(),
    /** The member who answers for the case, besides the officer who has its alert; null: nobody but that officer. */
    responsible: uuid('responsible').$type<MemberId>(),
    level: text('level').notNull().default('low'),
    channel: text('channel').notNull(),
    zone: text('zone'),
    region: text('region'),
    /** Sent by the reporter, or opened by triage and not (yet) sent. */
    isSubmitted: boolean('is_submitted').notNull().default(false),
    isUnfinished: boolean('is_unfinished').notNull().default(false),
    /** Public half of the case's own key: an age recipient. */
    recipient: text('recipient').notNull(),
    /** The server's signature of it for this case (`src/crypto/case-binding.ts`); null: from before keys were signed. */
    recipientSignature: bytea('recipient_signature'),
    /** How many items lay in the case when its key was signed: nobody can vouch for those. */
    boundFrom: integer('bound_from').notNull().default(0),
    /** The case in whose place this one goes on, since that one's key did not fit; and the server's signature of that. */
    replaces: uuid('replaces').$type<CaseId>(),
    replacesSignature: bytea('replaces_signature'),
    /** Hash of the last link of the signed chain, and how many links there are. */
    chainHead: bytea('chain_head'),
    chainLength: integer('chain_length').notNull().default(0),
    /** A voice note that nobody has heard. */
    unheard: integer('unheard').notNull().default(0),
    /** The reporter objects to being counted: the case stands in no figure that leaves the team. */
    objectedAt: at('objected_at'),
    openedAt: at('opened_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    closedAt: at('closed_at'),
  },
  (t) => [
    check('a_case_has_a_status_that_there_is', sql`${t.status} in (${quoted(['draft', ...CASE_STATUSES])})`),
    check(
      'a_case_that_ended_says_when',
      sql`${t.status} not in (${quoted(CASE_ENDS)}) or ${t.closedAt} is not null`,
    ),
    index('cases_open').on(t.status, t.level, t.openedAt),
    index('cases_replaces').on(t.replaces).where(sql`${t.replaces} is not null`),
  ],
);

/** The case's secret key, wrapped to a recipient group (`team` is the first). Destroying the wraps shreds the case. */
export const caseWraps = pgTable(
  'case_wraps',
  {
    caseId: uuid('case_id')
      .$type<CaseId>()
      .notNull()
      .references(() => cases.id, { onDelete: 'cascade' }),
    recipientGroup: text('recipient_group').notNull(),
    /** Fingerprint of the group's key that it is wrapped to; empty: made before keys could change. */
    keyFingerprint: text('key_fingerprint').notNull().default(''),
    wrappedSecret: bytea('wrapped_secret').notNull(),
  },
  (t) => [primaryKey({ columns: [t.caseId, t.recipientGroup, t.keyFingerprint] })],
);

/** What is in a case, in order: one ciphertext each, chained and signed. */
export const caseItems = pgTable(
  'case_items',
  {
    caseId: uuid('case_id')
      .$type<CaseId>()
      .notNull()
      .references(() => cases.id, { onDelete: 'cascade' }),
    place: integer('place').notNull(),
    /** `report`, `answers`, `message`, `note`, `evidence`: what kind of thing is sealed. */
    kind: text('kind').notNull(),
    ciphertext: bytea('ciphertext').notNull(),
    /** Link of the chain: hash over the previous link, the place and the ciphertext; and the server's signature. */
    link: bytea('link').notNull(),
    signature: bytea('signature').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.caseId, t.place] })],
);

/** A file that belongs to a case. Its bytes are sealed to the case in `evidence_chunks`. */
export const evidence = pgTable(
  'evidence',
  {
    id: uuid('id').$type<EvidenceId>().primaryKey(),
    caseId: uuid('case_id')
      .$type<CaseId>()
      .notNull()
      .references(() => cases.id, { onDelete: 'cascade' }),
    state: text('state').$type<'received' | 'saved' | 'refused'>().notNull(),
    media: text('media').notNull(),
    /** How to fetch it and whom to tell: contact, channel, file reference; epoch key; blanked once saved. */
    epochId: uuid('epoch_id').$type<EpochId>(),
    sourceSealed: bytea('source_sealed'),
    /** Tries that failed by the file's own doing, and when the last of them was. */
    faults: integer('faults').notNull().default(0),
    faultAt: at('fault_at'),
    /** Under which guardian it is being fetched, since when: what was never taken back ended with the service. */
    fetchedBy: uuid('fetched_by'),
    fetchedSince: at('fetched_since'),
    /** It was being fetched when the service fell, and no try of it was over since. */
    isSuspect: boolean('is_suspect').notNull().default(false),
    /** Bytes that are set aside for it until its size is known. */
    expected: integer('expected').notNull().default(0),
    /** SHA-256 of the ciphertext, once saved. */
    hash: bytea('hash'),
    /** Bytes of the ciphertext. */
    size: integer('size'),
    refusal: text('refusal'),
    /** When a member of the team first heard, saw or saved it. */
    openedAt: at('opened_at'),
    createdAt: at('created_at').notNull(),
    savedAt: at('saved_at'),
  },
  (t) => [index('evidence_case').on(t.caseId)],
);

export const evidenceChunks = pgTable(
  'evidence_chunks',
  {
    evidenceId: uuid('evidence_id')
      .$type<EvidenceId>()
      .notNull()
      .references(() => evidence.id, { onDelete: 'cascade' }),
    n: integer('n').notNull(),
    ciphertext: bytea('ciphertext').notNull(),
  },
  (t) => [primaryKey({ columns: [t.evidenceId, t.n] })],
);

/** The secret by which a reporter finds the case again: scrypt with a salt here and a pepper in the keyring. */
export const receiptCodes = pgTable('receipt_codes', {
  caseId: uuid('case_id')
    .$type<CaseId>()
    .primaryKey()
    .references(() => cases.id, { onDelete: 'cascade' }),
  salt: bytea('salt').notNull(),
  hash: bytea('hash').notNull(),
  keyId: text('key_id').notNull(),
});
