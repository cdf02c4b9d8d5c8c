/**
 * A page that will not arrive, or does not leave: the officer's next contact at once, or the next person.
 *
 * Invariant: a failed page is never the end of an alert; a contact that failed in this round is not tried again before
 * the next repeat, so that two dead contacts do not play ball; one that only waits may still leave. A page on a dead
 * channel goes only to an officer whom it would reach now; if there is nobody, it stays and the policy's own time
 * counts.
 */
import { nextPerson } from '../../alerts/escalation.ts';
import { offeredTo } from '../../alerts/progress.ts';
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import { channelOf } from '../../db/contacts.ts';
import { lockAlertById } from '../../db/locks.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import {
  failedContacts,
  hastenPage,
  isReachedElsewhere,
  keepPage,
  type PageRow,
  pagesOfDelivery,
  takeStuckPages,
} from '../../db/pages.ts';
import type { ContactId, DeliveryId } from '../../kernel/ids.ts';
import { after, seconds } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import { onCallNow } from '../duty/duty-plan.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { policyOf, saveAlert, toAlertNow } from '../records/alert-record.ts';
import { whoMayKnow } from '../records/may-know.ts';
import { carryOut } from './carrying-out.ts';
import { pageOne } from './paging.ts';
import { pageTaker } from './taker-pages.ts';

const NONE: ReadonlySet<ChannelKind> = new Set();

/** Called in the transaction that records the failure. `reason` is a code. Other deliveries than pages do nothing. */
export async function pageFailed(at: Moment, deliveryId: DeliveryId, reason: string): Promise<void> {
  const rows = await pagesOfDelivery(at.tx, deliveryId);
  if (rows.length === 0) return;
  const officers = await enrolledOfficers(at.tx);
  for (const page of rows) await goOn(at, page, reason, officers);
}

/** A contact is gone (it blocked the bot, was revoked): every live alert that was paged there goes on at once. */
export async function contactLost(
  at: Moment,
  pages: readonly PageRow[],
  reason: 'blocked' | 'contact_revoked' = 'blocked',
): Promise<void> {
  const officers = await enrolledOfficers(at.tx);
  for (const page of pages) await goOn(at, page, reason, officers);
}

/**
 * A page that has not left for so long is tried elsewhere too; with the cycle's second: within a minute. One to a channel
 * of which it is known that nothing leaves there is so at once, and still leaves when the channel is back, as a repeat.
 */
const STUCK_AFTER = seconds(30);
const STUCK_AT_ONCE = 50;

/**
 * Tries elsewhere what should have left and has not; returns how many pages went on. `dead`: channels through which
 * nothing leaves now. A page that stays is looked at again for as long as it would be young elsewhere too.
 */
export function movePagesOn(ctx: Context, dead: ReadonlySet<ChannelKind> = NONE): Promise<number> {
  return transact(ctx, async (at) => {
    const { tx, now } = at;
    const stuck = await takeStuckPages(tx, now, after(now, -STUCK_AFTER), STUCK_AT_ONCE, [...dead]);
    if (stuck.length === 0) return 0;
    const officers = await enrolledOfficers(tx);
    const inOrder = [...stuck].sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
    let moved = 0;
    for (const page of inOrder) {
      if (await goOn(at, page, 'stuck', officers, dead)) moved += 1;
      else if (page.pagedAt > after(now, -STUCK_AFTER)) await keepPage(tx, page);
    }
    return moved;
  });
}

/** False: there is nobody now whom it would reach sooner than where it waits. */
async function goOn(
  at: Moment,
  page: PageRow,
  reason: string,
  officers: readonly EnrolledOfficer[],
  dead: ReadonlySet<ChannelKind> = NONE,
): Promise<boolean> {
  const { tx, ctx, now } = at;
  const row = await lockAlertById(tx, page.alertId);
  if (!row || row.state === 'closed') return true;
  const channel = await channelOf(tx, page.contactId);
  const what = reason === 'stuck' ? 'page_moved' : reason === 'contact_revoked' ? reason : 'page_failed';
  const note = () =>
    logAlert(tx, now, row.id, what, { officerId: page.officerId, detail: { reason, channel } });
  const failed = new Set([
    page.contactId,
    ...(await failedContacts(tx, row.id, page.officerId, row.roundAt)),
  ]);
  if (row.state === 'taken' && offeredTo(toAlertNow(row)) !== page.officerId) {
    await note();
    await tellTakerElsewhere(at, row, page, [...failed]);
    return true;
  }
  // A page on a seized phone has reached nobody, wherever else it went.
  if (reason !== 'contact_revoked' && (await isReachedElsewhere(tx, page))) {
    await note();
    return true;
  }
  // Who must not know of it (any more) is not tried elsewhere: the next person is.
  const officer = (await whoMayKnow(tx, row, officers)).find((each) => each.id === page.officerId);
  const isAlive = (each: Reached): boolean => !each.isBlocked && !dead.has(each.channel);
  // An officer who lost a phone may be in danger: others are called, not only their other phone.
  const contact =
    reason === 'contact_revoked'
      ? undefined
      : nextContact(officer, (each) => isAlive(each) && !failed.has(each.contactId));
  if (officer && contact) {
    await note();
    // It may wait there already, for its own time.
    if (await hastenPage(tx, now, { alertId: row.id, contactId: contact.contactId })) ctx.nudge('pages');
    else {
      const target = { officer, contactId: contact.contactId };
      await pageOne(at, row, target, { isRepeat: page.isRepeat, repeat: 0, recent: [] });
    }
    return true;
  }
  // Asked to take it over and out of reach: it stays with the officer who has it.
  if (row.state === 'taken') {
    await note();
    await saveAlert(at, row, { alert: toAlertNow(row), nextStepAt: now });
    return true;
  }
  const people = await onCallNow(at, officers, row);
  const within = new Set(officers.filter(({ contacts }) => contacts.some(isAlive)).map(({ id }) => id));
  const living = people.map((each) => ({ ...each, isReachable: each.isReachable && within.has(each.id) }));
  const next = nextPerson(policyOf(row), toAlertNow(row), now, living);
  const isOnDead = channel !== undefined && dead.has(channel);
  if (isOnDead && next.decisions.length === 0) return false;
  await note();
  const chosen = next.decisions.length > 0 ? next : nextPerson(policyOf(row), toAlertNow(row), now, people);
  await carryOut(at, row, chosen, officers);
  return true;
}

type Reached = EnrolledOfficer['contacts'][number];

/** In the officer's order, but an address that was refused last only if there is nothing else. */
function nextContact(
  officer: EnrolledOfficer | undefined,
  mayBe: (each: Reached) => boolean,
): Reached | undefined {
  const found = (officer?.contacts ?? []).filter(mayBe);
  return found.find(({ isRefused }) => !isRefused) ?? found[0];
}

/** The taker must see that the person asked again; if they cannot be told, everybody is. */
async function tellTakerElsewhere(
  at: Moment,
  row: AlertRow,
  page: PageRow,
  failed: readonly ContactId[],
): Promise<void> {
  const alert = toAlertNow(row);
  if (row.takenBy !== page.officerId) return;
  const mustSee = alert.progress.againAt !== undefined;
  if (mustSee && (await pageTaker(at, row, 'again', failed))) return;
  // Looked at in the next cycle: a taker who can no longer be reached at all has it no longer.
  const progress = mustSee ? { ...alert.progress, againAt: 0 } : alert.progress;
  await saveAlert(at, row, { alert: { ...alert, progress }, nextStepAt: at.now });
  at.ctx.nudge('escalate');
}
