/**
 * When many alerts come at once: one page with a count and all references instead of one page each. Pure.
 *
 * Invariant: no alert is dropped. Every alert that needs a page is in exactly one of the pages that leave now, or
 * was in one that left within the last minute.
 */
import type { AlertId } from '../kernel/ids.ts';
import { minutes, seconds } from '../kernel/time.ts';

export const BUNDLE = {
  /** More alerts than this to one officer within the window are bundled. */
  moreThan: 3,
  windowMs: minutes(5),
  /** Bundles to one officer leave this far apart. */
  apartMs: seconds(20),
  /** The first page of a critical alert waits so long at most behind the bundle before it … */
  urgentMs: seconds(1),
  /** … until so many bundles have left within the window; then so long, so that an officer can read and press. */
  urgentBundles: 20,
  slowedMs: seconds(5),
  /** A repeat is spared if a bundle with the alert left this recently. */
  sparedMs: seconds(60),
  /** Alerts on one page: each has a line and a button (messengers take some 100 buttons and 4,000 characters). */
  most: 30,
} as const;

/** A page to the officer within the window, of an alert that nobody has taken. */
export type RecentPage = {
  alertId: AlertId;
  raisedAt: Date;
  pagedAt: Date;
  deliveryId: number;
  /** It was on a page with others. */
  isBundle: boolean;
  /** Still in the outbox: can be replaced. */
  isQueued: boolean;
  /** When it leaves or left. */
  dueAt: Date;
};

export type PagePlan =
  | { kind: 'single' }
  /** In a bundle that has just left. */
  | { kind: 'spared' }
  | { kind: 'bundle'; pages: AlertId[][]; total: number; replaces: number[]; delayMs: number };

/**
 * How to page one officer for one alert, given what they were paged for in the last minutes. The first page of a
 * critical alert is held for a second at most, so that false alerts do not hide a true one. `delayMs`: how long the contact
 * waits while another one is tried; what waits there already does not wait longer for what comes.
 */
export function planPage(
  alert: { id: AlertId; raisedAt: Date; level: string },
  isRepeat: boolean,
  recent: readonly RecentPage[],
  now: Date,
  delayMs = 0,
): PagePlan {
  const known = new Map(recent.map((page) => [page.alertId, page.raisedAt]));
  known.set(alert.id, alert.raisedAt);
  if (known.size <= BUNDLE.moreThan) return { kind: 'single' };
  const bundles = recent.filter((page) => page.isBundle);
  if (isRepeat && bundles.some((page) => page.alertId === alert.id && isSparing(page, now)))
    return { kind: 'spared' };
  const queued = recent.filter((page) => page.isQueued);
  const needed = new Set([alert.id, ...queued.map((page) => page.alertId)]);
  const order = [...known].sort((a, b) => a[1].getTime() - b[1].getTime() || (a[0] < b[0] ? -1 : 1));
  const ids = order.map(([id]) => id);
  const pages: AlertId[][] = [];
  for (let i = 0; i < ids.length; i += BUNDLE.most) pages.push(ids.slice(i, i + BUNDLE.most));
  return {
    kind: 'bundle',
    pages: pages.filter((page) => page.some((id) => needed.has(id))),
    total: ids.length,
    replaces: [...new Set(queued.map((page) => page.deliveryId))],
    delayMs: Math.min(
      Math.max(delayMs, delay(bundles, alert.level === 'critical' && !isRepeat, now)),
      ...queued.map((page) => Math.max(0, page.dueAt.getTime() - now.getTime())),
    ),
  };
}

function isSparing(page: RecentPage, now: Date): boolean {
  const age = now.getTime() - page.pagedAt.getTime();
  return page.isQueued || (age >= 0 && age < BUNDLE.sparedMs);
}

/**
 * A bundle that waits keeps its time, or leaves sooner for what is urgent; otherwise the next one leaves a little after
 * the last one.
 */
function delay(bundles: readonly RecentPage[], isUrgent: boolean, now: Date): number {
  const queued = bundles.filter((page) => page.isQueued).map((page) => page.dueAt.getTime());
  const gone = bundles.filter((page) => !page.isQueued);
  const left = Math.max(0, ...gone.map((page) => page.dueAt.getTime()));
  const apart = isUrgent ? urgentApart(gone) : BUNDLE.apartMs;
  const next = left + apart;
  const at = queued.length === 0 ? next : Math.min(...queued, ...(isUrgent ? [next] : []));
  return Math.min(apart, Math.max(0, at - now.getTime()));
}

function urgentApart(gone: readonly RecentPage[]): number {
  const bundles = new Set(gone.map((page) => page.deliveryId)).size;
  return bundles < BUNDLE.urgentBundles ? BUNDLE.urgentMs : BUNDLE.slowedMs;
}
