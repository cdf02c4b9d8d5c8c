/**
 * A page that will not arrive: the officer's next contact at once, or the next person.
 *
 * Invariant: a failed page is never the end of an alert; a contact that failed in this round is not tried again
 * before the next repeat, so that two dead contacts do not play ball.
 */
import { nextPerson } from '../alerts/escalation.ts';
import { type AlertRow, lockAlert, logAlert } from '../db/alerts.ts';
import type { Tx } from '../db/database.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../db/officers.ts';
import { failedContacts, type PageRow, pagesOfDelivery } from '../db/pages.ts';
import type { ContactId, DeliveryId } from '../kernel/ids.ts';
import { onCall, policyOf, saveAlert, toAlertNow } from './alert-record.ts';
import type { Context } from './context.ts';
import { carryOut } from './decisions.ts';
import { pageOne } from './paging.ts';
import { pageTaker } from './taker-pages.ts';

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

/** An officer blocked the bot: every live alert they were paged for there goes on at once. */
export async function contactLost(tx: Tx, ctx: Context, now: Date, pages: readonly PageRow[]): Promise<void> {
  const officers = await enrolledOfficers(tx);
  for (const page of pages) await goOn(tx, ctx, now, page, 'blocked', officers);
}

async function goOn(
  tx: Tx,
  ctx: Context,
  now: Date,
  page: PageRow,
  reason: string,
  officers: readonly EnrolledOfficer[],
): Promise<void> {
  const row = await lockAlert(tx, page.alertId);
  if (!row || row.state === 'closed') return;
  await logAlert(tx, now, row.id, 'page_failed', { officerId: page.officerId, detail: { reason } });
  const failed = new Set([
    page.contactId,
    ...(await failedContacts(tx, row.id, page.officerId, row.roundAt)),
  ]);
  if (row.state === 'taken') return tellTakerElsewhere(tx, ctx, now, row, page, [...failed]);
  const officer = officers.find((each) => each.id === page.officerId);
  const contact = officer?.contacts.find((each) => !each.isBlocked && !failed.has(each.contactId));
  if (officer && contact) {
    const target = { officer, contactId: contact.contactId };
    return pageOne(tx, ctx, now, row, target, { isRepeat: page.isRepeat, repeat: 0, recent: [] });
  }
  await carryOut(
    tx,
    ctx,
    now,
    row,
    nextPerson(policyOf(row), toAlertNow(row), now, onCall(officers)),
    officers,
  );
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
