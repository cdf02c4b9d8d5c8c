/**
 * Pages: putting them into the outbox, and keeping those that are on phones true.
 *
 * Invariants: every page has a row that says which alerts it is for; a page carries nothing but what
 * `page-text.ts` says; a burst is bundled and no alert of it is dropped.
 */
import { BUNDLE, planPage, type RecentPage } from '../../alerts/bundle.ts';
import type { Capabilities, OutgoingMessage } from '../../channels/channel.ts';
import { type AlertRow, findAlerts } from '../../db/alerts.ts';
import { cancelQueued } from '../../db/deliveries.ts';
import { mayKnow } from '../../db/known.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import {
  alertsOnDeliveries,
  insertPages,
  type PagedMessage,
  pageCounts,
  pagedMessages,
  recentPages,
} from '../../db/pages.ts';
import type { AlertId, ContactId, DeliveryId, OfficerId } from '../../kernel/ids.ts';
import { after, seconds } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { sleepersAt } from '../duty/duty-plan.ts';
import { languageOfOfficer, officerText } from '../duty/officer-wording.ts';
import { pageMessage } from '../duty/page-text.ts';
import type { Context } from '../ground/context.ts';
import { enqueue } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfOfficer, whoMayKnow } from '../records/may-know.ts';
import { shortNames } from '../records/officer-names.ts';

/** Messages of one alert on one contact that are kept true; older ones answer when they are tapped. */
const KEPT_TRUE = 10;

/** `delayMs`: not before so long from now; default 0. */
type Target = { officer: EnrolledOfficer; contactId: ContactId; delayMs?: number; isSilent?: boolean };

/**
 * Pages officers for an alert: each on the first contact at once, on the others after their delays, unless an officer
 * takes it before. `isEverywhere`: supervisors on all of them at once.
 */
export async function pageOfficers(
  at: Moment,
  alert: AlertRow,
  officers: readonly EnrolledOfficer[],
  { isRepeat, isEverywhere = false }: { isRepeat: boolean; isEverywhere?: boolean },
): Promise<void> {
  const { tx, ctx, now } = at;
  const called = await whoMayKnow(tx, alert, officers);
  if (called.length === 0) return;
  const counts = await pageCounts(tx, alert.id);
  const recent = await recentPages(
    tx,
    called.map((officer) => officer.id),
    after(now, -BUNDLE.windowMs),
  );
  // Once nobody has answered, everybody is woken.
  const sleepers = isEverywhere ? new Set() : await sleepersAt(at, alert.level, called);
  // Always in the same order, so that two transactions never wait for each other's deliveries.
  for (const officer of [...called].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const repeat = counts.get(officer.id) ?? 0;
    const isAtOnce = isEverywhere && officer.role === 'supervisor';
    const isSilent = sleepers.has(officer.id);
    const all = officer.contacts.filter((contact) => !contact.isBlocked);
    // A contact that only rings wakes: not for an officer who may sleep, as long as there is another way.
    const quiet = all.filter(({ contactId }) => !canOf(ctx, officer, contactId)?.isForPagesOnly);
    const reachable = isSilent && quiet.length > 0 ? quiet : all;
    const ids = await idsOfOfficer(tx, officer.id);
    for (const [n, { contactId, delaySeconds }] of reachable.entries()) {
      const target = {
        officer,
        contactId,
        delayMs: n === 0 || isAtOnce ? 0 : seconds(delaySeconds),
        isSilent,
      };
      // An exercise is never on one page with real alerts.
      const theirs = alert.isDrill
        ? []
        : recent.filter((page) => page.contactId === contactId && mayKnow(ids, page));
      await pageOne(at, alert, target, { isRepeat, repeat, recent: theirs });
    }
  }
}

/** Pages one officer on one contact, alone or with what else waits for them there. */
export async function pageOne(
  at: Moment,
  alert: AlertRow,
  target: Target,
  more: { isRepeat: boolean; repeat: number; recent: readonly RecentPage[] },
): Promise<void> {
  const { isRepeat, repeat } = more;
  const delayMs = target.delayMs ?? 0;
  const plan = planPage(alert, isRepeat, more.recent, at.now, delayMs);
  if (plan.kind === 'spared') return;
  if (plan.kind === 'single') {
    const page = { alerts: [alert], total: 1, repeat, isRepeat, delayMs };
    return sendPage(at, alert.id, target, page);
  }
  await cancelQueued(at.tx, plan.replaces as DeliveryId[]);
  for (const ids of plan.pages) {
    const alerts = (await findAlerts(at.tx, ids)).map((each) => (each.id === alert.id ? alert : each));
    const page = { alerts, total: plan.total, repeat, isRepeat, delayMs: plan.delayMs };
    await sendPage(at, alert.id, target, page);
  }
}

/** Puts one page for these alerts into the outbox. */
export async function sendPage(
  at: Moment,
  alertId: AlertId,
  { officer, contactId, isSilent }: Target,
  page: { alerts: AlertRow[]; total: number; repeat: number; isRepeat: boolean; delayMs: number },
): Promise<void> {
  const { tx, ctx, now } = at;
  const { alerts, total, repeat } = page;
  const reader = {
    officerId: officer.id,
    language: languageOfOfficer(ctx, officer),
    names: await shortNames(
      at,
      alerts.map((each) => each.takenBy),
    ),
  };
  const deliveryId = await enqueue(at, {
    contactId,
    about: alerts.map(({ id }) => id),
    class: alerts.some((each) => each.level === 'critical' && !each.isDrill)
      ? CLASS.criticalPage
      : CLASS.page,
    message: {
      ...onItsChannel(
        ctx,
        officer,
        contactId,
        reader.language,
        pageMessage(ctx, now, reader, alerts, { repeat, total }),
      ),
      ...(isSilent && alerts.every(({ level }) => level !== 'critical') ? { silent: true } : {}),
    },
    delayMs: page.delayMs,
  });
  await insertPages(
    tx,
    alerts.map((each) => ({
      alertId: each.id,
      officerId: officer.id,
      contactId,
      deliveryId,
      pagedAt: now,
      isRepeat: page.isRepeat || each.id !== alertId,
    })),
  );
}

/** Where nobody can answer the page says where to take it. */
function onItsChannel(
  ctx: Context,
  officer: EnrolledOfficer,
  contactId: ContactId,
  language: string,
  message: OutgoingMessage,
): OutgoingMessage {
  if (!canOf(ctx, officer, contactId)?.isOneWay) return message;
  const text = `${message.text}\n${officerText(ctx, language, 'page.take_elsewhere')}`;
  return { text, ...(message.about ? { about: message.about } : {}) };
}

/** What the channel of one of an officer's contacts can. */
export function canOf(
  ctx: Context,
  officer: EnrolledOfficer,
  contactId: ContactId,
): Capabilities | undefined {
  const kind = officer.contacts.find((contact) => contact.contactId === contactId)?.channel;
  return kind === undefined ? undefined : ctx.channels.get(kind)?.can;
}

/**
 * Makes the messages by which an alert was paged say what is true now: who took it and when, that it is open
 * again, that the person asked again. What has not left yet and is no longer needed does not leave.
 */
export async function refreshPages(at: Moment, alert: AlertRow): Promise<void> {
  const { tx } = at;
  const messages = newestPerContact(await pagedMessages(tx, alert.id));
  const officers = new Map((await enrolledOfficers(tx)).map((officer) => [officer.id, officer]));
  const onThem = await alertsOnDeliveries(
    tx,
    messages.map((message) => message.deliveryId),
  );
  const ids = [...onThem.values()].flat().map((each) => each.takenBy);
  const names = await shortNames(at, [...ids, alert.takenBy]);
  const told = new Set<ContactId>();
  for (const message of messages) {
    const officer = officers.get(message.officerId);
    // A contact that was revoked is nobody's of the team any more.
    if (!officer?.contacts.some(({ contactId }) => contactId === message.contactId)) continue;
    const ids = await idsOfOfficer(tx, officer.id);
    // Nothing is said any more of what they must not know.
    if (!mayKnow(ids, alert)) continue;
    const alerts = (onThem.get(message.deliveryId) ?? [])
      .map((each) => (each.id === alert.id ? alert : each))
      .filter((each) => mayKnow(ids, each));
    await refreshOne(at, alert, { message, officer, alerts, names, told });
  }
}

async function refreshOne(
  at: Moment,
  alert: AlertRow,
  on: {
    message: PagedMessage;
    officer: EnrolledOfficer;
    alerts: AlertRow[];
    names: ReadonlyMap<OfficerId, string>;
    told: Set<ContactId>;
  },
): Promise<void> {
  const { tx, ctx, now } = at;
  const { message, officer, alerts, names, told } = on;
  const reader = { officerId: officer.id, language: languageOfOfficer(ctx, officer), names };
  // An open alert still needs its page, which is changed right behind it.
  if (message.state === 'queued' && alert.state !== 'open') {
    if ((await cancelQueued(tx, [message.deliveryId])).length > 0) {
      const rest = alerts.filter((each) => each.state === 'open');
      const [first] = rest;
      const target = { officer, contactId: message.contactId };
      const page = { alerts: rest, total: rest.length, repeat: 0, isRepeat: true, delayMs: 0 };
      if (first) await sendPage(at, first.id, target, page);
      return;
    }
  }
  const can = canOf(ctx, officer, message.contactId);
  if (can?.isForPagesOnly) return;
  if (can?.editText !== false) {
    await enqueue(at, {
      contactId: message.contactId,
      // Behind its page if that is on its way; otherwise it keeps no new page waiting.
      class: message.state === 'sent' ? CLASS.reply : message.class,
      action: 'edit',
      about: alerts.map(({ id }) => id),
      targetId: message.deliveryId,
      coalesce: `edit:${message.deliveryId}`,
      message: pageMessage(ctx, now, reader, alerts, { total: alerts.length }),
    });
    return;
  }
  // A channel that cannot change what was sent is told once, in a quiet message, unless other words say it there.
  if (alert.state === 'open' || told.has(message.contactId)) return;
  if (isToldAnyway(officer, message.contactId, alert)) return;
  told.add(message.contactId);
  await enqueue(at, {
    contactId: message.contactId,
    class: CLASS.reply,
    about: [alert.id],
    coalesce: `fate:${alert.id}`,
    message: { ...pageMessage(ctx, now, reader, [alert]), silent: true },
  });
}

/** The taker is shown what to do with it; supervisors are told who took or closed it, on their first contact. */
function isToldAnyway(officer: EnrolledOfficer, contactId: ContactId, alert: AlertRow): boolean {
  if (alert.state === 'taken' && alert.takenBy === officer.id) return true;
  const first = officer.contacts.find((contact) => !contact.isBlocked);
  return officer.role === 'supervisor' && first?.contactId === contactId;
}

function newestPerContact(messages: readonly PagedMessage[]): PagedMessage[] {
  const seen = new Map<ContactId, number>();
  return messages.filter((message) => {
    const count = (seen.get(message.contactId) ?? 0) + 1;
    seen.set(message.contactId, count);
    return count <= KEPT_TRUE;
  });
}
