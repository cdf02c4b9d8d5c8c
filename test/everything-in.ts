import type { TestDatabase } from './database.ts';

/** Every value in every table, as text and as bytes. */
export async function everythingIn(database: TestDatabase): Promise<string> {
  const tables = await database.sql<{ name: string }[]>`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`;
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await database.sql.unsafe(`select * from ${name}`);
    for (const row of rows)
      for (const value of Object.values(row))
        texts.push(
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : (JSON.stringify(value) ?? ''),
        );
  }
  return texts.join('\n');
}
