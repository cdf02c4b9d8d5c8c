import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { operator } from './lakana.ts';

type Operator = Awaited<ReturnType<typeof operator>>;

let database: TestDatabase;
let empty: TestDatabase;
let old: Operator;
let fresh: Operator;
let backup: string;
/** The list of what was erased, as it was an hour before. */
let listBefore: Buffer;

/** Two machines: the keys are made on a third one and brought to them. */
beforeAll(async () => {
  [database, empty] = await Promise.all([createTestDatabase(), createTestDatabase({ isEmpty: true })]);
  const laptop = await operator();
  await laptop.lakana('keys', 'init-backup', '--out', 'backup.key');
  await laptop.lakana('keys', 'init-team', '--out', 'team.key');
  const serverKey = generateKeyringFile();
  const machine = async ({ url }: TestDatabase, more: Record<string, string> = {}) => {
    const one = await operator({
      WHATSAPP: 'on',
      DATABASE_URL: url,
      SERVER_KEY_FILE: 'server.key',
      TEAM_RECIPIENT_FILE: 'team.key.pub',
      ...more,
    });
    await writeFile(join(one.folder, 'server.key'), serverKey);
    for (const name of ['backup.key', 'backup.key.pub', 'team.key.pub'])
      await writeFile(join(one.folder, name), await readFile(join(laptop.folder, name)));
    return one;
  };
  old = await machine(database, { BACKUP_RECIPIENT_FILE: 'backup.key.pub', BACKUP_TARGET: 'disk' });
  fresh = await machine(empty);
  await laptop.leaves();
}, 60_000);
afterAll(() => Promise.all([old.leaves(), fresh.leaves(), database.close(), empty.close()]));

const restores = (file: string, ...more: string[]) =>
  fresh.lakana('restore', file, '--identity', 'backup.key', ...more);

describe('an operator', () => {
  test('who has set no place for backups reads which settings are missing', async () => {
    expect((await fresh.lakana('backup')).err).toBe(
      '✗ no backups are made: set BACKUP_RECIPIENT_FILE and BACKUP_TARGET (docs/operating/backup.md)\n',
    );
    await empty.sql.unsafe('drop schema public cascade; drop schema drizzle cascade; create schema public');
  });

  test('makes a backup, sees it in the list, and checks it with and without its key', async () => {
    await old.lakana('officer', 'add', '--name', 'Binta');
    await old.lakana('backup');
    listBefore = await readFile(join(old.folder, 'disk/lakana-erased'));
    const made = await old.lakana('backup');
    expect(made.out).toMatch(/^✓ lakana-\S+\.backup: \d+ rows, [\d.]+ MB, sealed\.\n/);
    backup = made.out.split(' ')[1]?.slice(0, -1) ?? '';
    expect((await old.asks('backup', 'list')).json).toMatchObject({
      backups: [{ name: backup, hasLinks: true }, {}],
    });
    expect((await old.lakana('backup', 'verify')).out).toContain('is the file that was written');
    const opened = await old.lakana('backup', 'verify', '--identity', 'backup.key');
    expect(opened.out).toMatch(/opens with this key, and is whole: \d+ rows/);
  });

  test('puts it back into a scratch database with its key, and doctor knows of it', async () => {
    const tried = await old.lakana('backup', 'rehearse', '--identity', 'backup.key');
    expect(tried.out).toContain('was put back into a scratch database: every row is there');
    expect(tried.code).toBe(0);
    expect((await old.lakana('doctor')).out).toMatch(
      /✓ backups: the newest is 0 hours old, and was put back/,
    );
    expect((await old.lakana('backup', 'prune')).out).toBe('Nothing is too old.\n');
  });

  test('is told that a file was changed, with and without the key', async () => {
    const path = join(old.folder, 'disk', backup);
    const whole = await readFile(path);
    const changed = Buffer.from(whole);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await writeFile(path, changed);
    expect(await old.lakana('backup', 'verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('is not the file that was written'),
    });
    expect(await old.lakana('backup', 'verify', '--identity', 'backup.key')).toMatchObject({
      code: 1,
      out: '',
    });
    await writeFile(path, whole);
  });

  test('looks first at what lies there, on the new machine, and finds its database as empty as before', async () => {
    fresh.settings.BACKUP_RECIPIENT_FILE = 'backup.key.pub';
    fresh.settings.BACKUP_TARGET = join(old.folder, 'disk');
    const looked = await fresh.lakana('backup', 'list');
    expect(looked.out).toContain(backup);
    for (const word of ['verify', 'prune'])
      expect((await fresh.lakana('backup', word)).err).toContain('put a backup back');
    delete fresh.settings.BACKUP_RECIPIENT_FILE;
    delete fresh.settings.BACKUP_TARGET;
    expect(await empty.sql`select 1 from pg_tables where schemaname in ('public', 'drizzle')`).toEqual([]);
  });

  test('restores it on another machine, and reads what is lost and what is to be done', async () => {
    await mkdir(join(fresh.folder, 'stick'));
    for (const name of await readdir(join(old.folder, 'disk')))
      await writeFile(join(fresh.folder, 'stick', name), await readFile(join(old.folder, 'disk', name)));
    // The list on the stick is older than the backup: what was erased since would be back unseen.
    await writeFile(join(fresh.folder, 'stick/lakana-erased'), listBefore);
    const refused = await restores(`stick/${backup}`);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(
      /^✗ the list of what was erased is older than this backup \(of 20\S+Z\): .+: say so with --erased-may-return\n$/,
    );
    expect(await empty.sql`select 1 from pg_tables where schemaname in ('public', 'drizzle')`).toEqual([]);
    await writeFile(
      join(fresh.folder, 'stick/lakana-erased'),
      await readFile(join(old.folder, 'disk/lakana-erased')),
    );
    const restored = await restores(`stick/${backup}`);
    expect(restored.err).toBe('');
    expect(restored.out).toMatch(
      /^✓ Restored as of 20\S+Z: \d+ rows, 0 cases, \d+ rows? of the audit log\.\n/,
    );
    expect(restored.out).toMatch(
      /The list of what was erased is of 20\S+Z: what was erased, .+ after that is here again/,
    );
    expect(restored.out).toContain('Lost: every message, decision and change of people after');
    expect(restored.out).toContain('0 alerts are open');
    expect(restored.out).toContain('has to be linked again');
    expect(restored.out).toContain('! The old machine has to be off before the service starts here');
    // The commands go on there, with the same people.
    expect((await fresh.lakana('officer', 'list')).out).toContain('Binta');
    expect((await fresh.lakana('audit', 'verify')).out).toContain('✓');
    expect((await empty.sql`select detail from audit_log where what = 'restored'`).length).toBe(1);
  });

  test('cannot restore over it once more, nor what is not there, nor with what is no key', async () => {
    const again = await restores(`stick/${backup}`, '--erased-may-return');
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining('✗ there is something in this database'),
    });
    expect((await fresh.lakana('restore', 'stick/none', '--identity', 'backup.key')).err).toMatch(
      /^✗ there is no file/,
    );
    expect((await fresh.lakana('restore', `stick/${backup}`, '--identity', 'backup.key.pub')).err).toBe(
      '✗ --identity holds no secret half of a key: give the file that keys init-backup made\n',
    );
  });

  test('restores without the list of what was erased only on their word, and is told so', async () => {
    await rm(join(fresh.folder, 'stick', 'lakana-erased'));
    await empty.sql.unsafe('drop schema public cascade; drop schema drizzle cascade; create schema public');
    expect((await restores(`stick/${backup}`)).err).toMatch(
      /^✗ no list of what was erased lies beside the backup, .+: bring the newest lakana-erased/,
    );
    await empty.sql.unsafe('create schema if not exists drizzle');
    const { out } = await restores(`stick/${backup}`, '--erased-may-return');
    expect(out).toContain('! No list of what was erased lies beside the backup');
  });

  test('restores one under another name with its links; broken ones are named, and left out on their word', async () => {
    const at = (name: string) => join(fresh.folder, 'stick', name);
    await rename(at(backup), at('last.backup'));
    await rename(at(backup.replace('.backup', '.links')), at('last.links'));
    const last = async (...more: string[]) => {
      await empty.sql.unsafe(
        'drop schema public cascade; drop schema if exists drizzle cascade; create schema public',
      );
      return restores('stick/last.backup', '--erased-may-return', ...more);
    };
    expect((await last()).out).toContain('0 links to people were put back');
    await writeFile(at('last.links'), 'not a link');
    expect((await last()).err).toMatch(
      /^✗ last\.links, which lies beside the backup, was changed or cut off: .+ \(--without-links\)/,
    );
    expect((await last('--without-links')).out).toContain('! No links lie beside it');
  });

  test('restores it into a new DATA_DIR too, with the PostgreSQL that comes along, and finds its people there', async () => {
    const { DATABASE_URL: _, ...settings } = fresh.settings;
    const alone = await operator({ ...settings, DATA_DIR: 'data' });
    try {
      for (const name of ['server.key', 'team.key.pub', 'backup.key'])
        await writeFile(join(alone.folder, name), await readFile(join(fresh.folder, name)));
      const file = join(old.folder, 'disk', backup);
      const restored = await alone.lakana('restore', file, '--identity', 'backup.key');
      expect(restored).toMatchObject({ code: 0, err: '' });
      expect(restored.out).toMatch(/^✓ Restored as of/);
      expect((await alone.lakana('officer', 'list')).out).toContain('Binta');
    } finally {
      await alone.leaves();
    }
  });
});
