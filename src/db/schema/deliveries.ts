/** What is sent, and what becomes of it. */

import type { AlertId, ContactId, DeliveryId, EpochId } from '../../kernel/ids.ts';
import type { DeliveryAction, DeliveryState } from '../../kernel/vocabulary.ts';
import { bigserial, boolean, index, integer, jsonb, pgTable, sql, text, uuid } from '../drizzle.cjs';
import { at, bytea } from './columns.ts';
import { contacts } from './people.ts';

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
    /** One of `CLASS`. */
    class: integer('class').notNull(),
    /** `send`, `edit` (of `targetId`'s message), `retract`. */
    action: text('action').$type<DeliveryAction>().notNull().default('send'),
    targetId: integer('target_id'),
    state: text('state').$type<DeliveryState>().notNull(),
    /** Epoch-sealed JSON of the `OutgoingMessage`; blanked once sent, failed or replaced. */
    epochId: uuid('epoch_id').$type<EpochId>(),
    bodySealed: bytea('body_sealed'),
    coalesce: text('coalesce'),
    /** Alerts of which a message to an officer tells, so that it can be taken back. Of one to a reporter: null. */
    about: jsonb('about').$type<AlertId[]>(),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull(),
    /** Until the hours begin that the reporter agreed to: those behind it do not wait for it. */
    waits: boolean('waits').notNull().default(false),
    leaseUntil: at('lease_until'),
    createdAt: at('created_at').notNull(),
    sentAt: at('sent_at'),
    /** The messenger's handle on the sent message, under the epoch key; blanked after 48 hours. */
    messageRefSealed: bytea('message_ref_sealed'),
    /** Keyed hash of that handle: what became of the message, or who replies to it, is told by it; blanked with it. */
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
