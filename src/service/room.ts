import type { Config } from '../config.ts';
import type { RoomOf } from '../db/disk-room.ts';

const GIGABYTE = 1_000_000_000;
/** Bytes that are kept for words, and the most that a database elsewhere may have, if nothing else is set. */
const RESERVE = GIGABYTE;
const MOST = 20 * GIGABYTE;

/** Where the room for files is looked for: on the disk of the embedded database, or by the size of one elsewhere. */
export function roomOf({ databaseUrl, dataDir, databaseMost, diskReserve }: Config): {
  of: RoomOf;
  reserve: number;
} {
  const of = databaseUrl ? { most: databaseMost ?? MOST } : { dataDir };
  return { of, reserve: diskReserve ?? RESERVE };
}
