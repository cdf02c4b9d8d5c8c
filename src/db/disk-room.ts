/** How much room there is for files, where the database lies. */
import { statfs } from 'node:fs/promises';
import type { Db } from './database.ts';
import { sql } from './drizzle.cjs';

/**
 * `low`: soon. `scarce`: only voice notes are still taken. `none`: no files at all; words always are. `unbounded`: a big
 * database, and nobody knows how big it may become: everything is taken.
 */
export type RoomState = 'plenty' | 'unbounded' | 'low' | 'scarce' | 'none';

/**
 * Bytes that can still be filled: of the disk under `dataDir`, or, elsewhere, up to `most` bytes of database. Without a
 * bound: up to where it is told of.
 */
export type RoomOf = { dataDir: string } | { most: number } | { warnAt: number };

export async function freeBytes(db: Db, of: RoomOf): Promise<number> {
  if ('dataDir' in of) {
    const { bavail, bsize } = await statfs(of.dataDir);
    return bavail * bsize;
  }
  const [row] = await db.execute<{ size: string }>(
    sql`select pg_database_size(current_database())::text as size`,
  );
  return ('most' in of ? of.most : of.warnAt) - Number(row?.size ?? 0);
}

/**
 * What was erased, or fetched in vain, still counts until PostgreSQL cleans up, which by itself it does only once a fifth of
 * all files are gone. Then the room is used anew, and what lies at the end goes back to the disk.
 */
export async function cleanUp(db: Db): Promise<void> {
  await db.execute(sql`vacuum (skip_locked) evidence_chunks`);
}

/** `reserve`: bytes that are kept for words. */
export function roomState(free: number, reserve: number, of?: RoomOf): RoomState {
  if (of && 'warnAt' in of) return free < 0 ? 'unbounded' : 'plenty';
  if (free < reserve / 2) return 'none';
  if (free < reserve) return 'scarce';
  return free < reserve * 2 ? 'low' : 'plenty';
}

export type DiskRoom = {
  /** As it was when it was last looked at. */
  state(): RoomState;
  /** Looks now; undefined if it cannot be known. `isAmple`: well above what would be told of. */
  look(): Promise<{ free: number; state: RoomState; isAmple: boolean; isUnbounded?: boolean } | undefined>;
};

/** Nothing is declined before it was looked at, or when it cannot be known. */
export function createDiskRoom(db: Db, of: RoomOf, reserve: number): DiskRoom {
  let state: RoomState = 'plenty';
  return {
    state: () => state,
    async look() {
      const free = await freeBytes(db, of).catch(() => undefined);
      if (free === undefined) return undefined;
      state = roomState(free, reserve, of);
      return { free, state, isAmple: free >= reserve * 2.5, isUnbounded: 'warnAt' in of };
    },
  };
}
