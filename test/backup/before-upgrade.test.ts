import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backUpBefore } from '../../src/app/keeping/before-upgrade.ts';
import type { Target } from '../../src/backup/names.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { migrateDatabase, schemaState } from '../../src/db/migrate.ts';
import { inOneGo, migrateWithin } from '../../src/db/snapshot.ts';
import { isAlone } from '../../src/service/upgrade.ts';
import { type House, openHouse } from '../app/house.ts';
import type { TestDatabase } from '../database.ts';
import { emptyDatabase, openSaving } from './saving.ts';

let house: House;
let saving: Awaited<ReturnType<typeof openSaving>>;
let old: TestDatabase;
beforeAll(async () => {
  house = await openHouse();
  saving = await openSaving(house);
  old = await emptyDatabase();
  await inOneGo(old.url, async ({ tx }) => {
    await migrateWithin(tx, 0, 20);
    await tx.unsafe(`insert into service (mode) values ('live')`);
  });
}, 60_000);
afterAll(async () => {
  await old.close();
  await house.close();
  await saving.close();
});

const upgrade = async (target: Target): Promise<number> => {
  // Only the upgrade is connected.
  await old.sql.end();
  const { keyring, settings } = saving.keeping;
  return migrateDatabase(old.url, {
    before: async (_found, db) => {
      await isAlone(db, 5_000);
      await backUpBefore({ url: old.url, clock: databaseClock, keyring, target, settings });
    },
  });
};

describe('a new version', () => {
  test('changes nothing in the database as long as no backup can be made before, and says why', async () => {
    const full: Target = {
      ...saving.target,
      async write() {
        throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      },
    };
    await expect(upgrade(full)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^nothing was changed, since no backup could be made before: BACKUP_TARGET \S+ is full/,
      ),
    });
    const { pending } = await inOneGo(old.url, ({ db }) => schemaState(db));
    expect(pending.length).toBeGreaterThan(9);
  });

  test('changes nothing if another place than that of the last backup lies there: a disk that is not mounted', async () => {
    const before = await emptyDatabase();
    await inOneGo(before.url, async ({ tx }) => {
      await migrateWithin(tx, 0, 33);
      await tx.unsafe(`insert into service (mode) values ('live')`);
      await tx.unsafe(`insert into backup_notes (what, at, detail) values ('place', now(), 'the disk')`);
    });
    const { keyring, settings, target } = saving.keeping;
    await expect(
      backUpBefore({ url: before.url, clock: databaseClock, keyring, target, settings }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(
        /^nothing was changed, .+ is not the place of the last backup: is the disk mounted/,
      ),
    });
    expect(await target.list()).toEqual([]);
    await before.close();
  });

  test('makes a backup, and from it the database of before can be had back, brought to the new version', async () => {
    expect(await upgrade(saving.target)).toBeGreaterThan(9);
    const [made] = await saving.target.list();
    const again = await emptyDatabase();
    const { header, migrated } = await saving.putInto(again, made?.name ?? '');
    expect(header.schema.count).toBe(20);
    expect(migrated).toBeGreaterThan(9);
    await again.close();
  });
});
