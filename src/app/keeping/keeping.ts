import type { Target } from '../../backup/names.ts';
import type { Settings } from '../../backup/settings.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { DatabaseClock } from '../../db/clock.ts';
import type { Db } from '../../db/database.ts';
import type { Epochs } from '../keys/epochs.ts';

/** What making backups needs, of a service or a command. */
export type Keeping = {
  db: Db;
  /** Of the same database: a connection of its own is opened. */
  url: string;
  clock: Pick<DatabaseClock, 'now'>;
  keyring: Keyring;
  epochs: Epochs;
  target: Target;
  /** Room on the disk of the database, where that can be seen. */
  freeBytes?: () => Promise<number>;
  /** Whether the place lies on the disk of the database, where that can be seen. */
  sharesDisk?: () => Promise<boolean>;
  settings: Pick<Settings, 'recipient' | 'keepDays' | 'isSessionKept'>;
};
