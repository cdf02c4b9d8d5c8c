/** The main job on WhatsApp: unpatched Baileys over its socket, real PostgreSQL, real keys and jobs. */
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addOfficer } from '../../src/app/officers.ts';
import { transact } from '../../src/app/transaction.ts';
import { type Config, Secret } from '../../src/config.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { captureConsole, createLog } from '../../src/kernel/log.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { readCase } from '../case-file.ts';
import { createTestDatabase } from '../database.ts';
import { startFakeTelegram } from '../fakes/telegram/telegram.ts';
import type { Person } from '../fakes/whatsapp/person.ts';
import { trust } from '../fakes/whatsapp/trust.ts';
import { startFakeWhatsApp } from '../fakes/whatsapp/whatsapp.ts';
import { link } from '../linked-number.ts';
import { referenceIn } from './world.ts';

let world: Awaited<ReturnType<typeof openWorld>>;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** A service whose number is linked to a fake WhatsApp. */
async function openWorld() {
  const [database, whatsapp, telegram, team] = await Promise.all([
    createTestDatabase(),
    startFakeWhatsApp(),
    startFakeTelegram(),
    createTeamKey(),
  ]);
  const distrust = trust(whatsapp.credentials);
  const serverKey = generateKeyringFile();
  const keyring = parseKeyring(serverKey);
  const logged: string[] = [];
  const log = createLog(
    'info',
    new Writable({ write: (chunk, _encoding, done) => done(void logged.push(String(chunk))) }),
  );
  const release = captureConsole(log);
  await link({ db: database.db, keyring }, whatsapp);
  const config: Config = {
    mode: 'live',
    dataDir: '/nonexistent',
    databaseUrl: new Secret(database.url),
    host: '127.0.0.1',
    port: 0,
    logLevel: 'info',
    whatsapp: { socketUrl: whatsapp.url, disappearAfter: 86_400, perMinute: 10_000 },
    telegram: { token: new Secret(telegram.token), apiRoot: telegram.root },
    keys: { serverKey, recipient: team.recipient },
    languages: ['fr', 'en'],
    defaultLanguage: 'fr',
    alertDetail: 'region',
    timeZone: 'Africa/Bamako',
    floodPerMinute: 1_000,
    isMetricsPublic: false,
  };
  const start = () => startService(config, log, { clock: databaseClock, stopwatch: () => performance.now() });
  let service: Service | undefined = await start();
  await whatsapp.isReady();
  const codeFor = async (name: string): Promise<string> => {
    const { ctx } = service as Service;
    const { code } = await transact(ctx, (tx, inside, now) =>
      addOfficer(tx, inside, now, { name, role: 'officer', language: 'fr' }),
    );
    return code;
  };
  return {
    database,
    whatsapp,
    telegram,
    logged,
    codeFor,
    async stops(): Promise<void> {
      await service?.stop();
      service = undefined;
    },
    async starts(): Promise<void> {
      service = await start();
      await whatsapp.isReady();
    },
    async enrolOfficer(name: string): Promise<Person> {
      const code = await codeFor(name);
      const person = whatsapp.person(name);
      await person.says(`/start ${code}`);
      await person.seesText('Êtes-vous de garde');
      await person.says('je suis de garde');
      await person.seesText('Vous êtes de garde', { ever: true });
      return person;
    },
    read: (reference: string) => readCase(database.db, keyring, team.secret, reference),
    async close(): Promise<void> {
      await service?.stop();
      distrust();
      release();
      await Promise.all([whatsapp.close(), telegram.close()]);
      await database.close();
    },
  };
}

test('an SOS rings an officer, who takes it with a number, and the answers come back', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  const awa = world.whatsapp.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  await kadi.seesText(`CRITIQUE · ${reference}`);
  await kadi.says('1');
  await kadi.seesText('À VOUS depuis');
  await awa.says('Kati, derrière le marché');
  await awa.says('1');
  await awa.says('statut');
  await awa.seesText(/s'en occupe depuis \d\d:\d\d/);
  const said = JSON.stringify((await world.read(reference)).items);
  expect(said).toContain('Kati, derrière le marché');
  // Nothing of it on the officer's phone, in the log, or in the table of what was decrypted.
  expect(kadi.screen().join('\n')).not.toContain('Kati, derrière');
  expect(world.logged.join('')).not.toMatch(/Kati|SOS|2237600000|20000000000000/);
  await world.whatsapp.until(() => world.whatsapp.unconfirmed() === 0);
  const waiting = () => world.database.sql`select 1 from whatsapp_staged where body_sealed is not null`;
  await expect.poll(async () => (await waiting()).length).toBe(0);
  expect(await foundInTables(['Kati, derrière', awa.number, awa.lidUser, kadi.number, 'Kadi'])).toEqual([]);
  // It would be found: what stands there in the clear is.
  expect(await foundInTables([reference])).toContain(`cases: ${reference}`);
});

/** Where these words stand in the clear, in any row of any table, as text or as bytes. */
async function foundInTables(words: readonly string[]): Promise<string[]> {
  const { sql } = world.database;
  const tables = await sql<{ schema: string; name: string }[]>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`;
  const found: string[] = [];
  for (const { schema, name } of tables) {
    const rows = await sql<{ all: string }[]>`select t::text as all from ${sql(schema)}.${sql(name)} t`;
    const text = rows.map((row) => row.all).join('\n');
    for (const word of words)
      if (text.includes(word) || text.includes(Buffer.from(word).toString('hex')))
        found.push(`${name}: ${word}`);
  }
  return found;
}

test('a voice note is saved byte for byte, and a call is declined with words', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  const awa = world.whatsapp.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  await kadi.seesText(reference);
  const voice = Buffer.from('a voice note '.repeat(5_000));
  await awa.sendsVoice(voice);
  await awa.seesText(/Enregistré : 1/, { ever: true });
  expect((await world.read(reference)).files).toEqual([voice]);
  const call = awa.calls();
  await awa.seesCallEnd(call);
  await awa.seesText(/./);
});

test('what people write while the service is down is handled once and in order when it is back', async () => {
  const people = Array.from({ length: 10 }, (_, n) => world.whatsapp.person(`P${n}`));
  for (const person of people) await person.says('SOS');
  const references: string[] = [];
  for (const person of people)
    references.push(referenceIn((await person.seesText('Nous avons reçu votre SOS')).text));
  await world.stops();
  for (let word = 1; word <= 20; word++)
    for (const [n, person] of people.entries()) {
      // Known by LID, then by number, in turn: one person all the same.
      person.isAddressedBy(word % 3 === 0 ? 'number' : 'lid');
      await person.says(`mot ${word} de ${n}`);
    }
  await world.starts();
  await world.whatsapp.until(() => world.whatsapp.unconfirmed() === 0, 60_000);
  const waiting = () => world.database.sql`select 1 from whatsapp_staged where body_sealed is not null`;
  await expect.poll(async () => (await waiting()).length, { timeout: 60_000 }).toBe(0);
  const wanted = Array.from({ length: 20 }, (_, n) => n + 1);
  for (const [n, reference] of references.entries()) {
    const said = JSON.stringify((await world.read(reference)).items);
    const words = [...said.matchAll(/mot (\d+) de (\d+)/g)];
    expect(words.map(([, word]) => Number(word))).toEqual(wanted);
    expect(new Set(words.map(([, , who]) => who))).toEqual(new Set([String(n)]));
  }
  const [{ count } = { count: 0 }] = await world.database.sql`select count(*)::int from contacts`;
  expect(count).toBe(people.length);
}, 120_000);

test('who writes from a new phone begins anew: nothing of before is shown, and SOS rings at once', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  const awa = world.whatsapp.person('Awa');
  await awa.says('SOS');
  const first = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  await kadi.seesText(first);
  await awa.says('Kati, derrière le marché');
  await expect.poll(async () => JSON.stringify((await world.read(first)).items)).toContain('Kati');
  await awa.seesText(/./);
  awa.reinstalls();
  await awa.says('statut');
  await awa.says('mon dossier');
  await awa.seesText(/./);
  await awa.says('SOS');
  const second = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  expect(second).not.toBe(first);
  await kadi.seesText(second);
  const screen = awa.screen().join('\n');
  expect(screen.slice(screen.indexOf('mon dossier'))).not.toContain(first);
  const [{ count } = { count: 0 }] = await world.database.sql`select count(*)::int from contacts`;
  expect(count).toBe(3);
});

test('when the handset has disconnected us, an officer on Telegram is told what to do, and reports arrive there', async () => {
  const issa = world.telegram.person('Issa');
  await issa.says(`/start ${await world.codeFor('Issa')}`);
  await issa.presses('Je suis de garde');
  await issa.seesText('Vous êtes de garde');
  world.whatsapp.handset.unlinks();
  await issa.seesText('npx lakana whatsapp pair', { ever: true });
  const awa = world.telegram.person('Awa');
  await awa.says('SOS');
  await awa.seesText('Nous avons reçu votre SOS');
  await issa.seesText('CRITIQUE');
});
