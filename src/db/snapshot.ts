/**
 * Everything of one moment, read while others go on writing; and a whole database written in one go.
 *
 * Invariants: what is read is one snapshot (repeatable read), in which nothing is written; what is written is all there or
 * nothing, whatever ends this process; neither is ended by the database because the other side is slow.
 */
import postgres from 'postgres';
import { connectionOptions } from './connection-options.ts';
import type { Statements } from './copying.ts';
import { type Db, dbWithin } from './database.ts';
import { readMigrationFiles } from './drizzle.cjs';
import { MIGRATIONS } from './migrate.ts';
import { primaryNow } from './primary.ts';

/** One transaction: for what drizzle has words for, and bare. */
export type Whole = { db: Db; tx: postgres.TransactionSql };

/** Any number, always the same: the process that makes a backup holds it. */
const BACKUP_LOCK = 5_271_020;
/** The process that writes the list of what was erased. */
const LIST_LOCK = 5_271_021;
/** The one of `migrateDatabase`: a service that starts in the middle waits. */
const MIGRATION_LOCK = 5_271_009;

const open = (url: string): postgres.Sql =>
  postgres(url, { ...connectionOptions({ url, statementTimeout: 0, idleTimeout: 0 }), max: 1 });

/** Runs `work` on a snapshot, one process at a time; undefined: another one is at it. */
export async function onSnapshot<T>(url: string, work: (whole: Whole) => Promise<T>): Promise<T | undefined> {
  const sql = open(await primaryNow(url));
  try {
    const [lock] = await sql<
      { mine: boolean }[]
    >`select pg_try_advisory_lock(${BACKUP_LOCK}::bigint) as mine`;
    if (!lock?.mine) return undefined;
    return (await sql.begin('isolation level repeatable read read only', (tx) =>
      work({ tx, db: dbWithin(sql, tx) }),
    )) as T;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Runs `work` while no other process writes the list beside the backups. */
export async function onListLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const sql = open(await primaryNow(url));
  try {
    await sql`select pg_advisory_lock(${LIST_LOCK}::bigint)`;
    return await work();
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Runs `work` in one transaction that may last; nothing migrates this database meanwhile. */
export async function inOneGo<T>(url: string, work: (whole: Whole) => Promise<T>): Promise<T> {
  const sql = open(await primaryNow(url));
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`;
    return (await sql.begin((tx) => work({ tx, db: dbWithin(sql, tx) }))) as T;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** A table as it stands: its columns in order, and what kind each is. */
export type Shape = { name: string; columns: { name: string; kind: string }[] };

/** The tables of the service, each behind those that it refers to. */
export async function shapesOf(tx: Statements): Promise<Shape[]> {
  const columns = (await tx.unsafe(`
    select c.relname as table, a.attname as name, format_type(a.atttypid, null) as kind
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by c.relname, a.attnum`)) as unknown as { table: string; name: string; kind: string }[];
  const refers = (await tx.unsafe(`
    select f.relname as from, t.relname as to
    from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.conrelid <> k.confrelid and k.connamespace = current_schema()::regnamespace
  `)) as unknown as { from: string; to: string }[];
  const names = [...new Set(columns.map(({ table }) => table))];
  return inOrder(names, refers).map((name) => ({
    name,
    columns: columns
      .filter(({ table }) => table === name)
      .map(({ name: column, kind }) => ({ name: column, kind })),
  }));
}

/** Those first to which nothing that is left refers. */
function inOrder(names: readonly string[], refers: readonly { from: string; to: string }[]): string[] {
  const ordered: string[] = [];
  for (let left = [...names]; left.length > 0; ) {
    const free = left.filter((name) => !refers.some(({ from, to }) => from === name && left.includes(to)));
    if (free.length === 0) throw new Error('tables that refer to each other in a circle');
    ordered.push(...free);
    left = left.filter((name) => !free.includes(name));
  }
  return ordered;
}

export type Sequence = { name: string; value: string; isCalled: boolean };

/** Where each sequence stands. It is not of the snapshot: it may be further, and that is right. */
export async function sequencesOf(tx: Statements): Promise<Sequence[]> {
  const names = (await tx.unsafe(`
    select c.relname as name from pg_class c
    where c.relkind = 'S' and c.relnamespace = current_schema()::regnamespace order by 1`)) as unknown as {
    name: string;
  }[];
  const found: Sequence[] = [];
  for (const { name } of names) {
    const [row] = (await tx.unsafe(
      `select last_value::text as value, is_called as called from ${quoted(name)}`,
    )) as unknown as { value: string; called: boolean }[];
    if (row) found.push({ name, value: row.value, isCalled: row.called });
  }
  return found;
}

export async function setSequence(tx: Statements, { name, value, isCalled }: Sequence): Promise<void> {
  await tx.unsafe('select setval($1::text::regclass, $2::text::bigint, $3::boolean)', [
    quoted(name),
    value,
    isCalled,
  ]);
}

/** How many rows a table has, of those that meet a condition. */
export async function countRows(tx: Statements, table: string, where?: string): Promise<number> {
  const [row] = (await tx.unsafe(
    `select count(*)::text as n from ${quoted(table)}${where ? ` where ${where}` : ''}`,
  )) as unknown as { n: string }[];
  return Number(row?.n ?? 0);
}

/** A version of the schema: the last migration's hash, and how many there were up to it. */
export type Version = { count: number; hash: string };

/** The version of this database; undefined: it is empty. */
export async function versionOf(tx: Statements): Promise<Version | undefined> {
  const [table] = (await tx.unsafe(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  )) as unknown as { found: boolean }[];
  if (!table?.found) return undefined;
  const rows = (await tx.unsafe(
    'select hash, count(*) over () ::int as count from drizzle.__drizzle_migrations order by created_at desc limit 1',
  )) as unknown as Version[];
  return rows[0];
}

/** Whether this program knows this version of the schema. */
export function isKnownVersion({ count, hash }: Version, folder = MIGRATIONS): boolean {
  return readMigrationFiles({ migrationsFolder: folder })[count - 1]?.hash === hash;
}

/** Makes the tables as they were from one version to another; both counted in migrations. */
export async function migrateWithin(
  tx: Statements,
  from: number,
  to?: number,
  folder = MIGRATIONS,
): Promise<number> {
  const wanted = readMigrationFiles({ migrationsFolder: folder }).slice(from, to);
  await tx.unsafe('create schema if not exists drizzle');
  await tx.unsafe(
    'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  );
  for (const { sql, hash, folderMillis } of wanted) {
    for (const statement of sql) await tx.unsafe(statement);
    await tx.unsafe(
      'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2::text::bigint)',
      [hash, String(folderMillis)],
    );
  }
  return wanted.length;
}

/** Whether anything is there that a service would have made. */
export async function isEmpty(tx: Statements): Promise<boolean> {
  const [row] = (await tx.unsafe(`
    select not exists (
      select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in (current_schema(), 'drizzle', 'pgboss')) as empty`)) as unknown as {
    empty: boolean;
  }[];
  return row?.empty === true;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
