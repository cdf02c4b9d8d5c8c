/** An upgrade of the database: whole or not at all, one at a time, and never backwards. */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { journalIn, MIGRATIONS, migrateDatabase, schemaState } from '../../src/db/migrate.ts';
import { isAlone } from '../../src/service/upgrade.ts';

let folder: string;
let url: string;
let sql: postgres.Sql;
let server: postgres.Sql;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-migrations-'));
  await cp(MIGRATIONS, folder, { recursive: true });
  const name = `migrated_${randomUUID().slice(0, 8)}`;
  server = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} });
  await server.unsafe(`create database ${name}`);
  url = Object.assign(new URL(inject('databaseUrl')), { pathname: `/${name}` }).href;
  sql = postgres(url, { max: 1, onnotice: () => {} });
});
afterEach(async () => {
  await sql.end();
  await server.unsafe(`drop database ${new URL(url).pathname.slice(1)} with (force)`);
  await server.end();
  await rm(folder, { recursive: true });
});

/** A version that has these migrations besides. */
async function brings(...statements: string[]): Promise<void> {
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8'));
  for (const statement of statements) {
    const { idx, when } = journal.entries.at(-1);
    const tag = `${String(idx + 1).padStart(4, '0')}_later`;
    journal.entries.push({ ...journal.entries.at(-1), idx: idx + 1, when: when + 1, tag });
    await writeFile(join(folder, `${tag}.sql`), statement);
  }
  await writeFile(path, JSON.stringify(journal));
}

/** Everything by which one could tell that something was done. */
const everything = async (): Promise<unknown> => [
  await sql`select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'public' order by 1, 2`,
  await sql`select hash from drizzle.__drizzle_migrations order by created_at`,
  await sql`select name from leases`,
];

const NEXT = '--> statement-breakpoint\n';

describe('an upgrade', () => {
  test('that fails in the middle leaves the database as it was, and the next one does all of it', async () => {
    await migrateDatabase(url);
    await sql`insert into leases (name, holder, until) values ('kept', ${randomUUID()}, now())`;
    const before = await everything();
    await brings(
      `create table first_part (id int)`,
      `create table second_part (id int);${NEXT}delete from leases;${NEXT}select 1 / 0`,
    );
    await expect(migrateDatabase(url, { folder })).rejects.toThrow();
    expect(await everything()).toEqual(before);

    await writeFile(
      join(folder, `${journalIn(folder).at(-1)?.tag}.sql`),
      'create table second_part (id int)',
    );
    expect(await migrateDatabase(url, { folder })).toBe(2);
    await sql`select from first_part, second_part`;
  });

  test('is done once by several processes that start together', async () => {
    const done = await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)]);
    expect(done.sort((a, b) => a - b)).toEqual([0, 0, journalIn().length]);
  });

  test('waits for a process of the version before it that is still at work, and says so if it stays', async () => {
    await migrateDatabase(url);
    await brings('create table later (id int)');
    const older = await openDatabase({ url, max: 1 });
    const alone = (patience?: number) => ({
      before: async (_found: unknown, db: Db) => isAlone(db, patience),
    });
    await expect(migrateDatabase(url, { folder, ...alone(100) })).rejects.toMatchObject({
      code: 'others_at_work',
      message: expect.stringMatching(/^another Lakana is connected to this database: stop .*$/),
    });
    // Two of the new version wait for each other's turn only, and the older one is told to stop meanwhile.
    const two = [1, 2].map(() => migrateDatabase(url, { folder, ...alone() }));
    await older.close();
    expect((await Promise.all(two)).sort()).toEqual([0, 1]);
  });
});

describe('a program that is older than its database', () => {
  test('says so in one line, and touches nothing', async () => {
    await brings('create table later (id int)', 'create table much_later (id int)');
    await migrateDatabase(url, { folder });
    const before = await everything();
    await expect(migrateDatabase(url)).rejects.toMatchObject({
      code: 'database_is_newer',
      message: expect.stringMatching(
        /^the database was used by a newer Lakana than this one \(2 migrations that it does not know\): start that version again, or restore .*$/,
      ),
    });
    expect(await everything()).toEqual(before);
  });

  test('says so too if it has migrations of its own that the database lacks', async () => {
    await brings('create table later (id int)');
    await migrateDatabase(url, { folder });
    // A database of another line: its newest migration is older than ours, and ours is missing.
    await sql`delete from drizzle.__drizzle_migrations where created_at = ${String(journalIn().at(-1)?.when)}`;
    const { db, close } = await openDatabase({ url, max: 1 });
    expect(await schemaState(db)).toMatchObject({ unknown: 1 });
    await close();
    await expect(migrateDatabase(url)).rejects.toMatchObject({ code: 'database_is_newer' });
  });
});

test('each migration is newer than the one before it: the migrator goes by that alone', () => {
  const times = journalIn().map(({ when }) => when);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});
