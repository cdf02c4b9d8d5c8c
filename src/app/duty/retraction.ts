import { cancelQueued, replaceReplies, repliesTo } from '../../db/deliveries.ts';
import type { CaseId, ContactId, DeliveryId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { enqueueAll } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { answersTo, takeBackWords } from './word-fate.ts';

/** Messengers let a bot delete its messages for 48 hours; a little less, so that none is refused. */
const RETRACTABLE = hours(47);

/**
 * Takes what was said to a reporter back from their phone, as far as the channel can. What has not left does not
 * leave; what is on its way is taken back when it has arrived. Pages stay: an officer may be a reporter too; unless the
 * phone itself is in wrong hands.
 */
export async function retractSent(
  at: Moment,
  contactId: ContactId,
  more: { isWithPages?: boolean } = {},
): Promise<void> {
  await takeBackWords(at, contactId);
  await replaceReplies(at.tx, contactId);
  await retract(at, contactId, await repliesTo(at.tx, contactId, after(at.now, -RETRACTABLE), more));
}

/**
 * What answers them and has not left does not leave; what is being sent at this moment is not tried again, and taken back if
 * it arrives. What is on their screen stays. `about`: only what may speak of one of these cases.
 */
export async function takeBackAnswers(
  at: Moment,
  contactId: ContactId,
  about?: readonly CaseId[],
): Promise<void> {
  await cancelQueued(at.tx, await answersTo(at, contactId, 'queued', about));
  await retract(at, contactId, await answersTo(at, contactId, 'sending', about));
}

async function retract(at: Moment, contactId: ContactId, ids: readonly DeliveryId[]): Promise<void> {
  await enqueueAll(
    at,
    ids.map((targetId) => ({
      contactId,
      class: CLASS.reply,
      action: 'retract' as const,
      targetId,
      message: { text: '' },
    })),
  );
}
