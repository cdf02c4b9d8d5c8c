/** Looks for secrets in what the service leaves behind, as they are and as programs tend to write them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type postgres from 'postgres';

/** What is looked for, by what it is: words, or the bytes of a key. */
export type Canaries = Readonly<Record<string, string | Uint8Array>>;

const SHORTEST = 6;

/** UTF-16, hexadecimal, base64 at any alignment; bytes also as Node and JSON print them. */
function disguises(canary: string | Uint8Array): Buffer[] {
  const plain = Buffer.from(canary);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), plain])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters of base64 depend on the neighbours.
    return Buffer.from(text.slice(shift === 0 ? 0 : 4, -2));
  });
  const hex = plain.toString('hex');
  const printed = [hex.replace(/(..)(?!$)/g, '$1 '), [...plain].join(','), [...plain].join(', ')];
  const asText = [Buffer.from(String(canary), 'utf16le')];
  const other = typeof canary === 'string' ? asText : printed.map((text) => Buffer.from(text));
  return [plain, Buffer.from(hex), ...base64, ...other];
}

export function found(canaries: Canaries, where: string, bytes: Buffer): string[] {
  return Object.entries(canaries).flatMap(([what, canary]) => {
    if (canary.length < SHORTEST) throw new Error(`${what} is too short to be looked for`);
    return disguises(canary).some((each) => bytes.includes(each)) ? [`${what} in ${where}`] : [];
  });
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(nested)).flat();
}

/** Every file of this folder, in which the database lies, with all that it has in memory written out. */
export async function foundInFiles(canaries: Canaries, sql: postgres.Sql, folder: string): Promise<string[]> {
  await sql`checkpoint`;
  const hits: string[] = [];
  for (const path of await filesUnder(folder))
    hits.push(...found(canaries, path.slice(folder.length), await readIfThere(path)));
  return hits;
}

/** PostgreSQL deletes files while they are listed: what is gone holds nothing. */
async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Every row of every table as text: PostgreSQL may compress what it stores, so files alone would not do. */
export async function foundInTables(canaries: Canaries, sql: postgres.Sql): Promise<string[]> {
  const tables = await sql<{ schema: string; name: string }[]>`
    select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`;
  if (!tables.some(({ schema }) => schema === 'pgboss')) throw new Error('there are no jobs to look at');
  const hits: string[] = [];
  for (const { schema, name } of tables) {
    const rows = await sql`select t::text as row from ${sql(schema)}.${sql(name)} t`;
    for (const { row } of rows) hits.push(...found(canaries, `${schema}.${name}`, Buffer.from(String(row))));
  }
  return hits;
}
