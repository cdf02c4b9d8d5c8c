/**
 * What a message has to do with the team: it is an officer's, or makes somebody an officer, or is what only officers say.
 *
 * Invariants: who tells something, or may be in danger, is a reporter, whatever else stands in the message; a code that
 * works never reaches a conversation.
 */
import type { IncomingMessage } from '../../channels/channel.ts';
import { meaningOf } from '../../conversation/steps/step.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import type { ContactRow } from '../../db/contacts.ts';
import type { Tx } from '../../db/database.ts';
import type { ContactId, OfficerId } from '../../kernel/ids.ts';
import { findOfficerCode } from '../duty/officer-codes.ts';
import type { Context } from '../ground/context.ts';
import { serviceSay } from '../ground/service-texts.ts';
import { handleOfficerMessage, meetCode } from '../officer-chat/officer.ts';
import { openChat } from '../officer-chat/officer-chat.ts';
import { askForSelf } from '../officer-chat/officer-self.ts';
import { isCryForHelp, isOnlyOfOfficers } from '../officer-chat/typed-commands.ts';

type Routed = 'handled' | 'as_reporter' | 'sos_for_self';

/** What an enrolled officer wrote is theirs to be handled; as a person they may also be a reporter. */
export function routeOfficer(
  tx: Tx,
  ctx: Context,
  now: Date,
  officer: { contactId: ContactId; officerId: OfficerId },
  message: IncomingMessage,
): Promise<Routed> {
  return handleOfficerMessage(tx, ctx, now, officer, message);
}

/** Enrols whoever sends a code that works, and answers an officer in a chat that is not enrolled; the others are reporters. */
export async function routeOther(
  tx: Tx,
  ctx: Context,
  now: Date,
  contact: ContactRow,
  state: ConversationState | undefined,
  message: IncomingMessage,
): Promise<Routed> {
  if (await enrols(tx, ctx, now, contact, state, message)) return 'handled';
  const said = saidByOfficer(ctx, now, contact, state, message);
  if (said === 'sos') return 'sos_for_self';
  if (said === undefined) return 'as_reporter';
  const { languageHint } = message;
  const key = ctx.settings.consoleUrl ? 'service.not_enrolled_room' : 'service.not_enrolled';
  await serviceSay(tx, ctx, now, contact, key, {}, languageHint, 'not-enrolled');
  return 'handled';
}

async function enrols(
  tx: Tx,
  ctx: Context,
  now: Date,
  contact: ContactRow,
  state: ConversationState | undefined,
  { content, languageHint }: IncomingMessage,
): Promise<boolean> {
  const text = content.kind === 'text' ? content.text : content.kind === 'file' ? content.caption : undefined;
  const found = text === undefined ? undefined : findOfficerCode(text);
  if (text === undefined || !found) return false;
  const isCry = isCryForHelp(ctx.texts, text, { isAnywhere: true });
  const isMeant = found.isMeant && content.kind === 'text' && !isCry && !isTelling(state);
  const met = await meetCode(tx, ctx, now, contact.id, { ...found, isMeant }, languageHint);
  const chat = met === 'enrolled' && isCry ? await openChat(tx, ctx, now, contact.id) : undefined;
  if (chat) await askForSelf(chat);
  return met !== 'no_code';
}

/** Somebody is in the middle of a report, or has a case. */
function isTelling(state: ConversationState | undefined): boolean {
  if (!state) return false;
  return state.isCaseOpen || state.at.startsWith('sos.') || state.answers.danger !== undefined;
}

/** Words and buttons that are none of a reporter's. `sos`: the officer's own button for it. */
function saidByOfficer(
  ctx: Context,
  now: Date,
  contact: ContactRow,
  state: ConversationState | undefined,
  { content }: IncomingMessage,
): 'words' | 'sos' | undefined {
  if (content.kind === 'button') return buttonOfOfficer(content.data);
  if (content.kind !== 'text' || content.edited || contact.mutedAt) return undefined;
  const { meaning, isOpenQuestion } = meaningOf(ctx.conversation, state, content, now);
  // An option, a command, or a cry for help among the words.
  if (meaning.kind !== 'words' || meaning.hasSos || isCryForHelp(ctx.texts, content.text)) return undefined;
  const own = [state?.reference, state?.earlier?.reference];
  const isTaken = isOpenQuestion || state?.isCaseOpen === true;
  return isOnlyOfOfficers(ctx.texts, content.text, { own, isTelling: isTaken }) ? 'words' : undefined;
}

/** `o:<verb>:<what>`: on pages, and in the chats of officers. */
function buttonOfOfficer(data: string): 'words' | 'sos' | undefined {
  const [, verb, what] = /^o:([a-z_]{1,40}):(.*)$/s.exec(data) ?? [];
  if (verb === undefined || verb === 'report') return undefined;
  return verb === 'sos' || (verb === 'self' && what === 'yes') ? 'sos' : 'words';
}
