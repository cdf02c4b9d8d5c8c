/** What is left of an erased case in the files of DATA_DIR, where the PostgreSQL is one of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forget } from '../../src/app/reporters/forget.ts';
import { openDatabase } from '../../src/db/database.ts';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { type Canaries, foundInFiles } from '../end-to-end/canaries.ts';
import { type ErasingHouse, openErasingHouse } from './erasing-house.ts';
import { calm } from './house.ts';

let directory: string;
let embedded: Embedded;
let erasing: ErasingHouse;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lakana-erased-'));
  // As in service: synced, with whole pages in the write-ahead log.
  embedded = await startEmbedded({ dataDir: directory });
  const { url } = embedded;
  await migrateDatabase(url);
  erasing = await openErasingHouse({ database: { url, ...(await openDatabase({ url, max: 8 })) } });
}, 180_000);

afterAll(async () => {
  await erasing?.house.close();
  await embedded?.stop({ evenIfShared: true });
  await rm(directory, { recursive: true, force: true });
});

test('the keys of an erased case, and the code by which it was found, are in no file any more: nothing that is left opens', async () => {
  const { house, awa } = erasing;
  // Cases of others lie beside it in the same tables, and stay.
  for (const name of ['Fanta', 'Oumar', 'Sali']) await house.person(name).says('SOS');
  const before = await erasing.canaries();
  const bytes = (what: string): Buffer => Buffer.from(before[what] ?? '', 'hex');
  const keys: Canaries = { 'its key': bytes('its key'), 'its code': bytes('its code') };
  const inFiles = () => foundInFiles(keys, house.database.sql, directory);
  expect((await inFiles()).some((hit) => hit.startsWith('its key in /postgres/base/'))).toBe(true);
  expect((await inFiles()).some((hit) => hit.startsWith('its key in /postgres/pg_wal/'))).toBe(true);
  expect((await inFiles()).some((hit) => hit.startsWith('its code in /postgres/base/'))).toBe(true);
  await erasing.wanted();
  await erasing.pass(days(7) - hours(1));
  house.clock.advance(hours(2));
  await forget(house.ctx, calm, keepingOf());
  expect(await erasing.isThere()).toBe(false);
  expect(await inFiles()).toEqual([]);
  // What the person was told, and the cases of the others, are untouched.
  await house.deliver();
  expect(awa.last()).toMatch(/– c'est fait$/);
  expect(await house.database.sql`select 1 from case_wraps`).toHaveLength(3);
});
