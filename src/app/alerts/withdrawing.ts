/**
 * A person must not know of a case after all: what they were told of it before is taken back.
 *
 * Invariants: what waits does not leave, and what stands in a chat goes, as far as the messenger can; a page that is for
 * other alerts too goes on to page for those.
 */
import type { AlertRow } from '../../db/alerts.ts';
import { cancelQueued, replaceAbout, sentAbout } from '../../db/deliveries.ts';
import { type Ids, mayKnow } from '../../db/known.ts';
import { contactsOfOfficer, type EnrolledOfficer } from '../../db/officers.ts';
import { alertsOnDeliveries, type PagedMessage, pagedMessages } from '../../db/pages.ts';
import type { ContactId, DeliveryId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { languageOfOfficer } from '../duty/officer-wording.ts';
import { pageMessage } from '../duty/page-text.ts';
import { enqueue } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { isChat } from '../records/contact-address.ts';
import { idsOfOfficer } from '../records/may-know.ts';
import { shortNames } from '../records/officer-names.ts';
import { canOf, sendPage } from './paging.ts';

/** Messengers let a bot take back what it sent for 48 hours; a little less, so that none is refused. */
const RETRACTABLE = hours(47);

/** Takes back what an officer was sent about an alert. `alert`: the row as it is now, with them among the excluded. */
export async function withdrawFrom(at: Moment, alert: AlertRow, officer: EnrolledOfficer): Promise<void> {
  const { tx, now } = at;
  const ids = await idsOfOfficer(tx, officer.id);
  const pages = (await pagedMessages(tx, alert.id)).filter(({ officerId }) => officerId === officer.id);
  const onThem = await alertsOnDeliveries(
    tx,
    pages.map(({ deliveryId }) => deliveryId),
  );
  for (const page of pages) {
    const all = onThem.get(page.deliveryId) ?? [];
    if (all.length > 1) await takeOff(at, { page, all, officer, ids });
  }
  for (const { contactId } of await contactsOfOfficer(tx, officer.id)) {
    await replaceAbout(tx, contactId, alert.id);
    for (const { id, channel } of await sentAbout(tx, contactId, alert.id, after(now, -RETRACTABLE)))
      if (isChat(channel)) await retract(at, contactId, id);
  }
}

/** A page for several alerts: only those stay on it of which they may know. */
async function takeOff(
  at: Moment,
  on: { page: PagedMessage; all: AlertRow[]; officer: EnrolledOfficer; ids: Ids },
): Promise<void> {
  const { tx, ctx, now } = at;
  const { page, officer } = on;
  const { contactId, deliveryId } = page;
  const rest = on.all.filter((each) => mayKnow(on.ids, each));
  if (page.state === 'queued' && (await cancelQueued(tx, [deliveryId])).length > 0) {
    const open = rest.filter(({ state }) => state === 'open');
    const [first] = open;
    const still = { alerts: open, total: open.length, repeat: 0, isRepeat: true, delayMs: 0 };
    if (first) await sendPage(at, first.id, { officer, contactId }, still);
    return;
  }
  const can = canOf(ctx, officer, contactId);
  if (can?.isForPagesOnly || can?.editText === false) return;
  if (rest.length === 0) return retract(at, contactId, deliveryId);
  const names = await shortNames(
    at,
    rest.map(({ takenBy }) => takenBy),
  );
  const reader = { officerId: officer.id, language: languageOfOfficer(ctx, officer), names };
  await enqueue(at, {
    contactId,
    class: page.state === 'sent' ? CLASS.reply : page.class,
    action: 'edit',
    targetId: deliveryId,
    coalesce: `edit:${deliveryId}`,
    about: rest.map(({ id }) => id),
    message: pageMessage(ctx, now, reader, rest, { total: rest.length }),
  });
}

async function retract(at: Moment, contactId: ContactId, targetId: DeliveryId): Promise<void> {
  const message = { text: '' };
  await enqueue(at, { contactId, class: CLASS.reply, action: 'retract', targetId, message });
}
