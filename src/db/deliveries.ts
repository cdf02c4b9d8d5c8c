import type { AlertId, ContactId, DeliveryId, EpochId } from '../kernel/ids.ts';
import { CLASS, type DeliveryAction } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, eq, gt, gte, inArray, isNotNull, or, sql } from './drizzle.cjs';
import { contacts, deliveries } from './schema.ts';
import { hex, statement } from './statement.ts';

export type NewDelivery = typeof deliveries.$inferInsert;

/** Puts deliveries into the outbox; their ids in the same order. */
export async function insertDeliveries(tx: Tx, rows: NewDelivery[]): Promise<DeliveryId[]> {
  const inserted = await tx.insert(deliveries).values(rows).returning({ id: deliveries.id });
  return inserted.map((row) => row.id);
}

/**
 * Deliveries of this contact with this coalesce key that nobody has begun to send give way to a newer one; returns how
 * many did.
 */
export async function replaceQueued(tx: Tx, contactId: ContactId, coalesce: string): Promise<number> {
  const replaced = await tx
    .update(deliveries)
    .set({ state: 'replaced', bodySealed: null, epochId: null })
    .where(
      and(
        eq(deliveries.contactId, contactId),
        eq(deliveries.coalesce, coalesce),
        eq(deliveries.state, 'queued'),
      ),
    )
    .returning({ id: deliveries.id });
  return replaced.length;
}

/** Takes back deliveries that have not left yet; returns those that were in time. */
export async function cancelQueued(tx: Tx, ids: readonly DeliveryId[]): Promise<DeliveryId[]> {
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
  action: DeliveryAction;
  targetId: number | null;
  epochId: EpochId | null;
  bodySealed: Uint8Array | null;
  attempts: number;
  channel: string;
  addressSealed: Uint8Array;
  createdAt: Date;
  claimedAt: Date;
  /** When this try was due. */
  dueAt: Date;
  /** Why the try before this one did not end well; null: there was none, or its process died. */
  failure: string | null;
  /** Whether it is a page that did not leave in time and was sent elsewhere since. */
  wasMoved: boolean;
  /** Whether it goes to an officer's contact of which nothing is noted, a refusal, or nothing of the last minute. */
  isToBeNoted: boolean;
  /** The contact's language. */
  language: string | null;
  /** Which of our numbers the contact knows; null: there is one. */
  number: string | null;
  /** Of which number it was decided whether they are told of it. */
  numberDecided: string | null;
  /** The sent message that an edit or a retraction is about, and what became of it. */
  targetState: string | null;
  targetRef: Uint8Array | null;
  targetEpoch: EpochId | null;
};

const CLAIM = statement<Record<string, unknown>>(`
  with clock as (select coalesce($1::timestamptz, now()) as now),
  due as (
    select d.id, d.failure from deliveries d, clock
    where d.state in ('queued', 'sending')
      and d.class between $4 and $5
      and d.due_at <= clock.now
      and (d.state = 'queued' or d.lease_until <= clock.now)
      and ($6::text[] is null
           or not exists (select from contacts c where c.id = d.contact_id and c.channel = any ($6::text[])))
      and not exists (
        select from deliveries earlier
        where earlier.contact_id = d.contact_id and earlier.class = d.class and earlier.id < d.id
          and earlier.state in ('queued', 'sending') and not (earlier.waits and earlier.due_at > clock.now)
      )
    order by d.class, d.due_at, d.id
    limit $2
    for update of d skip locked
  ), claimed as (
    update deliveries d
    set state = 'sending', attempts = d.attempts + 1, failure = null,
        lease_until = clock.now + $3 * interval '1 millisecond'
    from due, clock where d.id = due.id
    returning d.*, due.failure as failure_before, clock.now as claimed_at
  )
  select c.id, c.contact_id, c.class, c.action, c.target_id, c.epoch_id, c.body_sealed, c.attempts, c.created_at,
         c.claimed_at, c.due_at, c.failure_before as failure, contact.channel, contact.address_sealed, contact.language, contact.number, contact.number_decided,
         c.class < ${CLASS.word} and (c.attempts > 1 or c.due_at < c.claimed_at - interval '1 second')
           and exists (select from pages where delivery_id = c.id and moved_at is not null) as was_moved,
         exists (
           select from officer_contacts o where o.contact_id = c.contact_id
             and (o.refusal is not null or o.taken_at is null or o.taken_at <= c.claimed_at - interval '1 minute')
         ) as is_to_be_noted,
         target.state as target_state, target.message_ref_sealed as target_ref, target.epoch_id as target_epoch
  from claimed c
  join contacts contact on contact.id = c.contact_id
  left join deliveries target on target.id = c.target_id
  order by c.class, c.due_at, c.id`);

/**
 * Claims up to `limit` due deliveries for `leaseMs`, most important class first, in order per contact within a
 * class: a contact's next delivery is claimable once the one before it is sent, failed or replaced. A lease
 * that ran out puts the delivery back. One that waits for agreed hours keeps none behind it. `stated`: the time if it is not the database's own. `others`: channels whose
 * deliveries are another process's to send.
 */
export async function claimDeliveries(
  db: Db,
  stated: Date | null,
  limit: number,
  leaseMs: number,
  [leastClass, mostClass]: readonly [number, number],
  others: readonly string[] = [],
): Promise<ClaimedDelivery[]> {
  // As PostgreSQL writes a list; kinds of channels are plain words.
  const list = others.length > 0 ? `{${others.join(',')}}` : null;
  const rows = await CLAIM(db, [stated, limit, leaseMs, leastClass, mostClass, list]);
  return rows.map(toClaimed);
}

function toClaimed(row: Record<string, unknown>): ClaimedDelivery {
  return {
    id: Number(row.id) as DeliveryId,
    contactId: row.contact_id as ContactId,
    class: row.class as number,
    action: row.action as ClaimedDelivery['action'],
    targetId: row.target_id as number | null,
    epochId: row.epoch_id as EpochId | null,
    bodySealed: row.body_sealed as Uint8Array | null,
    attempts: row.attempts as number,
    channel: row.channel as string,
    addressSealed: row.address_sealed as Uint8Array,
    createdAt: row.created_at as Date,
    claimedAt: row.claimed_at as Date,
    dueAt: row.due_at as Date,
    failure: row.failure as string | null,
    wasMoved: row.was_moved as boolean,
    isToBeNoted: row.is_to_be_noted as boolean,
    language: row.language as string | null,
    number: row.number as string | null,
    numberDecided: row.number_decided as string | null,
    targetState: row.target_state as string | null,
    targetRef: row.target_ref as Uint8Array | null,
    targetEpoch: row.target_epoch as EpochId | null,
  };
}

/** A claimed delivery that was sent, and the messenger's handle on it; null for what is no new message. */
export type SentDelivery = {
  id: DeliveryId;
  attempts: number;
  messageRef: { epochId: EpochId; sealed: Uint8Array } | null;
  /** Keyed hash of that handle, by which the messenger tells of the message later. */
  refIndex: Uint8Array | null;
};

const SETTLE_SENT = statement(`
  update deliveries d
  set state = 'sent', sent_at = coalesce($1::timestamptz, now()), message_ref_sealed = decode(sent.ref, 'hex'),
      message_ref_index = coalesce(decode(sent.ref_index, 'hex'), message_ref_index), epoch_id = sent.epoch_id, body_sealed = null, lease_until = null, failure = null
  from (
    select sent.* from json_to_recordset($2::json) as sent (id bigint, attempts int, ref text, ref_index text, epoch_id uuid)
    order by sent.id
  ) sent
  where d.id = sent.id and d.attempts = sent.attempts and d.state = 'sending'`);

/** Notes that deliveries were sent, only of those whose claim the caller still holds (`attempts` unchanged). */
export async function settleSent(db: Db, stated: Date | null, sent: readonly SentDelivery[]): Promise<void> {
  const rows = sent.map(({ id, attempts, messageRef, refIndex }) => ({
    id,
    attempts,
    ref: hex(messageRef?.sealed ?? null),
    ref_index: hex(refIndex),
    epoch_id: messageRef?.epochId ?? null,
  }));
  await SETTLE_SENT(db, [stated, JSON.stringify(rows)]);
}

const NOTE_FATES = statement(`
  update deliveries d
  set delivered_at = least(d.delivered_at, told.at),
      read_at = case when told.fate = 'read' then least(d.read_at, told.at) else d.read_at end
  from (
    select decode(ref_index, 'hex') as ref_index, min(at) as at, max(fate) as fate
    from json_to_recordset($1::json) as told (ref_index text, at timestamptz, fate text) group by 1
  ) told
  where d.message_ref_index = told.ref_index`);

/** Notes when messages came to the phone, and when they were seen there; ones that nobody knows are passed over. */
export async function noteFates(
  db: Db,
  fates: readonly { refIndex: Uint8Array; is: 'delivered' | 'read'; at: Date }[],
): Promise<void> {
  const rows = fates.map(({ refIndex, is, at }) => ({ ref_index: hex(refIndex), at, fate: is }));
  await NOTE_FATES(db, [JSON.stringify(rows)]);
}

/** The fate of a claimed delivery that was not sent, written only by the process that still holds its claim. */
export async function settleDelivery(
  tx: Tx | Db,
  delivery: { id: DeliveryId; attempts: number },
  fate:
    | { state: 'failed'; failure: string }
    | { state: 'queued'; dueAt: Date; failure: string; waits?: boolean },
): Promise<boolean> {
  const set =
    fate.state === 'queued'
      ? {
          state: fate.state,
          dueAt: fate.dueAt,
          waits: fate.waits === true,
          failure: fate.failure,
          leaseUntil: null,
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

/** What became of these deliveries. */
export async function deliveriesById(
  db: Db | Tx,
  ids: readonly DeliveryId[],
): Promise<Map<DeliveryId, typeof deliveries.$inferSelect>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(deliveries)
    .where(inArray(deliveries.id, [...ids]));
  return new Map(rows.map((row) => [row.id, row]));
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

/** Replies to this contact that nobody has begun to send do not leave any more. */
export async function replaceReplies(tx: Tx, contactId: ContactId): Promise<void> {
  await tx
    .update(deliveries)
    .set({ state: 'replaced', bodySealed: null, epochId: null })
    .where(and(isReplyTo(contactId), eq(deliveries.state, 'queued')));
}

/** Replies to a contact that are on their way, or were sent since `since` and can still be found; oldest first. */
export async function repliesTo(
  tx: Tx,
  contactId: ContactId,
  since: Date,
  { isWithPages = false }: { isWithPages?: boolean } = {},
): Promise<DeliveryId[]> {
  const rows = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(isWithPages ? isSendTo(contactId) : isReplyTo(contactId), isThereSince(since)))
    .orderBy(asc(deliveries.id));
  return rows.map((row) => row.id);
}

/**
 * What is to tell a contact of an alert, or changes what told it, and has not left does not leave. Pages from before there
 * was `about` are known by their row in `pages`.
 */
export async function replaceAbout(tx: Tx, contactId: ContactId, alertId: AlertId): Promise<void> {
  const told = tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.contactId, contactId), isAbout(alertId)));
  await tx
    .update(deliveries)
    .set({ state: 'replaced', bodySealed: null, epochId: null })
    .where(
      and(
        eq(deliveries.contactId, contactId),
        eq(deliveries.state, 'queued'),
        or(inArray(deliveries.id, told), inArray(deliveries.targetId, told)),
      ),
    );
}

/** What told a contact of an alert, is on its way or was sent since `since`, and can still be found; oldest first. */
export function sentAbout(
  tx: Tx,
  contactId: ContactId,
  alertId: AlertId,
  since: Date,
): Promise<{ id: DeliveryId; channel: string }[]> {
  return tx
    .select({ id: deliveries.id, channel: contacts.channel })
    .from(deliveries)
    .innerJoin(contacts, eq(contacts.id, deliveries.contactId))
    .where(and(isSendTo(contactId), isThereSince(since), isAbout(alertId)))
    .orderBy(asc(deliveries.id));
}

/** Without pages that are for other alerts too. */
function isAbout(alertId: AlertId) {
  const page = sql`select 1 from pages page where page.delivery_id = ${deliveries.id}`;
  return and(
    or(
      sql`${deliveries.about} @> ${JSON.stringify([alertId])}::jsonb`,
      sql`exists (${page} and page.alert_id = ${alertId})`,
    ),
    sql`not exists (${page} and page.alert_id <> ${alertId})`,
  );
}

function isThereSince(since: Date) {
  return or(
    eq(deliveries.state, 'sending'),
    and(eq(deliveries.state, 'sent'), gt(deliveries.sentAt, since), isNotNull(deliveries.messageRefSealed)),
  );
}

function isReplyTo(contactId: ContactId) {
  return and(isSendTo(contactId), gte(deliveries.class, CLASS.word));
}

function isSendTo(contactId: ContactId) {
  return and(eq(deliveries.contactId, contactId), eq(deliveries.action, 'send'));
}
