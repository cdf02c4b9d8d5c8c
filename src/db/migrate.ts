import { fileURLToPath } from 'node:url';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import type { Db } from './database.ts';
import { openDatabase } from './database.ts';
import { migrate, readMigrationFiles, sql } from './drizzle.cjs';

const FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));
/** Any number, always the same: the process that migrates holds it. */
const LOCK = 5_271_009;

/**
 * Brings the schema up to date and returns how many migrations were applied. Processes that start at the same time
 * wait for each other. A failed migration leaves nothing behind: all run in one transaction.
 */
export async function migrateDatabase(url: string, folder = FOLDER): Promise<number> {
  // One connection, because the lock belongs to the session; no time limit, because an index may take long.
  const { db, close } = await openDatabase({ url, max: 1, statementTimeout: 0 });
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK}::bigint)`);
    const before = await appliedMigrations(db);
    await migrate(db, { migrationsFolder: folder }).catch((error) => sayWhoseTable(error, before === 0));
    return (await appliedMigrations(db)) - before;
  } finally {
    await close();
  }
}

/** Of a new database: what is wrong, and the mend. */
export const MAY_NOT_CREATE = [
  'is of a role that may not make tables in this database',
  'let it own the database: alter database … owner to …',
] as const;

/** Whether any migration was applied to this database. */
export const hasTables = async (db: Db): Promise<boolean> => (await appliedMigrations(db)) > 0;

/** Whether the role of this connection may make the tables of a new database, and schemas beside them. */
export async function mayCreate(db: Db): Promise<boolean> {
  const [row] = await db.execute<{ may: boolean }>(sql`
    select has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create') as may`);
  return row?.may === true;
}

/** How many migrations of this program the database has not seen yet. */
export async function pendingMigrations(db: Db, folder = FOLDER): Promise<number> {
  return readMigrationFiles({ migrationsFolder: folder }).length - (await appliedMigrations(db));
}

/** A database whose audit log belongs to another role (`audit protect`) and a version that changes the log. */
function sayWhoseTable(thrown: unknown, isNew: boolean): never {
  const { cause } = thrown as { cause?: { code?: unknown } };
  // insufficient_privilege
  if ((cause ?? (thrown as { code?: unknown })).code !== '42501') throw thrown;
  if (isNew)
    throw new LakanaError('may_not_create', `DATABASE_URL ${MAY_NOT_CREATE.join(': ')}`, { cause: thrown });
  throw new LakanaError(
    'not_the_owner',
    `this version changes a table that does not belong to the role of DATABASE_URL: if the audit log was given away, ${TOOL} audit protect --database-url … once more applies it`,
    { cause: thrown },
  );
}

async function appliedMigrations(db: Db): Promise<number> {
  const [table] = await db.execute(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (!table?.found) return 0;
  const [row] = await db.execute(sql`select count(*)::int as n from drizzle.__drizzle_migrations`);
  return Number(row?.n);
}
