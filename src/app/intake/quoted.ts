import type { IncomingMessage } from '../../channels/channel.ts';
import type { Quoted } from '../../conversation/steps/quoted.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { quotedDelivery } from '../../db/quoted.ts';
import type { Moment } from '../ground/transaction.ts';
import { refIndexOf } from '../sending/after-sending.ts';

/** The message of ours that this one replies to; undefined: it replies to none, or to one that is just leaving. */
export async function quotedBy(
  { tx, ctx }: Moment,
  contact: ContactRow,
  { channel, repliesTo }: IncomingMessage,
): Promise<Quoted | undefined> {
  if (repliesTo === undefined) return undefined;
  const found = await quotedDelivery(tx, contact.id, refIndexOf(ctx.keyring, channel, repliesTo));
  return found === 'leaving' ? undefined : { saidAt: found };
}
