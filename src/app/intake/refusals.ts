/** A person whose messages are too many is told that they are not kept. */
import type { IncomingMessage } from '../../channels/channel.ts';
import { isKnown } from '../../db/backlog.ts';
import { findContactByAddress } from '../../db/contacts.ts';
import { createBudget } from '../../kernel/budget.ts';
import type { Context } from '../ground/context.ts';
import { serviceSay } from '../ground/service-texts.ts';
import { transact } from '../ground/transaction.ts';
import { contactKey, type Who } from './waiting.ts';

/** Said once a minute; what was kept or handled before, and only comes again, is no part of it. */
export function createRefusals(ctx: Context, now: () => number) {
  const told = createBudget(1, now);
  const beingTold = new Set<string>();
  return async (message: IncomingMessage, who: Who, index: Uint8Array): Promise<void> => {
    ctx.metrics.refused(message.channel);
    const key = contactKey(who);
    if (beingTold.has(key) || told.wait(key) > 0) return;
    beingTold.add(key);
    try {
      if (await tell(ctx, message, who, index)) told.take(key);
    } finally {
      beingTold.delete(key);
    }
  };
}

function tell(ctx: Context, message: IncomingMessage, who: Who, index: Uint8Array): Promise<boolean> {
  return transact(ctx, async (at) => {
    if (await isKnown(at.tx, message.channel, index)) return false;
    const contact = await findContactByAddress(at.tx, who.channel, [who.from]);
    if (contact) await serviceSay(at, contact, 'service.too_many', {}, message.languageHint);
    return contact !== undefined;
  });
}
