/**
 * A case in several chats: it was found again by its reference and its code, perhaps by the person, perhaps by whoever saw
 * the code.
 *
 * Invariants: the chat that comes takes the case from nobody, and the one that was there is told nothing; officers are
 * told, and decide; a chat is cut only by an officer, or by the word that the old phone was taken, which officers see. The
 * contact of a chat that is cut is locked, so that a message that is being handled there does not bring the case back.
 */
import type { ChannelKind } from '../channels/channel.ts';
import type { Level } from '../conversation/level.ts';
import { type AlertRow, lockAlertOfCase, updateAlert } from '../db/alerts.ts';
import { findCase, lockCase } from '../db/cases.ts';
import { type ContactRow, lockContactById } from '../db/contacts.ts';
import { deleteConversation, findConversation, saveConversation } from '../db/conversations.ts';
import type { Tx } from '../db/database.ts';
import type { CaseId, ContactId } from '../kernel/ids.ts';
import { tellOfficer } from './alerting.ts';
import { newestOf } from './case-going-on.ts';
import { sealIntoCase } from './case-record.ts';
import type { Context } from './context.ts';
import { conversationContext, converse, loadConversation, sayAndSave } from './conversing.ts';
import { sealLive } from './epochs.ts';
import { lockOrOpenAlert } from './quiet-alerts.ts';
import { allChats, decided, linkOf, withComer, withOthersCut } from './reporter-chats.ts';
import { chatsOf, openReporter, type ReporterLink, sealReporter } from './reporter-link.ts';
import { reportersOf } from './whose-case.ts';
import { takeBackWords } from './word-fate.ts';

/**
 * This contact has found the case again: it may add to it and ask for its status, like the chats that have it. Returns
 * whether it is to be decided whose they are.
 */
export async function joinCase(
  tx: Tx,
  ctx: Context,
  now: Date,
  contact: ContactRow,
  caseId: CaseId,
): Promise<boolean> {
  // The case before the alert: the order in which everybody locks them.
  await lockCase(tx, caseId);
  const row = await lockOrOpenAlert(tx, ctx, now, caseId);
  if (!row) return false;
  const known = await openReporter(tx, ctx, row);
  const link = known ?? linkOf(await reportersOf(tx, ctx, caseId, contact.id));
  // Nobody is known to have it: nothing to decide.
  const alone: ReporterLink = { contactId: contact.id };
  const joined = link ? withComer(link, contact.id, now) : alone;
  if (!joined) return link?.isUndecided === true;
  await saveLink(tx, ctx, now, row, joined);
  // What has not left was written before anybody knew of this chat.
  for (const each of link ? chatsOf(link) : []) await takeBackWords(tx, ctx, now, each.contactId);
  const channel = contact.channel as ChannelKind;
  await sealIntoCase(tx, ctx, now, caseId, 'event', { what: 'came_back', channel });
  await tellOfficer(tx, ctx, now, caseId, link ? 'came_back' : 'came_back_alone');
  return joined.isUndecided === true;
}

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

/** An officer has decided: `only` one of the chats is the person's, or (undefined) all are. The alert is locked. */
export async function decideChats(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  link: ReporterLink,
  only?: ContactId,
): Promise<void> {
  if (!row.caseId) return;
  const next = decided(link, only);
  const kept = new Set(chatsOf(next).map(({ contactId }) => contactId));
  await saveLink(tx, ctx, now, row, next);
  for (const { contactId, isCut } of allChats(link)) {
    if (!kept.has(contactId)) await letGo(tx, ctx, now, contactId, row.caseId);
    else if (isCut) await giveBack(tx, ctx, now, contactId, row.caseId);
  }
}

async function saveLink(tx: Tx, ctx: Context, now: Date, row: AlertRow, link: ReporterLink): Promise<void> {
  await updateAlert(tx, row.id, await sealReporter(tx, ctx, now, row.id, link));
}

/** The contact knows nothing of the case any more; what else is being said there stays. */
async function letGo(tx: Tx, ctx: Context, now: Date, contactId: ContactId, caseId: CaseId): Promise<void> {
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

/** A chat that was cut by somebody else's word has the case again. It is told nothing. */
async function giveBack(
  tx: Tx,
  ctx: Context,
  now: Date,
  contactId: ContactId,
  caseId: CaseId,
): Promise<void> {
  const contact = await lockContactById(tx, contactId);
  const found = await findCase(tx, caseId);
  if (!contact || !found?.reference) return;
  const row = await findConversation(tx, contactId);
  const state = await loadConversation(tx, ctx, contactId, row);
  const about = { caseId, reference: found.reference, level: (found.level ?? 'medium') as Level };
  const outcome = await converse(tx, ctx, now, contact, { state }, { kind: 'came_back', case: about });
  await sayAndSave(tx, ctx, now, contact, { ...outcome, says: [] });
}
