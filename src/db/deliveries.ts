import { and, asc, eq, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import type { ContactId, DeliveryId, EpochId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { deliveries } from './schema.ts';

export type NewDelivery = typeof deliveries.$inferInsert;

/** Puts deliveries into the outbox; their ids in the same order. */
export async function insertDeliveries(tx: Tx, rows: NewDelivery[]): Promise<DeliveryId[]> {
  const inserted = await tx.insert(deliveries).values(rows).returning({ id: deliveries.id });
  return inserted.map((row) => row.id);
}

/** Deliveries of this contact with this coalesce key that nobody has begun to send give way to a newer one. */
export async function replaceQueued(tx: Tx, contactId: ContactId, coalesce: string): Promise<void> {
  await tx
    .update(deliveries)
    .set({ state: 'replaced', bodySealed: null, epochId: null })
    .where(
      and(
        eq(deliveries.contactId, contactId),
        eq(deliveries.coalesce, coalesce),
        eq(deliveries.state, 'queued'),
      ),
    );
}

/** Takes back deliveries that have not left yet; returns those that were in time. */
export async function replaceByIds(tx: Tx, ids: readonly DeliveryId[]): Promise<DeliveryId[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .update(deliveries)
    .set({ state: 'replaced', bodySealed: null, epochId: null })
    .where(and(inArray(deliveries.id, [...ids]), eq(deliveries.state, 'queued')))
    .returning({ id: deliveries.id });
  return rows.map((row) => row.id);
}

export type ClaimedDelivery = {
  id: DeliveryId;
  contactId: ContactId;
  class: number;
  action: 'send' | 'edit' | 'retract';
  targetId: number | null;
  epochId: EpochId | null;
  bodySealed: Uint8Array | null;
  attempts: number;
  channel: string;
  addressSealed: Uint8Array;
  createdAt: Date;
  /** Why the try before this one did not end well; null: there was none, or its process died. */
  failure: string | null;
  /** The contact's language. */
  language: string | null;
  /** The sent message that an edit or a retraction is about, and what became of it. */
  targetState: string | null;
  targetRef: Uint8Array | null;
  targetEpoch: EpochId | null;
};

/**
 * Claims up to `limit` due deliveries for `leaseMs`, most important class first, in order per contact within a
 * class: a contact's next delivery is claimable once the one before it is sent, failed or replaced. A lease
 * that ran out puts the delivery back.
 */
export async function claimDeliveries(
  db: Db,
  now: Date,
  limit: number,
  leaseMs: number,
  [leastClass, mostClass]: readonly [number, number],
): Promise<ClaimedDelivery[]> {
  const rows = await db.execute(sql`
    with due as (
      select d.id from deliveries d
      where d.state in ('queued', 'sending')
        and d.class between ${leastClass} and ${mostClass}
        and d.due_at <= ${now.toISOString()}::timestamptz
        and (d.state = 'queued' or d.lease_until <= ${now.toISOString()}::timestamptz)
        and not exists (
          select 1 from deliveries earlier
          where earlier.contact_id = d.contact_id and earlier.class = d.class and earlier.id < d.id
            and earlier.state in ('queued', 'sending')
        )
      order by d.class, d.due_at, d.id
      limit ${limit}
      for update of d skip locked
    ), claimed as (
      update deliveries d
      set state = 'sending', attempts = d.attempts + 1,
          lease_until = ${new Date(now.getTime() + leaseMs).toISOString()}::timestamptz
      from due where d.id = due.id
      returning d.*
    )
    select c.id, c.contact_id, c.class, c.action, c.target_id, c.epoch_id, c.body_sealed, c.attempts, c.created_at,
           c.failure, contact.channel, contact.address_sealed, contact.language, target.state as target_state,
           target.message_ref_sealed as target_ref, target.epoch_id as target_epoch
    from claimed c
    join contacts contact on contact.id = c.contact_id
    left join deliveries target on target.id = c.target_id
    order by c.class, c.due_at, c.id`);
  return (rows as unknown as Record<string, unknown>[]).map(toClaimed);
}

function toClaimed(row: Record<string, unknown>): ClaimedDelivery {
  return {
    id: Number(row.id) as DeliveryId,
    contactId: row.contact_id as ContactId,
    class: Number(row.class),
    action: row.action as ClaimedDelivery['action'],
    targetId: row.target_id === null ? null : Number(row.target_id),
    epochId: row.epoch_id as EpochId | null,
    bodySealed: row.body_sealed as Uint8Array | null,
    attempts: Number(row.attempts),
    channel: String(row.channel),
    addressSealed: row.address_sealed as Uint8Array,
    createdAt: new Date(row.created_at as string),
    failure: row.failure as string | null,
    language: row.language as string | null,
    targetState: row.target_state as string | null,
    targetRef: row.target_ref as Uint8Array | null,
    targetEpoch: row.target_epoch as EpochId | null,
  };
}

/** The fate of a claimed delivery, written only by whoever still holds its claim (`attempts` unchanged). */
export async function settleDelivery(
  tx: Tx | Db,
  delivery: { id: DeliveryId; attempts: number },
  fate:
    | { state: 'sent'; sentAt: Date; messageRefSealed: Uint8Array | null; epochId: EpochId | null }
    | { state: 'failed'; failure: string }
    | { state: 'queued'; dueAt: Date; failure: string },
): Promise<boolean> {
  const set =
    fate.state === 'queued'
      ? { state: fate.state, dueAt: fate.dueAt, failure: fate.failure, leaseUntil: null }
      : fate.state === 'sent'
        ? {
            state: fate.state,
            sentAt: fate.sentAt,
            messageRefSealed: fate.messageRefSealed,
            epochId: fate.epochId,
            bodySealed: null,
            leaseUntil: null,
            failure: null,
          }
        : { state: fate.state, failure: fate.failure, bodySealed: null, leaseUntil: null };
  const rows = await tx
    .update(deliveries)
    .set(set)
    .where(
      and(
        eq(deliveries.id, delivery.id),
        eq(deliveries.attempts, delivery.attempts),
        eq(deliveries.state, 'sending'),
      ),
    )
    .returning({ id: deliveries.id });
  return rows.length > 0;
}

/** How long until the next waiting delivery of each class is due, for metrics and for the cycle's next wake-up. */
export async function waiting(db: Db): Promise<{ class: number; count: number; oldest: Date }[]> {
  const rows = await db.execute(sql`
    select class, count(*)::int as count, min(due_at) as oldest from deliveries
    where state in ('queued', 'sending') group by class order by class`);
  return (rows as unknown as { class: number; count: number; oldest: string }[]).map((row) => ({
    class: row.class,
    count: row.count,
    oldest: new Date(row.oldest),
  }));
}

/** Replies that were sent to a contact since `since` and can still be found on their phone, oldest first. */
export async function sentTo(tx: Tx, contactId: ContactId, since: Date): Promise<DeliveryId[]> {
  const rows = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.contactId, contactId),
        eq(deliveries.action, 'send'),
        eq(deliveries.state, 'sent'),
        gt(deliveries.sentAt, since),
        isNotNull(deliveries.messageRefSealed),
      ),
    )
    .orderBy(asc(deliveries.id));
  return rows.map((row) => row.id);
}
