import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prune, tooOld } from '../../src/app/keeping/pruning.ts';
import { readName, type Target } from '../../src/backup/names.ts';
import { openTarget } from '../../src/backup/target.ts';
import { lastSaved } from '../../src/db/backups.ts';
import { onSnapshot } from '../../src/db/snapshot.ts';
import { checkBackups } from '../../src/doctor/backups.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { type House, openHouse } from '../app/house.ts';
import { openSaving } from './saving.ts';

let house: House;
let saving: Awaited<ReturnType<typeof openSaving>>;
beforeAll(async () => {
  house = await openHouse();
  saving = await openSaving(house);
}, 60_000);
afterAll(async () => {
  await house.close();
  await saving.close();
});

const at = (day: string, part: string) => ({ name: `lakana-${day}T02-40-00Z.${part}`, bytes: 1 });

describe('a backup', () => {
  test('goes after 35 days, its links after three; the newest one stays as long as there is no other', () => {
    const stored = [
      ...['2026-10-01', '2026-11-10', '2026-11-28'].flatMap((day) => [at(day, 'backup'), at(day, 'links')]),
      { name: 'lakana-erased', bytes: 1 },
    ];
    const now = new Date('2026-11-30T12:00:00Z');
    const known = stored.map((each) => ({ ...each, asOf: readName(each.name)?.asOf ?? now }));
    expect(tooOld(stored, { now, keepDays: 35, known })).toEqual([
      at('2026-10-01', 'backup').name,
      at('2026-10-01', 'links').name,
      at('2026-11-10', 'links').name,
    ]);
    const [lonely] = stored;
    expect(tooOld(lonely ? [lonely] : [], { now, keepDays: 35, known })).toEqual([]);
  });

  test('that alone is known to the database stays, whatever name an intruder put beside it', () => {
    const real = { ...at('2026-10-01', 'backup'), asOf: new Date('2026-10-01T02:40:00Z') };
    const now = new Date('2026-11-30T12:00:00Z');
    const put = [at('2026-11-29', 'backup'), at('2099-01-01', 'backup')];
    expect(tooOld([real, ...put], { now, keepDays: 35, known: [real] })).toEqual([]);
    // And what was made while the clock was ten years ahead is not the newest one.
    const ahead = { ...at('2036-11-30', 'backup'), asOf: new Date('2036-11-30T02:40:00Z') };
    expect(tooOld([real, ahead], { now, keepDays: 35, known: [real, ahead] })).toEqual([]);
    // A database that was put back knows none yet, and takes none away.
    expect(tooOld([real, ...put], { now, keepDays: 35, known: [] })).toEqual([]);
  });

  test('takes away the old ones by itself, and nothing of others', async () => {
    await writeFile(join(saving.folder, 'notes.txt'), 'of somebody else');
    const first = await saving.save();
    house.clock.advance(days(36));
    const { pruned, name } = await saving.save();
    expect(pruned).toBe(2);
    const left = await readdir(saving.folder);
    expect(left).toContain('notes.txt');
    expect(left).toContain(name);
    expect(left).not.toContain(first.name);
    expect(await prune(saving.keeping)).toEqual({ pruned: 0, strange: [] });
  });

  test('that ended in the middle is never taken for one: the next run takes it away and says so', async () => {
    house.clock.advance(hours(1));
    await writeFile(join(saving.folder, '.half-lakana-2027-01-01T00-00-00Z.backup'), 'half');
    expect((await saving.target.list()).map(({ name }) => name).join()).not.toContain('2027-01-01T00-00-00');
    expect((await saving.save()).tidied).toBe(1);
    expect((await readdir(saving.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('for which the disk is full leaves nothing, is noted, and the next one works', async () => {
    house.clock.advance(hours(1));
    const full: Target = {
      ...saving.target,
      async write(name, bytes) {
        for await (const _ of bytes)
          throw Object.assign(new Error('no room'), { code: 'ENOSPC', path: name });
      },
    };
    // More than fits into what is on its way: the server is in the middle of sending.
    await house.database.sql`insert into inbox (channel, message_index, received_at, state)
      select 'telegram', decode(md5(n::text) || md5((n + 1)::text), 'hex'), now(), 'handled' from generate_series(1, 100000) n`;
    const before = await readdir(saving.folder);
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    await expect(makeBackup({ ...saving.keeping, target: full })).rejects.toMatchObject({
      message: expect.stringMatching(/^BACKUP_TARGET \S+ is full: make room there/),
    });
    expect(await readdir(saving.folder)).toEqual(before);
    const noted = () => house.database.sql`select what, detail from backup_notes where what = 'failed'`;
    expect(await noted()).toEqual([{ what: 'failed', detail: 'ENOSPC' }]);
    const { name } = await saving.save();
    expect(await readdir(saving.folder)).toContain(name);
    expect(await noted()).toEqual([]);
  });

  test('for which the disk is full takes away what is too old all the same, and its links', async () => {
    const first = await saving.save();
    house.clock.advance(days(40));
    const second = await saving.save();
    house.clock.advance(days(40));
    const full: Target = {
      ...saving.target,
      async write(name, bytes) {
        if (name.endsWith('.links')) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
        await saving.target.write(name, bytes);
      },
    };
    await writeFile(join(saving.folder, first.name), 'put back');
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    await expect(makeBackup({ ...saving.keeping, target: full })).rejects.toMatchObject({
      code: 'backup_target',
    });
    const left = await readdir(saving.folder);
    expect(left.filter((name) => readName(name))).toEqual([second.name]);
  });

  test('made while the clock stood ten years ahead takes nothing away, is named, and never the newest one', async () => {
    const { name } = await saving.save();
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    house.clock.advance(days(3_650));
    const ahead = await makeBackup(saving.keeping, { mayErase: () => false });
    expect(ahead?.pruned).toBe(0);
    house.clock.advance(-days(3_650) + hours(1));
    const next = await saving.save();
    const left = await readdir(saving.folder);
    for (const each of [name, ahead?.name, next.name]) expect(left).toContain(each);
    expect(next.strange).toEqual(expect.arrayContaining([ahead?.name]));
    expect(await lastSaved(house.ctx.db, house.clock.at())).toEqual(next.asOf);
    const config = {
      mode: 'live' as const,
      backup: { ...saving.keeping.settings, place: { kind: 'folder' as const, path: '' } },
    };
    house.clock.advance(hours(37));
    expect(
      (await checkBackups(config, house.ctx.db, house.clock.at())).map(
        ({ name: what, state }) => `${state} ${what}`,
      ),
    ).toEqual(expect.arrayContaining(['fail backups', 'warn place of the backups']));
    for (const each of left.filter((one) => one.includes('lakana-2037'))) await rm(join(saving.folder, each));
  });

  test('is made whatever lies in its place: links into nothing, folders and pipes are named and left', async () => {
    const strange = [
      'lakana-2020-01-01T00-00-00Z.backup',
      'lakana-2020-01-02T00-00-00Z.backup',
      'lakana-2020-01-03T00-00-00Z.links',
    ];
    const [link = '', folder = '', pipe = ''] = strange.map((name) => join(saving.folder, name));
    await symlink('/nonexistent', link);
    await mkdir(folder);
    execFileSync('mkfifo', [pipe]);
    await rm(join(saving.folder, 'lakana-erased'), { force: true });
    execFileSync('mkfifo', [join(saving.folder, 'lakana-erased')]);
    const made = await saving.save();
    expect([...made.strange].sort()).toEqual(strange);
    expect((await lstat(join(saving.folder, 'lakana-erased'))).isFile()).toBe(true);
    expect(
      (await readdir(saving.folder)).filter((name) => name.startsWith('strange-lakana-erased-')),
    ).toHaveLength(1);
    for (const each of [link, pipe])
      await expect(async () => {
        for await (const _ of saving.target.read(each.slice(saving.folder.length + 1)));
      }).rejects.toMatchObject({ code: 'strange_file' });
    for (const each of [link, folder, pipe]) await rm(each, { recursive: true });
  });

  test('that is too old and cannot be removed holds back no other one', async () => {
    const old = [await saving.save()];
    house.clock.advance(hours(1));
    old.push(await saving.save());
    house.clock.advance(days(40));
    const stuck: Target = {
      ...saving.target,
      remove: (name) =>
        name === old[0]?.name ? Promise.reject(new Error('EPERM')) : saving.target.remove(name),
    };
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    const made = await makeBackup({ ...saving.keeping, target: stuck });
    expect(made?.strange).toEqual([old[0]?.name]);
    expect(await readdir(saving.folder)).not.toContain(old[1]?.name);
  });

  test('never writes through a link that an intruder laid in its way', async () => {
    const victim = join(saving.folder, 'of-others');
    await writeFile(victim, 'precious');
    for (const name of ['.half-lakana-erased', '.half-lakana-place', 'lakana-erased']) {
      await rm(join(saving.folder, name), { force: true });
      await symlink(victim, join(saving.folder, name));
    }
    await saving.target.write(
      'lakana-erased',
      (async function* () {
        yield Buffer.from('sealed');
      })(),
    );
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect(await readFile(join(saving.folder, 'lakana-erased'), 'utf8')).toBe('sealed');
    await rm(join(saving.folder, 'lakana-erased'));
    await saving.target.tidy();
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  test('is not made in a folder that stands where the disk is not mounted; in a new place only on a word', async () => {
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    await saving.save();
    const elsewhere = openTarget({ kind: 'folder', path: join(saving.folder, 'below') });
    const there = { ...saving.keeping, target: elsewhere };
    const isMounted = /^BACKUP_TARGET \S+ is not the place of the last backup: is the disk mounted\?/;
    for (const beginning of [undefined, 'first'] as const)
      await expect(makeBackup(there, { beginning })).rejects.toThrow(isMounted);
    await mkdir(join(saving.folder, 'below'));
    await expect(makeBackup(there)).rejects.toThrow(isMounted);
    expect(await readdir(join(saving.folder, 'below'))).toEqual([]);
    // That no list of what was erased lies there yet is no intruder's work.
    expect(await makeBackup(there, { beginning: 'new' })).toMatchObject({
      name: expect.stringMatching(/backup$/),
      wasListChanged: false,
    });
    house.clock.advance(hours(1));
    expect((await makeBackup(there))?.name).toMatch(/backup$/);
    await expect(makeBackup(saving.keeping)).rejects.toThrow(isMounted);
    await makeBackup(saving.keeping, { beginning: 'new' });
  });

  test('the very first is made by night only where its folder is', async () => {
    await house.database.sql`delete from backup_notes where what = 'place'`;
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    const target = openTarget({ kind: 'folder', path: join(saving.folder, 'not', 'there') });
    await expect(makeBackup({ ...saving.keeping, target })).rejects.toThrow(/^there is no folder/);
    expect(await readdir(saving.folder)).not.toContain('not');
    expect(await makeBackup({ ...saving.keeping, target }, { beginning: 'first' })).toBeDefined();
    await makeBackup(saving.keeping, { beginning: 'new' });
  });

  test('has a name of its own, also when two are made within one second', async () => {
    const one = await saving.save();
    house.clock.advance(300);
    const two = await saving.save();
    expect(await readdir(saving.folder)).toEqual(expect.arrayContaining([one.name, two.name]));
    expect(two.name).not.toBe(one.name);
    expect(readName('lakana-2026-11-30T02-40-00Z.backup')?.asOf).toEqual(new Date('2026-11-30T02:40:00Z'));
  });

  test('is made by one process at a time', async () => {
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    await onSnapshot(saving.keeping.url, async () => {
      expect(await makeBackup(saving.keeping)).toBe(undefined);
    });
  });
});
