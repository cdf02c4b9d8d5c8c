import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig, readSetting } from '../src/config.ts';
import { namesOf } from '../src/config-schema.ts';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { addKey, generateKeyringFile, parseKeyring } from '../src/crypto/keyring.ts';
import { printSigningKeys } from '../src/crypto/signing-keys.ts';
import { MESSENGERS } from '../src/messengers/list.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (name: string, content: string) => writeFile(join(folder, name), content);
const read = (settings: Record<string, string>) => readConfig(settings, folder);

async function problemsOf(settings: Record<string, string>): Promise<string[]> {
  const found = await read(settings);
  if (found.ok) return [];
  for (const { problem, mend } of found.problems) {
    expect(problem + mend).not.toContain('\n');
    expect(mend).not.toBe('');
  }
  return found.problems.map((each) => each.setting);
}

/** What a live service needs, with keys that fit. */
async function liveSettings(): Promise<Record<string, string>> {
  await put('server.key', generateKeyringFile());
  await put('team.pub', `# public half\n${(await createTeamKey()).recipient}\n`);
  return {
    TELEGRAM_BOT_TOKEN: '1234:CANARY-TOKEN',
    SERVER_KEY_FILE: 'server.key',
    TEAM_RECIPIENT_FILE: 'team.pub',
  };
}

describe('a newcomer without any setting', () => {
  test('gets trial mode, reachable from this machine only, with the data in ./data', async () => {
    const found = await read({});
    expect(found).toMatchObject({
      ok: true,
      config: {
        mode: 'trial',
        host: '127.0.0.1',
        port: 8080,
        dataDir: join(folder, 'data'),
        timeZone: 'Africa/Bamako',
      },
    });
  });

  test('may leave settings empty', async () => {
    expect(await problemsOf(Object.fromEntries(namesOf(MESSENGERS).map((name) => [name, ''])))).toEqual([]);
  });
});

test('settings stand in .env too, and the environment comes first', async () => {
  await put('.env', 'PORT=9000\nFLOOD_PER_MINUTE=50\n');
  expect(await read({ PORT: '9001' })).toMatchObject({ config: { port: 9001, floodPerMinute: 50 } });
});

describe('a live service', () => {
  test('starts with a token, a server key outside the data, and the team key', async () => {
    const settings = await liveSettings();
    expect(await read(settings)).toMatchObject({ ok: true, config: { mode: 'live' } });
  });

  test.each(['SERVER_KEY_FILE', 'TEAM_RECIPIENT_FILE'])('does not start without %s', async (name) => {
    const { [name]: _left, ...settings } = await liveSettings();
    expect(await problemsOf(settings)).toEqual([name]);
  });

  test('does not start with another server key than the one that was noted; after a rotation it does', async () => {
    const settings = { ...(await liveSettings()), SIGNING_KEY_FILE: 'server.key.pub' };
    expect(await problemsOf(settings)).toEqual(['SIGNING_KEY_FILE']);
    const noted = generateKeyringFile();
    await put('server.key.pub', printSigningKeys(parseKeyring(noted).signingKeys));
    expect(await problemsOf(settings)).toEqual(['SIGNING_KEY_FILE']);
    await put('server.key', noted);
    expect(await problemsOf(settings)).toEqual([]);
    await put('server.key', addKey(noted));
    expect(await problemsOf(settings)).toEqual([]);
    await put('server.key.pub', 'what is no key');
    expect(await problemsOf(settings)).toEqual(['SIGNING_KEY_FILE']);
  });

  test('refuses keys that trial mode made', async () => {
    const settings = await liveSettings();
    await put('server.key', generateKeyringFile({ trial: true }));
    expect(await problemsOf(settings)).toEqual(['SERVER_KEY_FILE']);
  });

  test('refuses a server key that lies with the data', async () => {
    const settings = await liveSettings();
    await mkdir(join(folder, 'data'));
    await put('data/server.key', generateKeyringFile());
    expect(await problemsOf({ ...settings, SERVER_KEY_FILE: 'data/server.key' })).toEqual([
      'SERVER_KEY_FILE',
    ]);
  });

  test('refuses the secret half of the team key, and does not repeat it', async () => {
    const settings = await liveSettings();
    const { secret } = await createTeamKey();
    await put('team.pub', secret);
    const found = await read(settings);
    expect(found).toMatchObject({ ok: false, problems: [{ setting: 'TEAM_RECIPIENT_FILE' }] });
    expect(JSON.stringify(found)).not.toContain(secret);
    expect(JSON.stringify(found)).toContain('take it off this machine');
  });

  test('takes the server key from the environment', async () => {
    const { SERVER_KEY_FILE: _file, ...settings } = await liveSettings();
    expect(await problemsOf({ ...settings, SERVER_KEY: generateKeyringFile() })).toEqual([]);
  });

  test('needs its public address for a webhook, by https', async () => {
    const settings = { ...(await liveSettings()), TELEGRAM_WEBHOOK_SECRET: 'a-long-enough-secret' };
    expect(await problemsOf(settings)).toEqual(['PUBLIC_URL']);
    expect(await problemsOf({ ...settings, PUBLIC_URL: 'http://lakana.example' })).toEqual(['PUBLIC_URL']);
    expect(await problemsOf({ ...settings, PUBLIC_URL: 'https://lakana.example' })).toEqual([]);
  });

  test('may use another Bot API server', async () => {
    const found = await read({ ...(await liveSettings()), TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' });
    expect(found).toMatchObject({ config: { messengers: [{ own: { apiRoot: 'http://127.0.0.1:8081' } }] } });
  });

  test('prints no secret, however its settings are printed', async () => {
    const found = await read({
      ...(await liveSettings()),
      DATABASE_URL: 'postgres://lakana:CANARY-PASSWORD@db/lakana',
      METRICS_TOKEN: 'CANARY-PASSWORD-of-metrics',
    });
    if (!found.ok) throw new Error('the settings are good');
    const { config } = found;
    const [key] = JSON.parse(config.keys?.serverKey ?? '').keys;
    for (const printed of [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      `${config.messengers.map(({ own }) => Object.values(own as object))}`,
    ])
      for (const secret of ['CANARY', key.secret, key.signing]) expect(printed).not.toContain(secret);
  });
});

describe('the file .env', () => {
  const wrongs = async (content: string) => {
    await put('.env', content);
    const found = await read({});
    return found.ok ? [] : found.problems.map(({ setting, problem }) => `${setting} ${problem}`);
  };

  test.each([
    ['a byte order mark', '\uFEFFPORT=9000\n', 9000],
    ['the ends of lines that Windows writes', 'PORT=9000\r\nHOST=0.0.0.0\r\n', 9000],
    ['a remark, quotes and export', '# where\nexport PORT="9000" # a port\n\n', 9000],
    ['an empty setting before another one', 'PUBLIC_URL=   \nPORT=9000', 9000],
  ])('is read with %s', async (_what, content, port) => {
    expect(await wrongs(content)).toEqual([]);
    expect(await read({})).toMatchObject({ config: { port } });
  });

  test.each([
    ['TELEGRAM_BOT_TOKEN: 123456:AAbb', '.env cannot be read in line 1: it is no setting'],
    ['PORT=1\nPORT=', '.env cannot be read in line 2: PORT stands twice'],
    ['NTFY_TOKEN=tk_a#b', '.env cannot be read in line 1: a # would cut the value short'],
    [
      'SMTP_URL="smtps://mail.example.org',
      '.env cannot be read in line 1: the quote of SMTP_URL does not end',
    ],
    ['PORT=“9000”', '.env cannot be read in line 1: these quotes are no plain ones'],
    ['P\0O\0R\0T\0', '.env is not plain text'],
    ['BOT_TOKEN=123456:AAbb', 'BOT_TOKEN is no setting (.env)'],
  ])('is refused whole for %j: nothing in it is passed over', async (content, wrong) => {
    expect(await wrongs(content)).toEqual([wrong]);
  });

  test('that is there and cannot be read stops the start, and the commands that read one setting', async () => {
    await mkdir(join(folder, '.env'));
    expect(await problemsOf({})).toEqual(['.env']);
    await expect(readSetting('DATA_DIR', {}, folder)).rejects.toMatchObject({ code: 'settings' });
    await rm(join(folder, '.env'), { recursive: true });
    await symlink('on-a-disk-that-is-away', join(folder, '.env'));
    expect(await problemsOf({})).toEqual(['.env']);
  });

  test('that another user owns stops the start', async () => {
    await put('.env', 'PORT=9000\n');
    await chmod(folder, 0o755);
    await chmod(join(folder, '.env'), 0o000);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(await problemsOf({})).toEqual(['.env']);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('may stand beside what a container and its database need', async () => {
    expect(await wrongs('DATABASE_PASSWORD=abc\nCOMPOSE_PROJECT_NAME=lakana\n')).toEqual([]);
  });
});

describe('a name that is nearly right', () => {
  test.each([
    ['TELEGRAM_BOT_TOKN', 'TELEGRAM_BOT_TOKEN'],
    ['TELEGRAM_TOKEN', 'TELEGRAM_BOT_TOKEN'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['telegram_bot_token', 'TELEGRAM_BOT_TOKEN'],
    ['LAKANA_PUBLIC_URL', 'PUBLIC_URL'],
    ['WHATSAP', 'WHATSAPP'],
    ['SMTP_HOST', 'SMTP_URL'],
  ])('%s is refused in the environment: did you mean %s?', async (name, meant) => {
    expect(await read({ [name]: 'on' })).toMatchObject({
      ok: false,
      problems: [{ setting: name, mend: `did you mean ${meant}?` }],
    });
  });

  test('is none of those that other programs put there', async () => {
    const others = ['LANG', 'LANGUAGE', 'HOSTNAME', 'HOSTTYPE', 'POST', 'TZ', 'PGHOST', 'XDG_DATA_DIRS'];
    others.push(
      'NTFY_SERVICE_HOST',
      'NTFY_PORT_80_TCP',
      'LAKANA_SERVICE_HOST',
      'npm_config_loglevel',
      'DEBUG',
    );
    expect(await problemsOf(Object.fromEntries(others.map((name) => [name, 'x'])))).toEqual([]);
  });
});

describe('what only a live service has', () => {
  test.each([
    'SERVER_KEY_FILE',
    'SERVER_KEY',
    'TEAM_RECIPIENT_FILE',
    'SIGNING_KEY_FILE',
    'TELEGRAM_WEBHOOK_SECRET',
  ])('%s without a messenger starts no trial', async (name) => {
    expect(await problemsOf({ [name]: 'given-by-the-operator' })).toContain('TELEGRAM_BOT_TOKEN');
  });

  test('stands in .env although a container hands over an empty variable of the same name', async () => {
    const { TELEGRAM_BOT_TOKEN, ...keys } = await liveSettings();
    await put('.env', `TELEGRAM_BOT_TOKEN=${TELEGRAM_BOT_TOKEN}\n`);
    expect(await read({ ...keys, TELEGRAM_BOT_TOKEN: '' })).toMatchObject({ config: { mode: 'live' } });
  });
});

test('a password with an @ in it is read as it is, by every library: it is handed on encoded', async () => {
  const found = await read({
    DATABASE_URL: 'postgres://lakana:a@b,c:d@db:5432/lakana',
    SMTP_URL: 'smtps://awa@example.org:p@ss@mail.example.org',
    SMTP_FROM: 'awa@example.org',
  });
  if (!found.ok) throw new Error('the settings are good');
  const { databaseUrl, email } = found.config;
  expect(databaseUrl?.reveal()).toBe('postgres://lakana:a%40b,c%3Ad@db:5432/lakana');
  expect(email?.url.reveal()).toBe('smtps://awa%40example.org:p%40ss@mail.example.org');
});

test('a database may be of several servers, and its password is encoded there too', async () => {
  const databaseUrl = async (DATABASE_URL: string) => {
    const found = await read({ DATABASE_URL });
    return found.ok ? found.config.databaseUrl?.reveal() : found.problems;
  };
  expect(await databaseUrl('postgres://lakana:a@b,c:d@db1:5433,db2,[::1]:5434/lakana')).toBe(
    'postgres://lakana:a%40b,c%3Ad@db1:5433,db2,[::1]:5434/lakana',
  );
  expect(await databaseUrl('postgres://db1,db2/lakana?sslmode=require&target_session_attrs=primary')).toBe(
    'postgres://db1,db2/lakana?sslmode=require',
  );
});
