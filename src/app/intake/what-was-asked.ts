/** What a message can be an answer to, beside the question that the conversation is at. */
import type { IncomingMessage } from '../../channels/channel.ts';
import { QUESTION } from '../../conversation/asking/said.ts';
import type { Quoted } from '../../conversation/steps/quoted.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import { phrasedAt } from '../../db/alerts.ts';
import type { ContactRow } from '../../db/contacts.ts';
import type { Tx } from '../../db/database.ts';
import { isWaiting, quotedDelivery } from '../../db/quoted.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { QUESTIONS } from '../decisions/what-came.ts';
import type { Moment } from '../ground/transaction.ts';
import { type Before, HELD } from '../reporters/conversing.ts';
import { refIndexOf } from '../sending/after-sending.ts';

/** The message of ours that it replies to, what an officer asked, and whether the question has left at all. */
export async function whatWasAsked(
  at: Moment,
  contact: ContactRow,
  state: ConversationState | undefined,
  message: IncomingMessage,
): Promise<Pick<Before, 'quoted' | 'askedAt' | 'isUnread'>> {
  const askedAt = await lastQuestion(at.tx, state);
  const quoted = await quotedBy(at, contact, message);
  // What is held back of a person who floods has not been read either.
  const isUnread = state?.thought && (await isWaiting(at.tx, contact.id, [QUESTION, HELD]));
  return {
    ...(askedAt ? { askedAt } : {}),
    ...(quoted ? { quoted } : {}),
    ...(isUnread === undefined ? {} : { isUnread }),
  };
}

/** Undefined: it replies to nothing of ours, or to what is just leaving. */
async function quotedBy(
  { tx, ctx }: Moment,
  contact: ContactRow,
  { channel, repliesTo }: IncomingMessage,
): Promise<Quoted | undefined> {
  if (repliesTo === undefined) return undefined;
  const found = await quotedDelivery(tx, contact.id, refIndexOf(ctx.keyring, channel, repliesTo));
  return found === 'leaving' ? undefined : { saidAt: found };
}

/** When the officer who has the person's case last asked them something. */
async function lastQuestion(tx: Tx, state: ConversationState | undefined): Promise<Date | undefined> {
  if (!state?.isCaseOpen || !state.caseId) return undefined;
  return phrasedAt(tx, state.caseId as CaseId, QUESTIONS);
}
