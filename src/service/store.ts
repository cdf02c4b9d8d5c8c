import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { type Embedded, startEmbedded } from '../db/embedded.ts';
import { migrateDatabase } from '../db/migrate.ts';
import type { Log } from '../kernel/log.ts';

export type Store = {
  database: Database;
  /**
   * A connection that no transaction ever holds: what a transaction has to ask outside of itself (the day's key)
   * must not wait for a connection of the pool that other transactions hold while they wait for the same.
   */
  aside: Database;
  url: string;
  /** Closes the connections and, if it is ours, stops PostgreSQL. */
  close(): Promise<void>;
};

/** The database: the operator's own by `DATABASE_URL`, or the embedded one; migrated. */
export async function openStore(config: Config, log: Log): Promise<Store> {
  const started = performance.now();
  const embedded: Embedded | undefined = config.databaseUrl
    ? undefined
    : await startEmbedded({ dataDir: config.dataDir, log, isWatched: true });
  const url = config.databaseUrl?.reveal() ?? embedded?.url ?? '';
  const migrations = await migrateDatabase(url);
  const database = await openDatabase({ url, max: 16 });
  const aside = await openDatabase({ url, max: 1 });
  log.info('database_ready', {
    kind: embedded ? 'embedded' : 'url',
    migrations,
    ms: Math.round(performance.now() - started),
  });
  return {
    database,
    aside,
    url,
    async close() {
      await Promise.all([database.close(), aside.close()]);
      await embedded?.stop();
    },
  };
}
