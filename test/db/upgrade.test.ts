/** Every schema that there was, with rows in each of its tables, is brought to the newest: nothing is lost or changed. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { verifyAudit } from '../../src/crypto/audit-chain.ts';
import { verifyChain } from '../../src/crypto/chain.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { auditRows } from '../../src/db/audit.ts';
import { openDatabase } from '../../src/db/database.ts';
import { readMigrationFiles } from '../../src/db/drizzle.cjs';
import { journalIn, MIGRATIONS, migrateDatabase } from '../../src/db/migrate.ts';
import { contentOf, fill, lastingOf } from './rows-of-any-schema.ts';

const keyring = parseKeyring(generateKeyringFile());
const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS });
const names = journalIn().map(({ tag }) => tag);
/** A schema that grows by one migration after the other; each test takes a copy of it. */
const growing = `growing_${randomUUID().slice(0, 8)}`;
const copy = `${growing}_copy`;

let server: postgres.Sql;
beforeAll(async () => {
  server = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {}, fetch_types: false });
  await server.unsafe(`create database ${growing}`);
});
afterAll(async () => {
  await server.unsafe(`drop database if exists ${copy} with (force)`);
  await server.unsafe(`drop database ${growing} with (force)`);
  await server.end();
});

const urlOf = (name: string): string =>
  Object.assign(new URL(inject('databaseUrl')), { pathname: `/${name}` }).href;
const connect = (name: string) => postgres(urlOf(name), { max: 1, onnotice: () => {}, fetch_types: false });

/** As the migrator of that version would have left it. */
async function grow(n: number): Promise<void> {
  const sql = connect(growing);
  await sql.unsafe(`create schema if not exists drizzle`);
  await sql.unsafe(
    `create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
  );
  const migration = migrations[n];
  for (const statement of migration?.sql ?? []) await sql.unsafe(statement);
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at)
    values (${migration?.hash ?? ''}, ${String(migration?.folderMillis)})`;
  await sql.end();
}

describe('an office that comes back after years', () => {
  test.each(names.map((name, n) => [name, n] as const))(
    'with a database from %s loses nothing by the newest version',
    async (_name, n) => {
      await grow(n);
      await server.unsafe(`drop database if exists ${copy} with (force)`);
      await server.unsafe(`create database ${copy} template ${growing} strategy file_copy`);
      const sql = connect(copy);
      const counts = await fill(sql, keyring);
      expect(Object.keys(counts).length).toBeGreaterThan(15);
      const before = await lastingOf(sql);
      const content = await contentOf(sql, before);
      expect(await migrateDatabase(urlOf(copy))).toBe(names.length - 1 - n);
      expect(await contentOf(sql, before)).toEqual(content);
      await chainsHold(sql, 'audit_log' in counts ? 3 : 0);
      await sql.end();
    },
  );
});

/** The chain of the case, and that of the log of looks. */
async function chainsHold(sql: postgres.Sql, looks: number): Promise<void> {
  const items = await sql<
    { place: number; kind: string; ciphertext: Buffer; link: Buffer; signature: Buffer }[]
  >`select place, kind, ciphertext, link, signature from case_items order by place`;
  const [row] =
    await sql`select id, chain_head, chain_length from cases where chain_length > 0 order by id limit 1`;
  const expected = { head: row?.chain_head as Uint8Array, length: row?.chain_length as number };
  const chain = { caseId: row?.id as string, items, verifier: keyring.signer, expected };
  expect(verifyChain(chain)).toMatchObject({ ok: true, length: 3 });
  const { db, close } = await openDatabase({ url: urlOf(copy), max: 1 });
  expect(await verifyAudit(auditRows(db), keyring.signer)).toMatchObject({ ok: true, rows: looks });
  await close();
}
