/**
 * A database beside the service's own, on the same server, for the time of a rehearsal.
 *
 * Invariants: only databases of this name are ever dropped, and none that a program is connected to; one that a killed process
 * left behind is dropped by the next run.
 */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { connectionOptions } from './connection-options.ts';
import { primaryNow } from './primary.ts';

const PREFIX = 'lakana_rehearsal_';

export type Scratch = { url: string; drop(): Promise<void> };

/** `may_not_create`: the role of the service may make no database. `dropped`: how many were left behind. */
export async function makeScratch(
  given: string,
): Promise<{ scratch: Scratch; dropped: number } | 'may_not_create'> {
  // Of several servers the one that writes: an address of its own is made of it.
  const url = await primaryNow(given);
  const sql = postgres(url, { ...connectionOptions({ url, statementTimeout: 0 }), max: 1 });
  try {
    const [role] = await sql<{ may: boolean }[]>`
      select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user`;
    if (!role?.may) return 'may_not_create';
    const dropped = await dropLeft(sql);
    const name = `${PREFIX}${randomBytes(6).toString('hex')}`;
    await sql.unsafe(`create database ${name} template template0`);
    const address = Object.assign(new URL(url), { pathname: `/${name}` });
    return { dropped, scratch: { url: address.href, drop: () => drop(url, name) } };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function dropLeft(sql: postgres.Sql): Promise<number> {
  const left = await sql<{ name: string }[]>`
    select datname as name from pg_database d
    where datname like ${`${PREFIX.replaceAll('_', '\\_')}%`} and pg_has_role(datdba, 'MEMBER')
      and not exists (select from pg_stat_activity a where a.datname = d.datname)`;
  for (const { name } of left) await sql.unsafe(`drop database if exists "${name.replaceAll('"', '')}"`);
  return left.length;
}

async function drop(url: string, name: string): Promise<void> {
  const sql = postgres(url, { ...connectionOptions({ url, statementTimeout: 0 }), max: 1 });
  try {
    await sql.unsafe(`drop database if exists ${name} with (force)`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** How big this database is, in bytes. */
export async function databaseSize(sql: { unsafe: postgres.Sql['unsafe'] }): Promise<number> {
  const [row] = (await sql.unsafe(
    'select pg_database_size(current_database())::text as size',
  )) as unknown as {
    size: string;
  }[];
  return Number(row?.size ?? 0);
}
