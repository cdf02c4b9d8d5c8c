/** What an operator reads before an upgrade, and does for it. */
import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { journalIn, MIGRATIONS, migrateDatabase } from '../../src/db/migrate.ts';
import { programHere } from '../../src/service/last-start.ts';
import { operator } from './lakana.ts';

let they: Awaited<ReturnType<typeof operator>>;
let server: postgres.Sql;
const name = `upgraded_${randomUUID().slice(0, 8)}`;

beforeEach(async () => {
  server = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} });
  await server.unsafe(`create database ${name}`);
  const url = Object.assign(new URL(inject('databaseUrl')), { pathname: `/${name}` }).href;
  they = await operator({ DATABASE_URL: url });
  they.settings.DATA_DIR = join(they.folder, 'data');
});
afterEach(async () => {
  await they.leaves();
  await server.unsafe(`drop database ${name} with (force)`);
  await server.end();
});

/** The database as a version left it that had this many migrations less. */
async function isOlderBy(migrations: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-migrations-'));
  await cp(MIGRATIONS, folder, { recursive: true });
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8'));
  journal.entries = journal.entries.slice(0, -migrations);
  await writeFile(path, JSON.stringify(journal));
  await migrateDatabase(they.settings.DATABASE_URL ?? '', { folder });
  await rm(folder, { recursive: true });
  return journalIn()
    .slice(-migrations)
    .map(({ tag }) => tag);
}

/** An earlier version has started here: without one of the settings, and with another text in a file. */
async function startedBefore(changed: string): Promise<void> {
  const { settings, content } = await programHere();
  const dataDir = they.settings.DATA_DIR ?? '';
  await mkdir(dataDir, { recursive: true });
  const note = {
    settings: [...settings.filter((each) => each !== 'DRILL'), 'OLD_SETTING'],
    content: { ...content, [changed]: 'what it was' },
  };
  await writeFile(join(dataDir, 'last-start.json'), JSON.stringify(note));
}

test('upgrade --check says what would change and changes nothing; no command changes it meanwhile, upgrade does', async () => {
  const waiting = await isOlderBy(2);
  await startedBefore('locales/fr/bot.yaml');
  const own = join(they.folder, 'own');
  await mkdir(join(own, 'locales/fr'), { recursive: true });
  await writeFile(join(own, 'locales/fr/bot.yaml'), '{}\n');
  they.settings.CONTENT_DIR = own;

  const { code, out } = await they.lakana('upgrade', '--check');
  expect({ code, out }).toEqual({ code: 0, out: expect.any(String) });
  expect(out).toContain(`database: 2 to apply, all in one transaction:\n    ${waiting.join('\n    ')}\n`);
  expect(out).toContain('new settings: DRILL (docs/operating.md)');
  expect(out).toContain('settings that are no more: OLD_SETTING');
  expect(out).toContain('differ from the last start: locales/fr/bot.yaml');
  expect(out).toContain(
    '! locales/fr/bot.yaml: this version changes it, and CONTENT_DIR has its own: compare',
  );
  expect((await they.lakana('officer', 'list')).err).toMatch(
    /^✗ the database is of an older version \(2 to apply\): \.\/lakana upgrade --check .*\n$/,
  );
  expect(await they.lakana('upgrade')).toMatchObject({ code: 0, out: expect.stringMatching(/^✓ 2 applied/) });
  expect((await they.asks('upgrade', '--check')).json).toMatchObject({ ok: true, pending: [], unknown: 0 });
});

test('upgrade --check names what would keep this version from starting', async () => {
  await isOlderBy(1);
  they.settings.CONTENT_DIR = join(they.folder, 'nowhere');
  const wrong = await they.lakana('upgrade', '--check');
  expect(wrong.code).toBe(1);
  expect(wrong.out).toContain('✗ CONTENT_DIR cannot be read');
  await writeFile(join(they.folder, '.env'), 'OLD_SETTING=1\n');
  const unknown = await they.lakana('upgrade', '--check');
  expect(unknown.code).toBe(1);
  expect(unknown.out).toContain('✗ OLD_SETTING is no setting (.env)');
});

test('a live service is not upgraded without a way back, unless it is told so; the way back leads back', async () => {
  await isOlderBy(2);
  const database = postgres(they.settings.DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  await database`insert into service (mode) values ('live')`;
  await database`insert into outages (started_at, ended_at) values (now() - interval '1 hour', now())`;
  await database.end();
  const [team, key] = await Promise.all([createTeamKey(), createTeamKey()]);
  await writeFile(join(they.folder, 'server.key'), generateKeyringFile());
  await writeFile(join(they.folder, 'team.pub'), team.recipient);
  await writeFile(join(they.folder, 'backup.pub'), key.recipient);
  await writeFile(join(they.folder, 'backup.key'), key.secret);
  Object.assign(they.settings, {
    WHATSAPP: 'on',
    SERVER_KEY_FILE: 'server.key',
    TEAM_RECIPIENT_FILE: 'team.pub',
  });
  const refused = await they.lakana('upgrade');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toMatch(
    /^✗ 2 to apply in the database, and no backups are made: set BACKUP_RECIPIENT_FILE and BACKUP_TARGET .*--without-backup\n$/,
  );

  const place = join(they.folder, 'backups');
  Object.assign(they.settings, { BACKUP_RECIPIENT_FILE: 'backup.pub', BACKUP_TARGET: place });
  // The disk is not mounted: no folder is made in its place.
  expect((await they.lakana('upgrade')).err).toContain('is not there: mount the disk it lies on');
  await mkdir(place);
  const done = await they.asks('upgrade');
  expect(done.json).toMatchObject({
    ok: true,
    applied: 2,
    backup: expect.stringMatching(/^lakana-.*\.backup$/),
  });
  expect(await readdir(place)).toContain(done.json.backup);
  expect((await they.lakana('backup', 'list')).out).toContain(`${done.json.backup}`);

  // Into an empty database: as it was, brought up to date.
  await server.unsafe(`drop database ${name} with (force)`);
  await server.unsafe(`create database ${name}`);
  const back = await they.lakana('restore', join(place, done.json.backup), '--identity', 'backup.key');
  expect({ code: back.code, err: back.err }).toEqual({ code: 0, err: '' });
  const restored = postgres(they.settings.DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  expect(await restored`select 1 from outages`).toHaveLength(1);
  await restored.end();
});

test('told that there is no way back, upgrade goes on without one', async () => {
  await isOlderBy(1);
  const database = postgres(they.settings.DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  await database`insert into service (mode) values ('live')`;
  const team = await createTeamKey();
  await writeFile(join(they.folder, 'server.key'), generateKeyringFile());
  await writeFile(join(they.folder, 'team.pub'), team.recipient);
  Object.assign(they.settings, {
    ...{ WHATSAPP: 'on', SERVER_KEY_FILE: 'server.key', TEAM_RECIPIENT_FILE: 'team.pub' },
  });
  await database.end();
  const done = await they.asks('upgrade', '--without-backup');
  expect(done.json).toEqual({ ok: true, applied: 1, backup: null });
});
