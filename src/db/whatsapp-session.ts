import { and, asc, count, eq, inArray, isNotNull, isNull, lt, not } from 'drizzle-orm';
import type { Db, Tx } from './database.ts';
import { whatsappSession, whatsappStaged } from './schema.ts';

export type SessionRow = typeof whatsappSession.$inferSelect;

export function findSessionValues(db: Db | Tx, indexes: readonly Uint8Array[]): Promise<SessionRow[]> {
  return db
    .select()
    .from(whatsappSession)
    .where(inArray(whatsappSession.nameIndex, [...indexes]));
}

/** Puts `rows` in the place of everything that stands under `indexes`. */
export async function replaceSessionValues(
  tx: Tx,
  indexes: readonly Uint8Array[],
  rows: readonly SessionRow[],
): Promise<void> {
  if (indexes.length > 0)
    await tx.delete(whatsappSession).where(inArray(whatsappSession.nameIndex, [...indexes]));
  if (rows.length > 0) await tx.insert(whatsappSession).values([...rows]);
}

/** Forgets the session; not who is who, nor what was decrypted with it and is not handled yet. */
export async function clearSession(tx: Tx): Promise<void> {
  await tx.delete(whatsappSession).where(not(whatsappSession.outlives));
  await tx.delete(whatsappStaged).where(isNull(whatsappStaged.bodySealed));
}

/** Keeps a message; one that is there already stays as it is. */
export async function stage(tx: Tx, hashIndex: Uint8Array, bodySealed: Uint8Array): Promise<void> {
  await tx.insert(whatsappStaged).values({ hashIndex, bodySealed }).onConflictDoNothing();
}

export async function findStaged(
  db: Db,
  hashIndex: Uint8Array,
): Promise<{ bodySealed: Uint8Array | null } | undefined> {
  const [row] = await db
    .select({ bodySealed: whatsappStaged.bodySealed })
    .from(whatsappStaged)
    .where(eq(whatsappStaged.hashIndex, hashIndex));
  return row;
}

/** The oldest messages that are not handled yet. */
export async function waitingStaged(db: Db, limit: number): Promise<Uint8Array[]> {
  const rows = await db
    .select({ bodySealed: whatsappStaged.bodySealed })
    .from(whatsappStaged)
    .where(isNotNull(whatsappStaged.bodySealed))
    .orderBy(asc(whatsappStaged.id))
    .limit(limit);
  return rows.flatMap(({ bodySealed }) => bodySealed ?? []);
}

/** How many messages are not handled yet. */
export async function countStaged(db: Db): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(whatsappStaged)
    .where(isNotNull(whatsappStaged.bodySealed));
  return row?.n ?? 0;
}

/** Forgets what a message said; that it came is remembered. */
export async function forgetStaged(db: Db, hashIndex: Uint8Array): Promise<void> {
  await db.update(whatsappStaged).set({ bodySealed: null }).where(eq(whatsappStaged.hashIndex, hashIndex));
}

/** Forgets that messages handled before `before` ever came: WhatsApp brings them no more. */
export async function purgeStaged(tx: Tx, before: Date): Promise<void> {
  await tx
    .delete(whatsappStaged)
    .where(and(isNull(whatsappStaged.bodySealed), lt(whatsappStaged.stagedAt, before)));
}
