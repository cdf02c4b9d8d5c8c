import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBackup } from '../../src/app/keeping/make-backup.ts';
import { hours } from '../../src/kernel/time.ts';
import { type House, openHouse, referenceOn } from '../app/house.ts';
import { openSaving } from './saving.ts';

let house: House;
let saving: Awaited<ReturnType<typeof openSaving>>;
let reference: string;
beforeAll(async () => {
  house = await openHouse();
  saving = await openSaving(house);
  const awa = house.person('Awa');
  await awa.says('SOS');
  await awa.says('Kati, derrière le marché');
  reference = referenceOn(awa);
}, 60_000);
afterAll(async () => {
  await house.close();
  await saving.close();
});

const scratches = async (): Promise<string[]> =>
  (
    await house.database.sql`select datname as name from pg_database where datname like 'lakana_rehearsal_%'`
  ).map(({ name }) => String(name));

describe('while a backup is written', () => {
  test('it is put back beside and looked at, and nothing of that is left', async () => {
    const before = await scratches();
    expect(await makeBackup(saving.tried)).toMatchObject({ rehearsed: 'same', broken: [] });
    expect(await scratches()).toEqual(before);
    expect(await house.database.sql`select rehearsed from backups`).toEqual([{ rehearsed: 'same' }]);
  });

  test('what a killed run left beside is dropped', async () => {
    await house.database.sql.unsafe('create database lakana_rehearsal_0000left');
    house.clock.advance(hours(1));
    await makeBackup(saving.tried);
    expect(await scratches()).not.toContain('lakana_rehearsal_0000left');
  });

  test('a disk that does not hold it twice keeps no one from the backup, and it is said', async () => {
    house.clock.advance(hours(1));
    const made = await makeBackup({ ...saving.tried, freeBytes: async () => 1_000 });
    expect(made).toMatchObject({ rehearsed: 'no_room', rows: expect.any(Number) });
  });

  test('a role that may make no database keeps no one from the backup, and it is said', async () => {
    const { sql } = house.database;
    await sql.unsafe(
      `do $$ begin create role rehearsal_poor login password 'poor' nosuperuser; exception when duplicate_object then null; end $$`,
    );
    await sql.unsafe('grant usage on schema public, drizzle to rehearsal_poor');
    await sql.unsafe('grant select on all tables in schema public, drizzle to rehearsal_poor');
    await sql.unsafe('grant select on all sequences in schema public to rehearsal_poor');
    house.clock.advance(hours(1));
    const url = Object.assign(new URL(saving.tried.url), {
      username: 'rehearsal_poor',
      password: 'poor',
    }).href;
    expect(await makeBackup({ ...saving.tried, url })).toMatchObject({ rehearsed: 'may_not_create' });
  });

  test('a case that an intruder changed in the database is found, and named', async () => {
    await house.database.sql`update case_items set kind = 'note' where place = 0`;
    house.clock.advance(hours(1));
    expect(await makeBackup(saving.tried)).toMatchObject({ rehearsed: 'chain_broken', broken: [reference] });
  });
});
