/** Pages: which alerts a message to an officer was about, and what became of it. */
import type { AlertId, ContactId, DeliveryId, OfficerId, PersonId } from '../kernel/ids.ts';
import { CLASS, type DeliveryState } from '../kernel/vocabulary.ts';
import type { AlertRow } from './alerts.ts';
import type { Db, Tx } from './database.ts';
import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  notInArray,
  or,
  sql,
} from './drizzle.cjs';
import { alerts, contacts, deliveries, pages } from './schema.ts';

export async function insertPages(tx: Tx, rows: (typeof pages.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(pages).values(rows);
}

export type RecentPageRow = {
  officerId: OfficerId;
  contactId: ContactId;
  alertId: AlertId;
  raisedAt: Date;
  pagedAt: Date;
  deliveryId: DeliveryId;
  isBundle: boolean;
  isQueued: boolean;
  dueAt: Date;
  excluded: PersonId[];
};

/** What these officers were paged for since `since` (or what still waits to leave), of alerts nobody has taken. */
export async function recentPages(
  tx: Tx,
  officerIds: readonly OfficerId[],
  since: Date,
): Promise<RecentPageRow[]> {
  if (officerIds.length === 0) return [];
  return tx
    .select({
      officerId: pages.officerId,
      contactId: pages.contactId,
      alertId: pages.alertId,
      raisedAt: alerts.raisedAt,
      pagedAt: pages.pagedAt,
      deliveryId: pages.deliveryId,
      isBundle: isSharedPage(),
      isQueued: sql<boolean>`${deliveries.state} = 'queued'`,
      dueAt: deliveries.dueAt,
      excluded: alerts.excluded,
    })
    .from(pages)
    .innerJoin(alerts, eq(alerts.id, pages.alertId))
    .innerJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .where(
      and(
        inArray(pages.officerId, [...officerIds]),
        eq(alerts.state, 'open'),
        eq(alerts.isDrill, false),
        ne(deliveries.state, 'replaced'),
        ne(deliveries.state, 'failed'),
        or(sql`${pages.pagedAt} > ${since.toISOString()}::timestamptz`, eq(deliveries.state, 'queued')),
      ),
    );
}

/** How often each officer was paged for an alert, on however many contacts at a time. */
export async function pageCounts(tx: Tx, alertId: AlertId): Promise<Map<OfficerId, number>> {
  const rows = await tx
    .select({ officerId: pages.officerId, count: sql<number>`count(distinct ${pages.pagedAt})::int` })
    .from(pages)
    .where(eq(pages.alertId, alertId))
    .groupBy(pages.officerId);
  return new Map(rows.map((row) => [row.officerId, row.count]));
}

export type PageRow = typeof pages.$inferSelect;

export function pagesOfDelivery(tx: Tx, deliveryId: DeliveryId): Promise<PageRow[]> {
  return tx.select().from(pages).where(eq(pages.deliveryId, deliveryId)).orderBy(asc(pages.alertId));
}

export type PagedMessage = {
  deliveryId: DeliveryId;
  contactId: ContactId;
  officerId: OfficerId;
  class: number;
  state: DeliveryState;
};

/** Messages by which an alert was paged and that are, or will be, on an officer's phone; newest first. */
export function pagedMessages(tx: Tx, alertId: AlertId): Promise<PagedMessage[]> {
  return tx
    .select({
      deliveryId: pages.deliveryId,
      contactId: pages.contactId,
      officerId: pages.officerId,
      class: deliveries.class,
      state: deliveries.state,
    })
    .from(pages)
    .innerJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .where(and(eq(pages.alertId, alertId), inArray(deliveries.state, ['queued', 'sending', 'sent'])))
    .orderBy(desc(pages.deliveryId));
}

/** The alerts of each of these messages, oldest first. */
export async function alertsOnDeliveries(
  tx: Tx,
  deliveryIds: readonly DeliveryId[],
): Promise<Map<DeliveryId, AlertRow[]>> {
  const found = new Map<DeliveryId, AlertRow[]>();
  if (deliveryIds.length === 0) return found;
  const rows = await tx
    .select({ deliveryId: pages.deliveryId, alert: alerts })
    .from(pages)
    .innerJoin(alerts, eq(alerts.id, pages.alertId))
    .where(inArray(pages.deliveryId, [...deliveryIds]))
    .orderBy(asc(alerts.raisedAt), asc(alerts.id));
  for (const { deliveryId, alert } of rows) found.set(deliveryId, [...(found.get(deliveryId) ?? []), alert]);
  return found;
}

export async function markDeclined(tx: Tx, now: Date, alertId: AlertId, officerId: OfficerId): Promise<void> {
  await tx
    .update(pages)
    .set({ declinedAt: now })
    .where(and(isPageTo(officerId, alertId), isNull(pages.declinedAt)));
}

/**
 * What is true of the pages of an alert: how many officers a page reached, and when the last one left. `without`: people
 * who must not know of it, and from whom what they were sent was taken back.
 */
export async function pagesSent(
  db: Db | Tx,
  alertId: AlertId,
  without: readonly PersonId[] = [],
): Promise<{ officers: number; lastAt: Date | undefined; waiting: number }> {
  const [row] = await db
    .select({
      officers: sql<number>`count(distinct ${pages.officerId}) filter (where ${deliveries.id} is null or ${deliveries.state} = 'sent')::int`,
      lastAt: sql<
        string | Date | null
      >`max(coalesce(${deliveries.sentAt}, case when ${deliveries.id} is null then ${pages.pagedAt} end))`,
      waiting: sql<number>`count(*) filter (where ${deliveries.state} in ('queued', 'sending'))::int`,
    })
    .from(pages)
    .leftJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .where(and(eq(pages.alertId, alertId), notInArray(pages.officerId, [...without] as OfficerId[])));
  return {
    officers: row?.officers ?? 0,
    lastAt: row?.lastAt ? new Date(row.lastAt) : undefined,
    waiting: row?.waiting ?? 0,
  };
}

/** Contacts of an officer on which a page of this alert failed, or waits and was tried elsewhere, since `since`. */
export async function failedContacts(
  tx: Tx,
  alertId: AlertId,
  officerId: OfficerId,
  since: Date,
): Promise<ContactId[]> {
  const rows = await tx
    .selectDistinct({ contactId: pages.contactId })
    .from(pages)
    .innerJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .where(
      and(
        isPageTo(officerId, alertId),
        or(eq(deliveries.state, 'failed'), and(isWaiting(), isNotNull(pages.movedAt))),
        gte(pages.pagedAt, since),
      ),
    );
  return rows.map((row) => row.contactId);
}

/** The last page of each live alert to a contact, in the order of alerts' ids. */
export function lastPagesTo(tx: Tx, contactId: ContactId): Promise<PageRow[]> {
  return tx
    .selectDistinctOn([pages.alertId], getTableColumns(pages))
    .from(pages)
    .innerJoin(alerts, eq(alerts.id, pages.alertId))
    .where(and(eq(pages.contactId, contactId), ne(alerts.state, 'closed')))
    .orderBy(asc(pages.alertId), desc(pages.deliveryId));
}

/** A page of this alert that waits for its time on one contact leaves now; false: there is none. */
export async function hastenPage(
  tx: Tx,
  now: Date,
  page: { alertId: AlertId; contactId: ContactId },
): Promise<boolean> {
  const theirs = tx
    .select({ id: pages.deliveryId })
    .from(pages)
    .where(and(eq(pages.alertId, page.alertId), eq(pages.contactId, page.contactId)));
  const hastened = await tx
    .update(deliveries)
    .set({ dueAt: sql`least(${deliveries.dueAt}, ${now.toISOString()}::timestamptz)` })
    .where(and(inArray(deliveries.id, theirs), eq(deliveries.state, 'queued'), eq(deliveries.attempts, 0)))
    .returning({ id: deliveries.id });
  return hastened.length > 0;
}

/** Pages of this alert alone that wait to leave for an officer. */
export async function queuedPagesOf(tx: Tx, alertId: AlertId, officerId: OfficerId): Promise<DeliveryId[]> {
  const rows = await tx
    .select({ id: pages.deliveryId })
    .from(pages)
    .innerJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .where(and(isPageTo(officerId, alertId), eq(deliveries.state, 'queued'), sql`not ${isSharedPage()}`));
  return rows.map((row) => row.id);
}

/**
 * Pages that should have left before `since` and have not: their channel refuses, answers nothing, or nobody sends
 * there; and those that are due on a channel that is known to be dead. Those that are moved on are given once.
 */
export async function takeStuckPages(
  tx: Tx,
  now: Date,
  since: Date,
  limit: number,
  dead: readonly string[] = [],
): Promise<PageRow[]> {
  const stuck = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        dead.length === 0 ? isStuck(since) : or(isStuck(since), isDueOn(dead, now)),
        sql`exists (select 1 from pages page where page.delivery_id = ${deliveries.id} and page.moved_at is null)`,
      ),
    )
    .orderBy(asc(deliveries.class), asc(deliveries.id))
    .limit(limit)
    .for('no key update', { skipLocked: true });
  if (stuck.length === 0) return [];
  return tx
    .update(pages)
    .set({ movedAt: now })
    .where(
      and(
        inArray(
          pages.deliveryId,
          stuck.map(({ id }) => id),
        ),
        isNull(pages.movedAt),
      ),
    )
    .returning();
}

/** A page that nobody else can be given now: it is looked at again. */
export async function keepPage(tx: Tx, { alertId, deliveryId }: PageRow): Promise<void> {
  await tx
    .update(pages)
    .set({ movedAt: null })
    .where(and(eq(pages.alertId, alertId), eq(pages.deliveryId, deliveryId)));
}

/** Whether the same paging of the same officer has left, or is leaving, on another contact. */
export async function isReachedElsewhere(tx: Tx, page: PageRow): Promise<boolean> {
  const rows = await tx
    .select({ id: pages.deliveryId })
    .from(pages)
    .innerJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .where(
      and(
        isPageTo(page.officerId, page.alertId),
        ne(pages.contactId, page.contactId),
        gte(pages.pagedAt, page.pagedAt),
        eq(deliveries.state, 'sent'),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Every page of an alert with its fate, oldest first. */
export function pagesWithFate(db: Db | Tx, alertId: AlertId) {
  return db
    .select({
      officerId: pages.officerId,
      contactId: pages.contactId,
      channel: contacts.channel,
      pagedAt: pages.pagedAt,
      state: deliveries.state,
      sentAt: deliveries.sentAt,
      deliveredAt: deliveries.deliveredAt,
      readAt: deliveries.readAt,
      failure: deliveries.failure,
      attempts: deliveries.attempts,
    })
    .from(pages)
    .innerJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .leftJoin(contacts, eq(contacts.id, pages.contactId))
    .where(eq(pages.alertId, alertId))
    .orderBy(asc(pages.deliveryId));
}

/** Pages that should have left before `since` and have not. */
export async function countStuckPages(db: Db | Tx, since: Date): Promise<number> {
  const [row] = await db.select({ count: count() }).from(deliveries).where(isStuck(since));
  return row?.count ?? 0;
}

/** What is to leave as a page through one of these channels, and is due. */
function isDueOn(channels: readonly string[], now: Date) {
  const theirs = sql`(select id from contacts where ${inArray(contacts.channel, [...channels])})`;
  return and(
    isWaitingPage(),
    or(gt(deliveries.attempts, 0), lte(deliveries.dueAt, now)),
    sql`${deliveries.contactId} in ${theirs}`,
  );
}

/** What is to leave as a page, was to leave before `since`, and either was tried in vain or nobody has tried. */
function isStuck(since: Date) {
  return and(
    isWaitingPage(),
    lt(deliveries.createdAt, since),
    or(gt(deliveries.attempts, 0), lt(deliveries.dueAt, since)),
  );
}

/** What has not left yet. */
const isWaiting = () => inArray(deliveries.state, ['queued', 'sending']);

/** What has not left yet and is to ring at an officer's. */
const isWaitingPage = () => and(isWaiting(), lt(deliveries.class, CLASS.word), eq(deliveries.action, 'send'));

const isPageTo = (officerId: OfficerId, alertId: AlertId) =>
  and(eq(pages.alertId, alertId), eq(pages.officerId, officerId));

/** The page's message is for other alerts too. */
const isSharedPage = () =>
  sql<boolean>`exists (select 1 from pages other where other.delivery_id = ${pages.deliveryId} and other.alert_id <> ${pages.alertId})`;
