/** kill -9 in the middle of an upgrade, again and again: the database is as it was, or all of it is done, and the next start is well. */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { journalIn, MIGRATIONS, migrateDatabase } from '../../src/db/migrate.ts';
import { contentOf, fill, lastingOf } from '../db/rows-of-any-schema.ts';
import { Process } from '../linked-service.ts';
import { KILLS, rest } from './killable.ts';

/** Migrations that the old version lacks. */
const BEHIND = 12;
/** Most that an upgrade of this test lasts, from its first word on; milliseconds. */
const LASTS = 2_500;

let folder: string;
let older: string;
let url: string;
let sql: postgres.Sql;
let server: postgres.Sql;

/** Another journal for the same migrations. */
async function rewrites(of: string, change: (entries: { idx: number; when: number; tag: string }[]) => void) {
  const path = join(of, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8'));
  change(journal.entries);
  await writeFile(path, JSON.stringify(journal));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-newer-'));
  older = await mkdtemp(join(tmpdir(), 'lakana-older-'));
  for (const each of [folder, older]) await cp(MIGRATIONS, each, { recursive: true });
  await rewrites(older, (entries) => void entries.splice(-BEHIND));
  // Slow ones, so that a kill falls into the middle.
  await rewrites(folder, (entries) => {
    for (let n = 0; n < 4; n++) {
      const { idx, when } = entries.at(-1) ?? { idx: 0, when: 0 };
      entries.push({
        ...(entries.at(-1) as (typeof entries)[number]),
        idx: idx + 1,
        when: when + 1,
        tag: `slow_${n}`,
      });
    }
  });
  for (let n = 0; n < 4; n++)
    await writeFile(
      join(folder, `slow_${n}.sql`),
      `create table slow_${n} (id int);--> statement-breakpoint\nselect pg_sleep(0.4)`,
    );
  const name = `killed_${randomUUID().slice(0, 8)}`;
  server = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} });
  await server.unsafe(`create database ${name}`);
  url = Object.assign(new URL(inject('databaseUrl')), { pathname: `/${name}` }).href;
  sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
});
afterEach(async () => {
  await sql.end();
  await server.unsafe(`drop database ${new URL(url).pathname.slice(1)} with (force)`);
  await server.end();
  for (const each of [folder, older]) await rm(each, { recursive: true });
});

const applied = async (): Promise<number> => (await sql`select 1 from drizzle.__drizzle_migrations`).length;
const slowTables = async (): Promise<number> =>
  (await sql`select 1 from pg_tables where tablename like 'slow_%'`).length;

test(
  `${KILLS} times kill -9 in the middle of an upgrade`,
  async () => {
    const before = await migrateDatabase(url, { folder: older });
    await fill(sql, parseKeyring(generateKeyringFile()));
    const tables = await lastingOf(sql);
    const content = await contentOf(sql, tables);
    const all = journalIn(folder).length;
    let inTheMiddle = 0;
    for (let killed = 0; killed < KILLS; killed++) {
      const upgrade = new Process([join(import.meta.dirname, 'migrating.ts'), url, folder], process.env);
      await expect.poll(() => upgrade.printed, { timeout: 30_000, interval: 5 }).toContain('begun');
      await rest(Math.random() * LASTS);
      await upgrade.kills();
      if (upgrade.printed.includes('applied')) break;
      inTheMiddle += 1;
      // What is under way at the server ends by itself.
      expect([before, all]).toContain(await applied());
    }
    expect(inTheMiddle).toBeGreaterThan(0);
    await migrateDatabase(url, { folder });
    expect(await applied()).toBe(all);
    expect(await slowTables()).toBe(4);
    expect(await contentOf(sql, tables)).toEqual(content);
  },
  120_000 + KILLS * 10_000,
);
