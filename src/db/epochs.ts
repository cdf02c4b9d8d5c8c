import type { EpochId } from '../kernel/ids.ts';
import { after, days } from '../kernel/time.ts';
import type { Db, Tx } from './database.ts';
import { and, gt, inArray, isNotNull, lt, not, or, type SQL, sql } from './drizzle.cjs';
import { isNeeded } from './live-rows.ts';
import { epochs } from './schema.ts';

type Row = { id: EpochId; wrappedKey: Uint8Array | null };

/** Stores a new epoch for `day` unless another process was first; returns the one that counts. */
export async function insertEpoch(
  tx: Tx | Db,
  epoch: { id: EpochId; day: string; wrappedKey: Uint8Array; createdAt: Date },
): Promise<Row> {
  const [row] = await tx
    .insert(epochs)
    .values(epoch)
    // The no-op update makes the row of the first writer come back.
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

/** Of these epochs, those whose key exists. */
export async function keptEpochs(db: Db, ids: readonly EpochId[]): Promise<EpochId[]> {
  const rows = await db
    .select({ id: epochs.id })
    .from(epochs)
    .where(and(inArray(epochs.id, [...ids]), isNotNull(epochs.wrappedKey)));
  return rows.map((row) => row.id);
}

/** A key that seems to have been made later than this from now was made while the clock was ahead. */
const AHEAD = days(2);

/**
 * Destroys the keys of all epochs created before `before`, or by a clock that was ahead, under which nothing lies
 * that is still needed, here or `elsewhere` (`isNeeded`); returns their ids.
 */
export async function destroyEpochs(
  tx: Tx,
  before: Date,
  now: Date,
  elsewhere: readonly SQL[],
): Promise<EpochId[]> {
  const rows = await tx
    .update(epochs)
    .set({ wrappedKey: null, destroyedAt: now })
    .where(
      and(
        or(lt(epochs.createdAt, before), gt(epochs.createdAt, after(now, AHEAD))),
        isNotNull(epochs.wrappedKey),
        not(isNeeded(elsewhere)),
      ),
    )
    .returning({ id: epochs.id });
  return rows.map((row) => row.id);
}
