import type { EpochId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, eq, gt, inArray, lt, sql } from './drizzle.cjs';
import { inbox } from './schema.ts';

const NOT_HANDLED = inArray(inbox.state, ['failed', 'waiting']);

/** Whether a message was handled under an index of an older key: asked only while the server key is rotated. */
export async function wasHandled(tx: Tx, channel: string, indexes: readonly Uint8Array[]): Promise<boolean> {
  const [row] = await tx
    .select({ state: inbox.state })
    .from(inbox)
    .where(
      and(
        eq(inbox.channel, channel),
        inArray(inbox.messageIndex, [...indexes]),
        inArray(inbox.state, ['handled', 'parked']),
      ),
    );
  return row !== undefined;
}

/** Notes that handling failed, with the message under the epoch key; returns how often by now. */
export async function noteFailed(
  tx: Tx | Db,
  now: Date,
  message: { channel: string; index: Uint8Array },
  failure: { epochId: EpochId; sealed: Uint8Array; error: string },
): Promise<number> {
  const [row] = await tx
    .insert(inbox)
    .values({
      channel: message.channel,
      messageIndex: message.index,
      receivedAt: now,
      state: 'failed',
      attempts: 1,
      epochId: failure.epochId,
      bodySealed: failure.sealed,
      error: failure.error,
    })
    .onConflictDoUpdate({
      target: [inbox.channel, inbox.messageIndex],
      set: {
        attempts: sql`${inbox.attempts} + 1`,
        epochId: failure.epochId,
        bodySealed: failure.sealed,
        error: failure.error,
        state: 'failed',
      },
      setWhere: NOT_HANDLED,
    })
    .returning({ attempts: inbox.attempts });
  // Handled meanwhile by another process: nothing failed.
  return row?.attempts ?? 0;
}

/** Notes that the service fell while it handled a message, so often; nothing if it was handled all the same. */
export async function countFalls(
  db: Db,
  now: Date,
  message: { channel: string; index: Uint8Array },
  times: number,
): Promise<void> {
  await db
    .insert(inbox)
    .values({
      channel: message.channel,
      messageIndex: message.index,
      receivedAt: now,
      state: 'failed',
      attempts: times,
      error: 'service_fell',
    })
    .onConflictDoUpdate({
      target: [inbox.channel, inbox.messageIndex],
      set: { attempts: sql`${inbox.attempts} + ${times}`, error: 'service_fell' },
      setWhere: NOT_HANDLED,
    });
}

/** Messages whose handling has failed, and how often; they are few. */
export function failedMessages(
  db: Db,
): Promise<{ channel: string; messageIndex: Uint8Array; attempts: number }[]> {
  const { channel, messageIndex, attempts } = inbox;
  return db
    .select({ channel, messageIndex, attempts })
    .from(inbox)
    .where(and(NOT_HANDLED, gt(inbox.attempts, 0)));
}

/** Takes a message out of the way: it is kept, and counts as handled towards the channel. */
export async function parkMessage(
  tx: Tx | Db,
  message: { channel: string; index: Uint8Array },
): Promise<void> {
  await tx
    .update(inbox)
    .set({ state: 'parked', waitingFrom: null, waitingNo: null })
    .where(and(eq(inbox.channel, message.channel), eq(inbox.messageIndex, message.index)));
}

/** Forgets messages so old that no channel delivers them again; parked ones stay. Returns how many. */
export async function forgetHandled(tx: Tx, before: Date): Promise<number> {
  const rows = await tx
    .delete(inbox)
    .where(and(eq(inbox.state, 'handled'), lt(inbox.receivedAt, before)))
    .returning({ channel: inbox.channel });
  return rows.length;
}
