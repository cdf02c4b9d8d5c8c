/**
 * A case in several chats: it was found again by its reference and its code, perhaps by the person, perhaps by another
 * who saw the code.
 *
 * Invariants: the chat that comes takes the case from nobody, and the one that was there is told nothing; officers are
 * told, and decide; whom they refuse, the code lets in no more, and answers like a wrong one; a chat is cut only by an officer, or by the word that the old phone was taken, which officers see. The
 * contact of a chat that is cut is locked, so that a message that is being handled there does not bring the case back.
 */
import { type AlertRow, logOf } from '../../db/alerts.ts';
import { findCase } from '../../db/cases.ts';
import { forgetTries } from '../../db/code-tries.ts';
import { type ContactRow, lockContactById } from '../../db/contacts.ts';
import { findConversation } from '../../db/conversations.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import type { Level } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { lockOrOpenAlert } from '../alerts/quiet-alerts.ts';
import { tellOfficer } from '../alerts/reporter-news.ts';
import { takeBackWords } from '../duty/word-fate.ts';
import type { Moment } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { admittedAgain, allChats, decided, linkOf, withComer } from '../records/reporter-chats.ts';
import { chatsOf, openReporter, type ReporterLink } from '../records/reporter-link.ts';
import { reportersOf } from '../records/whose-case.ts';
import { converse, sayAndSave } from './conversing.ts';
import { stopErasure } from './erasure-stops.ts';
import { letGo, saveLink } from './other-chats.ts';

/** `shared`: it is to be decided whose the chats are. `refused`: this one does not get it. */
type Joined = 'alone' | 'shared' | 'refused';

/** This contact has the right code: it may add to the case and ask for its status, like the chats that have it. */
export async function joinCase(at: Moment, contact: ContactRow, caseId: CaseId): Promise<Joined> {
  const row = await lockOrOpenAlert(at, caseId);
  // It was erased since the code was compared: there is no such case.
  if (!row) return 'refused';
  const known = await openReporter(at, row);
  const link = known ?? linkOf(await reportersOf(at, caseId, contact.id));
  // Nobody is known to have it: nothing to decide.
  const alone: ReporterLink = { contactId: contact.id };
  const joined = link ? withComer(link, contact.id, at.now) : alone;
  if (joined === 'refused') {
    await tellOfRefused(at, row, caseId);
    return 'refused';
  }
  // A try that is refused stays counted, like one with a wrong code.
  await forgetTries(at.tx, contact.addressIndex);
  if (joined === 'has_it') return link?.isUndecided ? 'shared' : 'alone';
  await saveLink(at, row, joined);
  // What has not left was written before anybody knew of this chat.
  for (const each of link ? chatsOf(link) : []) await takeBackWords(at, each.contactId);
  const channel = contact.channel;
  await sealIntoCase(at, caseId, 'event', { what: 'came_back', channel });
  await stopErasure(at, caseId, 'reporter');
  await tellOfficer(at, caseId, link ? 'came_back' : 'came_back_alone');
  return joined.isUndecided ? 'shared' : 'alone';
}

/** The holder of a phone that was refused, or cut, still has the code: said once an hour, however often they try. */
async function tellOfRefused(at: Moment, row: AlertRow, caseId: CaseId): Promise<void> {
  const what = 'refused_came';
  const anHourAgo = after(at.now, -hours(1));
  const toldOf = (detail: unknown) => (detail as { what?: string } | null)?.what;
  const log = await logOf(at.tx, row.id);
  if (log.some((each) => each.at > anHourAgo && toldOf(each.detail) === what)) return;
  await sealIntoCase(at, caseId, 'event', { what });
  await tellOfficer(at, caseId, what);
}

/** An officer has decided: `only` one of the chats is the person's, or (undefined) all are. The alert is locked. */
export async function decideChats(
  at: Moment,
  row: AlertRow,
  link: ReporterLink,
  only?: ContactId,
): Promise<void> {
  if (!row.caseId) return;
  const next = decided(link, only);
  const kept = new Set(chatsOf(next).map(({ contactId }) => contactId));
  await saveLink(at, row, next);
  for (const { contactId, isCut } of allChats(link)) {
    if (!kept.has(contactId)) await letGo(at, contactId, row.caseId);
    else if (isCut) await giveBack(at, contactId, row.caseId);
  }
}

/** An officer has another look at one that was refused: it has the case again. The alert is locked. */
export async function admitAgain(
  at: Moment,
  row: AlertRow,
  link: ReporterLink,
  contactId: ContactId,
): Promise<void> {
  if (!row.caseId) return;
  await saveLink(at, row, admittedAgain(link, contactId));
  await giveBack(at, contactId, row.caseId);
}

/** A chat that was cut by another chat's word, or refused, has the case again. It is told nothing. */
async function giveBack(at: Moment, contactId: ContactId, caseId: CaseId): Promise<void> {
  const contact = await lockContactById(at.tx, contactId);
  const found = await findCase(at.tx, caseId);
  if (!contact || !found?.reference) return;
  const row = await findConversation(at.tx, contactId);
  const state = await loadConversation(at, contactId, row);
  const about = { caseId, reference: found.reference, level: (found.level ?? 'medium') as Level };
  const outcome = await converse(at, contact, { state }, { kind: 'came_back', case: about });
  await sayAndSave(at, contact, { ...outcome, says: [] });
}
