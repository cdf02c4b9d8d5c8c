import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { type Embedded, startEmbedded } from '../db/embedded.ts';
import { type Primary, watchPrimary } from '../db/primary.ts';
import type { Log } from '../kernel/log.ts';
import type { Teardown } from './teardown.ts';
import { upgradeDatabase } from './upgrade.ts';

export type Store = {
  database: Database;
  /**
   * A connection that no transaction ever holds: what a transaction has to ask outside of itself (the day's key)
   * must not wait for a connection of the pool that other transactions hold while they wait for the same.
   */
  aside: Database;
  url: string;
  /** Where the address names several servers. */
  primary?: Primary | undefined;
};

/**
 * The database: the operator's own by `DATABASE_URL`, or the embedded one; migrated. In the end the connections are
 * closed and PostgreSQL is stopped if it is ours. From `stopping` on it is not started again, whatever ended it: what
 * stops a whole group of processes may have told it too.
 */
export async function openStore(
  config: Config,
  log: Log,
  teardown: Teardown,
  stopping?: AbortSignal,
): Promise<Store> {
  const started = performance.now();
  const embedded: Embedded | undefined = config.databaseUrl
    ? undefined
    : await startEmbedded({
        dataDir: config.dataDir,
        log,
        isWatched: true,
        ...(stopping ? { stopping } : {}),
      });
  if (embedded) teardown.add(() => embedded.stop());
  const url = config.databaseUrl?.reveal() ?? embedded?.url ?? '';
  const path = embedded?.socket;
  const { applied: migrations, backup } = await upgradeDatabase({ config, url });
  if (backup) log.info('backup_before_upgrade', { name: backup });
  const primary = await watchPrimary(url, log);
  if (primary) teardown.add(() => primary.close());
  const database = await openDatabase({ url, path, primary, max: 16 });
  teardown.add(() => database.close());
  const aside = await openDatabase({ url, path, primary, max: 1 });
  teardown.add(() => aside.close());
  log.info('database_ready', {
    kind: embedded ? 'embedded' : 'url',
    migrations,
    ms: Math.round(performance.now() - started),
  });
  return { database, aside, url, primary };
}
