import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig, SETTING_NAMES } from '../src/config.ts';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { addKey, generateKeyringFile, parseKeyring } from '../src/crypto/keyring.ts';
import { printSigningKeys } from '../src/crypto/signing-keys.ts';

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
    expect(await problemsOf(Object.fromEntries(SETTING_NAMES.map((name) => [name, ''])))).toEqual([]);
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
    expect(found).toMatchObject({ config: { telegram: { apiRoot: 'http://127.0.0.1:8081' } } });
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
      String(config.telegram?.token),
    ])
      for (const secret of ['CANARY', key.secret, key.signing]) expect(printed).not.toContain(secret);
  });
});

test.each([
  ['TRUSTED_PROXY', 'proxy.example.org'],
  ['TRUSTED_PROXY', '0.0.0.0/0'],
  ['METRICS_TOKEN', 'short'],
  ['PORT', 'eighty'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://db/lakana'],
  ['LOG_LEVEL', 'loud'],
  ['TIME_ZONE', 'Mali'],
  ['LANGUAGES', 'français'],
  ['DEFAULT_LANGUAGE', 'de'],
  ['ALERT_DETAIL', 'all'],
  ['FLOOD_PER_MINUTE', '0'],
  ['METRICS_PUBLIC', 'perhaps'],
  ['TELEGRAM_API_ROOT', 'telegram'],
  ['WHATSAPP', 'perhaps'],
])('%s=%s stops the start with one line that names it', async (name, value) => {
  expect(await problemsOf({ [name]: value })).toEqual([name]);
});
