/**
 * What is pushed to the officer who has taken an alert: the person asked again, the level rose.
 *
 * Invariant: such a push is a page like others, with a row of its own: if it cannot be delivered, the alert goes on to
 * a colleague.
 */
import type { AlertRow } from '../../db/alerts.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { insertPages } from '../../db/pages.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notify } from '../duty/officer-notices.ts';
import { languageOfOfficer, ordinal } from '../duty/officer-wording.ts';
import { headline } from '../duty/page-text.ts';
import type { Moment } from '../ground/transaction.ts';
import { isChat } from '../records/contact-address.ts';
import { whoMayKnow } from '../records/may-know.ts';

/** Pages the taker; false if there is no contact left on which they can be reached. */
export async function pageTaker(
  at: Moment,
  alert: AlertRow,
  what: 'again' | 'level_raised',
  /** Contacts that have failed. */
  without: readonly ContactId[] = [],
): Promise<boolean> {
  const { tx, ctx, now } = at;
  const officers = await whoMayKnow(tx, alert, await enrolledOfficers(tx));
  const taker = officers.find((officer) => officer.id === alert.takenBy);
  const left = (taker?.contacts ?? []).filter((each) => !each.isBlocked && !without.includes(each.contactId));
  // A chat first: "seen" is one touch there, and elsewhere only in the room.
  const contact = left.find(({ channel }) => isChat(channel)) ?? left[0];
  if (!taker || !contact) return false;
  const language = languageOfOfficer(ctx, taker);
  const params = { head: headline(ctx, language, alert), nth: ordinal(ctx, language, alert.repeats + 1) };
  const deliveryId = await notify(
    at,
    { contactId: contact.contactId, language },
    {
      key: `taker.${what}`,
      params,
      buttons: [[{ key: 'seen', data: `o:ack:${alert.reference}` }]],
      class: alert.level === 'critical' ? CLASS.criticalPage : CLASS.page,
    },
  );
  if (deliveryId === undefined) return false;
  const page = { alertId: alert.id, officerId: taker.id, contactId: contact.contactId, deliveryId };
  await insertPages(tx, [{ ...page, pagedAt: now, isRepeat: true }]);
  return true;
}
