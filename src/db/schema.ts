/**
 * Every table of the service. Migrations in `drizzle/` are generated from this file (`npm run migrations`).
 *
 * Invariants: what a person said, sent or is called stands here only encrypted (`bytea` columns whose name ends
 * in `sealed` or `body`, and `ciphertext`); an alert that is not closed has a next step with a time.
 * `sealed` says with which key: server (contact addresses, names), epoch (what is live), case (what is sealed).
 */
import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type {
  AlertId,
  CaseId,
  ContactId,
  DeliveryId,
  EpochId,
  EvidenceId,
  OfficerId,
} from '../kernel/ids.ts';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One row: what this database is for, and when the service last lived. */
export const service = pgTable('service', {
  id: boolean('id').primaryKey().default(true),
  mode: text('mode').$type<'trial' | 'live'>().notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  lastAliveAt: at('last_alive_at').notNull().defaultNow(),
});

/** Times during which no process was running or the database could not be reached. */
export const outages = pgTable('outages', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  startedAt: at('started_at').notNull(),
  endedAt: at('ended_at').notNull(),
});

/** Who may do a thing that only one process may do (poll Telegram, hold the WhatsApp socket). */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  holder: uuid('holder').notNull(),
  /** The holder on its machine (`process-identity.ts`): a successor there need not wait for the end. */
  process: text('process'),
  until: at('until').notNull(),
});

/** The WhatsApp session: credentials and ratchets, each under the server key, found by the keyed hash of its name. */
export const whatsappSession = pgTable('whatsapp_session', {
  nameIndex: bytea('name_index').primaryKey(),
  valueSealed: bytea('value_sealed').notNull(),
  /** Who is who among the people: stays when the number is unlinked, or one person would become two. */
  outlives: boolean('outlives').notNull().default(false),
});

/** One row: what the process that holds the connection says of it, for `whatsapp status`. Times, codes and counts. */
export const whatsappStatus = pgTable('whatsapp_status', {
  id: boolean('id').primaryKey().default(true),
  /** `is` and `because` of the connection, since when, and when that was last said to be so. */
  state: text('state').notNull().default('off'),
  because: text('because'),
  since: at('since'),
  notedAt: at('noted_at'),
  /** When this number was connected for the first time since it was linked. */
  linkedAt: at('linked_at'),
  receivedAt: at('received_at'),
  sentAt: at('sent_at'),
  /** Last sign of life of the handset that owns the number. */
  handsetAt: at('handset_at'),
  errorCode: text('error_code'),
  errorAt: at('error_at'),
  /** How often the connection closed on this day of the operator's calendar. */
  closes: integer('closes').notNull().default(0),
  closesDay: text('closes_day'),
  /** The operator wants the number unlinked; whether WhatsApp could be told when it was done. */
  unlinkAskedAt: at('unlink_asked_at'),
  wasToldOfUnlink: boolean('was_told_of_unlink').notNull().default(false),
});

/** A channel that does not work, since when and why, and to how many contacts of officers that was said. */
export const channelTroubles = pgTable('channel_troubles', {
  channel: text('channel').primaryKey(),
  because: text('because').notNull(),
  since: at('since').notNull(),
  told: integer('told').notNull().default(0),
});

/** What was decrypted from WhatsApp and is not handled yet, under the epoch key; then only that it came. */
export const whatsappStaged = pgTable(
  'whatsapp_staged',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** Keyed hash of the bytes that arrived. */
    hashIndex: bytea('hash_index').notNull().unique(),
    epochId: uuid('epoch_id').$type<EpochId>(),
    bodySealed: bytea('body_sealed'),
    stagedAt: at('staged_at').notNull().defaultNow(),
  },
  (t) => [index('whatsapp_staged_waiting').on(t.id).where(sql`${t.bodySealed} is not null`)],
);

/** What was sent on WhatsApp until it has arrived, under the epoch key: a phone that cannot read it asks for it again. */
export const whatsappSent = pgTable('whatsapp_sent', {
  /** Keyed hash of the message's id. */
  idIndex: bytea('id_index').primaryKey(),
  epochId: uuid('epoch_id').$type<EpochId>().notNull(),
  bodySealed: bytea('body_sealed').notNull(),
  sentAt: at('sent_at').notNull().defaultNow(),
});

/** The day's random key, wrapped by the server key; `wrappedKey` is null once destroyed. */
export const epochs = pgTable('epochs', {
  id: uuid('id').$type<EpochId>().primaryKey(),
  day: text('day').notNull().unique(),
  wrappedKey: bytea('wrapped_key'),
  createdAt: at('created_at').notNull(),
  destroyedAt: at('destroyed_at'),
});

/** A reporter's or officer's address on one channel. Its row is the lock that keeps the order of messages. */
export const contacts = pgTable(
  'contacts',
  {
    id: uuid('id').$type<ContactId>().primaryKey(),
    channel: text('channel').notNull(),
    /** Keyed hash of the address, for finding it. */
    addressIndex: bytea('address_index').notNull(),
    /** The address under the server key. */
    addressSealed: bytea('address_sealed').notNull(),
    isGroup: boolean('is_group').notNull().default(false),
    language: text('language'),
    createdAt: at('created_at').notNull(),
    /** Blocked the bot: nothing can be sent. */
    blockedAt: at('blocked_at'),
    /** Flood: the minute that is being counted, how many messages in it, whether the polite sentence was said. */
    floodMinute: at('flood_minute'),
    floodCount: integer('flood_count').notNull().default(0),
    mutedAt: at('muted_at'),
    mutedBy: uuid('muted_by').$type<OfficerId>(),
    mutedReasonSealed: bytea('muted_reason_sealed'),
    /** Last SOS let through while muted: one an hour. */
    mutedSosAt: at('muted_sos_at'),
    /** Last outage this person was told about. */
    outageTold: integer('outage_told').notNull().default(0),
  },
  (t) => [unique('contacts_address').on(t.channel, t.addressIndex)],
);

/** Every incoming message once. The body is kept only of a message that failed; blanked when it is handled. */
export const inbox = pgTable(
  'inbox',
  {
    channel: text('channel').notNull(),
    /** Keyed hash of the channel's message id: ids of some channels contain the address. */
    messageIndex: bytea('message_index').notNull(),
    receivedAt: at('received_at').notNull(),
    state: text('state').$type<'handled' | 'failed' | 'parked'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    epochId: uuid('epoch_id').$type<EpochId>(),
    bodySealed: bytea('body_sealed'),
    error: text('error'),
  },
  (t) => [
    primaryKey({ columns: [t.channel, t.messageIndex] }),
    index('inbox_unhandled').on(t.receivedAt).where(sql`${t.state} <> 'handled'`),
    index('inbox_received').on(t.receivedAt),
  ],
);

/** Where a contact stands in the flows; the state is JSON under the epoch key. */
export const conversations = pgTable(
  'conversations',
  {
    contactId: uuid('contact_id')
      .$type<ContactId>()
      .primaryKey()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    epochId: uuid('epoch_id').$type<EpochId>().notNull(),
    stateSealed: bytea('state_sealed').notNull(),
    updatedAt: at('updated_at').notNull(),
    /** A timer of this conversation: the danger question unanswered, silence over, an officer's own SOS. */
    dueAt: at('due_at'),
  },
  (t) => [
    index('conversations_due').on(t.dueAt).where(sql`${t.dueAt} is not null`),
    index('conversations_epoch').on(t.epochId),
  ],
);

/** The sealed record a report becomes. `draft`: made to hold files before there is a report; nobody sees it. */
export const cases = pgTable(
  'cases',
  {
    id: uuid('id').$type<CaseId>().primaryKey(),
    /** Can be said aloud; random, says nothing of the order or date. Null while a draft. */
    reference: text('reference').unique(),
    status: text('status').$type<'draft' | 'open' | 'closed'>().notNull(),
    level: text('level').notNull().default('low'),
    channel: text('channel').notNull(),
    zone: text('zone'),
    region: text('region'),
    /** Sent by the reporter, or opened by triage and not (yet) sent. */
    isSubmitted: boolean('is_submitted').notNull().default(false),
    isUnfinished: boolean('is_unfinished').notNull().default(false),
    /** Public half of the case's own key: an age recipient. */
    recipient: text('recipient').notNull(),
    /** Hash of the last link of the signed chain, and how many links there are. */
    chainHead: bytea('chain_head'),
    chainLength: integer('chain_length').notNull().default(0),
    /** A voice note that nobody has heard. */
    unheard: integer('unheard').notNull().default(0),
    openedAt: at('opened_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    closedAt: at('closed_at'),
  },
  (t) => [index('cases_open').on(t.status, t.level, t.openedAt)],
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
    wrappedSecret: bytea('wrapped_secret').notNull(),
  },
  (t) => [primaryKey({ columns: [t.caseId, t.recipientGroup] })],
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
    /** SHA-256 of the ciphertext, once saved. */
    hash: bytea('hash'),
    /** Bytes of the ciphertext. */
    size: integer('size'),
    refusal: text('refusal'),
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

/** Tries at receipt codes, by the keyed hash of the address they came from; for a day. */
export const codeTries = pgTable(
  'code_tries',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    addressIndex: bytea('address_index').notNull(),
    triedAt: at('tried_at').notNull(),
  },
  (t) => [index('code_tries_address').on(t.addressIndex, t.triedAt)],
);

/** A person of the protection team. The name is under the server key. */
export const officers = pgTable('officers', {
  id: uuid('id').$type<OfficerId>().primaryKey(),
  nameSealed: bytea('name_sealed').notNull(),
  role: text('role').$type<'officer' | 'supervisor'>().notNull(),
  /** Asked at enrolment and changed at any time; null: not answered yet (counts as off duty). */
  isOnDuty: boolean('is_on_duty'),
  language: text('language').notNull(),
  /** One-time enrolment code: keyed hash, time it ends, time it was used. */
  codeIndex: bytea('code_index').notNull().unique(),
  codeExpiresAt: at('code_expires_at').notNull(),
  enrolledAt: at('enrolled_at'),
  removedAt: at('removed_at'),
  createdAt: at('created_at').notNull(),
});

/** The contacts on which an officer is reached, in order. */
export const officerContacts = pgTable('officer_contacts', {
  contactId: uuid('contact_id')
    .$type<ContactId>()
    .primaryKey()
    .references(() => contacts.id, { onDelete: 'cascade' }),
  officerId: uuid('officer_id')
    .$type<OfficerId>()
    .notNull()
    .references(() => officers.id, { onDelete: 'cascade' }),
  position: integer('position').notNull(),
  verifiedAt: at('verified_at').notNull(),
  /** Epoch-sealed JSON of what this officer's chat is in the middle of ("for yourself?", a reason to write). */
  epochId: uuid('epoch_id').$type<EpochId>(),
  stateSealed: bytea('state_sealed'),
  dueAt: at('due_at'),
});

/** The obligation to get a person to take a case. */
export const alerts = pgTable(
  'alerts',
  {
    id: uuid('id').$type<AlertId>().primaryKey(),
    caseId: uuid('case_id')
      .$type<CaseId>()
      .notNull()
      .unique()
      .references(() => cases.id),
    reference: text('reference').notNull(),
    level: text('level').$type<'critical' | 'urgent'>().notNull(),
    region: text('region'),
    state: text('state').$type<'open' | 'taken' | 'closed'>().notNull(),
    /** The escalation policy as it was when the alert was raised (`src/alerts/policy.ts`). */
    policy: jsonb('policy').notNull(),
    /** How far the policy has been walked; meaning belongs to `src/alerts/escalation.ts`. */
    progress: jsonb('progress').notNull(),
    raisedAt: at('raised_at').notNull(),
    /** Start of the present round: at raising, again when a take lapses or an SOS repeats. */
    roundAt: at('round_at').notNull(),
    nextStepAt: at('next_step_at'),
    takenBy: uuid('taken_by').$type<OfficerId>(),
    takenAt: at('taken_at'),
    /** Last work of the taker on the case; a take lapses some time after it. */
    workedAt: at('worked_at'),
    closedAt: at('closed_at'),
    outcome: text('outcome'),
    /** How often the person asked again. */
    repeats: integer('repeats').notNull().default(0),
    /** Contact of the reporter and whether one may write unasked: epoch-sealed JSON, carried forward while open. */
    epochId: uuid('epoch_id').$type<EpochId>(),
    reporterSealed: bytea('reporter_sealed'),
  },
  (t) => [
    check('an_open_alert_has_a_next_step', sql`${t.state} = 'closed' or ${t.nextStepAt} is not null`),
    check(
      'a_taken_alert_has_a_taker',
      sql`${t.state} <> 'taken' or (${t.takenBy} is not null and ${t.takenAt} is not null)`,
    ),
    index('alerts_due').on(t.nextStepAt).where(sql`${t.state} <> 'closed'`),
  ],
);

/** What was decided about an alert and why: one row for each decision, in words of a closed list. */
export const alertLog = pgTable(
  'alert_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    alertId: uuid('alert_id')
      .$type<AlertId>()
      .notNull()
      .references(() => alerts.id),
    at: at('at').notNull(),
    what: text('what').notNull(),
    officerId: uuid('officer_id').$type<OfficerId>(),
    detail: jsonb('detail'),
  },
  (t) => [index('alert_log_alert').on(t.alertId, t.id)],
);

/** Order in which deliveries leave: pages before everything else. */
export const CLASS = { criticalPage: 0, page: 1, reply: 2 } as const;

/**
 * One outgoing message and its fate: the transactional outbox.
 *
 * A delivery to a reporter carries no case and no alert: who wrote which case must not be readable here.
 */
export const deliveries = pgTable(
  'deliveries',
  {
    id: bigserial('id', { mode: 'number' }).$type<DeliveryId>().primaryKey(),
    contactId: uuid('contact_id')
      .$type<ContactId>()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    class: integer('class').notNull(),
    /** `send`, `edit` (of `targetId`'s message), `retract`. */
    action: text('action').$type<'send' | 'edit' | 'retract'>().notNull().default('send'),
    targetId: integer('target_id'),
    state: text('state').$type<'queued' | 'sending' | 'sent' | 'failed' | 'replaced'>().notNull(),
    /** Epoch-sealed JSON of the `OutgoingMessage`; blanked once sent, failed or replaced. */
    epochId: uuid('epoch_id').$type<EpochId>(),
    bodySealed: bytea('body_sealed'),
    coalesce: text('coalesce'),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull(),
    leaseUntil: at('lease_until'),
    createdAt: at('created_at').notNull(),
    sentAt: at('sent_at'),
    /** The messenger's handle on the sent message, under the epoch key; blanked after 48 hours. */
    messageRefSealed: bytea('message_ref_sealed'),
    /** Keyed hash of that handle where the messenger tells what became of the message; blanked with it. */
    messageRefIndex: bytea('message_ref_index'),
    /** When it came to the phone, and when it was seen there, as the messenger tells it. */
    deliveredAt: at('delivered_at'),
    readAt: at('read_at'),
    failure: text('failure'),
  },
  (t) => [
    index('deliveries_waiting').on(t.class, t.dueAt).where(sql`${t.state} in ('queued', 'sending')`),
    index('deliveries_contact')
      .on(t.contactId, t.class, t.id)
      .where(sql`${t.state} in ('queued', 'sending')`),
    index('deliveries_created').on(t.createdAt),
    index('deliveries_ref').on(t.messageRefIndex).where(sql`${t.messageRefIndex} is not null`),
  ],
);

/** Which alerts one delivery to an officer pages for: one, or many when they are bundled. */
export const pages = pgTable(
  'pages',
  {
    alertId: uuid('alert_id')
      .$type<AlertId>()
      .notNull()
      .references(() => alerts.id),
    officerId: uuid('officer_id').$type<OfficerId>().notNull(),
    contactId: uuid('contact_id').$type<ContactId>().notNull(),
    deliveryId: integer('delivery_id').$type<DeliveryId>().notNull(),
    pagedAt: at('paged_at').notNull(),
    isRepeat: boolean('is_repeat').notNull(),
    /** The officer said "I cannot". */
    declinedAt: at('declined_at'),
  },
  (t) => [
    primaryKey({ columns: [t.alertId, t.deliveryId] }),
    index('pages_officer').on(t.officerId, t.pagedAt),
  ],
);
