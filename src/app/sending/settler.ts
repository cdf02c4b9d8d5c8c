/** Writes down what was sent: all that comes while one statement is under way goes with the next one. */
import { type ClaimedDelivery, type SentDelivery, settleSent } from '../../db/deliveries.ts';
import { type Tells, tellWordFate } from '../duty/word-fate.ts';
import type { Context } from '../ground/context.ts';
import { messageRefContext } from '../ground/outbox.ts';
import { transact } from '../ground/transaction.ts';
import { sealLive } from '../keys/epochs.ts';
import { refIndexOf } from './after-sending.ts';

/**
 * Resolves once it is written down that the delivery was sent; `tells`: and a person is told so, in one transaction.
 */
export type Settler = (delivery: ClaimedDelivery, messageRef: string, tells?: Tells) => Promise<void>;

export function createSettler(ctx: Context): Settler {
  let waiting: SentDelivery[] = [];
  let next: Promise<void> | undefined;
  let present: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    // What failed is told to those who waited for it.
    await present.catch(() => undefined);
    const sent = waiting;
    waiting = [];
    present = settleSent(ctx.db, ctx.clock.stated(), sent);
    next = undefined;
    await present;
  };

  return async (delivery, messageRef, tells) => {
    const sent = await sentRow(ctx, delivery, messageRef);
    if (tells)
      return transact(ctx, async (at) => {
        await settleSent(at.tx, ctx.clock.stated(), [sent]);
        await tellWordFate(at, tells, 'sent');
      });
    waiting.push(sent);
    next ??= write();
    await next;
  };
}

async function sentRow(ctx: Context, delivery: ClaimedDelivery, messageRef: string): Promise<SentDelivery> {
  const isNew = delivery.action === 'send';
  const context = messageRefContext(delivery.contactId);
  const live = isNew ? await sealLive(ctx, ctx.db, delivery.claimedAt, context, messageRef) : null;
  // A person who replies to it names it.
  const isNamed = isNew && !ctx.channels.get(delivery.channel)?.can.isOneWay;
  const refIndex = isNamed ? refIndexOf(ctx.keyring, delivery.channel, messageRef) : null;
  return { id: delivery.id, attempts: delivery.attempts, messageRef: live, refIndex };
}
