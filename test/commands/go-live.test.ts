/** The way from a machine on which Lakana lies to a passed exercise, as an operator walks it: mistakes, interruptions and all. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type Asking, Left } from '../../src/commands/going-live/asking.ts';
import { databaseUrl } from '../../src/commands/going-live/database.ts';
import { keep, readAnswers } from '../../src/commands/going-live/env-file.ts';
import { goLive } from '../../src/commands/going-live/go-live.ts';
import { type House, KEYS, WHERE } from '../../src/commands/going-live/questions.ts';
import { readConfig } from '../../src/config.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { MESSENGERS } from '../../src/messengers/list.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';
import { leavesAfter, typesTo } from './typing.ts';

const PROCESS = resolve(import.meta.dirname, '../../src/service/process.ts');
const GUARDIAN = resolve(import.meta.dirname, '../service/quick-guardian.ts');
/** Signs that stand for something else in an address. */
const PASSWORD = "p@ss/w:o#r?d %2F'";

let telegram: FakeTelegram;
let folder = '';
let team: Awaited<ReturnType<typeof createTeamKey>>;
beforeAll(async () => {
  [telegram, team] = await Promise.all([startFakeTelegram(), createTeamKey()]);
});
afterAll(() => telegram.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-go-live-'));
  await mkdir(join(folder, 'etc'));
  await writeFile(join(folder, 'etc/team.key.pub'), `# Fingerprint: ABCD\n${team.recipient}\n`);
  await writeFile(join(folder, 'etc/backup.key.pub'), `${team.recipient}\n`);
  await writeFile(join(folder, '.env'), `# ours\nLANGUAGES=fr\nTELEGRAM_API_ROOT=${telegram.root}\n`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const command = () => ['go-live', '--etc', join(folder, 'etc'), '--user', userInfo().username];
const modeOf = async (name: string) => (await stat(join(folder, name))).mode & 0o777;
const env = () => readFile(join(folder, '.env'), 'utf8');

/** A database of the office's own, whose password is a hard one. */
async function ownDatabase() {
  const url = new URL(inject('databaseUrl'));
  const name = `live_${randomUUID().slice(0, 8)}`;
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create role "${name}@office" login password '${PASSWORD.replaceAll("'", "''")}'`);
  await sql.unsafe(`create database ${name} owner "${name}@office"`);
  return {
    name,
    user: `${name}@office`,
    port: url.port,
    async close() {
      await sql.unsafe(`drop database ${name} with (force)`);
      await sql.unsafe(`drop role "${name}@office"`);
      await sql.end();
    },
  };
}

test('an operator who mistypes, goes away and comes back gets a live service, an officer and a passed exercise', async () => {
  const database = await ownDatabase();
  let service: ChildProcess | undefined;
  await mkdir(join(folder, 'played/trial-keys'), { recursive: true });
  await writeFile(join(folder, 'secret.pub'), team.secret);
  const first = typesTo(command(), folder);
  let again: ReturnType<typeof typesTo> | undefined;
  try {
    await first.answers('telegram: are people to write there?', 'perhaps');
    await first.reads('✗ Say yes or no.');
    await first.answers('telegram: are people to write there?', 'yes');
    await first.answers(
      'TELEGRAM_BOT_TOKEN (set TELEGRAM_BOT_TOKEN to the token of @BotFather)',
      '123456:wrong',
    );
    await first.reads('✗ it is refused (');
    await first.answers('TELEGRAM_BOT_TOKEN', telegram.token);
    await first.answers('whatsapp: are people to write there?', 'no');
    await first.answers('Folder for data', 'played');
    await first.reads('✗ A trial was kept there');
    await first.answers('Folder for data', 'data');
    await first.answers('PostgreSQL of your own', 'yes');
    const login = async (port: string, password: string) => {
      await first.answers('Its machine', '127.0.0.1');
      await first.answers('Its port', port);
      if (port === 'five') await first.answers('✗ Give a number from 1 to 65535.\nIts port', database.port);
      await first.answers('Name of the database', database.name);
      await first.answers('User', database.user);
      await first.answers('Password', password);
    };
    await login('five', 'wrong');
    await first.reads('✗ It is refused: user or password are wrong (28P01)');
    await first.answers('Keep it all the same', 'no');
    await login(database.port, PASSWORD);
    await first.answers('File for the server’s key', '');
    expect(await first.reads('give it to whoever opens cases')).toContain(`${folder}/etc/server.key`);
    // The copy is being made when the power fails.
    await first.reads('Is the copy where it belongs?');
    first.pressesCtrlC();
    expect(await first.ended).toBe(130);
    expect(first.said()).toMatch(
      /Left\. What was answered is in \.env; \.\/lakana go-live goes on from here\.\n$/,
    );
    expect([await modeOf('.env'), await modeOf('etc/server.key'), await modeOf('data')]).toEqual([
      0o600, 0o600, 0o700,
    ]);
    expect(first.said().slice(first.said().indexOf('Password'))).not.toContain('%40');

    const port = await freePort();
    again = typesTo(command(), folder);
    await again.reads('✓ telegram: there is a token\n– WHATSAPP was left out\n✓ data lie in');
    await again.reads('✓ a PostgreSQL of your own');
    // The key that was made is taken, not made anew.
    const key = await readFile(join(folder, 'etc/server.key'), 'utf8');
    await again.answers('File for the server’s key', '');
    await again.answers('Is the copy where it belongs?', 'no');
    await again.answers('✗ Without a copy', 'yes');
    await again.answers('Path of team.key.pub', 'nowhere.pub');
    await again.reads('✗ TEAM_RECIPIENT_FILE names a file that is not there');
    await again.answers('Path of team.key.pub', 'secret.pub');
    await again.reads('✗ TEAM_RECIPIENT_FILE holds the SECRET half');
    await again.answers('Path of team.key.pub', '');
    await again.reads('✓ Compare with the team: ABCD');
    await again.answers('Port on this machine', 'eighty');
    await again.reads('✗ give a whole number from 0 to 65535');
    await again.answers('Port on this machine', String(port));
    await again.answers('Address of the officers’ room', 'lakana.example.org');
    await again.reads('✗ give the address people and messengers reach');
    await again.answers('Address of the officers’ room', 'https://lakana.example.org');
    await again.answers('run on this machine?', 'yes');
    await again.answers('Is a backup to be made each night?', 'yes');
    await again.answers('Path of backup.key.pub', 'secret.pub');
    await again.reads('✗ BACKUP_RECIPIENT_FILE holds the SECRET half of the key of the backups');
    await again.answers('Path of backup.key.pub', '');
    await again.answers('Where do they go?', 'usb/lakana');
    await again.reads(`✗ There is no ${folder}/usb: mount the disk it lies on`);
    await again.answers('Where do they go?', 'data/backups');
    await again.reads('✗ BACKUP_TARGET lies in DATA_DIR');
    await again.answers('Where do they go?', 'backups');
    await again.reads('✓ .env has all that a live service needs');
    expect(await readFile(join(folder, 'etc/server.key'), 'utf8')).toBe(key);
    const lines = await env();
    expect(lines).toMatch(/^# ours\nLANGUAGES=fr\nTELEGRAM_API_ROOT=/);
    expect(lines).toContain('\nTRUSTED_PROXY=127.0.0.1\n');

    await again.reads('Start the service, in another terminal');
    await again.answers('Enter: look again', '');
    await again.reads('Start the service, in another terminal');
    service = spawn(process.execPath, [GUARDIAN, PROCESS], {
      cwd: folder,
      env: { PATH: process.env.PATH, LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let banner = '';
    service.stdout?.on('data', (chunk) => {
      banner += String(chunk);
    });
    await expect.poll(() => banner).toContain('Lakana is ready (live)');
    await again.answers('Enter: look again', '');
    await again.reads('✓ The service runs.');
    await again.reads('✓ lakana-');
    expect(await readdir(join(folder, 'backups'))).toContain('lakana-place');
    expect(await modeOf('backups')).toBe(0o700);
    await again.answers('Name of the first officer', 'Kadi T.');
    const [, code = ''] = /Code: (\S+)/.exec(await again.reads('When Kadi T. has sent it to the bot')) ?? [];
    const kadi = telegram.person('Kadi');
    await kadi.says(`/start ${code}`);
    await kadi.presses('Je suis de garde');
    await kadi.seesText('Vous êtes de garde');
    await again.answers('Enter: look again', '');
    await again.reads('✓ An officer is enrolled.');
    await again.answers('Begin the exercise now?', 'yes');
    await kadi.presses('Je prends');
    await again.reads(' passed.');
    expect(await again.ended).toBe(0);
  } finally {
    first.leaves();
    again?.leaves();
    if (service) {
      service.kill('SIGTERM');
      await once(service, 'close');
    }
    await database.close();
  }
});

describe('an operator who leaves', () => {
  const goes = (asking: Asking) => goLive(asking, { etc: join(folder, 'etc'), owner: undefined }, folder);

  test('at any question finds what they answered before, and is asked again what they left at', async () => {
    const answers = [
      ['telegram: are', 'yes', telegram.token],
      ['whatsapp: are', 'yes'],
      ['Folder for data', 'data'],
      ['Is there a PostgreSQL', 'no'],
      ['File for the server', '', 'yes'],
      ['Path of team.key.pub', ''],
      ['Port on this machine', ''],
      ['Address of the officers', ''],
      ['Is a backup to be made', 'yes', ''],
      ['Where do they go?', 'backups', 'yes'],
    ] as const;
    for (const [question, ...parts] of answers)
      for (let n = 0; n <= parts.length; n++) {
        const asking = leavesAfter(...parts.slice(0, n));
        await expect(goes(asking)).rejects.toThrow(Left);
        expect(asking.asked[0]).toContain(question);
        expect(asking.asked).toHaveLength(n + 1);
        expect(await modeOf('.env')).toBe(0o600);
      }
    const asking = leavesAfter();
    await expect(goes(asking)).rejects.toThrow(Left);
    expect(asking.asked).toEqual(['Enter: look again. Ctrl-C: go on another day']);
    expect(await readConfig({}, folder)).toMatchObject({ ok: true, config: { mode: 'live', port: 8080 } });
  });

  test('who wants no messenger is asked again: no one could write', async () => {
    const asking = leavesAfter('no', 'no');
    await expect(goes(asking)).rejects.toThrow(Left);
    expect(asking.heard).toContain('✗ Without any of them nobody can write.');
    expect(asking.asked).toHaveLength(3);
    expect(asking.asked[2]).toContain('telegram');
  });

  test('hears of an .env that cannot be read, and nothing is written over it', async () => {
    await writeFile(join(folder, '.env'), 'PORT 8080\n');
    await expect(goes(leavesAfter())).rejects.toThrow('.env cannot be read in line 1');
    expect(await env()).toBe('PORT 8080\n');
  });

  test('has a server key taken that is there, but none that is no key', async () => {
    await writeFile(join(folder, 'etc/server.key'), 'nothing');
    const asking = leavesAfter('yes', telegram.token, 'no', 'data', 'no', '');
    await expect(goes(asking)).rejects.toThrow(Left);
    expect(asking.heard.join('\n')).toContain('✗ SERVER_KEY_FILE holds no usable server key');
    expect(await readFile(join(folder, 'etc/server.key'), 'utf8')).toBe('nothing');
  });
});

describe('a folder that was there before', () => {
  const given = { MODE: 'live' };
  const handed: string[] = [];
  const house = (uid: number): House => ({
    folder,
    etc: join(folder, 'etc'),
    owner: { uid, gid: uid },
    messengers: MESSENGERS,
    handOver: async (...paths) => void handed.push(...paths),
  });

  test('is not given to the service’s user for the key that is made in it', async () => {
    handed.length = 0;
    const server = KEYS.find(({ name }) => name === 'SERVER_KEY_FILE');
    await server?.ask(leavesAfter('etc/other.key', 'yes'), given, house(65_534));
    const file = join(folder, 'etc/other.key');
    expect(handed).toEqual([file, `${file}.pub`]);
  });

  test('is none for data if another user has it', async () => {
    handed.length = 0;
    await mkdir(join(folder, 'srv'));
    const asking = leavesAfter('srv', 'new');
    const another = (process.getuid?.() ?? 0) + 1;
    const data = WHERE.find(({ name }) => name === 'DATA_DIR');
    await data?.ask(asking, given, house(another));
    expect(asking.heard.join()).toContain('srv belongs to another user');
    expect(handed).toEqual([join(folder, 'new')]);
  });
});

describe('what is written into .env', () => {
  test.each(['plain', 'two words', 'a#b', "it's", 'say "yes"', '`x`', '\'"', '%2F@/', '“quoted”', 'a\\nb'])(
    'is read back as it was given: %s',
    async (value) => {
      await keep(folder, { NTFY_TOKEN: value }, undefined);
      expect((await readAnswers(folder)).values.NTFY_TOKEN).toBe(value);
      expect(await env()).toMatch(/^# ours\nLANGUAGES=fr\n/);
    },
  );

  test.each([PASSWORD, 'a:b@c', '!*()', 'é', '%'])(
    'of a password with signs of an address, %s, is that password and nothing of the address',
    (password) => {
      const url = databaseUrl({ host: 'db', port: '5432', name: 'la kana', user: 'a@b', password });
      const { username, password: said, hostname, pathname } = new URL(url);
      expect([username, said, pathname].map(decodeURIComponent)).toEqual(['a@b', password, '/la kana']);
      expect(hostname).toBe('db');
      expect(url).not.toMatch(/['#?\s]/);
    },
  );
});
