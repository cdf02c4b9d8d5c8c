import type { Db, Tx } from './database.ts';
import { eq, sql } from './drizzle.cjs';
import { channelTroubles } from './schema.ts';

export type ChannelTrouble = typeof channelTroubles.$inferSelect;

/** What is said of this channel; locked, so that of several processes one speaks. */
export async function lockTrouble(tx: Tx, channel: string): Promise<ChannelTrouble | undefined> {
  // There may be no row to lock yet.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('channel_troubles'), hashtext(${channel}))`);
  const [row] = await tx.select().from(channelTroubles).where(eq(channelTroubles.channel, channel));
  return row;
}

export async function putTrouble(tx: Tx, row: ChannelTrouble): Promise<void> {
  await tx
    .insert(channelTroubles)
    .values(row)
    .onConflictDoUpdate({ target: channelTroubles.channel, set: row });
}

export async function deleteTrouble(tx: Tx, channel: string): Promise<ChannelTrouble | undefined> {
  const [row] = await tx.delete(channelTroubles).where(eq(channelTroubles.channel, channel)).returning();
  return row;
}

export function listTroubles(db: Db | Tx): Promise<ChannelTrouble[]> {
  return db.select().from(channelTroubles);
}
