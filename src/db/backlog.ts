/** Messages that were taken in and are not handled yet: rows of the inbox that wait. */
import type { EpochId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, desc, eq, gte, inArray, isNotNull, or, sql } from './drizzle.cjs';
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
  on conflict (channel, message_index) do update
    set waiting_from = excluded.waiting_from, waiting_no = excluded.waiting_no,
        epoch_id = excluded.epoch_id, body_sealed = excluded.body_sealed
    where inbox.state = 'failed' and inbox.waiting_from is null`);

/**
 * Keeps messages in the order given. One that is known already, waiting or handled, stays as it is; one whose handling
 * failed waits with the others.
 */
export async function keepWaiting(db: Db, now: Date, messages: readonly Waiting[]): Promise<void> {
  // The same one may have come twice meanwhile.
  const each = new Map(messages.map((one) => [`${one.channel}/${hex(one.messageIndex)}`, one]));
  const kept = [...each.values()].map(({ channel, messageIndex, from, epochId, sealed }, n) => ({
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

/** Whether anything waits to be handled, or failed after `since` and may come again. */
export async function hasUnheard(tx: Tx, since: Date): Promise<boolean> {
  const mayComeAgain = and(inArray(inbox.state, ['waiting', 'failed']), gte(inbox.receivedAt, since));
  const [row] = await tx
    .select({ state: inbox.state })
    .from(inbox)
    .where(or(isWaiting, mayComeAgain))
    .limit(1);
  return row !== undefined;
}

/** Whether a message waits, failed or was handled. */
export async function isKnown(tx: Tx, channel: string, index: Uint8Array): Promise<boolean> {
  const [row] = await tx
    .select({ state: inbox.state })
    .from(inbox)
    .where(and(eq(inbox.channel, channel), eq(inbox.messageIndex, index)));
  return row !== undefined;
}

/**
 * A message that waited is done. Handling it has done so already, unless the server key was changed while it waited: then it
 * was handled under another index than the one it waits under.
 */
export async function endWaiting(db: Db, message: { channel: string; index: Uint8Array }): Promise<void> {
  await db
    .update(inbox)
    .set({
      state: 'handled',
      bodySealed: null,
      epochId: null,
      error: null,
      waitingFrom: null,
      waitingNo: null,
    })
    .where(and(isWaiting, eq(inbox.channel, message.channel), eq(inbox.messageIndex, message.index)));
}

/** From an officer's contact. */
const IS_OFFICERS = sql`exists (
  select from contacts join officer_contacts on officer_contacts.contact_id = contacts.id
  where contacts.channel = ${inbox.channel} and contacts.address_index = ${inbox.waitingFrom})`;

/** Contacts whose messages wait, how many and how large they are: officers first, then contacts with few. */
export async function whoWaits(
  db: Db,
): Promise<{ channel: string; from: Uint8Array; isOfficers: boolean; count: number; bytes: number }[]> {
  const rows = await db
    .select({
      channel: inbox.channel,
      from: inbox.waitingFrom,
      isOfficers: sql<boolean>`${IS_OFFICERS}`,
      count: sql<number>`count(*)::int`,
      bytes: sql<number>`sum(length(${inbox.bodySealed}))::float8`,
    })
    .from(inbox)
    .where(isWaiting)
    .groupBy(inbox.channel, inbox.waitingFrom)
    .orderBy(desc(IS_OFFICERS), sql`count(*)`, sql`min(${inbox.waitingNo})`);
  return rows.flatMap(({ from, ...row }) => (from ? [{ ...row, from }] : []));
}

/** The first messages of a contact that wait, in the order in which they came. */
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
