/**
 * What must be so before a new version changes a database that holds something.
 *
 * Invariant: no process of the version before it is still at work: its statements would meet tables that it does not know.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../db/database.ts';
import { type Migrating, othersConnected } from '../db/migrate.ts';
import { LakanaError } from '../kernel/errors.ts';
import { seconds } from '../kernel/time.ts';

/** A service that was told to stop finishes what it holds within this time. */
const PATIENCE = seconds(35);
const LOOK_EVERY = 250;

type Given = {
  /** Milliseconds in which others may end; default 35,000. */
  patience?: number;
};

/** To be called under the lock of the migrations. */
export function beforeUpgrade({ patience = PATIENCE }: Given = {}): NonNullable<Migrating['before']> {
  return async (_found, db) => {
    await isAlone(db, performance.now() + patience);
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
