import { replaceReplies, repliesTo } from '../../db/deliveries.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { enqueueAll } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { takeBackWords } from './word-fate.ts';

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
  const ids = await repliesTo(at.tx, contactId, after(at.now, -RETRACTABLE), more);
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
