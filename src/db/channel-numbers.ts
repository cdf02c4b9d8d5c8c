/** Which of our numbers is in use on a channel where we can have two, and which contact knows which of them. */
import type { ContactId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, eq, isNotNull, isNull, ne, notInArray, or, sql } from './drizzle.cjs';
import { channelNumbers, contacts } from './schema.ts';

export type ChannelNumbers = typeof channelNumbers.$inferSelect;

export async function findNumbers(db: Db | Tx, channel: string): Promise<ChannelNumbers | undefined> {
  const [row] = await db.select().from(channelNumbers).where(eq(channelNumbers.channel, channel));
  return row;
}

/** The same, locked: of several processes one decides. */
export async function lockNumbers(tx: Tx, channel: string): Promise<ChannelNumbers | undefined> {
  // There may be no row to lock yet.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('channel_numbers'), hashtext(${channel}))`);
  return findNumbers(tx, channel);
}

export async function putNumbers(tx: Tx, row: typeof channelNumbers.$inferInsert): Promise<void> {
  await tx
    .insert(channelNumbers)
    .values(row)
    .onConflictDoUpdate({ target: channelNumbers.channel, set: row });
}

/** Contacts of before there were two numbers know the first one. */
export async function knowFirstNumber(tx: Tx, channel: string, number: string): Promise<void> {
  await tx
    .update(contacts)
    .set({ number })
    .where(and(eq(contacts.channel, channel), isNull(contacts.number)));
}

/** They know this number by now, unless they have written to another one since they were told: `before` is the one they knew. */
export async function nowKnows(
  db: Db | Tx,
  id: ContactId,
  before: string | null,
  number: string,
): Promise<void> {
  const isAsBefore = before === null ? isNull(contacts.number) : eq(contacts.number, before);
  await db
    .update(contacts)
    .set({ number })
    .where(and(eq(contacts.id, id), isAsBefore, ne(contacts.isGroup, true)));
}

/** Contacts that know a number of which nothing leaves any more, and of whom it was not decided whether they are told. */
export async function whoKnowsAnother(
  db: Db | Tx,
  channel: string,
  { usable, inUse, limit }: { usable: readonly string[]; inUse: string; limit: number },
): Promise<ContactId[]> {
  const rows = await db
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      and(
        eq(contacts.channel, channel),
        isNotNull(contacts.number),
        notInArray(contacts.number, [...usable, inUse]),
        or(isNull(contacts.numberDecided), ne(contacts.numberDecided, inUse)),
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}
