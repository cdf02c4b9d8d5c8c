/** One message of an enrolled officer, and answering it in the same chat. */
import { enrolledOfficers } from '../../db/officers.ts';
import type { ContactId, DeliveryId } from '../../kernel/ids.ts';
import type { Decider } from '../decisions/deciding.ts';
import { type Notice, notify } from '../duty/officer-notices.ts';
import { languageOfOfficer, sayTime } from '../duty/officer-wording.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfOfficer } from '../records/may-know.ts';
import { loadOfficerState, setOfficerState } from '../records/officer-state.ts';

export type Chat = Decider & {
  at: Moment;

  contactId: ContactId;
  language: string;
};

/** The chat of a contact that belongs to an officer; undefined if it belongs to nobody any more. */
export async function openChat(at: Moment, contactId: ContactId): Promise<Chat | undefined> {
  const officers = await enrolledOfficers(at.tx);
  const officer = officers.find((each) => each.contacts.some((contact) => contact.contactId === contactId));
  if (!officer) return undefined;
  const ids = await idsOfOfficer(at.tx, officer.id);
  return { at, contactId, officer, ids, officers, language: languageOfOfficer(at.ctx, officer) };
}

/** Answers the officer who wrote. */
export async function answer(
  chat: Chat,
  key: string,
  params: Notice['params'] = {},
  more: Omit<Notice, 'key' | 'params'> = {},
): Promise<DeliveryId | undefined> {
  await noteButtons(chat, more.buttons?.flat() ?? []);
  return notify(chat.at, chat, { key, params, ...more });
}

/** What stands under an answer can be typed, until there is another one. A question that waits for words goes before it. */
async function noteButtons(
  { at, contactId }: Chat,
  buttons: NonNullable<Notice['buttons']>[number],
): Promise<void> {
  const { state } = await loadOfficerState(at, contactId);
  if (state && state.doing !== 'offered') return;
  if (!state && buttons.length === 0) return;
  await setOfficerState(at, contactId, buttons.length > 0 ? { doing: 'offered', buttons } : undefined);
}

/** There is no such alert, or none that they may know of: the same words. */
export async function sayNoSuch(chat: Chat, reference: string): Promise<undefined> {
  await answer(chat, 'no_such', { reference }, { isEcho: true });
}

/** "14:02" as it is said in this chat. */
export function timeIn(chat: Chat, date: Date): string {
  return sayTime(date, chat.at.now, chat.at.ctx.settings.timeZone);
}
