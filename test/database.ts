import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../src/db/database.ts';

export type TestDatabase = Database & {
  /** Address of this database alone, for further connections and other processes. */
  url: string;
  /** The socket of its server, if it has one. */
  path?: string | undefined;
};

/**
 * A fresh migrated database: a clone of the template, about 50 ms. Make one per file (or per test that needs it), and
 * `close()` it in the end: that drops it, also while programs are still connected. `isEmpty`: without a table.
 * `template`: as another one was left.
 */
export async function createTestDatabase(
  options: { max?: number; isEmpty?: boolean; template?: string } = {},
): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = options.template ?? (options.isEmpty ? 'template0' : inject('databaseTemplate'));
  await createFrom(onServer(server), name, template);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const path = inject('databaseSocket');
  const database = await openDatabase({
    url: address.href,
    path,
    max: options.max ?? 5,
  });
  return {
    ...database,
    url: address.href,
    path,
    close: async () => {
      await database.close();
      await onServer(server).unsafe(`drop database if exists ${name} with (force)`);
    },
  };
}

/** Closes it and leaves it as it is, as a template for others: its name. */
export async function leaveTestDatabase({ sql, url }: TestDatabase): Promise<string> {
  await sql.end();
  return new URL(url).pathname.slice(1);
}

let office: { url: string; sql: postgres.Sql } | undefined;

/** The connection over which this worker makes and drops databases; it closes when there is nothing to do for a while. */
function onServer(url: string): postgres.Sql {
  if (office?.url !== url) {
    const options = { max: 2, idle_timeout: 5, onnotice: () => {}, fetch_types: false };
    office = { url, sql: postgres(url, options) };
  }
  return office.sql;
}

/** Cloning by copying files: with the log strategy each clone writes the whole schema to the log. */
async function createFrom(sql: postgres.Sql, name: string, template: string): Promise<void> {
  await sql.unsafe(`create database ${name} template ${template} strategy file_copy`);
}
