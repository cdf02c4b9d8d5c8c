import { fileURLToPath } from 'node:url';
import type { Db } from './database.ts';
import { openDatabase } from './database.ts';
import { migrate, readMigrationFiles, sql } from './drizzle.cjs';

const FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));
/** Any number, always the same: whoever migrates holds it. */
const LOCK = 5_271_009;

/**
 * Brings the schema up to date and returns how many migrations were applied. Processes that start at the same time
 * wait for each other. A failed migration leaves nothing behind: all run in one transaction.
 */
export async function migrateDatabase(url: string): Promise<number> {
  // One connection, because the lock belongs to the session; no time limit, because an index may take long.
  const { db, close } = await openDatabase({ url, max: 1, statementTimeout: 0 });
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK}::bigint)`);
    const before = await appliedMigrations(db);
    await migrate(db, { migrationsFolder: FOLDER });
    return (await appliedMigrations(db)) - before;
  } finally {
    await close();
  }
}

/** How many migrations of this program the database has not seen yet. */
export async function pendingMigrations(db: Db): Promise<number> {
  return readMigrationFiles({ migrationsFolder: FOLDER }).length - (await appliedMigrations(db));
}

async function appliedMigrations(db: Db): Promise<number> {
  const [table] = await db.execute(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (!table?.found) return 0;
  const [row] = await db.execute(sql`select count(*)::int as n from drizzle.__drizzle_migrations`);
  return Number(row?.n);
}
