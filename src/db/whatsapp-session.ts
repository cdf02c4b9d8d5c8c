import type { EpochId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, count, eq, inArray, isNotNull, isNull, lt, not, type SQL, sql } from './drizzle.cjs';
import { epochs, whatsappSent, whatsappSession, whatsappStaged } from './schema.ts';
import { hex } from './statement.ts';

/** Which of our numbers. */
export type Seat = SessionRow['seat'];

export type SessionRow = typeof whatsappSession.$inferSelect;

export function findSessionValues(db: Db | Tx, indexes: readonly Uint8Array[]): Promise<SessionRow[]> {
  return db
    .select()
    .from(whatsappSession)
    .where(inArray(whatsappSession.nameIndex, [...indexes]));
}

/** Puts `rows` in the place of everything that stands under `indexes`; two at once do not hinder each other. */
export async function replaceSessionValues(
  tx: Tx,
  indexes: readonly Uint8Array[],
  rows: readonly SessionRow[],
): Promise<void> {
  const kept = new Set(rows.map((row) => hex(row.nameIndex)));
  const gone = indexes.filter((index) => !kept.has(hex(index)));
  if (gone.length > 0) await tx.delete(whatsappSession).where(inArray(whatsappSession.nameIndex, gone));
  if (rows.length === 0) return;
  // In one order everywhere, so that none waits for one that waits for it.
  const inOrder = rows.toSorted((a, b) => Buffer.compare(a.nameIndex, b.nameIndex));
  const set = {
    valueSealed: sql`excluded.value_sealed`,
    outlives: sql`excluded.outlives`,
    seat: sql`excluded.seat`,
  };
  await tx
    .insert(whatsappSession)
    .values(inOrder)
    .onConflictDoUpdate({ target: whatsappSession.nameIndex, set });
}

/** Forgets the session of one number; not who is who, nor what was decrypted with it and is not handled yet. */
export async function clearSession(tx: Tx, seat: Seat): Promise<void> {
  await tx.delete(whatsappSession).where(and(not(whatsappSession.outlives), eq(whatsappSession.seat, seat)));
  await tx
    .delete(whatsappStaged)
    .where(and(isNull(whatsappStaged.bodySealed), eq(whatsappStaged.seat, seat)));
  await tx.delete(whatsappSent).where(eq(whatsappSent.seat, seat));
}

/** Bytes under an epoch key. */
export type SealedBody = { epochId: EpochId; bodySealed: Uint8Array };
/** The same once it may have been forgotten. */
type MaybeSealed = { epochId: EpochId | null; bodySealed: Uint8Array | null };

/** Keeps a message; one that is there already stays as it is. */
export async function stage(tx: Tx, hashIndex: Uint8Array, body: SealedBody, seat: Seat): Promise<void> {
  await tx
    .insert(whatsappStaged)
    .values({ hashIndex, seat, ...body })
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

/** Whether a message that is not handled yet lies under the key of the row of `epochs` that is looked at. */
export const stagedIsNeeded = (): SQL => sql`
  select 1 from ${whatsappStaged}
  where ${whatsappStaged.epochId} = ${epochs.id} and ${isNotNull(whatsappStaged.bodySealed)}`;

/** How many messages to one number are not handled yet. */
export async function countStaged(db: Db, seat: Seat): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(whatsappStaged)
    .where(and(isNotNull(whatsappStaged.bodySealed), eq(whatsappStaged.seat, seat)));
  return row?.n ?? 0;
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
export async function keepSent(db: Db, idIndex: Uint8Array, body: SealedBody, seat: Seat): Promise<void> {
  await db
    .insert(whatsappSent)
    .values({ idIndex, seat, ...body })
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
