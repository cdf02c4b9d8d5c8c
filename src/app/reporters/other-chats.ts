/**
 * A chat that loses a case: by an officer's decision, or by the word that the old phone was taken, which officers see;
 * or because the case is erased.
 *
 * Invariant: its contact is locked, so that a message that is being handled there does not bring the case back.
 */
import { HOME_PATH, LANGUAGE } from '../../conversation/asking/turn.ts';
import { type ConversationState, conversationStateSchema } from '../../conversation/values/state.ts';
import { type AlertRow, updateAlert } from '../../db/alerts.ts';
import { findCase } from '../../db/cases.ts';
import { lockContactById } from '../../db/contacts.ts';
import {
  type ConversationRow,
  deleteConversation,
  findConversation,
  saveConversation,
} from '../../db/conversations.ts';
import { lockAlertOfCase } from '../../db/locks.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { newestOf } from '../alerts/case-going-on.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { tellOfficer } from '../alerts/reporter-news.ts';
import type { Moment } from '../ground/transaction.ts';
import { sealLive } from '../keys/epochs.ts';
import { conversationContext, loadConversation } from '../records/conversation-record.ts';
import { withOthersCut } from '../records/reporter-chats.ts';
import { chatsOf, openReporter, type ReporterLink, sealReporter } from '../records/reporter-link.ts';

/** "My old phone was taken": no other chat has the case any more. */
export async function cutOtherChats(at: Moment, by: ContactId, caseId: CaseId): Promise<void> {
  const row = await lockAlertOfCase(at.tx, caseId);
  const link = row && (await openReporter(at, row));
  if (!row || !link || !chatsOf(link).some(({ contactId }) => contactId === by)) return;
  const others = chatsOf(link).filter(({ contactId }) => contactId !== by);
  if (others.length === 0) return;
  // Also after a decision: the officers see that it was said, and decide anew.
  await saveLink(at, row, { ...withOthersCut(link, by), isUndecided: true });
  for (const { contactId } of others) await letGo(at, contactId, caseId);
  await sealIntoCase(at, caseId, 'event', { what: 'phone_taken' });
  await tellOfficer(at, caseId, 'phone_taken');
}

export async function saveLink(at: Moment, row: AlertRow, link: ReporterLink): Promise<void> {
  await updateAlert(at.tx, row.id, await sealReporter(at, row.id, link));
  at.ctx.nudge('list');
}

/** The contact knows nothing of the case any more; what else is being said there stays. */
export async function letGo(at: Moment, contactId: ContactId, caseId: CaseId): Promise<void> {
  const chat = await lockChat(at, contactId);
  if (!chat) return;
  if (await isIt(at, chat.state.caseId, caseId)) return deleteConversation(at.tx, contactId);
  await letGoOfEarlier(at, chat, caseId);
}

/** The case is erased. Unlike one that the chat must not have, it takes nothing with it: the case before it goes on there. */
export async function letGoOfErased(at: Moment, contactId: ContactId, caseId: CaseId): Promise<void> {
  const chat = await lockChat(at, contactId);
  if (!chat) return;
  const { row, state } = chat;
  if (!(await isIt(at, state.caseId, caseId))) return letGoOfEarlier(at, chat, caseId);
  const before = state.earlier && (await findCase(at.tx, state.earlier.caseId as CaseId));
  if (!before || before.id === caseId) return deleteConversation(at.tx, contactId);
  await save(at, { ...row, dueAt: null }, backAtEarlier(state));
}

type Chat = { row: ConversationRow; state: ConversationState };

async function lockChat(at: Moment, contactId: ContactId): Promise<Chat | undefined> {
  await lockContactById(at.tx, contactId);
  const row = await findConversation(at.tx, contactId);
  const state = row && (await loadConversation(at, contactId, row));
  return row && state && { row, state };
}

/** It may still name a case in whose place this one goes on. */
const isIt = async ({ tx, ctx }: Moment, id: string | undefined, caseId: CaseId): Promise<boolean> =>
  id !== undefined && (await newestOf(tx, ctx, id as CaseId)) === caseId;

async function letGoOfEarlier(at: Moment, { row, state }: Chat, caseId: CaseId): Promise<void> {
  if (!(await isIt(at, state.earlier?.caseId, caseId))) return;
  const { earlier: _, ...rest } = state;
  await save(at, row, rest);
}

async function save(at: Moment, row: ConversationRow, state: ConversationState): Promise<void> {
  const live = await sealLive(at.ctx, at.tx, at.now, conversationContext(row.contactId), state);
  await saveConversation(at.tx, { ...row, epochId: live.epochId, stateSealed: live.sealed });
}

/**
 * The case of this report is erased: of it nothing stays but whether one may write. The one before it is the case of this
 * chat again, as if nothing had been said since.
 */
function backAtEarlier(state: ConversationState): ConversationState {
  const { flows, turn, language, languageBy, lastAt, mayWrite, codeWord, objects, earlier, cameBack } = state;
  const said = state.answers[LANGUAGE];
  return conversationStateSchema.parse({
    ...{ flows, turn, language, languageBy, lastAt, mayWrite, objects, at: HOME_PATH, trail: [] },
    answers: said ? { [LANGUAGE]: said } : {},
    ...earlier,
    ...(cameBack && cameBack.caseId === earlier?.caseId ? { cameBack } : {}),
    ...(codeWord && earlier ? { codeWord } : {}),
    isCaseOpen: earlier !== undefined,
    isSubmitted: earlier !== undefined,
  });
}
