import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { backUp, warnOfBackups } from '../../src/app/keeping/nightly.ts';
import { noteRehearsed } from '../../src/app/keeping/rehearsal.ts';
import { nameOf } from '../../src/backup/names.ts';
import { insertBackup } from '../../src/db/backups.ts';
import { checkBackups } from '../../src/doctor/backups.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { type House, openHouse } from '../app/house.ts';
import type { Phone } from '../app/messenger.ts';
import { openSaving } from './saving.ts';

let house: House;
let saving: Awaited<ReturnType<typeof openSaving>>;
let boss: Phone;
let officer: Phone;
beforeEach(async () => {
  house = await openHouse();
  saving = await openSaving(house);
  boss = await house.officer('Boss');
  await house.database.sql`update officers set role = 'supervisor'`;
  officer = await house.officer('Binta');
});
afterEach(async () => {
  await house.close();
  await saving.close();
});

/** How often the supervisor was told this, and the officer never. */
const told = (words: string): number => {
  expect(officer.screen().join('\n')).not.toContain('sauvegarde');
  return boss.screen().filter((text) => text.includes(words)).length;
};
/** As every quarter of an hour. */
const looks = async (): Promise<void> => {
  await warnOfBackups(house.ctx);
  await house.deliver();
};
/** A backup was made, and compared. */
const wasSaved = (): Promise<void> => {
  const at = house.clock.at();
  const row = {
    name: nameOf(at, 'backup'),
    asOf: at,
    madeAt: at,
    bytes: 1,
    rows: 1,
    hash: new Uint8Array(32),
  };
  return insertBackup(house.ctx.db, { ...row, rehearsed: 'same' });
};
const doctor = async () => {
  const config = {
    mode: 'live' as const,
    backup: { ...saving.keeping.settings, place: { kind: 'folder' as const, path: '' } },
  };
  return (await checkBackups(config, house.ctx.db, house.clock.at())).map(
    ({ name, state }) => `${state} ${name}`,
  );
};

describe('a supervisor', () => {
  test('is told within two nights that no backup works, once a day, and once when one works again', async () => {
    await looks();
    expect(told('sauvegarde')).toBe(0);
    expect(await doctor()).toEqual(['warn backups']);
    house.clock.advance(hours(37));
    for (let n = 0; n < 3; n++) await looks();
    expect(told('Aucune copie de sauvegarde n’a encore réussi')).toBe(1);
    expect(await doctor()).toEqual(['fail backups']);
    house.clock.advance(hours(25));
    await looks();
    expect(told('Aucune copie de sauvegarde n’a encore réussi')).toBe(2);
    await backUp(house.ctx, saving.tried);
    for (let n = 0; n < 2; n++) await looks();
    expect(told('De nouveau, une copie de sauvegarde a réussi')).toBe(1);
    expect(await doctor()).toEqual(['ok backups']);
    house.clock.advance(hours(37));
    for (let n = 0; n < 2; n++) await looks();
    expect(told('Aucune copie de sauvegarde n’a réussi depuis le 27/11 04:00')).toBe(1);
  });

  test('has doctor say that backups lie on the disk of the data, and that the list of what was erased is not written', async () => {
    await backUp(house.ctx, { ...saving.keeping, sharesDisk: async () => true });
    expect(await doctor()).toEqual(['warn backups', 'warn place of the backups']);
    await backUp(house.ctx, saving.keeping);
    house.clock.advance(hours(7));
    expect(await doctor()).toEqual(['warn backups', 'warn list of what was erased']);
  });

  test('is reminded once a week after three months in which no one opened a backup with its key', async () => {
    await looks();
    const isReminded = 'aucune copie de sauvegarde n’a été ouverte avec sa clé';
    for (let week = 0; week < 13; week++) {
      house.clock.advance(days(7));
      await wasSaved();
      await looks();
    }
    expect(told(isReminded)).toBe(0);
    house.clock.advance(days(1));
    await wasSaved();
    for (let n = 0; n < 2; n++) await looks();
    expect(told(isReminded)).toBe(1);
    expect(await doctor()).toEqual(['ok backups', 'warn key of the backups']);
    await transact(house.ctx, (at) => noteRehearsed(at, house.clock.at()));
    house.clock.advance(days(8));
    await wasSaved();
    await looks();
    expect(told(isReminded)).toBe(1);
    expect(await doctor()).toEqual(['ok backups']);
    expect(await house.database.sql`select what from audit_log where what = 'backup_rehearsed'`).toHaveLength(
      1,
    );
  });
});

describe('an operator of a live service', () => {
  test('reads from doctor that none are made, and of a trial nothing', async () => {
    const say = async (mode: 'live' | 'trial') =>
      (await checkBackups({ mode }, house.ctx.db, house.clock.at())).map(
        ({ state, detail }) => `${state}: ${detail}`,
      );
    expect(await say('live')).toEqual([
      'warn: none are made: if this machine breaks down, everything is lost',
    ]);
    expect(await say('trial')).toEqual([]);
  });
});
