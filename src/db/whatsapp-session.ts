import { and, asc, eq, inArray, isNotNull, isNull, lt } from 'drizzle-orm';
import type { EpochId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { whatsappSent, whatsappSession, whatsappStaged } from './schema.ts';

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

export async function clearSession(tx: Tx): Promise<void> {
  await tx.delete(whatsappSession);
  await tx.delete(whatsappStaged);
  await tx.delete(whatsappSent);
}

/** Bytes under an epoch key. */
export type SealedBody = { epochId: EpochId; bodySealed: Uint8Array };
/** The same once it may have been forgotten. */
type MaybeSealed = { epochId: EpochId | null; bodySealed: Uint8Array | null };

/** Keeps a message; one that is there already stays as it is. */
export async function stage(tx: Tx, hashIndex: Uint8Array, body: SealedBody): Promise<void> {
  await tx
    .insert(whatsappStaged)
    .values({ hashIndex, ...body })
    .onConflictDoNothing();
}

export async function findStaged(db: Db, hashIndex: Uint8Array): Promise<MaybeSealed | undefined> {
  const [row] = await db
    .select({ epochId: whatsappStaged.epochId, bodySealed: whatsappStaged.bodySealed })
    .from(whatsappStaged)
    .where(eq(whatsappStaged.hashIndex, hashIndex));
  return row;
}

/** The oldest messages that are not handled yet. */
export async function waitingStaged(db: Db, limit: number): Promise<MaybeSealed[]> {
  return db
    .select({ epochId: whatsappStaged.epochId, bodySealed: whatsappStaged.bodySealed })
    .from(whatsappStaged)
    .where(isNotNull(whatsappStaged.bodySealed))
    .orderBy(asc(whatsappStaged.id))
    .limit(limit);
}

/** Forgets what a message said; that it came is remembered. */
export async function forgetStaged(db: Db, hashIndex: Uint8Array): Promise<void> {
  await db
    .update(whatsappStaged)
    .set({ bodySealed: null, epochId: null })
    .where(eq(whatsappStaged.hashIndex, hashIndex));
}

/** Forgets that messages handled before `before` ever came: WhatsApp brings them no more. */
export async function purgeStaged(tx: Tx, before: Date): Promise<void> {
  await tx
    .delete(whatsappStaged)
    .where(and(isNull(whatsappStaged.bodySealed), lt(whatsappStaged.stagedAt, before)));
}

/** Keeps what is about to be sent. */
export async function keepSent(db: Db, idIndex: Uint8Array, body: SealedBody): Promise<void> {
  await db
    .insert(whatsappSent)
    .values({ idIndex, ...body })
    .onConflictDoNothing();
}

export async function findSent(db: Db, indexes: readonly Uint8Array[]): Promise<SealedBody | undefined> {
  const [row] = await db
    .select({ epochId: whatsappSent.epochId, bodySealed: whatsappSent.bodySealed })
    .from(whatsappSent)
    .where(inArray(whatsappSent.idIndex, [...indexes]));
  return row;
}

export async function forgetSent(db: Db, indexes: readonly Uint8Array[]): Promise<void> {
  if (indexes.length > 0) await db.delete(whatsappSent).where(inArray(whatsappSent.idIndex, [...indexes]));
}

/** Forgets what was sent before `before`, whether or not it has arrived. */
export async function purgeSent(tx: Tx, before: Date): Promise<void> {
  await tx.delete(whatsappSent).where(lt(whatsappSent.sentAt, before));
}
