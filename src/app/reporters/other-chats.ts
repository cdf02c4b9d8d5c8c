/**
 * A chat that loses a case: by an officer's decision, or by the word that the old phone was taken, which officers see.
 *
 * Invariant: its contact is locked, so that a message that is being handled there does not bring the case back.
 */
import { type AlertRow, lockAlertOfCase, updateAlert } from '../../db/alerts.ts';
import { lockCase } from '../../db/cases.ts';
import { lockContactById } from '../../db/contacts.ts';
import { deleteConversation, findConversation, saveConversation } from '../../db/conversations.ts';
import type { Tx } from '../../db/database.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { newestOf } from '../alerts/case-going-on.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { tellOfficer } from '../alerts/reporter-news.ts';
import type { Context } from '../ground/context.ts';
import { sealLive } from '../ground/epochs.ts';
import { conversationContext, loadConversation } from '../records/conversation-record.ts';
import { withOthersCut } from '../records/reporter-chats.ts';
import { chatsOf, openReporter, type ReporterLink, sealReporter } from '../records/reporter-link.ts';

/** "My old phone was taken": no other chat has the case any more. */
export async function cutOtherChats(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: ContactId,
  caseId: CaseId,
): Promise<void> {
  await lockCase(tx, caseId);
  const row = await lockAlertOfCase(tx, caseId);
  const link = row && (await openReporter(tx, ctx, row));
  if (!row || !link || !chatsOf(link).some(({ contactId }) => contactId === by)) return;
  const others = chatsOf(link).filter(({ contactId }) => contactId !== by);
  if (others.length === 0) return;
  // Also after a decision: the officers see that it was said, and decide anew.
  await saveLink(tx, ctx, now, row, { ...withOthersCut(link, by), isUndecided: true });
  for (const { contactId } of others) await letGo(tx, ctx, now, contactId, caseId);
  await sealIntoCase(tx, ctx, now, caseId, 'event', { what: 'phone_taken' });
  await tellOfficer(tx, ctx, now, caseId, 'phone_taken');
}

export async function saveLink(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  link: ReporterLink,
): Promise<void> {
  await updateAlert(tx, row.id, await sealReporter(tx, ctx, now, row.id, link));
}

/** The contact knows nothing of the case any more; what else is being said there stays. */
export async function letGo(
  tx: Tx,
  ctx: Context,
  now: Date,
  contactId: ContactId,
  caseId: CaseId,
): Promise<void> {
  await lockContactById(tx, contactId);
  const row = await findConversation(tx, contactId);
  const state = row && (await loadConversation(tx, ctx, contactId, row));
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
