/**
 * What goes to a person unasked, and what became of an officer's words to them, told to the officer: "sent" only once they
 * were sent.
 *
 * Invariants: what leads from the words to the officer and to the alert stands only inside the sealed body, so that nothing
 * in the clear joins a person and a case; who is no officer any more is told nothing.
 */
import { z } from 'zod';
import type { NumberName } from '../../channels/channel.ts';
import type { MayWrite } from '../../conversation/values/may-write.ts';
import type { Db, Tx } from '../../db/database.ts';
import { cancelQueued } from '../../db/deliveries.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { queuedWordsTo, unsaidTo } from '../../db/unsaid.ts';
import type { AlertId, CaseId, ContactId, DeliveryId, EpochId, OfficerId } from '../../kernel/ids.ts';
import type { AlertState } from '../../kernel/vocabulary.ts';
import type { AnswerMark } from '../ground/answer-mark.ts';
import type { Context } from '../ground/context.ts';
import { bodyContext, type Spoken } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { openLive } from '../keys/epochs.ts';
import { type Notice, notify, notifyOfficers } from './officer-notices.ts';
import { languageOfOfficer, officerText, phraseInQuotes, sayTime } from './officer-wording.ts';

const tellsSchema = z.object({
  officerId: z.string(),
  reference: z.string(),
  /** A phrase and the chat in which it was chosen; absent: a reply written in the room, which shows its fate itself. */
  phrase: z.object({ is: z.string(), contactId: z.string(), notice: z.string() }).optional(),
});
/** Whom to tell what became of a message. `notice`: what has been said of it so far, if it has not left. */
export type Tells = {
  officerId: OfficerId;
  reference: string;
  phrase?: { is: string; contactId: ContactId; notice: string };
};

/**
 * An alert of which a message to a reporter is, and in which state of it the message is true: `live` is not closed;
 * `erased`: it is gone, and what they had agreed to stands here.
 */
export type Unasked =
  /** `tellsOf`: it is the first from another number of ours, which shows the words that they know. */
  | { alert: AlertId; while: AlertState | 'live'; tellsOf?: NumberName }
  | { alert: AlertId; while: 'erased'; agreed?: MayWrite | undefined };

export type Body = Spoken & { tells?: Tells; unasked?: Unasked; answers?: AnswerMark };
/** What goes to a reporter unasked, and whom to tell what becomes of it. */
export const unaskedBody = (text: string, unasked: Unasked, tells?: Tells): Body => ({
  text,
  unasked,
  ...(tells ? { tells } : {}),
});

export type WordFate = 'sent' | 'not_yet' | 'waits' | 'failed' | 'unsure' | 'withheld';

/** Why a message that was to leave does not: what held when it was written does not hold now. */
const WITHHELD = [
  'unsafe',
  'closed',
  'muted',
  'undecided',
  'unknown',
  'past',
  'left',
  'other_number',
] as const;
export type Withheld = (typeof WITHHELD)[number];
const PREFIX = 'withheld_';
/** How it stands among the failures of deliveries. */
export const failureOf = (why: Withheld): string => `${PREFIX}${why}`;
const withheldBy = (failure: string): Withheld | undefined =>
  WITHHELD.find((why) => failureOf(why) === failure);

/** What a failure means to the officer who wrote the words. */
export function wordFateOf(failure: string): WordFate {
  if (withheldBy(failure)) return 'withheld';
  return failure === 'ambiguous' ? 'unsure' : 'failed';
}

type Sealed = { contactId: ContactId; epochId: EpochId | null; bodySealed: Uint8Array | null };

/** What a delivery says; undefined: its key is gone, or it has left. */
export async function bodyOf(
  ctx: Context,
  db: Db | Tx,
  { contactId, epochId, bodySealed }: Sealed,
): Promise<Body | undefined> {
  const live = { epochId, sealed: bodySealed };
  return (await openLive(ctx, db, live, bodyContext(contactId))) as Body | undefined;
}

/** Whom to tell what becomes of this delivery; undefined: nobody. */
export async function tellsOf(ctx: Context, db: Db | Tx, delivery: Sealed): Promise<Tells | undefined> {
  const body = await bodyOf(ctx, db, delivery);
  return body?.tells && (tellsSchema.parse(body.tells) as Tells);
}

export async function tellWordFate(
  at: Moment,
  { officerId, reference, phrase }: Tells,
  fate: WordFate,
  /** `failure`: of the delivery, if it did not leave. `until`: when the hours begin for which it waits. */
  { failure = '', until }: { failure?: string; until?: Date } = {},
): Promise<void> {
  const { tx, ctx, now } = at;
  const officer = (await enrolledOfficers(tx)).find((each) => each.id === officerId);
  if (!officer) return;
  const language = languageOfOfficer(ctx, officer);
  const why = officerText(ctx, language, `withheld.${withheldBy(failure) ?? 'unknown'}`);
  if (!phrase) {
    // The room shows it; what did not arrive must be known also where no room is open.
    if (fate === 'failed' || fate === 'unsure' || fate === 'withheld')
      await notifyOfficers(at, [officer], { key: `reply.${fate}`, params: { reference, why } });
    return;
  }
  if (!officer.contacts.some(({ contactId }) => contactId === phrase.contactId)) return;
  const words = phraseInQuotes(ctx, language, phrase.is);
  const time = sayTime(until ?? now, now, ctx.settings.timeZone);
  const notice: Notice = {
    key: `phrase.${fate === 'sent' ? `sent_${phrase.is}` : fate}`,
    params: { reference, words, at: time, why },
    // What was said before and has not left is not true any more.
    coalesce: phrase.notice,
  };
  await notify(at, { contactId: phrase.contactId, language }, notice);
}

/** Answers to this contact that wait, or are being sent; `about`: only those that may speak of one of these cases. */
export async function answersTo(
  { tx, ctx }: Moment,
  contactId: ContactId,
  state: 'queued' | 'sending',
  about?: readonly CaseId[],
): Promise<DeliveryId[]> {
  const ids: DeliveryId[] = [];
  for (const each of await unsaidTo(tx, contactId, state)) {
    const mark = (await bodyOf(ctx, tx, each))?.answers;
    if (mark && (!about || (mark.about && about.includes(mark.about)))) ids.push(each.id);
  }
  return ids;
}

/** What officers wrote to this contact and has not left does not leave; they are told. */
export async function takeBackWords(at: Moment, contactId: ContactId): Promise<void> {
  const { tx, ctx } = at;
  for (const each of await queuedWordsTo(tx, contactId)) {
    const tells = await tellsOf(ctx, tx, each);
    if (tells && (await cancelQueued(tx, [each.id])).length > 0) await tellWordFate(at, tells, 'failed');
  }
}
