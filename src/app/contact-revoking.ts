/**
 * "Stop reaching me there": a phone was lost or seized.
 *
 * Invariants: from the commit on nothing goes to that contact, and what is typed there is nobody's of the team; whatever
 * it was paged for, and whatever its officer had taken, rings with others at once; an officer is never left without a
 * contact by this.
 */
import { raised } from '../alerts/progress.ts';
import { lockTakenBy, logAlert } from '../db/alerts.ts';
import { lockContactById } from '../db/contacts.ts';
import type { Tx } from '../db/database.ts';
import {
  cancelAllTo,
  contactsOfOfficer,
  deleteOfficerContact,
  enrolledOfficers,
  findOfficerContact,
} from '../db/officers.ts';
import { lastPagesTo } from '../db/pages.ts';
import type { ContactId } from '../kernel/ids.ts';
import { saveAlert, toAlertNow } from './alert-record.ts';
import type { Context } from './context.ts';
import { shortName } from './officer-names.ts';
import { notifyOfficers } from './officer-notices.ts';
import { contactLost } from './page-failure.ts';
import { refreshPages } from './paging.ts';
import { retractSent } from './retraction.ts';

export type Revoked = { ok: true } | { ok: false; reason: 'no_such' | 'last_one' };

/** Takes a contact from its officer and passes on everything it held. The others of the team are told. */
export async function revokeContact(tx: Tx, ctx: Context, now: Date, contactId: ContactId): Promise<Revoked> {
  // The contact before alerts: the order in which intake locks them.
  const contact = await lockContactById(tx, contactId);
  const row = await findOfficerContact(tx, contactId);
  if (!contact || !row) return { ok: false, reason: 'no_such' };
  const others = (await contactsOfOfficer(tx, row.officerId)).filter(
    (each) => each.contactId !== contactId && each.verifiedAt !== null,
  );
  if (others.length === 0) return { ok: false, reason: 'last_one' };
  const pages = await lastPagesTo(tx, contactId);
  await cancelAllTo(tx, contactId);
  await retractSent(tx, ctx, now, contactId, { isWithPages: true });
  await deleteOfficerContact(tx, contactId);
  await contactLost(tx, ctx, now, pages, 'contact_revoked');
  for (const held of await lockTakenBy(tx, row.officerId)) {
    const alert = raised(now, toAlertNow(held).progress.notes);
    const saved = await saveAlert(tx, now, held, { alert, nextStepAt: now });
    await logAlert(tx, now, held.id, 'contact_revoked', { officerId: row.officerId });
    await refreshPages(tx, ctx, now, saved);
  }
  await tellTeam(tx, ctx, now, row.officerId, contact.channel);
  ctx.nudge('escalate');
  return { ok: true };
}

async function tellTeam(tx: Tx, ctx: Context, now: Date, officerId: string, channel: string): Promise<void> {
  const officers = await enrolledOfficers(tx);
  const owner = officers.find((each) => each.id === officerId);
  if (!owner) return;
  const params = { name: shortName(ctx, owner), channel };
  await notifyOfficers(tx, ctx, now, [owner], { key: 'contact.revoked', params }, 'all');
  const supervisors = officers.filter((each) => each.role === 'supervisor' && each.id !== officerId);
  await notifyOfficers(tx, ctx, now, supervisors, { key: 'contact.revoked_of', params });
}
