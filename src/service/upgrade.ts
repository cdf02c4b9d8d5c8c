/**
 * What must be so before a new version changes a database that holds something.
 *
 * Invariants: no process of the version before it is still at work: its statements would meet tables that it does not know;
 * where backups are made, one was made before.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { backUpBefore } from '../app/keeping/before-upgrade.ts';
import { openTarget } from '../backup/target.ts';
import type { Config } from '../config.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { databaseClock } from '../db/clock.ts';
import type { Db } from '../db/database.ts';
import { type Migrating, othersConnected } from '../db/migrate.ts';
import { LakanaError } from '../kernel/errors.ts';
import { seconds } from '../kernel/time.ts';
import { trialKeys } from './trial.ts';

/** A service that was told to stop finishes what it holds within this time. */
const PATIENCE = seconds(35);
const LOOK_EVERY = 250;

type Given = {
  /** Milliseconds in which others may end; default 35,000. */
  patience?: number;
  /** Makes a backup; what it throws stops the upgrade. Absent: backups are not made here. */
  backUp?: (() => Promise<unknown>) | undefined;
};

/** To be called under the lock of the migrations. */
export function beforeUpgrade({ patience = PATIENCE, backUp }: Given = {}): NonNullable<Migrating['before']> {
  return async (_found, db) => {
    await isAlone(db, performance.now() + patience);
    await backUp?.();
  };
}

async function isAlone(db: Db, until: number): Promise<void> {
  while ((await othersConnected(db)) > 0) {
    if (performance.now() >= until)
      throw new LakanaError(
        'others_at_work',
        'another Lakana is connected to this database: stop the service, all its processes on all machines, then start this version',
      );
    await pause(LOOK_EVERY);
  }
}

/** The backup before an upgrade; undefined: the settings want none. */
export function backupBefore(
  config: Pick<Config, 'backup' | 'databaseUrl' | 'dataDir' | 'keys'>,
  url: string,
): (() => Promise<string>) | undefined {
  const { backup, keys } = config;
  if (!backup) return undefined;
  return async () => {
    const { serverKey } = keys ?? (await trialKeys(config.dataDir));
    const keyring = parseKeyring(serverKey);
    return backUpBefore({
      url,
      clock: databaseClock,
      keyring,
      target: openTarget(backup.place),
      settings: backup,
    });
  };
}
