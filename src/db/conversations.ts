import type { ContactId, EpochId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, eq, gt, isNotNull, lte, ne } from './drizzle.cjs';
import { conversations } from './schema.ts';

export type ConversationRow = typeof conversations.$inferSelect;

/** Stores where a contact stands. */
export async function saveConversation(tx: Tx, row: typeof conversations.$inferInsert): Promise<void> {
  const { contactId: _, ...set } = row;
  await tx.insert(conversations).values(row).onConflictDoUpdate({ target: conversations.contactId, set });
}

export async function findConversation(
  tx: Tx | Db,
  contactId: ContactId,
): Promise<ConversationRow | undefined> {
  const [row] = await tx.select().from(conversations).where(eq(conversations.contactId, contactId));
  return row;
}

export async function deleteConversation(tx: Tx, contactId: ContactId): Promise<void> {
  await tx.delete(conversations).where(eq(conversations.contactId, contactId));
}

/** Contacts whose timer has run out, oldest first. */
export async function dueConversations(db: Db, now: Date, limit: number): Promise<ContactId[]> {
  const rows = await db
    .select({ contactId: conversations.contactId })
    .from(conversations)
    .where(and(isNotNull(conversations.dueAt), lte(conversations.dueAt, now)))
    .orderBy(asc(conversations.dueAt))
    .limit(limit);
  return rows.map((row) => row.contactId);
}

/** Contacts whose conversation lies under another epoch's key than this. */
export async function conversationsOutside(db: Db, epochId: EpochId, limit: number): Promise<ContactId[]> {
  const rows = await db
    .select({ contactId: conversations.contactId })
    .from(conversations)
    .where(ne(conversations.epochId, epochId))
    .limit(limit);
  return rows.map((row) => row.contactId);
}

/** Conversations after that of `after` in the order of contacts; undefined: from the first. */
export function conversationsAfter(
  tx: Tx | Db,
  after: ContactId | undefined,
  limit: number,
): Promise<ConversationRow[]> {
  return tx
    .select()
    .from(conversations)
    .where(after === undefined ? undefined : gt(conversations.contactId, after))
    .orderBy(asc(conversations.contactId))
    .limit(limit);
}

/** Moves a conversation's timer; null ends it. */
export async function setDue(tx: Tx, contactId: ContactId, dueAt: Date | null): Promise<void> {
  await tx.update(conversations).set({ dueAt }).where(eq(conversations.contactId, contactId));
}
