/** One message of an enrolled officer, and answering it in the same chat. */
import type { Tx } from '../db/database.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../db/officers.ts';
import type { ContactId, DeliveryId } from '../kernel/ids.ts';
import type { Context } from './context.ts';
import { type Notice, notify, notifyOfficers } from './officer-notices.ts';
import { languageOfOfficer, sayTime } from './officer-texts.ts';

export type Chat = {
  tx: Tx;
  ctx: Context;
  now: Date;
  contactId: ContactId;
  officer: EnrolledOfficer;
  /** Everybody who is enrolled, the officer among them. */
  officers: readonly EnrolledOfficer[];
  language: string;
};

/** The chat of a contact that belongs to an officer; undefined if it belongs to nobody any more. */
export async function openChat(
  tx: Tx,
  ctx: Context,
  now: Date,
  contactId: ContactId,
): Promise<Chat | undefined> {
  const officers = await enrolledOfficers(tx);
  const officer = officers.find((each) => each.contacts.some((contact) => contact.contactId === contactId));
  if (!officer) return undefined;
  return { tx, ctx, now, contactId, officer, officers, language: languageOfOfficer(ctx, officer) };
}

/** Answers the officer who wrote. */
export function answer(
  chat: Chat,
  key: string,
  params: Notice['params'] = {},
  more: Omit<Notice, 'key' | 'params'> = {},
): Promise<DeliveryId> {
  return notify(chat.tx, chat.ctx, chat.now, chat, { key, params, ...more });
}

/** Tells supervisors, except the officer themselves. */
export function tellSupervisors(chat: Chat, notice: Notice): Promise<DeliveryId[]> {
  const supervisors = chat.officers.filter(
    (each) => each.role === 'supervisor' && each.id !== chat.officer.id,
  );
  return notifyOfficers(chat.tx, chat.ctx, chat.now, supervisors, notice);
}

/** "14:02" as it is said in this chat. */
export function timeIn(chat: Chat, at: Date): string {
  return sayTime(at, chat.now, chat.ctx.settings.timeZone);
}
