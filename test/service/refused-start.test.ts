/** What an operator reads when the service does not start: one line that says what to mend, the same in `doctor`. */
import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, type Keyring, parseKeyring } from '../../src/crypto/keyring.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { LakanaError } from '../../src/kernel/errors.ts';
import { createLog } from '../../src/kernel/log.ts';
import { beginWith } from '../../src/service/first-start.ts';
import { whyNot } from '../../src/service/why-not.ts';
import { operator } from '../commands/lakana.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
/** The guardian without the look at the folder, in which an installation of the operator's is played. */
const GUARDED = [
  resolve(import.meta.dirname, 'quick-guardian.ts'),
  resolve(import.meta.dirname, '../../src/service/process.ts'),
];

let they: Awaited<ReturnType<typeof operator>>;
beforeEach(async () => {
  they = await operator();
});
afterEach(() => they.leaves());

/** Starts the service as the operator does, in their folder. */
function start(
  settings: Record<string, string>,
  program: readonly string[] = GUARDED,
): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [...program], {
    cwd: they.folder,
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const err: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((done) => {
    child.once('close', (code) => done({ code, err: Buffer.concat(err).toString() }));
  });
}

describe('a start that is refused', () => {
  it('is so in any folder but Lakana’s own: no live service becomes a trial without its .env', async () => {
    const { code, err } = await start({ PORT: '0' }, [MAIN]);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^Lakana starts in its own folder only, where \.env is: cd \/.*\n$/),
    });
    expect(err).toContain(resolve(import.meta.dirname, '../..'));
    // Nothing was made.
    expect(await readdir(they.folder)).toEqual([]);
  });

  it('says that what lies in DATA_DIR is no whole database, before one is made there, and so does doctor', async () => {
    const cluster = join(they.folder, 'data/postgres');
    await mkdir(cluster, { recursive: true });
    await writeFile(join(cluster, 'postgresql.conf'), '');
    const { code, err } = await start({ PORT: '0' });
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /^DATA_DIR has a folder that is no whole database \(.*\): put a backup .*\n$/,
      ),
    });
    const { out } = await they.lakana('doctor');
    expect(out).toContain('✗ DATA_DIR: has a folder that is no whole database');
    expect(out).not.toContain('there is none in');
  });

  it('is so for a setting whose name is nearly right: no live service becomes a trial', async () => {
    await writeFile(join(they.folder, '.env'), 'TELEGRAM_BOT_TOKN=123456:AAbb\n');
    const line = 'TELEGRAM_BOT_TOKN is no setting (.env): did you mean TELEGRAM_BOT_TOKEN?\n';
    expect(await start({ PORT: '0' })).toEqual({ code: 1, err: line });
    // Nothing was made, no PostgreSQL either.
    expect(await readdir(they.folder)).toEqual(['.env']);
    const doctor = await they.lakana('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.out).toContain(
      '✗ TELEGRAM_BOT_TOKN: is no setting (.env); did you mean TELEGRAM_BOT_TOKEN?',
    );
  });

  it('is so for an .env that cannot be read: no live service becomes a trial', async () => {
    await mkdir(join(they.folder, '.env'));
    const line = '.env is a folder: make it a file of settings, or take it away\n';
    expect(await start({ PORT: '0' })).toEqual({ code: 1, err: line });
    expect(await readdir(they.folder)).toEqual(['.env']);
    expect((await they.lakana('doctor')).out).toContain('✗ .env: is a folder; make it a file of settings');
    expect((await they.lakana('officer', 'list')).code).toBe(1);
  });

  it('says of a PostgreSQL in DATA_DIR that does not start where its reason stands', () => {
    const thrown = new LakanaError('database_not_started', 'no');
    expect(whyNot(thrown, { dataDir: '/var/lib/lakana', port: 8080 })).toMatch(
      /^DATA_DIR holds a PostgreSQL that does not start \(\/var\/lib\/lakana\/postgres\): the reason is in start\.log/,
    );
  });

  it('says in one line that a password is wrong, and so does doctor', async () => {
    const url = Object.assign(new URL(inject('databaseUrl')), { password: 'wrong' }).href;
    const { code, err } = await start({ PORT: '0', DATABASE_URL: url });
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Lakana could not start: DATABASE_URL is refused: user or password are wrong \(28P01\): set .*\n$/,
    );
    they.settings.DATABASE_URL = url;
    expect((await they.lakana('doctor')).out).toContain(
      '✗ DATABASE_URL: is refused: user or password are wrong (28P01); set the user and the password',
    );
    expect((await they.lakana('officer', 'list')).err).toMatch(/^✗ DATABASE_URL is refused.*\n$/);
  });

  it('says in one line that a port is in use, before anything is made, and so does doctor', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const PORT = String((other.address() as { port: number }).port);
    try {
      const { code, err } = await start({ PORT });
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringMatching(/^PORT \d+ is in use already: .*\n$/),
      });
      expect(await readdir(they.folder)).toEqual([]);
      they.settings.PORT = PORT;
      expect((await they.lakana('doctor')).out).toContain(`✗ PORT: ${PORT} is in use already; stop what`);
    } finally {
      other.close();
    }
  });

  it('says in one line that the database is of a newer version, and so do doctor and every command', async () => {
    const database = await createTestDatabase({ max: 2 });
    try {
      await liveOn(database);
      await database.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4000000000000)`;
      const { code, err } = await start(they.settings);
      expect(code).toBe(1);
      expect(err).toMatch(
        /^Lakana could not start: the database was used by a newer Lakana .*\(a migration .*\): start that version again.*\n$/,
      );
      expect((await they.lakana('doctor')).out).toContain(
        '✗ migrations: was used by a newer Lakana than this one; start that version again',
      );
      expect((await they.lakana('officer', 'list')).err).toMatch(/^✗ the database was used by a newer.*\n$/);
    } finally {
      await database.close();
    }
  });

  it('gives no link of this machine for another person’s device: a live service needs PUBLIC_URL for it', async () => {
    const database = await createTestDatabase({ max: 2 });
    try {
      await liveOn(database);
      const { code, out, err } = await they.lakana('setup', '--name', 'Kadi');
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^✗ PUBLIC_URL is missing: no other device could open the link\. .*\n$/);
      expect(await database.sql`select 1 from invitations`).toHaveLength(0);
      await writeFile(join(they.folder, '.env'), '', { mode: 0o644 });
      await chmod(they.folder, 0o755);
      const { out: says } = await they.lakana('doctor');
      expect(says).toContain('! .env: other users of this machine can read its tokens; chmod 600');
      expect(says).toContain('! PORT: 0 is another port at each start; give a fixed one');
      they.settings.PUBLIC_URL = 'https://lakana.example.org';
      expect((await they.lakana('setup', '--name', 'Kadi')).out).toContain(
        'https://lakana.example.org/console/#join=',
      );
    } finally {
      await database.close();
    }
  });

  it('names the server key that the database wants, and never proposes a new one', async () => {
    const database = await createTestDatabase({ max: 2 });
    try {
      const { keyring, DATA_DIR } = await liveOn(database);
      // Nothing is signed there yet: only an officer stands in it.
      await transact({ db: database.db, clock: databaseClock, keyring }, (at) =>
        addOfficer(at, { name: 'Awa', role: 'officer', language: 'fr' }),
      );
      const other = generateKeyringFile();
      await writeFile(join(they.folder, 'server.key'), other);
      const wants = new RegExp(
        `holds key ${parseKeyring(other).currentKeyId}, fingerprint [0-9a-f ]+; ` +
          `the database wants key ${keyring.currentKeyId}, fingerprint ${keyring.signingKeys[0]?.fingerprint}`,
      );
      const { code, err } = await start(they.settings);
      expect(code).toBe(1);
      expect(err).toMatch(wants);
      expect(err.trimEnd()).not.toContain('\n');
      const { out } = await they.lakana('doctor');
      expect(out).toMatch(wants);
      expect(err + out).not.toContain('init-server');

      await rm(join(they.folder, 'server.key'));
      const lost = await start(they.settings);
      expect(lost.err).toContain(
        `SERVER_KEY_FILE names a file that is not there (${join(they.folder, 'server.key')}): give the key file`,
      );
      expect(lost.err).toContain(`fingerprint ${keyring.signingKeys[0]?.fingerprint}`);
      await rm(DATA_DIR, { recursive: true });
      const elsewhere = await they.lakana('doctor');
      expect(elsewhere.out).toContain(
        `✗ SERVER_KEY_FILE: names a file that is not there (${join(they.folder, 'server.key')}); give the key file`,
      );
      expect(lost.err + elsewhere.out).not.toContain('init-server');
    } finally {
      await database.close();
    }
  });
});

/** A live service has run on this database, with its keys in the operator's folder. */
async function liveOn(database: TestDatabase): Promise<{ keyring: Keyring; DATA_DIR: string }> {
  const serverKey = generateKeyringFile();
  await writeFile(join(they.folder, 'server.key'), serverKey);
  await writeFile(join(they.folder, 'team.pub'), (await createTeamKey()).recipient);
  const keyring = parseKeyring(serverKey);
  const DATA_DIR = join(they.folder, 'data');
  const settings = {
    DATABASE_URL: database.url,
    DATA_DIR,
    PORT: '0',
    LOG_LEVEL: 'silent',
    WHATSAPP: 'on',
    WHATSAPP_SOCKET_URL: 'ws://127.0.0.1:1',
    SERVER_KEY_FILE: 'server.key',
    TEAM_RECIPIENT_FILE: 'team.pub',
  };
  Object.assign(they.settings, settings);
  const { db } = database;
  await beginWith({
    db,
    clock: databaseClock,
    keyring,
    log: createLog('silent'),
    mode: 'live',
    dataDir: DATA_DIR,
  });
  return { keyring, DATA_DIR };
}
