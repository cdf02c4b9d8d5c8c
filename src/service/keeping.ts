/** What makes backups, put together from the settings. */
import type { Keeping } from '../app/keeping/keeping.ts';
import { openTarget } from '../backup/target.ts';
import type { Config } from '../config.ts';
import { freeBytes } from '../db/disk-room.ts';

type Given = Pick<Keeping, 'db' | 'url' | 'clock' | 'keyring' | 'epochs'>;

/** Undefined: none are made. */
export function keepingBy(
  { backup, databaseUrl, dataDir }: Pick<Config, 'backup' | 'databaseUrl' | 'dataDir'>,
  given: Given,
): Keeping | undefined {
  if (!backup) return undefined;
  // Of a database elsewhere nobody sees the disk.
  const room = databaseUrl ? {} : { freeBytes: () => freeBytes(given.db, { dataDir }) };
  return { ...given, ...room, target: openTarget(backup.place), settings: backup };
}
