import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ContactId, EpochId, OfficerId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { contacts, conversations, officerContacts, outages } from './schema.ts';

export type ContactRow = typeof contacts.$inferSelect;

/**
 * Finds or makes the contact of an address, locks its row until the transaction ends, and counts the message
 * for flood control, all in one statement. Whoever holds the row is alone with this person.
 */
export async function lockContact(
  tx: Tx,
  now: Date,
  contact: { id: ContactId; channel: string; addressIndex: Uint8Array; addressSealed: Uint8Array },
): Promise<ContactRow> {
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const [row] = await tx
    .insert(contacts)
    .values({ ...contact, createdAt: now, floodMinute: minute, floodCount: 1 })
    .onConflictDoUpdate({
      target: [contacts.channel, contacts.addressIndex],
      set: {
        floodMinute: minute,
        floodCount: sql`case when ${contacts.floodMinute} = excluded.flood_minute then ${contacts.floodCount} + 1 else 1 end`,
      },
    })
    .returning();
  if (!row) throw new Error('a contact upsert returns a row');
  return row;
}

/** Locks a contact's row by id; undefined if it is gone. Timers and the deliver cycle keep a person's order with it. */
export async function lockContactById(tx: Tx, id: ContactId): Promise<ContactRow | undefined> {
  const [row] = await tx.select().from(contacts).where(eq(contacts.id, id)).for('no key update');
  return row;
}

/** Gives an address that was indexed under an older key its index under the current one. */
export async function reindexContact(
  tx: Tx,
  channel: string,
  older: readonly Uint8Array[],
  current: Uint8Array,
): Promise<void> {
  await tx
    .update(contacts)
    .set({ addressIndex: current })
    .where(and(eq(contacts.channel, channel), inArray(contacts.addressIndex, [...older])));
}

/** What intake needs to know beside the contact itself. */
export type Surroundings = {
  conversation: { epochId: EpochId; stateSealed: Uint8Array } | undefined;
  officerId: OfficerId | undefined;
  outage: { id: number; startedAt: Date; endedAt: Date } | undefined;
};

/** The conversation, the officer and the last outage around an address, in one statement. */
export async function surroundingsOf(
  tx: Tx,
  channel: string,
  addressIndex: Uint8Array,
): Promise<Surroundings> {
  const lastOutage = tx
    .select({ id: outages.id, startedAt: outages.startedAt, endedAt: outages.endedAt })
    .from(outages)
    .orderBy(sql`${outages.id} desc`)
    .limit(1)
    .as('last_outage');
  const [row] = await tx
    .select({
      epochId: conversations.epochId,
      stateSealed: conversations.stateSealed,
      officerId: officerContacts.officerId,
      outageId: lastOutage.id,
      startedAt: lastOutage.startedAt,
      endedAt: lastOutage.endedAt,
    })
    .from(contacts)
    .leftJoin(conversations, eq(conversations.contactId, contacts.id))
    .leftJoin(officerContacts, eq(officerContacts.contactId, contacts.id))
    .leftJoin(lastOutage, sql`true`)
    .where(and(eq(contacts.channel, channel), eq(contacts.addressIndex, addressIndex)));
  return {
    conversation:
      row?.epochId && row.stateSealed ? { epochId: row.epochId, stateSealed: row.stateSealed } : undefined,
    officerId: row?.officerId ?? undefined,
    outage:
      row?.outageId && row.startedAt && row.endedAt
        ? { id: row.outageId, startedAt: row.startedAt, endedAt: row.endedAt }
        : undefined,
  };
}

export async function updateContact(
  tx: Tx | Db,
  id: ContactId,
  set: Partial<typeof contacts.$inferInsert>,
): Promise<void> {
  await tx.update(contacts).set(set).where(eq(contacts.id, id));
}
