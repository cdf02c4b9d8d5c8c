/**
 * A message that makes the program fail.
 *
 * Invariants: it is kept, under the epoch key; after three tries it becomes a sealed case of its own with an
 * alert, so that a person looks at it, and the reporter is told; a group is told nothing; the queue moves on in
 * any event.
 */
import type { IncomingMessage } from '../../channels/channel.ts';
import { arrive } from '../../db/arrivals.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { isUnavailable } from '../../db/failure.ts';
import { noteFailed, parkMessage } from '../../db/inbox.ts';
import { reduceError } from '../../kernel/log.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { arrivalOf } from '../keys/addresses.ts';
import { sealLive } from '../keys/epochs.ts';
import { createDraft, openCase } from '../records/case-opening.ts';
import { sayUnasked } from '../records/unasked.ts';
import { raiseAlert } from './alerting.ts';
import { sealIntoCase } from './case-record.ts';

export const TRIES = 3;

/** Keeps a message whose handling threw. True: it is parked, and the channel may acknowledge it. */
export async function keepFailed(ctx: Context, message: IncomingMessage, error: unknown): Promise<boolean> {
  const { messageIndex } = arrivalOf(ctx, message);
  const key = { channel: message.channel, index: messageIndex };
  const reduced = reduceError(error);
  const attempts = await transact(ctx, async ({ tx, ctx, now }) => {
    const body = await sealLive(ctx, tx, now, `inbox/${message.channel}`, message);
    const code = reduced.code ?? reduced.error;
    return noteFailed(tx, now, key, { ...body, error: code });
  });
  ctx.log.error('message_failed', { channel: message.channel, attempts, ...reduced });
  if (attempts > 0 && attempts < TRIES) return false;
  if (attempts > 0) await park(ctx, message, key);
  return true;
}

/**
 * A message during which the service froze or died three times: it is handled no more, only kept, and a person reads it.
 * If even that brought the service down, it is put aside with nothing more done.
 */
export async function parkFallen(ctx: Context, message: IncomingMessage, falls: number): Promise<void> {
  const key = { channel: message.channel, index: arrivalOf(ctx, message).messageIndex };
  await transact(ctx, async ({ tx, ctx, now }) => {
    const body = await sealLive(ctx, tx, now, `inbox/${message.channel}`, message);
    await noteFailed(tx, now, key, { ...body, error: 'service_fell' });
    if (falls > TRIES + 1) await parkMessage(tx, key);
  });
  if (falls <= TRIES + 1) await park(ctx, message, key);
}

async function park(
  ctx: Context,
  message: IncomingMessage,
  key: { channel: string; index: Uint8Array },
): Promise<void> {
  ctx.log.error('message_parked', { channel: message.channel });
  ctx.metrics.parked(message.channel);
  try {
    await transact(ctx, async (at) => {
      const { isNew, contact } = await arrive(at.tx, at.now, arrivalOf(ctx, message));
      // Another process that failed with it at the same moment was faster.
      if (!isNew) return;
      // What stands in a group is nothing to read, and nobody there may learn of cases.
      if (message.content.kind !== 'group') await toCase(at, contact, message);
      await parkMessage(at.tx, key);
    });
  } catch (error) {
    if (isUnavailable(error)) throw error;
    // Not even a case can be opened: the body stays in the inbox, and the doctor counts it.
    ctx.log.error('message_failed', { channel: message.channel, attempts: TRIES, ...reduceError(error) });
    await parkMessage(ctx.db, key);
  }
}

/**
 * A case with nothing in it but this message, of level urgent: nobody knows what it says. From here on it is in the
 * case, and what the inbox held of it is not needed.
 */
async function toCase(at: Moment, contact: ContactRow, message: IncomingMessage): Promise<void> {
  const caseId = await createDraft(at, message.channel);
  const facts = { level: 'urgent' as const, isSubmitted: false, isUnfinished: true };
  const reference = await openCase(at, caseId, facts);
  await sealIntoCase(at, caseId, 'event', { what: 'message_could_not_be_handled', message });
  await raiseAlert(at, { caseId, reference, level: 'urgent', contactId: contact.id });
  const { languageHint, sentAt: since = at.now } = message;
  await sayUnasked(at, contact, 'service.parked', { reference }, { since, languageHint });
}
