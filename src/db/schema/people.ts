/** Contacts, what came in from them, and where each conversation stands. */
import type { ContactId, EpochId, OfficerId } from '../../kernel/ids.ts';
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  pgSequence,
  pgTable,
  primaryKey,
  sql,
  text,
  unique,
  uuid,
} from '../drizzle.cjs';
import { at, bytea } from './columns.ts';

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
    /** Which of our numbers they wrote to last, or were told of, by the channel's name for it; null: there is one. */
    number: text('number'),
    /** Of which number it was decided whether they are told of it; null: of none since they last wrote. */
    numberDecided: text('number_decided'),
  },
  (t) => [unique('contacts_address').on(t.channel, t.addressIndex)],
);

/** Places of messages that wait. */
export const waitingNo = pgSequence('inbox_waiting_no');

/** Every incoming message once. The body is kept only of a message that waits or failed; blanked when it is handled. */
export const inbox = pgTable(
  'inbox',
  {
    channel: text('channel').notNull(),
    /** Keyed hash of the channel's message id: ids of some channels contain the address. */
    messageIndex: bytea('message_index').notNull(),
    receivedAt: at('received_at').notNull(),
    state: text('state').$type<'handled' | 'waiting' | 'failed' | 'parked'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    epochId: uuid('epoch_id').$type<EpochId>(),
    bodySealed: bytea('body_sealed'),
    error: text('error'),
    /** Keyed hash of the address, of a message that was kept to be handled later. */
    waitingFrom: bytea('waiting_from'),
    /** Its place among those that wait. */
    waitingNo: bigint('waiting_no', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.channel, t.messageIndex] }),
    index('inbox_waiting')
      .on(t.channel, t.waitingFrom, t.receivedAt)
      .where(sql`${t.waitingFrom} is not null`),
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

/** Tries at receipt codes, by the keyed hash of the address they came from, and codes that were sent to an officer; for a day. */
export const codeTries = pgTable(
  'code_tries',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    addressIndex: bytea('address_index').notNull(),
    triedAt: at('tried_at').notNull(),
    /** Keyed hash of the reference that was named. */
    referenceIndex: bytea('reference_index'),
  },
  (t) => [index('code_tries_address').on(t.addressIndex, t.triedAt)],
);

/** Bytes of files that a contact sent on one day, the last on which they sent any. */
export const fileDays = pgTable('file_days', {
  contactId: uuid('contact_id')
    .$type<ContactId>()
    .primaryKey()
    .references(() => contacts.id, { onDelete: 'cascade' }),
  day: text('day').notNull(),
  files: bigint('files', { mode: 'number' }).notNull().default(0),
  voice: bigint('voice', { mode: 'number' }).notNull().default(0),
  /** How many were declined. */
  declined: integer('declined').notNull().default(0),
});
