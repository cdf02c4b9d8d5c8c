/** What makes backups, put together from the settings. */
import { stat } from 'node:fs/promises';
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
  const target = openTarget(backup.place);
  // Of a database elsewhere nobody sees the disk.
  const disk = databaseUrl
    ? {}
    : {
        freeBytes: () => freeBytes(given.db, { dataDir }),
        sharesDisk: async () => (await target.disk?.()) === (await stat(dataDir)).dev,
      };
  return { ...given, ...disk, target, settings: backup };
}
