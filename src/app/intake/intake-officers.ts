/**
 * What a message has to do with the team: it is an officer's, or makes a person an officer, or is what only officers
 * say.
 *
 * Invariants: who tells something, or may be in danger, is a reporter, whatever else stands in the message: what may be an
 * officer's is answered and kept as well; a code that works never reaches a conversation, and who wrote more beside it is
 * told that this is not kept, and how to tell it.
 */

import type { IncomingMessage } from '../../channels/channel.ts';
import { meaningOf } from '../../conversation/steps/step.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { findOfficerCode } from '../duty/officer-codes.ts';
import type { Context } from '../ground/context.ts';
import { serviceSay } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import type { Handled } from '../officer-chat/officer.ts';
import { openChat } from '../officer-chat/officer-chat.ts';
import { meetCode } from '../officer-chat/officer-enrolment.ts';
import { askForSelf, sayNotKept } from '../officer-chat/officer-self.ts';
import { couldTell, isCryForHelp, isOfOfficers } from '../officer-chat/typed-commands.ts';

/**
 * Enrols a person who sends a code that works, and answers an officer in a chat that is not enrolled; the others are
 * reporters.
 */
export async function routeOther(
  at: Moment,
  contact: ContactRow,
  state: ConversationState | undefined,
  message: IncomingMessage,
): Promise<Handled> {
  const met = await meetsCode(at, contact, state, message);
  if (met) return met;
  const said = saidByOfficer(at.ctx, at.now, contact, state, message);
  if (said === 'sos') return 'sos_for_self';
  if (said === undefined) return 'as_reporter';
  const { languageHint } = message;
  const key = at.ctx.settings.consoleUrl ? 'service.not_enrolled_room' : 'service.not_enrolled';
  await serviceSay(at, contact, key, {}, languageHint, 'not-enrolled');
  return said === 'perhaps' ? 'as_reporter' : 'handled';
}

/** Words beside a code that does not work go on as a reporter's, unless they are about nothing but the code. */
async function meetsCode(
  at: Moment,
  contact: ContactRow,
  state: ConversationState | undefined,
  { content, languageHint }: IncomingMessage,
): Promise<Handled | undefined> {
  const { ctx, now } = at;
  const text = content.kind === 'text' ? content.text : content.kind === 'file' ? content.caption : undefined;
  const found = text === undefined ? undefined : findOfficerCode(text);
  if (text === undefined || !found) return undefined;
  const isCry = isCryForHelp(ctx.texts, text, { isAnywhere: true });
  const isMeant = found.isMeant && content.kind === 'text' && !isCry && !isTelling(ctx, now, state, text);
  const met = await meetCode(at, contact.id, { ...found, isMeant }, languageHint);
  const isBeside = couldTell(ctx.texts, found.beside);
  const chat = met === 'enrolled' && (isCry || isBeside) ? await openChat(at, contact.id) : undefined;
  if (chat) await (isCry ? askForSelf(chat) : sayNotKept(chat));
  if (met === 'no_code') return undefined;
  return met === 'refused' && isBeside ? 'as_reporter' : 'handled';
}

/** The person is in the middle of a report, is asked something that they answer in words, or has a case. */
function isTelling(ctx: Context, now: Date, state: ConversationState | undefined, text: string): boolean {
  if (!state) return false;
  if (state.isCaseOpen || state.at.startsWith('sos.') || state.answers.danger !== undefined) return true;
  return meaningOf(ctx.conversation, state, { kind: 'text', text }, now).isOpenQuestion;
}

/**
 * Words and buttons that are none of a reporter's. `perhaps`: they could be one's, so they are kept as well. `sos`: the
 * officer's own button for it.
 */
function saidByOfficer(
  ctx: Context,
  now: Date,
  contact: ContactRow,
  state: ConversationState | undefined,
  { content }: IncomingMessage,
): 'surely' | 'perhaps' | 'sos' | undefined {
  if (content.kind === 'button') return buttonOfOfficer(content.data);
  if (content.kind !== 'text' || content.edited || contact.mutedAt) return undefined;
  const { meaning } = meaningOf(ctx.conversation, state, content, now);
  // An option, a command, or a cry for help among the words.
  if (meaning.kind !== 'words' || meaning.hasSos) return undefined;
  if (isCryForHelp(ctx.texts, content.text, { isAnywhere: true })) return undefined;
  const own = [state?.reference, state?.earlier?.reference];
  const said = isOfOfficers(ctx.texts, content.text, {
    own,
    isTelling: isTelling(ctx, now, state, content.text),
  });
  // In a conversation every word of theirs is kept.
  return said && state ? 'perhaps' : said;
}

/** `o:<verb>:<what>`: on pages, and in the chats of officers. */
function buttonOfOfficer(data: string): 'surely' | 'sos' | undefined {
  const [, verb, what] = /^o:([a-z_]{1,40}):(.*)$/s.exec(data) ?? [];
  if (verb === undefined || verb === 'report') return undefined;
  return verb === 'sos' || (verb === 'self' && what === 'yes') ? 'sos' : 'surely';
}
