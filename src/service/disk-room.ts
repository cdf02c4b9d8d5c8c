import type { Config } from '../config.ts';
import type { RoomOf } from '../db/disk-room.ts';

const GIGABYTE = 1_000_000_000;
/** Bytes that are kept for words if nothing else is set. */
const RESERVE = GIGABYTE;
/** Nobody said how big a database elsewhere may become: told of at so much, and nothing declined. */
const MANY = 20 * GIGABYTE;

/** Where the room for files is looked for: on the disk of the embedded database, or by the size of one elsewhere. */
export function roomOf({ databaseUrl, dataDir, databaseMost, diskReserve }: Config): {
  of: RoomOf;
  reserve: number;
} {
  const elsewhere = databaseMost === undefined ? { warnAt: MANY } : { most: databaseMost };
  const of = databaseUrl ? elsewhere : { dataDir };
  return { of, reserve: diskReserve ?? RESERVE };
}
