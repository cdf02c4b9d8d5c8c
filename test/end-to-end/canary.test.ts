/**
 * Secrets: words planted in everything a person can give the service are looked for in everything it leaves
 * behind, in the clear and after opening whatever the server's own keys still open.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { officerStateContext, reporterContext } from '../../src/app/alerting.ts';
import { conversationContext } from '../../src/app/conversing.ts';
import { evidenceContext } from '../../src/app/evidence.ts';
import { forget } from '../../src/app/forget.ts';
import { addOfficer } from '../../src/app/officers.ts';
import { bodyContext, messageRefContext } from '../../src/app/outbox.ts';
import { transact } from '../../src/app/transaction.ts';
import { type Config, Secret } from '../../src/config.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { openJson, unwrapEpochKey } from '../../src/crypto/epoch-key.ts';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../../src/db/clock.ts';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import type { ContactId } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { after, days } from '../../src/kernel/time.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { startFakeTelegram } from '../fakes/telegram/telegram.ts';

const CANARY = {
  name: 'Zenabalarusca',
  officer: 'Quodvultdea',
  narrative: 'kumbaxylographe',
  place: 'wintersloewenbach',
  file: 'voxcanariensis-0123456789',
  fileName: 'dossierobscurissime',
  token: '700123:CANARY-token_zwischenraum',
};

let directory: string;
let embedded: Embedded;
let telegram: Awaited<ReturnType<typeof startFakeTelegram>>;
let service: Service;
let sql: postgres.Sql;
/** The database's clock, moved on by so many days. */
let daysAhead = 0;
const clock: DatabaseClock = {
  now: async (tx) => after(await databaseClock.now(tx), days(daysAhead)),
};
let accountId = '';
const logged: string[] = [];
/** One stopwatch for the time guard: the clock is moved by nobody unexplained. */
const erasing = { mayErase: () => true };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lakana-canary-'));
  embedded = await startEmbedded({ dataDir: directory, isDurable: false });
  telegram = await startFakeTelegram({ token: CANARY.token });
  const log = createLog(
    'debug',
    new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk));
        done();
      },
    }),
  );
  const team = await createTeamKey();
  const config: Config = {
    mode: 'live',
    dataDir: directory,
    databaseUrl: new Secret(embedded.url),
    host: '127.0.0.1',
    port: 0,
    logLevel: 'debug',
    telegram: { token: new Secret(CANARY.token), apiRoot: telegram.root },
    keys: { serverKey: generateKeyringFile(), recipient: team.recipient },
    languages: ['fr', 'en'],
    defaultLanguage: 'fr',
    alertDetail: 'region',
    timeZone: 'Africa/Bamako',
    floodPerMinute: 1_000,
    isMetricsPublic: false,
  };
  service = await startService(config, log, clock);
  sql = postgres(embedded.url, { max: 1, onnotice: () => undefined });
}, 120_000);

afterAll(async () => {
  await sql?.end();
  await service?.stop();
  await telegram?.close();
  await embedded?.stop({ evenIfShared: true });
  await rm(directory, { recursive: true, force: true });
});

/** How a word may stand in bytes: as it is, in UTF-16, hexadecimal and base64 at any alignment. */
function disguises(word: string): Buffer[] {
  const plain = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), plain])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters of base64 depend on the neighbours.
    return Buffer.from(text.slice(shift === 0 ? 0 : 4, -2));
  });
  return [plain, Buffer.from(word, 'utf16le'), Buffer.from(plain.toString('hex')), ...base64];
}

function found(words: Readonly<Record<string, string>>, where: string, bytes: Buffer): string[] {
  return Object.entries(words).flatMap(([what, word]) => {
    if (word.length < 6) throw new Error(`${what} is too short to be looked for`);
    return disguises(word).some((each) => bytes.includes(each)) ? [`${what} in ${where}`] : [];
  });
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(nested)).flat();
}

async function inFiles(words: Readonly<Record<string, string>>): Promise<string[]> {
  await sql`checkpoint`;
  const hits: string[] = [];
  for (const path of await filesUnder(directory))
    hits.push(...found(words, path.slice(directory.length), await readFile(path)));
  return hits;
}

/** Every row of every table as text: PostgreSQL may compress what it stores, so files alone would not do. */
async function inTables(words: Readonly<Record<string, string>>): Promise<string[]> {
  const tables = await sql<{ schema: string; name: string }[]>`
    select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`;
  expect(tables.some(({ schema }) => schema === 'pgboss')).toBe(true);
  const hits: string[] = [];
  for (const { schema, name } of tables) {
    const rows = await sql`select t::text as row from ${sql(schema)}.${sql(name)} t`;
    for (const { row } of rows) hits.push(...found(words, `${schema}.${name}`, Buffer.from(String(row))));
  }
  return hits;
}

/** Everything under an epoch key that the server can open now, with where it stands. */
async function openable(): Promise<{ where: string; text: string }[]> {
  const { keyring } = service.ctx;
  const epochs = await sql`select id, wrapped_key from epochs where wrapped_key is not null`;
  const keys = new Map(epochs.map((row) => [row.id, unwrapEpochKey(keyring, row.id, row.wrapped_key)]));
  const live: { where: string; epoch: string | null; sealed: Uint8Array | null; contexts: string[] }[] = [];
  for (const row of await sql`select * from conversations`)
    live.push({
      where: 'conversations',
      epoch: row.epoch_id,
      sealed: row.state_sealed,
      contexts: [conversationContext(row.contact_id)],
    });
  for (const row of await sql`select * from deliveries`) {
    const contactId = row.contact_id as ContactId;
    live.push({
      where: 'deliveries.body',
      epoch: row.epoch_id,
      sealed: row.body_sealed,
      contexts: [bodyContext(contactId)],
    });
    live.push({
      where: 'deliveries.ref',
      epoch: row.epoch_id,
      sealed: row.message_ref_sealed,
      contexts: [messageRefContext(contactId)],
    });
  }
  for (const row of await sql`select * from evidence`)
    live.push({
      where: 'evidence',
      epoch: row.epoch_id,
      sealed: row.source_sealed,
      contexts: [evidenceContext(row.id)],
    });
  for (const row of await sql`select * from alerts`)
    live.push({
      where: 'alerts',
      epoch: row.epoch_id,
      sealed: row.reporter_sealed,
      contexts: [reporterContext(row.id)],
    });
  for (const row of await sql`select * from officer_contacts`)
    live.push({
      where: 'officers',
      epoch: row.epoch_id,
      sealed: row.state_sealed,
      contexts: [officerStateContext(row.contact_id)],
    });
  for (const row of await sql`select * from inbox where body_sealed is not null`)
    live.push({
      where: 'inbox',
      epoch: row.epoch_id,
      sealed: row.body_sealed,
      contexts: [`inbox/${row.channel}`],
    });
  return live.flatMap(({ where, epoch, sealed, contexts }) => {
    const key = epoch === null ? undefined : keys.get(epoch);
    if (!key || !sealed) return [];
    return contexts.map((context) => ({ where, text: JSON.stringify(openJson(key, context, sealed)) }));
  });
}

async function inOpened(words: Readonly<Record<string, string>>): Promise<string[]> {
  return (await openable()).flatMap(({ where, text }) => found(words, where, Buffer.from(text)));
}

/** Goes through the report to its end: the account in words and files, yes to what must be answered, the rest skipped. */
async function sends(reporter: ReturnType<typeof telegram.person>): Promise<void> {
  for (let screens = 0; screens < 60; screens++) {
    const seen = await reporter.seesText(/./);
    const labels = seen.rows.flat().map((button) => button.text);
    const press = (label: string) => reporter.presses(label);
    if (/Racontez/.test(seen.text)) {
      await reporter.says(CANARY.narrative);
      await reporter.sendsVoice(Buffer.from(`${CANARY.file} `.repeat(400)));
      await reporter.sendsDocument(Buffer.from(CANARY.file), { name: `${CANARY.fileName}.pdf` });
      await reporter.seesText(/Enregistré : 2/);
      await press('Terminé');
    } else if (labels.some((label) => /^Envoyer|\d\. Envoyer/.test(label))) {
      await press('Envoyer');
      await reporter.seesText(/\d{4} \d{4} \d{4} \d{4}/);
      return;
    } else if (labels.includes('Passer')) await press('Passer');
    else await press(labels[0] ?? 'Terminé');
  }
  throw new Error(`no end of the report:\n${reporter.screen().slice(-4).join('\n')}`);
}

/** What is in a report: after it is sent, none of it may be readable by the server. */
const REPORT = {
  narrative: CANARY.narrative,
  place: CANARY.place,
  file: CANARY.file,
  'file name': CANARY.fileName,
};

describe('words planted in a report', () => {
  test('are taken in, sent and acted on', async () => {
    const { code } = await transact(service.ctx, (tx, inside, now) =>
      addOfficer(tx, inside, now, { name: CANARY.officer, role: 'officer', language: 'fr' }),
    );
    const officer = telegram.person(CANARY.officer);
    await officer.says(`/start ${code}`);
    await officer.seesText(/ESSAI/);
    await officer.presses('Je suis de garde');

    const reporter = telegram.person(CANARY.name);
    accountId = String(reporter.id);
    await reporter.says('SOS');
    await reporter.seesText('Où êtes-vous ?');
    await reporter.says(CANARY.place);
    await reporter.presses('Oui');
    await reporter.presses('je continue');
    await sends(reporter);
    await officer.seesText(/[A-Z]{3,5}-\d{3,5}/);
    await officer.presses('prends');
    await telegram.until(() => telegram.unconfirmed() === 0);
    const [row] = await sql`select count(*)::int as n from case_items`;
    expect(row?.n).toBeGreaterThan(3);
  });

  test('would be found if they stood in the clear', async () => {
    // Other words than the canaries: these stay in the write-ahead log.
    const decoys = { plain: 'paragonfalterling', base64: 'schattenmorelle' };
    await sql`create table decoy (words text)`;
    const hidden = Buffer.from(`ab${decoys.base64}`).toString('base64');
    await sql`insert into decoy values (${`x${decoys.plain}x`}), (${hidden})`;
    expect(await inTables(decoys)).toEqual(['plain in public.decoy', 'base64 in public.decoy']);
    expect((await inFiles(decoys)).some((hit) => hit.includes('pg_wal'))).toBe(true);
    await sql`drop table decoy`;
  });

  test('stand nowhere in the clear: no table, job, log line or metric', async () => {
    const words = { ...CANARY, account: accountId };
    expect(await inTables(words)).toEqual([]);
    expect(found(words, 'log', Buffer.from(logged.join('')))).toEqual([]);
    expect(logged.length).toBeGreaterThan(3);
    expect(found(words, 'metrics', Buffer.from(await service.ctx.metrics.registry.metrics()))).toEqual([]);
  });

  test('are opened by the server, once taken into the case, nowhere but where the design allows', async () => {
    // The link from contact to case and the name of nobody: allowed until the epoch is destroyed.
    expect(await inOpened(REPORT)).toEqual([]);
    expect((await openable()).length).toBeGreaterThan(0);
  });

  test('are gone for the server once the day of the report is forgotten', async () => {
    // Seven days by the service's clock, as a live service lives them: an hourly run now and then.
    for (let day = 1; day <= 9; day++) {
      daysAhead = day;
      await forget(service.ctx, erasing);
    }
    const [kept] = await sql`select count(*)::int as n from epochs where wrapped_key is not null`;
    const [gone] = await sql`select count(*)::int as n from epochs where wrapped_key is null`;
    expect(gone?.n).toBeGreaterThan(0);
    expect(kept?.n).toBeGreaterThan(0);
    expect(await inOpened({ ...CANARY, account: accountId })).toEqual([]);
  });
});

describe('the directory of the database', () => {
  test('holds none of the words, in no table file and not in the write-ahead log', async () => {
    expect(await inFiles({ ...CANARY, account: accountId })).toEqual([]);
  });
});
