import { randomBytes } from 'node:crypto';
import type { ContactId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, eq, inArray, isNull, lt, sql } from './drizzle.cjs';
import { contacts, conversations, deliveries, officerContacts } from './schema.ts';

export type ContactRow = typeof contacts.$inferSelect;

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

export async function updateContact(
  tx: Tx | Db,
  id: ContactId,
  set: Partial<typeof contacts.$inferInsert>,
): Promise<void> {
  await tx.update(contacts).set(set).where(eq(contacts.id, id));
}

/** The kind of channel a contact is on; `gone` if there is no such contact any more. */
export async function channelOf(tx: Tx, id: ContactId): Promise<string> {
  const [row] = await tx.select({ channel: contacts.channel }).from(contacts).where(eq(contacts.id, id));
  return row?.channel ?? 'gone';
}

export async function insertContact(tx: Tx, row: typeof contacts.$inferInsert): Promise<void> {
  await tx.insert(contacts).values(row);
}

/** The same, unless there is one with this address; false: there is. */
export async function insertContactOnce(tx: Tx, row: typeof contacts.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(contacts).values(row).onConflictDoNothing().returning({ id: contacts.id });
  return rows.length > 0;
}

/** An address that is no longer used is kept nowhere, not even as a hash; what was sent there keeps its row. */
export async function forgetAddress(tx: Tx, id: ContactId): Promise<void> {
  await updateContact(tx, id, { addressSealed: new Uint8Array(), addressIndex: randomBytes(36) });
}

/** The contact with this address, by its keyed hash under any key. */
export async function findContactByAddress(
  tx: Tx,
  channel: string,
  addressIndexes: readonly Uint8Array[],
): Promise<ContactRow | undefined> {
  const [row] = await tx
    .select()
    .from(contacts)
    .where(and(eq(contacts.channel, channel), inArray(contacts.addressIndex, [...addressIndexes])));
  return row;
}

/** Of those who wrote, and not since `before`: they have no conversation, nothing of ours is kept for them, and they are neither on duty nor muted. */
const isIdle = (before: Date) =>
  and(
    lt(contacts.floodMinute, before),
    eq(contacts.isGroup, false),
    isNull(contacts.mutedAt),
    sql`not exists (select from ${conversations} where ${conversations.contactId} = ${contacts.id})`,
    sql`not exists (select from ${deliveries} where ${deliveries.contactId} = ${contacts.id})`,
    sql`not exists (select from ${officerContacts} where ${officerContacts.contactId} = ${contacts.id})`,
  );

export async function idleContacts(db: Db, before: Date, most: number): Promise<ContactId[]> {
  const rows = await db.select({ id: contacts.id }).from(contacts).where(isIdle(before)).limit(most);
  return rows.map(({ id }) => id);
}

/** Deletes those of them that are idle still; how many. */
export async function deleteIdleContacts(tx: Tx, ids: readonly ContactId[], before: Date): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = await tx
    .delete(contacts)
    .where(and(inArray(contacts.id, [...ids]), isIdle(before)))
    .returning({ id: contacts.id });
  return rows.length;
}
