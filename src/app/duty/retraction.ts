import type { Tx } from '../../db/database.ts';
import { replaceReplies, repliesTo } from '../../db/deliveries.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { enqueueAll } from '../ground/outbox.ts';
import { takeBackWords } from './word-fate.ts';

/** Messengers let a bot delete its messages for 48 hours (Telegram); a little less, so that none is refused. */
const RETRACTABLE = hours(47);

/**
 * Takes what was said to a reporter back from their phone, as far as the channel can. What has not left does not
 * leave; what is on its way is taken back when it has arrived. Pages stay: an officer may be a reporter too; unless the
 * phone itself is in wrong hands.
 */
export async function retractSent(
  tx: Tx,
  ctx: Context,
  now: Date,
  contactId: ContactId,
  more: { isWithPages?: boolean } = {},
): Promise<void> {
  await takeBackWords(tx, ctx, now, contactId);
  await replaceReplies(tx, contactId);
  const ids = await repliesTo(tx, contactId, after(now, -RETRACTABLE), more);
  await enqueueAll(
    tx,
    ctx,
    now,
    ids.map((targetId) => ({
      contactId,
      class: CLASS.reply,
      action: 'retract' as const,
      targetId,
      message: { text: '' },
    })),
  );
}
