/**
 * A last look at an answer to a reporter that could not leave at once, before each further try.
 *
 * Invariants: what was said of the phone since then counts, and so does that a chat has lost its case, that the case is
 * erased or has another code, that the person has left or erased what it was about; soon after they wrote it is an answer,
 * later it is unasked: nothing where nothing may be written, nothing outside the hours that were named; when the phone may
 * be in other hands, only that what they wrote is here.
 */

import { VEIL } from '../../conversation/steps/silence.ts';
import { hoursOf, whySilent } from '../../conversation/values/may-write.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import type { UnaskedKey } from '../../conversation/words/unasked-keys.ts';
import { findAlertOfCase } from '../../db/alerts.ts';
import { findCase, findReceiptCode } from '../../db/cases.ts';
import { findConversation } from '../../db/conversations.ts';
import { isNewestTo, isTakenBack } from '../../db/unsaid.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { newestOf } from '../alerts/case-going-on.ts';
import type { AnswerMark } from '../ground/answer-mark.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';
import { ANSWER_WITHIN, chosenIn } from '../records/unasked.ts';
import { type Leaving, type Which, wasMuted, withheld, within } from './leaving.ts';

/** `instead`: what is said in its place. */
export type AnswerLeaving = Leaving & { instead?: UnaskedKey };

export function lookAtAnswer(ctx: Context, delivery: Which, mark: AnswerMark): Promise<AnswerLeaving> {
  return transact(ctx, (at) => look(at, delivery, mark));
}

async function look(
  at: Moment,
  { id, contactId, createdAt }: Which,
  mark: AnswerMark,
): Promise<AnswerLeaving> {
  const { tx, now } = at;
  if (await isTakenBack(tx, contactId, id)) return withheld('left');
  if (await wasMuted(at, contactId, createdAt)) return withheld('muted');
  if (mark.about && !(await hasCase(at, contactId, mark.about))) return withheld('unknown');
  if (mark.code && !(await isPresentCode(at, mark))) return withheld('past');
  const said = await chosenIn(at, contactId);
  // They have said it since: not even what they asked for a moment before.
  if (whySilent(said) && mark.isSilent === false) return withheld('unsafe');
  const age = now.getTime() - new Date(mark.since ?? createdAt).getTime();
  if (mark.since && age <= ANSWER_WITHIN) return { is: 'now', since: createdAt };
  if (said === 'unclear' || whySilent(said)) return withheld('unsafe');
  const when = within(at, createdAt, hoursOf(said));
  if (when.is !== 'now' || mark.is === 'neutral' || age <= VEIL) return when;
  // Newer words, or the same ones once more, are on their way: one is enough.
  if (mark.is === 'brief' || !(await isNewestTo(tx, contactId, id))) return withheld('past');
  return { ...when, instead: 'service.answered_late' };
}

/** Whether the case is there and this chat still leads to it. */
async function hasCase(at: Moment, contactId: ContactId, about: CaseId): Promise<boolean> {
  const { tx, ctx } = at;
  if (!(await findCase(tx, about))) return false;
  const caseId = await newestOf(tx, ctx, about);
  const state = await loadConversation(at, contactId, await findConversation(tx, contactId));
  for (const each of casesIn(state)) if ((await newestOf(tx, ctx, each)) === caseId) return true;
  const alert = await findAlertOfCase(tx, caseId);
  const link = alert && (await openReporter(at, alert));
  return link !== undefined && chatsOf(link).some((chat) => chat.contactId === contactId);
}

const casesIn = (state: ConversationState | undefined): CaseId[] =>
  [state?.caseId, state?.earlier?.caseId].flatMap((id) => (id ? [id as CaseId] : []));

/** Another one, or none, is a case's code as soon as an officer has said yes to a new one. */
async function isPresentCode({ tx }: Moment, { about, code }: AnswerMark): Promise<boolean> {
  const stored = about && (await findReceiptCode(tx, about));
  return stored !== undefined && Buffer.from(stored.hash).toString('hex') === code;
}
