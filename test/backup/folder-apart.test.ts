import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFolderApart } from '../../src/backup/folder-apart.ts';

const HANGING = resolve(import.meta.dirname, '../fakes/hanging-folder.ts');
const NAME = 'lakana-2026-11-30T02-40-00-000Z.backup';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-apart-'));
  await mkdir(join(folder, 'dead'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* pieces(n: number): AsyncGenerator<Uint8Array, void> {
  for (let i = 0; i < n; i++) yield Buffer.alloc(1_000, i);
}
const whole = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return Buffer.concat(all);
};

describe('a folder of backups that a process of its own touches', () => {
  test('takes and gives files, names what is wrong, and leaves nothing of a file that was called off', async () => {
    const target = createFolderApart(folder);
    expect(await target.mark?.read()).toBeUndefined();
    const mark = await target.mark?.make({ isMade: true });
    expect(await target.mark?.read()).toBe(mark);
    await target.write(NAME, pieces(500));
    expect(await target.list()).toEqual([{ name: NAME, bytes: 500_000 }]);
    expect(await whole(target.read(NAME))).toEqual(await readFile(join(folder, NAME)));
    for await (const _ of target.read(NAME)) break;
    await expect(whole(target.read('none'))).rejects.toMatchObject({ code: 'no_such_backup' });
    const broken = async function* () {
      yield* pieces(3);
      throw new Error('the database is away');
    };
    await expect(target.write(NAME.replace('02', '03'), broken())).rejects.toThrow('the database is away');
    expect((await readdir(folder)).sort()).toEqual(['dead', NAME, 'lakana-place']);
    await target.remove(NAME);
    expect(await target.list()).toEqual([]);
    const nowhere = createFolderApart(join(folder, 'nowhere'));
    await expect(nowhere.write(NAME, pieces(1))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('belongs to the user of the service, with all that is in it, also when root makes a backup by hand', async () => {
    const data = join(folder, 'data');
    const place = join(folder, 'of the service');
    await mkdir(data);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(data, 65_534, 65_533);
    const target = createFolderApart(place, { dataDir: data });
    await target.mark?.make({ isMade: true });
    await target.write(NAME, pieces(1));
    const { uid, gid } = await stat(data);
    for (const each of [place, join(place, NAME), join(place, 'lakana-place')])
      expect(await stat(each), each).toMatchObject({ uid, gid });
    // One that is there already stays whose it is, and what comes into it is theirs.
    if (isRoot) await chown(place, 65_532, 65_531);
    const owner = await stat(place);
    await target.mark?.make({ isMade: true });
    for (const each of [place, join(place, 'lakana-place')])
      expect(await stat(each), each).toMatchObject({ uid: owner.uid, gid: owner.gid });
  });

  test('that does not answer is given up in one line, and what is asked of it later is not held up either', async () => {
    const place = join(folder, 'dead');
    const target = createFolderApart(place, { patience: { answer: 1_500, safe: 1_500 }, program: HANGING });
    for (const asked of [() => target.list(), () => target.mark?.read(), () => target.write(NAME, pieces(1))])
      await expect(asked()).rejects.toMatchObject({
        code: 'backup_hangs',
        message: expect.stringMatching(/^BACKUP_TARGET .+ does not answer: see the disk, .+: ls /),
      });
    expect(await readdir(place)).toEqual([]);
  });

  test('that stops answering in the middle of a backup has nothing that looks like one', async () => {
    const target = createFolderApart(folder, {
      patience: { answer: 20_000, safe: 1_500 },
      program: HANGING,
    });
    await target.list();
    const hanging = createFolderApart(folder, { patience: { answer: 3_000, safe: 3_000 }, program: HANGING });
    await expect(hanging.write(NAME, pieces(9))).rejects.toMatchObject({ code: 'backup_hangs' });
    expect((await readdir(folder)).filter((each) => each.startsWith('lakana-2'))).toEqual([]);
    expect(await target.tidy()).toBe(1);
  });
});
