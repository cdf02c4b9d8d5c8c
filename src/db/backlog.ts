/** Messages that were taken in and are not handled yet: rows of the inbox that wait. */
import type { EpochId } from '../kernel/ids.ts';
import type { Db } from './database.ts';
import { and, eq, inArray, isNotNull, sql } from './drizzle.cjs';
import { inbox } from './schema.ts';
import { hex, statement } from './statement.ts';

export type Waiting = {
  channel: string;
  /** Keyed hash of the channel's message id. */
  messageIndex: Uint8Array;
  /** Keyed hash of the address it came from. */
  from: Uint8Array;
  epochId: EpochId;
  /** The message, under the key of that epoch. */
  sealed: Uint8Array;
};

const KEEP = statement(`
  insert into inbox (channel, message_index, received_at, state, waiting_from, waiting_no, epoch_id, body_sealed)
  select channel, decode(message, 'hex'), $1::timestamptz, 'waiting',
         decode(sender, 'hex'), nextval('inbox_waiting_no'), epoch_id, decode(body, 'hex')
  from json_to_recordset($2::json) as kept (channel text, message text, sender text, epoch_id uuid, body text, n int)
  order by n
  on conflict do nothing`);

/** Keeps messages in the order given. One that is known already, waiting or handled, stays as it is. */
export async function keepWaiting(db: Db, now: Date, messages: readonly Waiting[]): Promise<void> {
  const kept = messages.map(({ channel, messageIndex, from, epochId, sealed }, n) => ({
    channel,
    message: hex(messageIndex),
    sender: hex(from),
    epoch_id: epochId,
    body: hex(sealed),
    n,
  }));
  await KEEP(db, [now, JSON.stringify(kept)]);
}

const isWaiting = and(
  isNotNull(inbox.waitingFrom),
  isNotNull(inbox.bodySealed),
  inArray(inbox.state, ['waiting', 'failed']),
);

/** Who has messages that wait, how many and how large they are; who has few comes first. */
export async function whoWaits(
  db: Db,
): Promise<{ channel: string; from: Uint8Array; count: number; bytes: number }[]> {
  const rows = await db
    .select({
      channel: inbox.channel,
      from: inbox.waitingFrom,
      count: sql<number>`count(*)::int`,
      bytes: sql<number>`sum(length(${inbox.bodySealed}))::float8`,
    })
    .from(inbox)
    .where(isWaiting)
    .groupBy(inbox.channel, inbox.waitingFrom)
    .orderBy(sql`count(*)`, sql`min(${inbox.waitingNo})`);
  return rows.flatMap(({ from, ...row }) => (from ? [{ ...row, from }] : []));
}

/** The first messages of somebody that wait, in the order in which they came. */
export async function firstWaiting(
  db: Db,
  { channel, from }: Pick<Waiting, 'channel' | 'from'>,
  most: number,
): Promise<{ messageIndex: Uint8Array; epochId: EpochId | null; sealed: Uint8Array | null }[]> {
  return db
    .select({ messageIndex: inbox.messageIndex, epochId: inbox.epochId, sealed: inbox.bodySealed })
    .from(inbox)
    .where(and(isWaiting, eq(inbox.channel, channel), eq(inbox.waitingFrom, from)))
    .orderBy(inbox.waitingNo)
    .limit(most);
}
