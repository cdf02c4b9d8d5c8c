/**
 * Every setting with the worst that people give for it, and the line that the start and `doctor` say then: `docs/settings.md`
 * is made of this table (`node_modules/.bin/vitest run -u test/settings.test.ts`). A setting without a row here does not compile.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { diagnose } from '../src/commands/doctor.ts';
import { type ReadConfig, readConfig } from '../src/config.ts';
import { namesOf, type Settings } from '../src/config-schema.ts';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { generateKeyringFile } from '../src/crypto/keyring.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import type { Check } from '../src/doctor/check.ts';
import { checkQuestions } from '../src/doctor/machine.ts';
import { MESSENGERS } from '../src/messengers/list.ts';
import { problemLine } from '../src/service/banner.ts';
import { problemsBefore } from '../src/service/before-start.ts';
import { whyNot } from '../src/service/why-not.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** `shown`: how the value stands in the table; default as it is. `beside`: what else is set. `names`: the setting that the line names, if it is another one. */
type Row = {
  given: string;
  shown?: string;
  beside?: Readonly<Record<string, string>>;
  names?: string;
  /** Seconds to wait for a connection: where nothing of PostgreSQL's answers, the default is long. */
  patience?: number;
};
const each = (...values: string[]): Row[] => values.map((given) => ({ given }));

let folder: string;
let database: TestDatabase;
const taken = createServer();
const web = createWebServer((_, answer) => answer.end('no'));
/** Ports of this machine on which they listen. */
const [TAKEN, WEB] = await Promise.all([taken, web].map(listening));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-settings-'));
  await writeFile(join(folder, 'server.key'), generateKeyringFile());
  await writeFile(join(folder, 'trial.key'), generateKeyringFile({ trial: true }));
  const { secret, recipient } = await createTeamKey();
  await writeFile(join(folder, 'team.pub'), recipient);
  await writeFile(join(folder, 'team.key'), secret);
  await mkdir(join(folder, 'closed'));
  await symlink('postgres', join(folder, 'closed/postgres'));
  await writeFile(join(folder, 'a-file'), 'what is no key');
  for (const [path, text] of Object.entries(OWN_CONTENT)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  database = await createTestDatabase({ max: 1 });
  await database.sql.unsafe(`do $$ begin
    create role settings_poor login password 'poor'; exception when duplicate_object then null; end $$`);
});
afterAll(async () => {
  await database.close();
  taken.close();
  web.close();
  await rm(folder, { recursive: true, force: true });
});

/** What installations have in their own folder, and cannot be used. */
const OWN_CONTENT = {
  'own-empty/README': 'nothing',
  'own-strange/locales/fr/rapport.yaml': 'a: b',
  'own-page/locales/fr/console.yaml': 'shell: { title: Salle }',
  'own-torn/locales/fr/bot.yaml': 'help: "',
  'own-wrong/locales/fr/bot.yaml': 'help: Écrivez à {{nobody}}.',
  'own-flow/flows/sos.yaml': 'flow: sos\nversion: 1\nsteps: {}',
};

const at = (parts: { [P in 'username' | 'password' | 'pathname' | 'search']?: string }): string =>
  Object.assign(new URL(inject('databaseUrl')), parts).href;
const LIVE = { WHATSAPP: 'on', SERVER_KEY_FILE: 'server.key', TEAM_RECIPIENT_FILE: 'team.pub' };

const SETTING_NAMES = namesOf(MESSENGERS);

const WORST: { [S in keyof Settings]-?: () => Row[] } & Readonly<Record<string, () => Row[]>> = {
  DATABASE_URL: () => [
    ...each(
      'mysql://lakana@db/lakana',
      'postgres:///lakana',
      'postgres://lakana:ab/cd@db/lakana',
      'postgres://lakana:ab#cd@db/lakana',
      'postgres://lakana:ab?cd@db/lakana',
      'postgres://lakana:12/34@db/lakana',
      'postgres://lakana:100%@db/lakana',
      'postgres://lakana:pass word@db/lakana',
      'postgres://lakana:p@db1:5432,/lakana',
      'postgres://lakana:p@db1:5432,db2:many/lakana',
      'postgres://lakana:p@db1,db2/lakana?target_session_attrs=standby',
    ),
    { given: 'postgres://lakana:p@127.0.0.1:1/lakana', shown: 'nothing listens there' },
    {
      given: 'postgres://lakana:p@127.0.0.1:1,127.0.0.1:2/lakana',
      shown: 'two servers, and nothing listens there',
    },
    {
      given: `postgres://lakana:p@127.0.0.1:${WEB}/lakana`,
      shown: 'a web server listens there',
      patience: 0.2,
    },
    { given: at({ password: 'wrong' }), shown: 'a wrong password' },
    { given: at({ username: 'nobody_of_us' }), shown: 'a wrong user' },
    { given: at({ pathname: '/not_there' }), shown: 'a wrong name of the database' },
    {
      given: at({ username: 'settings_poor', password: 'poor', pathname: '/template1' }),
      shown: 'a role that may not make tables',
    },
    { given: at({ search: '?pooling=on' }), shown: 'something unknown behind “?”' },
  ],
  DATA_DIR: () => [
    { given: 'a-file' },
    { given: 'a-file/data' },
    { given: 'closed', shown: 'one whose `postgres` cannot be opened' },
  ],
  CONTENT_DIR: () => [
    ...each('nowhere', 'a-file'),
    { given: 'own-empty', shown: 'a folder without `flows` and `locales`' },
    { given: 'own-strange', shown: 'one with a file of another name' },
    { given: 'own-page', shown: 'one with what a page in a browser says' },
    { given: 'own-torn', shown: 'one with a file that is not YAML' },
    { given: 'own-wrong', shown: 'one with a text that the check refuses' },
    { given: 'own-flow', shown: 'one with a questionnaire that leads nowhere' },
  ],
  HOST: () => each('http://0.0.0.0', '0.0.0.0:8080', '[::1]', 'nobody here', '203.0.113.7'),
  PORT: () => [
    ...each('eighty', '70000', '-1', '80.5'),
    { given: String(TAKEN), shown: 'one that is in use' },
  ],
  PUBLIC_URL: () =>
    each(
      'lakana.example.org',
      'http://lakana.example.org',
      'https://lakana.example.org/room',
      'https://awa:p@lakana.example.org',
      'https://localhost:8080',
      'https://203.0.113.7',
    ),
  LOG_LEVEL: () => each('loud'),
  SERVER_KEY_FILE: () =>
    ['nowhere.key', '.', 'a-file', 'trial.key', 'data/server.key'].map((given) => ({
      given,
      beside: { WHATSAPP: 'on' },
    })),
  SERVER_KEY: () => [
    { given: 'what is no key', beside: { WHATSAPP: 'on' } },
    { given: generateKeyringFile(), shown: 'a key, beside SERVER_KEY_FILE', beside: LIVE },
  ],
  TEAM_RECIPIENT_FILE: () =>
    ['nowhere.pub', '.', 'a-file', 'team.key'].map((given) => ({ given, beside: LIVE })),
  SIGNING_KEY_FILE: () => ['nowhere.pub', 'a-file'].map((given) => ({ given, beside: LIVE })),
  TELEGRAM_BOT_TOKEN: () => each('no token', 'bot123456:AAbb', '“123456:AAbb”'),
  TELEGRAM_API_ROOT: () =>
    each('telegram', 'https://awa:p@bots.example.org', 'https://bots.example.org/?key=1'),
  TELEGRAM_WEBHOOK_SECRET: () => [
    { given: 'short' },
    { given: 'a-long-enough-secret', names: 'TELEGRAM_BOT_TOKEN' },
    {
      given: 'a-long-enough-secret',
      beside: { TELEGRAM_BOT_TOKEN: '1:aaaa', TELEGRAM_API_ROOT: 'http://bots' },
      names: 'PUBLIC_URL',
    },
  ],
  WHATSAPP: () => each('yes', 'On'),
  WHATSAPP_SOCKET_URL: () => each('https://whatsapp.example.org', 'wss://awa:p@whatsapp.example.org'),
  WHATSAPP_DISAPPEARING: () => each('1h'),
  WHATSAPP_PER_MINUTE: () => each('0', '1e3', 'many'),
  WHATSAPP_IN_BACKUP: () => each('yes'),
  SMTP_URL: () => [
    ...each(
      'mail.example.org',
      'smtp://mail.example.org/inbox',
      'smtps://awa:ab/cd@mail.example.org',
      'smtps://awa:12#34@mail.example.org',
    ),
    { given: 'smtps://mail.example.org', names: 'SMTP_FROM' },
  ],
  SMTP_FROM: () => [{ given: 'Lakana' }, { given: 'lakana@example.org', names: 'SMTP_URL' }],
  NTFY_URL: () =>
    each('ntfy.sh', 'https://ntfy.sh/our-topic', 'https://awa:p@ntfy.example.org', 'https://ntfy.sh/?auth=1'),
  NTFY_TOKEN: () => [{ given: 'tk_ with spaces' }, { given: 'tk_secret', names: 'NTFY_URL' }],
  AFRICASTALKING_USERNAME: () => [
    { given: 'our office' },
    { given: 'office', names: 'AFRICASTALKING_API_KEY' },
  ],
  AFRICASTALKING_API_KEY: () => [
    { given: 'with spaces in it' },
    { given: 'atsk_1', names: 'AFRICASTALKING_USERNAME' },
  ],
  AFRICASTALKING_SMS_FROM: () => each('Commission nationale'),
  AFRICASTALKING_CALL_FROM: () => each('the office'),
  AFRICASTALKING_SMS_ROOT: () => each('africastalking', 'https://sms.example.org/version1'),
  AFRICASTALKING_VOICE_ROOT: () => each('africastalking'),
  DRILL: () => each('every day', 'tuesday', 'mardi 10:00', 'tuesday 25:00'),
  HEARTBEAT_URL: () => each('hc-ping.com/1', 'https://awa:ab/cd@watch.example.org/1'),
  OUTSIDE_CONTACT: () => [
    ...each('director@example.org', 'sms:70000000'),
    { given: 'email:director@example.org', names: 'SMTP_URL' },
  ],
  LANGUAGES: () => [...each('français', 'fr;en'), { given: 'fr,xx' }],
  DEFAULT_LANGUAGE: () => each('French', 'de'),
  UNREVIEWED_LANGUAGES: () => each('oui'),
  UNCHECKED_FACTS: () => each('yes'),
  ALERT_DETAIL: () => each('all'),
  TIME_ZONE: () => each('Mali', 'GMT+25'),
  FLOOD_PER_MINUTE: () => each('0', 'few'),
  PUBLIC_PAGE: () => each('yes'),
  CONTACTS_FRESH_DAYS: () => each('29', 'six months', '180.5', '1000'),
  METRICS_TOKEN: () => each('short', 'with spaces in the token'),
  TRUSTED_PROXY: () => each('proxy.example.org', '0.0.0.0/0'),
  FILES_PER_PERSON_MB: () => each('1', '20MB'),
  FILES_VOICE_MB: () => each('1'),
  FILES_PER_CASE_MB: () => each('1'),
  DISK_RESERVE_MB: () => each('1'),
  DATABASE_MAX_GB: () => each('0', '10GB'),
  METRICS_PUBLIC: () => each('perhaps'),
  BACKUP_RECIPIENT_FILE: () => [
    ...['nowhere.pub', '.', 'a-file', 'team.key'].map((given) => ({
      given,
      beside: { BACKUP_TARGET: 'elsewhere' },
    })),
    { given: 'team.pub', names: 'BACKUP_TARGET' },
  ],
  BACKUP_TARGET: () => [
    ...['ftp://backup.example.org', 's3://B', 'data/backup'].map((given) => ({
      given,
      beside: { BACKUP_RECIPIENT_FILE: 'team.pub' },
    })),
    { given: 'elsewhere', names: 'BACKUP_RECIPIENT_FILE' },
    {
      given: 's3://lakana/office',
      beside: { BACKUP_RECIPIENT_FILE: 'team.pub' },
      names: 'BACKUP_S3_ENDPOINT',
    },
  ],
  BACKUP_KEEP_DAYS: () => each('1', '36', 'a month'),
  BACKUP_S3_ENDPOINT: () => each('s3.example.org', 'https://s3.example.org/lakana'),
  BACKUP_S3_REGION: () => each('Frankfurt, Germany'),
  BACKUP_S3_KEY_ID: () => [
    { given: 'two words' },
    { given: 'key', beside: { BACKUP_RECIPIENT_FILE: 'team.pub', BACKUP_TARGET: 'elsewhere' } },
  ],
  BACKUP_S3_SECRET: () => each('two words'),
};

/** What the start says: its settings, what it looks at before anything is started, and then the database. */
async function startSays(read: ReadConfig, patience?: number): Promise<string[]> {
  if (!read.ok) return read.problems.map(problemLine);
  const before = await problemsBefore(read.config);
  if (before.length > 0 || !read.config.databaseUrl) return before.map(problemLine);
  const { config } = read;
  const url = read.config.databaseUrl.reveal();
  const opening = patience ? openDatabase({ url, connectTimeout: patience }) : migrateDatabase(url);
  return opening.then(
    () => [],
    (error) => [whyNot(error, config)],
  );
}

/** Found once: they are the same for all. */
const questions = checkQuestions();

/** What `doctor`, run whole on the same settings, says of one of them, as the start would say it. */
async function doctorSays(read: ReadConfig, setting: string): Promise<string[]> {
  const { json } = await diagnose(read, questions);
  const { checks } = json as { checks: Check[] };
  return checks.flatMap(({ state, name, detail, mend }) =>
    state === 'fail' && name === setting ? [problemLine({ setting, problem: detail, mend: mend ?? '' })] : [],
  );
}

const withoutPlaces = (line: string): string =>
  line.replaceAll(folder, '…').replaceAll(String(TAKEN), '8080');

describe('a bad setting', () => {
  const lines: string[] = [];

  test.each(SETTING_NAMES)(
    '%s stops the start with one line that names it and says the mend',
    async (name) => {
      const rows = WORST[name]?.() ?? [];
      expect(rows.length).toBeGreaterThan(0);
      for (const { given, shown, beside = {}, names = name, patience } of rows) {
        const PORT = name === 'PORT' ? {} : { PORT: '0' };
        const read = await readConfig({ ...PORT, ...beside, [name]: given }, folder);
        const said = await startSays(read, patience);
        const about = said.filter((line) => line.startsWith(`${names} `));
        expect({ given: shown ?? given, about }).toEqual({
          given: shown ?? given,
          about: [expect.any(String)],
        });
        const [line = ''] = about;
        expect(line).toMatch(/^\S+ \S.*: \S/);
        expect(line).not.toMatch(/\n|Invalid|expected|Error/);
        // Where nothing of PostgreSQL's answers, `doctor` has more patience than this test.
        if (!patience) expect(await doctorSays(read, names), line).toEqual([line]);
        lines.push(`| \`${name}\` | ${shown ?? `\`${given}\``} | ${withoutPlaces(line)} |`);
      }
    },
  );

  test('stands in docs/settings.md with what is said of it', async () => {
    const table = [...HEAD, ...lines.sort((a, b) => order(a) - order(b)), ''].join('\n');
    await expect(table).toMatchFileSnapshot('../docs/settings.md');
  });

  test('stands with its meaning in docs/operating.md', async () => {
    const operating = await readFile(join(import.meta.dirname, '../docs/operating.md'), 'utf8');
    expect(SETTING_NAMES.filter((name) => !operating.includes(`\`${name}\``))).toEqual([]);
  });

  const order = (line: string) => SETTING_NAMES.findIndex((name) => line.startsWith(`| \`${name}\` `));
});

const HEAD = [
  '# What is said of a bad setting',
  '',
  'Made by `test/settings.test.ts`, which tries each of them: do not write here. What the settings mean stands in',
  '[operating.md](operating.md#settings). The start ends with the line, exit code 1; `./lakana doctor` has the same words behind a ✗.',
  '',
  '| setting | given | what is said |',
  '|---|---|---|',
];

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
