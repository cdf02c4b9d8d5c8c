import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prune, tooOld } from '../../src/app/keeping/pruning.ts';
import type { Target } from '../../src/backup/names.ts';
import { onSnapshot } from '../../src/db/snapshot.ts';
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
    expect(tooOld(stored, now, 35)).toEqual([
      at('2026-10-01', 'backup').name,
      at('2026-10-01', 'links').name,
      at('2026-11-10', 'links').name,
    ]);
    const [lonely] = stored;
    expect(tooOld(lonely ? [lonely] : [], now, 35)).toEqual([]);
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
    expect(await prune(saving.keeping)).toBe(0);
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

  test('is made by one process at a time', async () => {
    const { makeBackup } = await import('../../src/app/keeping/make-backup.ts');
    await onSnapshot(saving.keeping.url, async () => {
      expect(await makeBackup(saving.keeping)).toBe(undefined);
    });
  });
});
