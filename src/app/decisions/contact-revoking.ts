/**
 * "Stop reaching me there": a phone was lost or seized.
 *
 * Invariants: from the commit on nothing goes to that contact, and what is typed there is nobody's of the team; what it
 * was paged for rings with others at once, and what its officer had taken too if alerts are taken there; an officer is
 * never left without a chat by this.
 */
import { raised } from '../../alerts/progress.ts';
import { lockContactById } from '../../db/contacts.ts';
import type { Tx } from '../../db/database.ts';
import { lockTakenBy } from '../../db/locks.ts';
import {
  contactsWithAddress,
  type EnrolledOfficer,
  enrolledOfficers,
  findOfficerContact,
  type OfficerContactRow,
} from '../../db/officers.ts';
import { lastPagesTo } from '../../db/pages.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { sayLiveAgain } from '../alerts/live-again.ts';
import { contactLost } from '../alerts/page-failure.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import { channelName, languageOfOfficer } from '../duty/officer-wording.ts';
import { letContactGo } from '../duty/officers.ts';
import { retractSent } from '../duty/retraction.ts';
import type { Moment } from '../ground/transaction.ts';
import { saveAlert, toAlertNow } from '../records/alert-record.ts';
import { isChat } from '../records/contact-address.ts';
import { shortName } from '../records/officer-names.ts';

export type Revoked = { ok: true } | { ok: false; reason: 'no_such' | 'last_one' };

/**
 * Takes a contact from its officer and passes on everything it held. The team is told, unless `isTold` is false; of one
 * that was never verified there is nothing to tell.
 */
export async function revokeContact(
  at: Moment,
  contactId: ContactId,
  { isTold = true }: { isTold?: boolean } = {},
): Promise<Revoked> {
  const { tx, ctx } = at;
  // The contact before alerts: the order in which intake locks them.
  const contact = await lockContactById(tx, contactId);
  const row = await findOfficerContact(tx, contactId);
  if (!contact || !row) return { ok: false, reason: 'no_such' };
  const gone = { contactId, channel: contact.channel };
  if (row.verifiedAt === null) {
    await letContactGo(at, gone);
    return { ok: true };
  }
  if (!(await isReachedWithout(tx, row, contact.channel))) return { ok: false, reason: 'last_one' };
  const pages = await lastPagesTo(tx, contactId);
  await letContactGo(at, gone);
  if (isChat(contact.channel)) await retractSent(at, contactId, { isWithPages: true });
  await contactLost(at, pages, 'contact_revoked');
  if (isChat(contact.channel)) await passOn(at, row);
  if (isTold) await tellTeam(at, row.officerId, contact.channel);
  ctx.nudge('escalate');
  return { ok: true };
}

/** Without a chat an officer could take nothing. One that is blocked is no way to reach them. */
async function isReachedWithout(tx: Tx, row: OfficerContactRow, channel: string): Promise<boolean> {
  const others = (await contactsWithAddress(tx, row.officerId)).filter(
    (each) => each.contactId !== row.contactId && each.verifiedAt !== null && each.blockedAt === null,
  );
  return others.some((each) => !isChat(channel) || isChat(each.channel));
}

/** What the officer had taken may be in wrong hands: it is live again. */
async function passOn(at: Moment, { officerId }: OfficerContactRow): Promise<void> {
  for (const held of await lockTakenBy(at.tx, officerId)) {
    const alert = raised(at.now, toAlertNow(held).progress.notes);
    const saved = await saveAlert(at, held, { alert, nextStepAt: at.now });
    await sayLiveAgain(at, saved, { officerId, reason: 'contact_revoked' });
  }
}

async function tellTeam(at: Moment, officerId: string, channel: string): Promise<void> {
  const { tx, ctx } = at;
  const officers = await enrolledOfficers(tx);
  const owner = officers.find((each) => each.id === officerId);
  if (!owner) return;
  const kind = isChat(channel) ? '' : '_way';
  const paramsFor = (reader: EnrolledOfficer) => ({
    name: shortName(ctx, owner),
    channel: channelName(ctx, languageOfOfficer(ctx, reader), channel),
  });
  const params = paramsFor(owner);
  await notifyOfficers(at, [owner], { key: `contact.revoked${kind}`, params }, 'all');
  for (const each of officers)
    if (each.role === 'supervisor' && each.id !== officerId)
      await notifyOfficers(at, [each], {
        key: `contact.revoked_of${kind}`,
        params: paramsFor(each),
      });
}
