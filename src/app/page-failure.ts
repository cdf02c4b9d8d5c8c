/**
 * A page that will not arrive, or does not leave: the officer's next contact at once, or the next person.
 *
 * Invariant: a failed page is never the end of an alert; a contact that failed in this round is not tried again
 * before the next repeat, so that two dead contacts do not play ball; one that only waits may still leave.
 */
import { nextPerson } from '../alerts/escalation.ts';
import { offeredTo } from '../alerts/progress.ts';
import type { ChannelKind } from '../channels/channel.ts';
import { type AlertRow, lockAlert, logAlert } from '../db/alerts.ts';
import { channelOf } from '../db/contacts.ts';
import type { Tx } from '../db/database.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../db/officers.ts';
import {
  failedContacts,
  hastenPage,
  isReachedElsewhere,
  type PageRow,
  pagesOfDelivery,
  takeStuckPages,
} from '../db/pages.ts';
import type { ContactId, DeliveryId } from '../kernel/ids.ts';
import { after, seconds } from '../kernel/time.ts';
import { policyOf, saveAlert, toAlertNow } from './alert-record.ts';
import type { Context } from './context.ts';
import { carryOut } from './decisions.ts';
import { onCallNow } from './duty-plan.ts';
import { whoMayKnow } from './may-know.ts';
import { pageOne } from './paging.ts';
import { pageTaker } from './taker-pages.ts';
import { transact } from './transaction.ts';

const NONE: ReadonlySet<ChannelKind> = new Set();

/** Called in the transaction that records the failure. `reason` is a code. Other deliveries than pages do nothing. */
export async function pageFailed(
  tx: Tx,
  ctx: Context,
  now: Date,
  deliveryId: DeliveryId,
  reason: string,
): Promise<void> {
  const rows = await pagesOfDelivery(tx, deliveryId);
  if (rows.length === 0) return;
  const officers = await enrolledOfficers(tx);
  for (const page of rows) await goOn(tx, ctx, now, page, reason, officers);
}

/** A contact is gone (it blocked the bot, was revoked): every live alert that was paged there goes on at once. */
export async function contactLost(
  tx: Tx,
  ctx: Context,
  now: Date,
  pages: readonly PageRow[],
  reason: 'blocked' | 'contact_revoked' = 'blocked',
): Promise<void> {
  const officers = await enrolledOfficers(tx);
  for (const page of pages) await goOn(tx, ctx, now, page, reason, officers);
}

/**
 * A page that has not left for so long is tried elsewhere too; with the cycle's second: within a minute. One to a channel
 * of which it is known that nothing leaves there is so at once, and still leaves when the channel is back, as a repeat.
 */
const STUCK_AFTER = seconds(30);
const STUCK_AT_ONCE = 50;

/**
 * Tries elsewhere what should have left and has not; returns how many pages there were. `dead`: channels through which
 * nothing leaves now.
 */
export function movePagesOn(ctx: Context, dead: ReadonlySet<ChannelKind> = NONE): Promise<number> {
  return transact(ctx, async (tx, inside, now) => {
    const stuck = await takeStuckPages(tx, now, after(now, -STUCK_AFTER), STUCK_AT_ONCE, [...dead]);
    if (stuck.length === 0) return 0;
    const officers = await enrolledOfficers(tx);
    const inOrder = [...stuck].sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
    for (const page of inOrder) await goOn(tx, inside, now, page, 'stuck', officers, dead);
    return stuck.length;
  });
}

async function goOn(
  tx: Tx,
  ctx: Context,
  now: Date,
  page: PageRow,
  reason: string,
  officers: readonly EnrolledOfficer[],
  dead: ReadonlySet<ChannelKind> = NONE,
): Promise<void> {
  const row = await lockAlert(tx, page.alertId);
  if (!row || row.state === 'closed') return;
  const channel = await channelOf(tx, page.contactId);
  const what = reason === 'stuck' ? 'page_moved' : reason === 'contact_revoked' ? reason : 'page_failed';
  await logAlert(tx, now, row.id, what, {
    officerId: page.officerId,
    detail: { reason, channel },
  });
  const failed = new Set([
    page.contactId,
    ...(await failedContacts(tx, row.id, page.officerId, row.roundAt)),
  ]);
  if (row.state === 'taken' && offeredTo(toAlertNow(row)) !== page.officerId)
    return tellTakerElsewhere(tx, ctx, now, row, page, [...failed]);
  // A page on a seized phone has reached nobody, wherever else it went.
  if (reason !== 'contact_revoked' && (await isReachedElsewhere(tx, page))) return;
  // Who must not know of it (any more) is not tried elsewhere: the next person is.
  const officer = (await whoMayKnow(tx, row, officers)).find((each) => each.id === page.officerId);
  // Whoever lost a phone may be in danger: others are called, not only their other phone.
  const contact =
    reason === 'contact_revoked'
      ? undefined
      : officer?.contacts.find(
          (each) => !each.isBlocked && !failed.has(each.contactId) && !dead.has(each.channel as ChannelKind),
        );
  if (officer && contact) {
    // It may wait there already, for its own time.
    if (await hastenPage(tx, now, { alertId: row.id, contactId: contact.contactId }))
      return ctx.nudge('pages');
    const target = { officer, contactId: contact.contactId };
    return pageOne(tx, ctx, now, row, target, { isRepeat: page.isRepeat, repeat: 0, recent: [] });
  }
  // Asked to take it over and out of reach: it stays with whoever has it.
  if (row.state === 'taken')
    return void (await saveAlert(tx, now, row, { alert: toAlertNow(row), nextStepAt: now }));
  const people = await onCallNow(tx, ctx, now, officers, row);
  await carryOut(tx, ctx, now, row, nextPerson(policyOf(row), toAlertNow(row), now, people), officers);
}

/** The taker must see that the person asked again; if they cannot be told, everybody is. */
async function tellTakerElsewhere(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  page: PageRow,
  failed: readonly ContactId[],
): Promise<void> {
  const alert = toAlertNow(row);
  if (row.takenBy !== page.officerId) return;
  const mustSee = alert.progress.againAt !== undefined;
  if (mustSee && (await pageTaker(tx, ctx, now, row, 'again', failed))) return;
  // Looked at in the next cycle: a taker who can no longer be reached at all has it no longer.
  const progress = mustSee ? { ...alert.progress, againAt: 0 } : alert.progress;
  await saveAlert(tx, now, row, { alert: { ...alert, progress }, nextStepAt: now });
  ctx.nudge('escalate');
}
