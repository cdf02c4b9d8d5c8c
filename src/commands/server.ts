import type { Context } from '../app/ground/context.ts';
import { type Moment, transact } from '../app/ground/transaction.ts';
import { type Config, type ReadConfig, readConfig } from '../config.ts';
import { type Keyring, parseKeyring } from '../crypto/keyring.ts';
import { databaseClock } from '../db/clock.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrateDatabase, type SchemaState } from '../db/migrate.ts';
import { inOneGo, isEmpty } from '../db/snapshot.ts';
import { LakanaError } from '../kernel/errors.ts';
import { createLog, type Log } from '../kernel/log.ts';
import { TOOL } from '../kernel/tool.ts';
import { beginWith } from '../service/first-start.ts';
import { trialKeys } from '../service/trial.ts';

/** What use cases are given that need no flows, texts or channels. */
type Parts = Pick<Context, 'db' | 'clock' | 'keyring' | 'log' | 'nudge'>;

/** What commands on the server work with. */
export type Server = {
  config: Config;
  database: Database;
  /** Of the database: a secret. */
  url: string;
  keyring: Keyring;
  recipient: string;
  now: Date;
  /** Runs work in one transaction, at its own moment. */
  transact<T>(work: (at: Moment<Parts>) => Promise<T>): Promise<T>;
  /** Silent: a command says what there is to say itself. */
  log: Log;
};

/** The settings, or what is wrong with them. */
export const readSettings = (): Promise<ReadConfig> => readConfig(process.env);

/** The settings, or a `LakanaError` that names every bad one. */
export async function settings(): Promise<Config> {
  const read = await readSettings();
  if (read.ok) return read.config;
  const lines = read.problems.map(({ setting, problem, mend }) => `${setting} ${problem}: ${mend}`);
  throw new LakanaError('settings', lines.join('\n✗ '));
}

/**
 * Runs `work` on the service's database: the one that is running, or the embedded one started for this command.
 * Refuses a database of the other mode, and one that has to be upgraded first: the service may be at work on it. `makesTables`
 * false: an empty one is left empty, for a restore, and refused as `no_database`.
 */
export async function withServer<T>(
  work: (server: Server) => Promise<T>,
  { makesTables = true }: { makesTables?: boolean } = {},
): Promise<T> {
  const config = await settings();
  const embedded = config.databaseUrl ? undefined : await startEmbedded({ dataDir: config.dataDir });
  const url = config.databaseUrl?.reveal() ?? embedded?.url ?? '';
  try {
    if (!makesTables && (await inOneGo(url, ({ tx }) => isEmpty(tx))))
      throw new LakanaError(
        'no_database',
        `there is nothing in this database yet: start the service, or put a backup back (${TOOL} restore)`,
      );
    await migrateDatabase(url, { before: refuseOlder });
    const database = await openDatabase({ url, max: 2 });
    try {
      const now = await databaseClock.now(database.db);
      const { serverKey, recipient } = config.keys ?? (await trialKeys(config.dataDir));
      const log = createLog('silent');
      const keyring = parseKeyring(serverKey);
      const { db } = database;
      const parts = { db, clock: databaseClock, keyring, log };
      await beginWith({ ...config, ...parts });
      return await work({
        config,
        database,
        url,
        keyring,
        recipient,
        now,
        transact: (inside) => transact(parts, inside),
        log,
      });
    } finally {
      await database.close();
    }
  } finally {
    await embedded?.stop();
  }
}

/** A command makes the tables of a new database, and changes none that are there. */
async function refuseOlder({ pending }: SchemaState): Promise<void> {
  throw new LakanaError(
    'database_is_older',
    `the database is of an older version (${pending.length} to apply): ${TOOL} upgrade --check says what changes; stop the service, then ${TOOL} upgrade or its next start applies it`,
  );
}
