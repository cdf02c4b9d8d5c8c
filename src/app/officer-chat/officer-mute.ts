/**
 * Muting a person who abuses the service, with a reason, and letting them speak again.
 *
 * Invariants: the reason is kept under the server key; an SOS of a muted person still passes once an hour (that
 * is intake's); muting closes no alert; while it is not decided which phone is the person's, none is muted. The reporter's row is locked before the alert's, as intake does.
 */
import { type AlertRow, lockAlert, logAlert } from '../../db/alerts.ts';
import { updateContact } from '../../db/contacts.ts';
import { findAlertFor } from '../../db/known.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { setOfficerState } from '../records/officer-state.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';
import { noteWork } from './officer-alerts.ts';
import { answer, type Chat, sayNoSuch } from './officer-chat.ts';
import { mayDecide } from './own-alert.ts';

const LONGEST_REASON = 2_000;

/** Asks for the reason: the next text of this chat is it. */
export async function askMuteReason(chat: Chat, reference: string): Promise<void> {
  if (!(await findDecided(chat, reference))) return;
  await setOfficerState(chat.tx, chat.ctx, chat.now, chat.contactId, { doing: 'mute_reason', reference });
  await answer(
    chat,
    'mute.ask',
    { reference },
    { buttons: [[{ key: 'cancel', data: `o:mute_no:${reference}` }]] },
  );
}

export async function keepUnmuted(chat: Chat, reference: string): Promise<void> {
  await setOfficerState(chat.tx, chat.ctx, chat.now, chat.contactId, undefined);
  await answer(chat, 'mute.cancelled', { reference }, { isEcho: true });
}

export async function mute(chat: Chat, reference: string, reason: string): Promise<void> {
  const { tx, ctx, now, officer } = chat;
  await setOfficerState(tx, ctx, now, chat.contactId, undefined);
  const found = await findDecided(chat, reference);
  if (!found) return;
  const bytes = new TextEncoder().encode(reason.slice(0, LONGEST_REASON));
  for (const contactId of found.contacts)
    await updateContact(tx, contactId, {
      mutedAt: now,
      mutedBy: officer.id,
      mutedReasonSealed: ctx.keyring.seal('mute-reason', contactId, bytes),
    });
  await noteDecision(chat, found.row, 'muted');
  await answer(
    chat,
    'mute.done',
    { reference },
    { buttons: [[{ key: 'unmute', data: `o:unmute:${reference}` }]] },
  );
}

export async function unmute(chat: Chat, reference: string): Promise<void> {
  const found = await findReporter(chat, reference);
  if (!found) return;
  const none = { mutedAt: null, mutedBy: null, mutedReasonSealed: null, mutedSosAt: null };
  for (const contactId of found.contacts) await updateContact(chat.tx, contactId, none);
  await noteDecision(chat, found.row, 'unmuted');
  await answer(chat, 'mute.undone', { reference });
}

async function noteDecision(chat: Chat, found: AlertRow, what: 'muted' | 'unmuted'): Promise<void> {
  const row = await lockAlert(chat.tx, found.id);
  if (!row) return;
  if (row.state === 'taken' && row.takenBy === chat.officer.id) await noteWork(chat, row);
  await logAlert(chat.tx, chat.now, row.id, what, { officerId: chat.officer.id });
}

type Found = { row: AlertRow; contacts: ContactId[]; isUndecided: boolean };

/** Another person may have come in with the code: muting all of the phones would mute the person with them. */
async function findDecided(chat: Chat, reference: string): Promise<Found | undefined> {
  const found = await findReporter(chat, reference);
  if (!found?.isUndecided) return found;
  await answer(
    chat,
    'mute.undecided',
    { reference },
    { buttons: [[{ key: 'chats', data: `o:chats:${reference}` }]] },
  );
  return undefined;
}

/** The reporter of an alert this officer may decide about; otherwise they are told why not. */
async function findReporter(chat: Chat, reference: string): Promise<Found | undefined> {
  const row = await findAlertFor(chat.tx, chat.ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  const wasTheirs = row.state === 'closed' && row.takenBy === chat.officer.id;
  if (!wasTheirs && !(await mayDecide(chat, row))) return undefined;
  const link = await openReporter(chat.tx, chat.ctx, row);
  if (!link) return void (await answer(chat, 'mute.unknown', { reference }));
  // In one order everywhere, so that none waits for one that waits for it.
  const contacts = chatsOf(link).map(({ contactId }) => contactId);
  return { row, contacts: contacts.sort(), isUndecided: link.isUndecided === true };
}
