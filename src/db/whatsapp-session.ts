import { inArray } from 'drizzle-orm';
import type { Db, Tx } from './database.ts';
import { whatsappSession } from './schema.ts';

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
}
