/**
 * What the service says by itself to a person who has not just written: that a file was fetched in the end, that a message
 * was put aside.
 *
 * Invariants: soon after what they wrote it is an answer; later it is unasked, and then what this chat chose counts: nothing
 * where nothing may be written, and nothing outside the hours that were named, nor by itself where they said neither yes nor
 * no. Only neutral texts.
 */
import { opensAt } from '../../cases/contact-hours.ts';
import { hoursOf, type MayWrite, whySilent } from '../../conversation/values/may-write.ts';
import type { UnaskedKey } from '../../conversation/words/unasked-keys.ts';
import { findAlertOfCase } from '../../db/alerts.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { findConversation } from '../../db/conversations.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { minutes } from '../../kernel/time.ts';
import { serviceSay } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import { loadConversation } from './conversation-record.ts';
import { mayWriteIn } from './reporter-chats.ts';
import { openReporter } from './reporter-link.ts';

/** They still hold the phone with which they wrote, and look at it. */
export const ANSWER_WITHIN = minutes(5);

type How = {
  /** When they wrote what it is about. */
  since: Date;
  languageHint?: string | undefined;
  coalesce?: string | undefined;
};

export async function sayUnasked(
  at: Moment,
  contact: ContactRow,
  key: UnaskedKey,
  params: Record<string, string | number>,
  { since, languageHint, coalesce }: How,
): Promise<void> {
  const isAnswer = at.now.getTime() - since.getTime() <= ANSWER_WITHIN;
  if (isAnswer || (await mayPush(at, contact.id)))
    await serviceSay(at, contact, key, params, languageHint, coalesce, since);
}

/** Whether something may go to this chat now that nobody there has just asked for. */
export async function mayPush(at: Moment, contactId: ContactId): Promise<boolean> {
  const said = await chosenIn(at, contactId);
  if (said === 'unclear' || whySilent(said)) return false;
  const hours = hoursOf(said);
  return !hours || opensAt(hours, at.now, at.ctx.settings.timeZone) === at.now;
}

/** What this chat chose in its present report, or for the case that it leads to. */
export async function chosenIn(at: Moment, contactId: ContactId): Promise<MayWrite | undefined> {
  const state = await loadConversation(at, contactId, await findConversation(at.tx, contactId));
  if (!state || state.mayWrite !== undefined) return state?.mayWrite;
  const caseId = (state.isCaseOpen ? state.caseId : state.earlier?.caseId) as CaseId | undefined;
  const alert = caseId && (await findAlertOfCase(at.tx, caseId));
  const link = alert && (await openReporter(at, alert));
  return link && mayWriteIn(link, contactId);
}
