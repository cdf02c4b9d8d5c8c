/**
 * What became of an officer's words to a person, told to the officer: "sent" only once they were sent.
 *
 * Invariants: what leads from the words to the officer stands only inside the sealed body, so that nothing in the clear
 * joins a person and a case; who is no officer any more is told nothing.
 */
import { z } from 'zod';
import type { OutgoingMessage } from '../../channels/channel.ts';
import type { Db, Tx } from '../../db/database.ts';
import { cancelQueued, queuedWordsTo } from '../../db/deliveries.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { ContactId, EpochId, OfficerId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import { openLive } from '../ground/epochs.ts';
import { bodyContext } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { type Notice, notify, notifyOfficers } from './officer-notices.ts';
import { languageOfOfficer, officerText, sayTime } from './officer-wording.ts';

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

export type Body = OutgoingMessage & { tells?: Tells };
/** A message whose fate an officer is told. */
export const withTells = (message: OutgoingMessage, tells?: Tells): Body =>
  tells ? { ...message, tells } : message;

export type WordFate = 'sent' | 'not_yet' | 'failed' | 'unsure';

/** What a failure means to the officer who wrote the words. */
export const wordFateOf = (failure: string): WordFate => (failure === 'ambiguous' ? 'unsure' : 'failed');

/** Whom to tell what becomes of this delivery; undefined: nobody. */
export async function tellsOf(
  ctx: Context,
  db: Db | Tx,
  delivery: { contactId: ContactId; epochId: EpochId | null; bodySealed: Uint8Array | null },
): Promise<Tells | undefined> {
  const live = { epochId: delivery.epochId, sealed: delivery.bodySealed };
  const body = (await openLive(ctx, db, live, bodyContext(delivery.contactId))) as Body | undefined;
  return body?.tells && (tellsSchema.parse(body.tells) as Tells);
}

export async function tellWordFate(
  at: Moment,
  { officerId, reference, phrase }: Tells,
  fate: WordFate,
): Promise<void> {
  const { tx, ctx, now } = at;
  const officer = (await enrolledOfficers(tx)).find((each) => each.id === officerId);
  if (!officer) return;
  if (!phrase) {
    // The room shows it; what did not arrive must be known also where no room is open.
    if (fate === 'failed' || fate === 'unsure')
      await notifyOfficers(at, [officer], { key: `reply.${fate}`, params: { reference } });
    return;
  }
  if (!officer.contacts.some(({ contactId }) => contactId === phrase.contactId)) return;
  const language = languageOfOfficer(ctx, officer);
  const words = officerText(ctx, language, `phrase.words_${phrase.is}`);
  const time = sayTime(now, now, ctx.settings.timeZone);
  const notice: Notice = {
    key: `phrase.${fate === 'sent' ? `sent_${phrase.is}` : fate}`,
    params: { reference, words, at: time },
    // What was said before and has not left is not true any more.
    coalesce: phrase.notice,
  };
  await notify(at, { contactId: phrase.contactId, language }, notice);
}

/** What officers wrote to this contact and has not left does not leave; they are told. */
export async function takeBackWords(at: Moment, contactId: ContactId): Promise<void> {
  const { tx, ctx } = at;
  for (const each of await queuedWordsTo(tx, contactId)) {
    const tells = await tellsOf(ctx, tx, each);
    if (tells && (await cancelQueued(tx, [each.id])).length > 0) await tellWordFate(at, tells, 'failed');
  }
}
