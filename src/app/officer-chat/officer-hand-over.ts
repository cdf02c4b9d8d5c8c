/**
 * Handing an alert over to a colleague.
 *
 * Invariants: the officer who has it keeps it until the colleague takes it, and each of the two is told at once what is
 * true; a colleague who must not have the case is not offered it; an offer that nobody answers ends by itself.
 */
import { offerEnded, offered } from '../../alerts/progress.ts';
import { normalise } from '../../conversation/words/normalise.ts';
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import { sayOfferEnded } from '../alerts/offer-ended.ts';
import { pageOfficers, refreshPages } from '../alerts/paging.ts';
import { policyOf, saveAlert, toAlertNow } from '../records/alert-record.ts';
import { whoMayKnow } from '../records/may-know.ts';
import { shortName, shortNames } from '../records/officer-names.ts';
import { answer, type Chat } from './officer-chat.ts';
import { lockOwn } from './own-alert.ts';

/** Colleagues on one list: more than an office has, and few enough for a screen. */
const LISTED = 12;

/** "Hand over": to whom? Those on duty first. */
export async function askWhom(chat: Chat, reference: string): Promise<void> {
  const row = await lockOwn(chat, reference);
  if (!row) return;
  const colleagues = await whoMayHaveIt(chat, row);
  if (colleagues.length === 0) return void (await answer(chat, 'hand_over.nobody', { reference }));
  const buttons = colleagues.slice(0, LISTED).map((each) => [
    {
      key: each.isOnDuty ? 'give_on_duty' : 'give',
      params: { name: shortName(chat.ctx, each) },
      data: `o:give:${reference}/${each.id}`,
    },
  ]);
  await answer(chat, 'hand_over.ask', { reference }, { buttons });
}

/** "Hand over to Awa": typed; a name that fits nobody, or several, gets the list. */
export async function handOverTo(chat: Chat, reference: string, name: string): Promise<void> {
  const row = await lockOwn(chat, reference);
  if (!row) return;
  const wanted = normalise(name);
  const fitting = (await whoMayHaveIt(chat, row)).filter(
    (each) => normalise(shortName(chat.ctx, each)) === wanted && wanted !== '',
  );
  const [one] = fitting;
  if (!one || fitting.length > 1) return askWhom(chat, reference);
  await offer(chat, row, one);
}

/** A colleague was chosen on the list: `argument` is the reference and their id. */
export async function giveTo(chat: Chat, argument: string): Promise<void> {
  const [reference = '', id = ''] = argument.split('/');
  const row = await lockOwn(chat, reference);
  if (!row) return;
  const colleague = (await whoMayHaveIt(chat, row)).find((each) => each.id === id);
  if (!colleague) return askWhom(chat, reference);
  await offer(chat, row, colleague);
}

async function offer(chat: Chat, row: AlertRow, to: EnrolledOfficer): Promise<void> {
  const { tx, ctx, now } = chat;
  const { reference } = row;
  const saved = await saveAlert(tx, now, row, offered(toAlertNow(row), to.id, now));
  await logAlert(tx, now, row.id, 'offered', { officerId: to.id });
  // The colleague who was asked before is no longer.
  await refreshPages(tx, ctx, now, saved);
  await pageOfficers(tx, ctx, now, saved, [to], { isRepeat: false });
  const minutes = Math.round(policyOf(row).acknowledgeWithin / 60);
  await answer(chat, 'hand_over.offered', { reference, name: shortName(ctx, to), minutes });
}

/** "I cannot" from the one who was asked to take it over. */
export async function declineOffer(chat: Chat, row: AlertRow): Promise<void> {
  const { tx, ctx, now, officer, officers } = chat;
  const saved = await saveAlert(tx, now, row, offerEnded(toAlertNow(row)));
  const name = (await shortNames(tx, ctx, [row.takenBy])).get(row.takenBy ?? officer.id) ?? '';
  await sayOfferEnded(tx, ctx, now, saved, officers, { by: officer.id, because: 'declined' });
  await answer(chat, 'hand_over.you_declined', { reference: row.reference, name });
}

async function whoMayHaveIt({ tx, officers, officer }: Chat, row: AlertRow): Promise<EnrolledOfficer[]> {
  const others = (await whoMayKnow(tx, row, officers)).filter(
    (each) => each.id !== officer.id && each.contacts.some((contact) => !contact.isBlocked),
  );
  return others.sort((a, b) => Number(b.isOnDuty) - Number(a.isOnDuty));
}
