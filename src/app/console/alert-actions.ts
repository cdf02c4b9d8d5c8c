/**
 * Taking and closing alerts from the console: the same as from the chat, by the same code, and the officer's chat says so
 * too.
 */
import type { Tx } from '../../db/database.ts';
import { findAlertFor } from '../../db/known.ts';
import type { MemberRow } from '../../db/members.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import {
  acknowledgeAlert,
  closeAlert,
  declineAlert,
  type Outcome,
  releaseAlert,
  takeAgain,
  takeAlert,
} from '../officer-chat/officer-alerts.ts';
import { type Chat, openChat } from '../officer-chat/officer-chat.ts';
import { giveTo } from '../officer-chat/officer-hand-over.ts';
import { type Phrase, sendPhrase } from '../officer-chat/phrases-to-reporter.ts';
import { keepAllPhones, keepOnePhone } from '../officer-chat/which-phone.ts';
import { isOfferedTo } from '../records/alert-record.ts';
import { audit } from '../records/audit.ts';
import { isChat } from '../records/contact-address.ts';
import { shortName } from '../records/officer-names.ts';

export type AlertAction =
  | { do: 'take' | 'take_again' | 'cannot' | 'release' | 'seen' }
  | { do: 'close'; outcome: Outcome }
  | { do: 'phones'; only?: string | undefined }
  | { do: 'phrase'; phrase: Phrase }
  | { do: 'hand_over'; to: OfficerId };

export type Decided = { ok: true } | { ok: false; reason: 'no_such' | 'no_officer' | 'not_offered' };

/** Does it as the officer that this member is. Who has the alert afterwards is seen by looking. */
export async function decide(
  tx: Tx,
  ctx: Context,
  now: Date,
  member: MemberRow,
  reference: string,
  action: AlertAction,
): Promise<Decided> {
  const chat = await chatOf(tx, ctx, now, member);
  if (!chat) return { ok: false, reason: 'no_officer' };
  const row = await findAlertFor(tx, chat.ids, reference);
  if (!row) return { ok: false, reason: 'no_such' };
  await audit(tx, ctx, now, {
    memberId: member.id,
    what: 'alert_decided',
    ...(row.caseId ? { caseId: row.caseId } : {}),
    detail: { do: action.do },
  });
  await act(chat, reference, action);
  if (action.do !== 'hand_over') return { ok: true };
  // A colleague who must not have it, or cannot be reached, was not asked.
  const after = await findAlertFor(tx, chat.ids, reference);
  const isOffered = after !== undefined && isOfferedTo(after, action.to);
  return isOffered ? { ok: true } : { ok: false, reason: 'not_offered' };
}

function act(chat: Chat, reference: string, action: AlertAction): Promise<void> {
  switch (action.do) {
    case 'take':
      return takeAlert(chat, reference);
    case 'take_again':
      return takeAgain(chat, reference);
    case 'cannot':
      return declineAlert(chat, reference);
    case 'release':
      return releaseAlert(chat, reference);
    case 'seen':
      return acknowledgeAlert(chat, reference);
    case 'close':
      return closeAlert(chat, reference, action.outcome);
    case 'hand_over':
      return giveTo(chat, `${reference}/${action.to}`);
    case 'phones':
      return action.only ? keepOnePhone(chat, `${reference}/${action.only}`) : keepAllPhones(chat, reference);
    case 'phrase':
      return sendPhrase(chat, reference, action.phrase);
  }
}

/** Whom an alert can be handed over to: everybody who is paged but this member. */
export async function colleagues(
  tx: Tx,
  ctx: Context,
  { officerId }: MemberRow,
): Promise<{ id: OfficerId; name: string; isOnDuty: boolean }[]> {
  return (await enrolledOfficers(tx))
    .filter((each) => each.id !== officerId)
    .map((each) => ({ id: each.id, name: shortName(ctx, each), isOnDuty: each.isOnDuty === true }))
    .sort((a, b) => Number(b.isOnDuty) - Number(a.isOnDuty));
}

/** The chat in which this member is told what they did: that of the officer they are; undefined: they are none. */
async function chatOf(tx: Tx, ctx: Context, now: Date, { officerId }: MemberRow): Promise<Chat | undefined> {
  if (!officerId) return undefined;
  const officer = (await enrolledOfficers(tx)).find((each) => each.id === officerId);
  const contact = officer?.contacts.find(({ channel, isBlocked }) => isChat(channel) && !isBlocked);
  return contact && openChat(tx, ctx, now, contact.contactId);
}
