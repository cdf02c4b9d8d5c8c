import { and, isNotNull, lt, sql } from 'drizzle-orm';
import type { EpochId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { conversations, epochs } from './schema.ts';

type Row = { id: EpochId; wrappedKey: Uint8Array | null };

/** Stores a new epoch for `day` unless another process was first; returns the one that counts. */
export async function insertEpoch(
  tx: Tx | Db,
  epoch: { id: EpochId; day: string; wrappedKey: Uint8Array; createdAt: Date },
): Promise<Row> {
  const [row] = await tx
    .insert(epochs)
    .values(epoch)
    // The no-op update makes the row of whoever was first come back.
    .onConflictDoUpdate({ target: epochs.day, set: { day: epoch.day } })
    .returning({ id: epochs.id, wrappedKey: epochs.wrappedKey });
  if (!row) throw new Error('an epoch insert returns a row');
  return row;
}

/** The epoch of a day, if there is one. */
export async function epochOfDay(tx: Tx | Db, day: string): Promise<Row | undefined> {
  const [row] = await tx
    .select({ id: epochs.id, wrappedKey: epochs.wrappedKey })
    .from(epochs)
    .where(sql`${epochs.day} = ${day}`);
  return row;
}

/** The wrapped key of an epoch; null once it is destroyed, undefined if there never was one. */
export async function wrappedKeyOf(tx: Tx | Db, id: EpochId): Promise<Uint8Array | null | undefined> {
  const [row] = await tx
    .select({ wrappedKey: epochs.wrappedKey })
    .from(epochs)
    .where(sql`${epochs.id} = ${id}`);
  return row?.wrappedKey;
}

/** Destroys the keys of all epochs created before `before` under which no conversation lies; returns their ids. */
export async function destroyEpochs(tx: Tx, before: Date, now: Date): Promise<EpochId[]> {
  const rows = await tx
    .update(epochs)
    .set({ wrappedKey: null, destroyedAt: now })
    .where(
      and(
        lt(epochs.createdAt, before),
        isNotNull(epochs.wrappedKey),
        sql`not exists (select 1 from ${conversations} c where c.epoch_id = ${epochs.id})`,
      ),
    )
    .returning({ id: epochs.id });
  return rows.map((row) => row.id);
}
