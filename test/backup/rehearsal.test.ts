import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBackup } from '../../src/app/keeping/make-backup.ts';
import { hours } from '../../src/kernel/time.ts';
import { type House, openHouse, referenceOn } from '../app/house.ts';
import { emptyDatabase, openSaving } from './saving.ts';

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

  test('nothing readable of it stands on a disk: not where it lies, not among files of the moment, not after', async () => {
    // The beginning of a backup that is not sealed, and a word of one: both go through this process at each moment.
    const canaries = ['lakana-backup/1', reference];
    const places = [saving.folder, tmpdir(), '/dev/shm', process.cwd()];
    const filesIn = async (place: string) =>
      (await readdir(place, { withFileTypes: true }).catch(() => []))
        .filter((each) => each.isFile())
        .map(({ name }) => join(place, name));
    const there = async () => (await Promise.all(places.map(filesIn))).flat();
    const old = new Set(await there());
    const found: string[] = [];
    let looks = 0;
    const look = async () => {
      looks += 1;
      for (const file of await there()) {
        if (old.has(file) && !file.startsWith(saving.folder)) continue;
        const text = (await readFile(file).catch(() => Buffer.alloc(0))).toString('latin1');
        found.push(...canaries.filter((each) => text.includes(each)).map((each) => `${each} in ${file}`));
      }
    };
    const { target } = saving.tried;
    const watched = {
      ...target,
      write: (name: string, bytes: AsyncIterable<Uint8Array>) =>
        target.write(
          name,
          (async function* () {
            for await (const piece of bytes) {
              await look();
              yield piece;
            }
            await look();
          })(),
        ),
    };
    house.clock.advance(hours(1));
    expect(await makeBackup({ ...saving.tried, target: watched })).toMatchObject({ rehearsed: 'same' });
    await look();
    // And while it is put back.
    const [newest] = (await target.list())
      .map(({ name }) => name)
      .filter((each) => each.endsWith('.backup'))
      .sort()
      .reverse();
    const again = await emptyDatabase();
    const read = target.read;
    Object.assign(target, {
      async *read(name: string) {
        for await (const piece of read(name)) {
          await look();
          yield piece;
        }
      },
    });
    await saving.putInto(again, newest ?? '').finally(() => Object.assign(target, { read }));
    await again.close();
    expect(found).toEqual([]);
    expect(looks).toBeGreaterThan(8);
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
