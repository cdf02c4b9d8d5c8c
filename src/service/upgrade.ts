/**
 * What must be so before a new version changes a database that holds something.
 *
 * Invariants: no process of the version before it is still at work: its statements would meet tables that it does not know; a
 * live service has a backup of how everything was, or the operator has said that it goes without.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { backUpBefore } from '../app/keeping/before-upgrade.ts';
import { openTarget } from '../backup/target.ts';
import type { Config } from '../config.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { databaseClock } from '../db/clock.ts';
import type { Db } from '../db/database.ts';
import { migrateDatabase, othersConnected, type SchemaState } from '../db/migrate.ts';
import { LakanaError } from '../kernel/errors.ts';
import { seconds } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { trialKeys } from './trial.ts';

/** A service that was told to stop finishes what it holds within this time. */
const PATIENCE = seconds(35);
const LOOK_EVERY = 250;
const WITHOUT = `${TOOL} upgrade --without-backup`;

type Given = {
  config: Pick<Config, 'mode' | 'backup' | 'keys' | 'dataDir'>;
  url: string;
  /** The operator has said that no backup is wanted. */
  isWithoutBackup?: boolean;
};

/** How many were applied, and the name of the backup that was made before. */
export type Upgraded = { applied: number; backup?: string };

/** Brings the database to this version, with a way back. */
export async function upgradeDatabase(given: Given): Promise<Upgraded> {
  let backup: string | undefined;
  const applied = await migrateDatabase(given.url, {
    before: async (found, db) => {
      await isAlone(db);
      if (needsBackup(given)) backup = await makeBackup(given, found);
    },
  });
  return { applied, ...(backup === undefined ? {} : { backup }) };
}

/** What is tried out may go without. */
const needsBackup = ({ config, isWithoutBackup }: Given): boolean =>
  isWithoutBackup !== true && (config.mode === 'live' || config.backup !== undefined);

async function makeBackup({ config, url }: Given, { pending }: SchemaState): Promise<string> {
  const { backup: settings, keys, dataDir } = config;
  if (!settings)
    throw new LakanaError(
      'no_way_back',
      `${pending.length} to apply in the database, and no backups are made: set BACKUP_RECIPIENT_FILE and BACKUP_TARGET (docs/operating/backup.md), or do without: ${WITHOUT}`,
    );
  const { serverKey } = keys ?? (await trialKeys(dataDir));
  const keyring = parseKeyring(serverKey);
  const target = openTarget(settings.place);
  return backUpBefore({ url, clock: databaseClock, keyring, target, settings });
}

/** `patience`: milliseconds in which others may end. Throws `others_at_work`. */
export async function isAlone(db: Db, patience = PATIENCE): Promise<void> {
  const until = performance.now() + patience;
  while ((await othersConnected(db)) > 0) {
    if (performance.now() >= until)
      throw new LakanaError(
        'others_at_work',
        'another Lakana is connected to this database: stop the service, all its processes on all machines, then start this version',
      );
    await pause(LOOK_EVERY);
  }
}
