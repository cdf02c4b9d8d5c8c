/** What WhatsApp needs to go on where it was. */
import type { EpochId } from '../../kernel/ids.ts';
import { bigserial, boolean, index, integer, pgTable, sql, text, uuid } from '../drizzle.cjs';
import { at, bytea } from './columns.ts';
import { inBackup } from './in-backup.ts';

/** Which of our numbers: two can be linked, each in a seat of its own. */
const seat = () => integer('seat').$type<1 | 2>().notNull().default(1);

/** The WhatsApp session: credentials and ratchets, each under the server key, found by the keyed hash of its name. */
export const whatsappSession = pgTable('whatsapp_session', {
  nameIndex: bytea('name_index').primaryKey(),
  valueSealed: bytea('value_sealed').notNull(),
  /** Who is who among the people: stays when the number is unlinked, or one person would become two. */
  outlives: boolean('outlives').notNull().default(false),
  seat: seat(),
});

/** A row for each of our numbers: what the process that holds the connection says of it, for `whatsapp status`. Times, codes and counts. */
export const whatsappStatus = pgTable('whatsapp_status', {
  seat: seat().primaryKey(),
  /** What the rest of the service calls the number that is linked. */
  name: text('name'),
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

/** What was decrypted from WhatsApp and is not handled yet, under the epoch key; then only that it came. */
export const whatsappStaged = pgTable(
  'whatsapp_staged',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** Keyed hash of the bytes that arrived. */
    hashIndex: bytea('hash_index').notNull().unique(),
    epochId: uuid('epoch_id').$type<EpochId>(),
    bodySealed: bytea('body_sealed'),
    seat: seat(),
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
  seat: seat(),
  sentAt: at('sent_at').notNull().defaultNow(),
});

/**
 * Who is who among the people stays, or one person would become two. The session itself goes into a backup only on the operator's
 * word: an old one that is started again breaks the one that is linked now.
 */
export const whatsappInBackup = inBackup({
  goesIn: { whatsapp_session: { withoutSession: 'outlives' } },
  staysOut: {
    whatsapp_sent: 'kept until it has arrived, under a key of the day',
    whatsapp_staged: 'kept until it is handled, under a key of the day',
    whatsapp_status: 'what the connection is at this moment',
  },
});
