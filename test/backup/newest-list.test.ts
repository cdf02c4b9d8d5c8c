import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findList, requireNewest } from '../../src/app/keeping/newest-list.ts';
import { addErased, type Known, NOTHING_HELD, readErased } from '../../src/backup/erased.ts';
import { createFolder } from '../../src/backup/folder.ts';
import { type Header, parseHeader, printHeader } from '../../src/backup/header.ts';
import { ERASED, nameOf, type Target } from '../../src/backup/names.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';

const keyring = parseKeyring(generateKeyringFile());
const MONDAY = new Date('2026-11-30T02:40:00Z');
const hour = (n: number): Date => new Date(MONDAY.getTime() + n * 3_600_000);
const CASE = '00000000-0000-4000-8000-000000000001';

/** As the database knew it at that hour: `erased` cases were erased by then. */
const known = (at: Date, erased: number, number = 0): Known => ({
  entries: Array.from({ length: erased }, (_, n) => ({
    id: `00000000-0000-4000-8000-00000000010${n}`,
    what: 'erased',
    at: MONDAY.toISOString(),
  })),
  held: NOTHING_HELD,
  looked: new Set(),
  at,
  number,
});
const always = () => true;

let stick: Target;
let place: Target;
let folders: string[];
beforeAll(async () => {
  folders = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'lakana-list-'))));
  [stick, place] = folders.map((each) => createFolder(each)) as [Target, Target];
});
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

/** A backup of Monday night, made with the list of this number. */
const backup = (list: number, erased = 0): Pick<Header, 'list' | 'erased' | 'asOf'> => ({
  list,
  erased,
  asOf: MONDAY.toISOString(),
});
const refusal = (...given: Parameters<typeof requireNewest>): string => {
  try {
    requireNewest(...given);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a list of what was erased', () => {
  test('has one more number with each writing, and is written anew each hour though nothing came', async () => {
    expect((await addErased(keyring, stick, known(hour(0), 0), always)).number).toBe(1);
    expect((await addErased(keyring, stick, known(hour(0), 0, 1), () => false)).number).toBe(1);
    expect((await addErased(keyring, stick, known(hour(1), 0, 1), always)).number).toBe(2);
    expect((await addErased(keyring, stick, known(hour(1), 1, 2), () => false)).number).toBe(3);
    expect((await readErased(keyring, stick))?.entries).toHaveLength(1);
  });

  test('that an intruder has put back as it was some hours ago is written anew, and that is said', async () => {
    expect((await addErased(keyring, stick, known(hour(2), 1, 3), () => false)).wasChanged).toBe(false);
    const rolledBack = await addErased(keyring, stick, known(hour(2), 1, 9), () => false);
    expect(rolledBack).toMatchObject({ number: 10, wasChanged: true });
  });

  test('keeps what a chat chose after its case is closed, and nothing of a code once its case is erased', async () => {
    const target = createFolder(folders[1] ?? '');
    const silent = [{ contact: CASE, may: { no: 'no' }, at: hour(0).toISOString() }];
    const code = {
      id: '00000000-0000-4000-8000-000000000100',
      what: 'code' as const,
      at: hour(0).toISOString(),
    };
    const first = { ...known(hour(0), 0), held: { ...NOTHING_HELD, silent } };
    await addErased(keyring, target, { ...first, entries: [code], looked: new Set([CASE]) }, always);
    expect((await readErased(keyring, target))?.entries).toEqual([code]);
    await addErased(keyring, target, known(hour(1), 1, 1), always);
    expect(await readErased(keyring, target)).toMatchObject({
      held: { silent },
      entries: [{ what: 'erased' }],
    });
    // They said yes again.
    await addErased(keyring, target, { ...known(hour(2), 1, 2), looked: new Set([CASE]) }, always);
    expect((await readErased(keyring, target))?.held.silent).toEqual([]);
    await target.remove(ERASED);
  });
});

describe('an operator who restores', () => {
  const list = async () => readErased(keyring, stick);

  test('is refused with a list that is as old as the backup, older, or missing, in one line that names the mend', async () => {
    const found = { list: await list(), newestBackup: undefined };
    const number = found.list?.number ?? 0;
    expect(refusal(backup(number - 1, 1), found, false)).toBe('');
    expect(refusal(backup(number, 1), found, false)).toMatch(
      /is as old as this backup .+bring the newest lakana-erased/,
    );
    expect(refusal(backup(number + 1, 1), found, false)).toMatch(
      /is older than this backup .+Bring the newest/,
    );
    expect(refusal(backup(number - 1, 2), found, false)).toMatch(/is older than this backup/);
    const none = { list: undefined, newestBackup: undefined };
    expect(refusal(backup(1), none, false)).toMatch(/^no list of what was erased lies beside/);
    expect(refusal(backup(0), none, false)).toBe('');
    for (const each of [found, none]) expect(refusal(backup(99, 99), each, true)).toBe('');
  });

  test('is refused if a newer backup lies there than the list, which is of another stick then', async () => {
    const name = nameOf(hour(24), 'backup');
    await writeFile(join(folders[0] ?? '', name), 'a backup');
    const found = await findList(keyring, stick, undefined, hour(30));
    expect(refusal(backup(1), found, false)).toMatch(
      /^a newer backup \(2026-12-01T02:40:00.000Z\) lies there/,
    );
    await rm(join(folders[0] ?? '', name));
  });

  test('goes by the newest of two lists: beside the backup, and in the place of the settings', async () => {
    await addErased(keyring, place, known(hour(20), 2, 40), always);
    const found = await findList(keyring, stick, place, hour(30));
    expect(found.list).toMatchObject({ number: 41, at: hour(20).toISOString() });
    const turned = await findList(keyring, place, stick, hour(30));
    expect(turned.list?.number).toBe(41);
  });

  test('is refused while the place of the settings cannot be read, for the newest list lies there', async () => {
    const away: Target = {
      ...place,
      read: () => {
        throw Object.assign(new Error('input or output'), { code: 'EIO' });
      },
    };
    const found = await findList(keyring, stick, away, hour(30));
    expect(refusal(backup(1), found, false)).toMatch(/^BACKUP_TARGET .+ cannot be read, and the newest list/);
    expect(refusal(backup(1), found, true)).toBe('');
  });

  test('reads the number of the list in the backup itself, and a backup from before there were numbers has none', () => {
    const header: Header = {
      ...{ lakana: 'backup', format: 1, version: '1', asOf: MONDAY.toISOString(), mode: 'live' },
      ...{ schema: { count: 1, hash: 'a'.repeat(64) }, serverKey: '01234567', hasSessions: false },
      ...{ erased: 0, list: 7, tables: [] },
    };
    expect(parseHeader(printHeader(header)).list).toBe(7);
    const { list: _, ...before } = header;
    expect(parseHeader(printHeader(before)).list).toBeUndefined();
  });
});
