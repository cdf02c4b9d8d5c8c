/**
 * A chat that loses a case: by an officer's decision, or by the word that the old phone was taken, which officers see.
 *
 * Invariant: its contact is locked, so that a message that is being handled there does not bring the case back.
 */
import { type AlertRow, updateAlert } from '../../db/alerts.ts';
import { lockContactById } from '../../db/contacts.ts';
import { deleteConversation, findConversation, saveConversation } from '../../db/conversations.ts';
import { lockAlertOfCase } from '../../db/locks.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { newestOf } from '../alerts/case-going-on.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { tellOfficer } from '../alerts/reporter-news.ts';
import { sealLive } from '../ground/epochs.ts';
import type { Moment } from '../ground/transaction.ts';
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
}

/** The contact knows nothing of the case any more; what else is being said there stays. */
export async function letGo(at: Moment, contactId: ContactId, caseId: CaseId): Promise<void> {
  const { tx, ctx, now } = at;
  await lockContactById(tx, contactId);
  const row = await findConversation(tx, contactId);
  const state = row && (await loadConversation(at, contactId, row));
  if (!row || !state) return;
  // It may still name a case in whose place this one goes on.
  const isIt = async (id: string | undefined): Promise<boolean> =>
    id !== undefined && (await newestOf(tx, ctx, id as CaseId)) === caseId;
  if (await isIt(state.caseId)) return deleteConversation(tx, contactId);
  if (!(await isIt(state.earlier?.caseId))) return;
  const { earlier: _, ...rest } = state;
  const live = await sealLive(ctx, tx, now, conversationContext(contactId), rest);
  await saveConversation(tx, { ...row, epochId: live.epochId, stateSealed: live.sealed });
}
