/**
 * Secrets on WhatsApp: who wrote, what they said and sent, and the keys of the session are looked for in everything
 * the service leaves behind and in every byte it prints.
 */
import { randomBytes } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthenticationCreds, BufferJSON } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { createWhatsappSession } from '../../src/messengers/whatsapp/session.ts';
import type { Person } from '../fakes/whatsapp/person.ts';
import { sessionParts } from '../linked-number.ts';
import { type LinkedService, openLinkedService, type Process } from '../linked-service.ts';
import { type Canaries, found, foundInFiles, foundInTables } from './canaries.ts';

const SAID = {
  name: 'Zenabalarusca',
  narrative: 'kumbaxylographe',
  'last words': 'wintersloewenbach',
  file: 'voxcanariensis-0123456789',
  'file name': 'dossierobscurissime',
};
/** A console that nobody can replace. */
const OPEN_CONSOLE = `data:text/javascript,for (const name of Object.keys(console)) {
  const original = console[name];
  Object.defineProperty(console, name, { get: () => original, set: () => undefined });
}`;

let directory: string;
let watcher: FSWatcher;
/** Names of temporary files that there were at any time. */
const temporary = new Set<string>();
let embedded: Embedded;
let service: LinkedService;
let running: Process;
let awa: Person;
let who: Canaries;
let keys: Canaries;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lakana-canary-'));
  const temporaryFiles = join(directory, 'tmp');
  await mkdir(temporaryFiles);
  watcher = watch(temporaryFiles, { recursive: true }, (_event, name) => temporary.add(String(name)));
  embedded = await startEmbedded({ dataDir: directory, isDurable: false });
  const { url } = embedded;
  await migrateDatabase(url);
  service = await openLinkedService({
    database: { url, ...(await openDatabase({ url, max: 2 })) },
    folder: directory,
    env: { LOG_LEVEL: 'debug', TMPDIR: temporaryFiles },
  });
  keys = await keysOfTheNumber();
  running = service.start();
  await service.isReady();
  awa = service.whatsapp.person(SAID.name);
  who = { number: awa.number, LID: awa.lidUser, 'our number': service.whatsapp.number };
}, 180_000);

afterAll(async () => {
  watcher?.close();
  await service?.close();
  await embedded?.stop({ evenIfShared: true });
  await rm(directory, { recursive: true, force: true });
});

async function stored(names: readonly string[]): Promise<string[]> {
  const { database, keyring } = service;
  const values = await createWhatsappSession(sessionParts({ db: database.db, keyring })).read(names);
  return [...values.values()];
}

/** The private halves of who we are, and of the keys that people meet us by. */
async function keysOfTheNumber(): Promise<Canaries> {
  const [text = ''] = await stored(['creds']);
  const creds = JSON.parse(text, BufferJSON.reviver) as AuthenticationCreds;
  const preKeys = await stored(Array.from({ length: 20 }, (_, n) => `pre-key/${n + 1}`));
  expect(preKeys.length).toBeGreaterThan(5);
  const pairs = preKeys.map((each, n) => [`pre-key ${n}`, JSON.parse(each, BufferJSON.reviver).private]);
  return {
    'identity key': creds.signedIdentityKey.private,
    'noise key': creds.noiseKey.private,
    'signed pre-key': creds.signedPreKey.keyPair.private,
    'secret of the linking': Buffer.from(creds.advSecretKey, 'base64'),
    ...Object.fromEntries(pairs),
  };
}

/** Everything in the ratchet with Awa that is as long as a key. */
async function keysWithAwa(): Promise<Canaries> {
  const [text = ''] = await stored([`session/${awa.lidUser}_1.0`]);
  const strings = [...text.matchAll(/"([A-Za-z0-9+/=]{43,48})"/g)].map(([, string = '']) => string);
  expect(strings.length).toBeGreaterThan(3);
  return Object.fromEntries(strings.map((each, n) => [`key ${n} with Awa`, Buffer.from(each, 'base64')]));
}

describe('what people say on WhatsApp', () => {
  test('is taken in, with a lost session and a new phone between, which makes libsignal print', async () => {
    await awa.says('SOS');
    await awa.seesText('Nous avons reçu votre SOS', { within: 60_000 });
    await awa.says(SAID.narrative);
    await awa.sendsVoice(Buffer.from(`${SAID.file} `.repeat(400)));
    await awa.sendsDocument(Buffer.from(SAID.file), { name: `${SAID['file name']}.pdf` });
    await service.isQuiet();
    keys = { ...keys, ...(await keysWithAwa()) };
    await awa.losesSession();
    awa.isAddressedBy('number', { alone: true });
    await awa.says(SAID['last words']);
    await service.isQuiet();
    awa.reinstalls();
    await awa.says(SAID['last words']);
    await service.isQuiet();
    await expect
      .poll(async () => (await service.database.sql`select 1 from evidence where state = 'saved'`).length, {
        timeout: 60_000,
      })
      .toBe(2);
    expect(running.printed).toContain('console_captured');
  }, 180_000);

  test('would be found if it stood in the clear', async () => {
    const decoys = { 'a key': randomBytes(32), 'another key': randomBytes(32), 'a word': 'schattenmorelle' };
    const { sql } = service.database;
    await sql`create table decoy (key bytea, text text)`;
    await sql`insert into decoy values (${decoys['a key']}, ${decoys['another key'].toString('base64')})`;
    await sql`insert into decoy values (null, ${decoys['a word']})`;
    expect((await foundInTables(decoys, sql)).toSorted()).toEqual(
      Object.keys(decoys)
        .map((what) => `${what} in public.decoy`)
        .toSorted(),
    );
    expect((await foundInFiles(decoys, sql, directory)).some((hit) => hit.includes('pg_wal'))).toBe(true);
    await sql`drop table decoy`;
  });

  test('stands in no table, no job, no file of the database and no log line', async () => {
    const canaries = { ...SAID, ...who, ...keys };
    const { sql } = service.database;
    expect(await foundInTables(canaries, sql)).toEqual([]);
    expect(await foundInFiles(canaries, sql, directory)).toEqual([]);
    expect(found(canaries, 'what was printed', Buffer.from(running.printed, 'latin1'))).toEqual([]);
    expect([...temporary]).toEqual([]);
  });

  test('would be printed by libsignal, keys and all, if the service let it', async () => {
    const withAwa = await keysWithAwa();
    await running.kills();
    const careless = service.start({ preload: [OPEN_CONSOLE] });
    await service.isReady();
    await awa.losesSession();
    await awa.says(SAID['last words']);
    await service.isQuiet();
    const hits = found(withAwa, 'what was printed', Buffer.from(careless.printed, 'latin1'));
    expect(hits.length).toBeGreaterThan(0);
  }, 120_000);
});
