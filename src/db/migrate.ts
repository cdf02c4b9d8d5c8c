/**
 * Bringing the schema up to date.
 *
 * Invariants: all migrations of an upgrade are one transaction: one that fails, or a process that is killed in the middle,
 * leaves the database as it was; a program that is older than the database touches nothing in it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import type { Db } from './database.ts';
import { openDatabase } from './database.ts';
import { migrate, sql } from './drizzle.cjs';

/** Where the migrations lie. */
export const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));
/** Any number, always the same: the process that migrates holds it. */
const LOCK = 5_271_009;

/** Where a database stands: how many migrations it has, the names of those that wait, and how many this program does not know. */
export type SchemaState = { applied: number; pending: readonly string[]; unknown: number };

export type Migrating = {
  /** Default: this program's. */
  folder?: string | undefined;
  /** Called under the lock before a database that has tables is changed; what it throws stops everything. */
  before?: ((found: SchemaState, db: Db) => Promise<void>) | undefined;
};

/**
 * Brings the schema up to date and returns how many migrations were applied. Processes that start at the same time
 * wait for each other. Throws `database_is_newer` if this program does not know all of what was applied.
 */
export async function migrateDatabase(url: string, { folder, before }: Migrating = {}): Promise<number> {
  // One connection, because the lock belongs to the session; no time limit, because an index may take long.
  const { db, close } = await openDatabase({ url, max: 1, statementTimeout: 0 });
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK}::bigint)`);
    const found = await schemaState(db, folder);
    refuseNewer(found);
    if (found.pending.length === 0) return 0;
    if (found.applied > 0) await before?.(found, db);
    const migrating = migrate(db, { migrationsFolder: folder ?? MIGRATIONS });
    await migrating.catch((error) => sayWhoseTable(error, found.applied === 0));
    return found.pending.length;
  } finally {
    await close();
  }
}

/** Of a database that has seen more migrations than this program has: what is wrong, and the mend. */
export const IS_NEWER = [
  'was used by a newer Lakana than this one',
  'start that version again, or restore a backup from before it into a new database (docs/operating.md, "Upgrade")',
] as const;

/** Throws `database_is_newer`. */
export function refuseNewer({ unknown }: SchemaState): void {
  if (unknown === 0) return;
  const how = unknown === 1 ? 'a migration' : `${unknown} migrations`;
  const [what, mend] = IS_NEWER;
  throw new LakanaError('database_is_newer', `the database ${what} (${how} that it does not know): ${mend}`);
}

/** Of a new database: what is wrong, and the mend. */
export const MAY_NOT_CREATE = [
  'is of a role that may not make tables in this database',
  'let it own the database: alter database … owner to …',
] as const;

/** Whether the role of this connection may make the tables of a new database, and schemas beside them. */
export async function mayCreate(db: Db): Promise<boolean> {
  const [row] = await db.execute<{ may: boolean }>(sql`
    select has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create') as may`);
  return row?.may === true;
}

/** How many other connections of ours this database has, but for those that wait for their turn to migrate. */
export async function othersConnected(db: Db): Promise<number> {
  const [row] = await db.execute(sql`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name = 'lakana'
      and pid <> pg_backend_pid() and wait_event is distinct from 'advisory'`);
  return Number(row?.n);
}

/** Which migrations of this program the database has not seen yet, and whether it has seen others. Looks only. */
export async function schemaState(db: Db, folder = MIGRATIONS): Promise<SchemaState> {
  const known = journalIn(folder);
  const applied = await appliedAt(db);
  const last = applied.at(-1) ?? Number.NEGATIVE_INFINITY;
  const times = new Set(known.map(({ when }) => when));
  return {
    applied: applied.length,
    // As the migrator decides it.
    pending: known.filter(({ when }) => when > last).map(({ tag }) => tag),
    unknown: applied.filter((when) => !times.has(when)).length,
  };
}

/** The migrations of a folder in their order: their names, and the time by which each is known. */
export function journalIn(folder = MIGRATIONS): { tag: string; when: number }[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string; when: number }[];
  };
  return journal.entries.map(({ tag, when }) => ({ tag, when }));
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

/** By which time each applied migration is known, the oldest first. */
async function appliedAt(db: Db): Promise<number[]> {
  const [table] = await db.execute(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (!table?.found) return [];
  const rows = await db.execute(sql`select created_at from drizzle.__drizzle_migrations order by created_at`);
  return rows.map((row) => Number(row.created_at));
}
