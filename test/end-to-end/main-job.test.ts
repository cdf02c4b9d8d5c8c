/** The main job, through the whole service: real HTTP to a Bot API server, real PostgreSQL, real keys and jobs. */
import { createServer } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addOfficer } from '../../src/app/officers.ts';
import { transact } from '../../src/app/transaction.ts';
import { evidenceHeader } from '../../src/cases/evidence-seal.ts';
import { type Config, Secret } from '../../src/config.ts';
import { createTeamKey, openCaseSecret, openSealed, openStream } from '../../src/crypto/case-key.ts';
import { verifyChain } from '../../src/crypto/chain.ts';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { chunksOf, evidenceOf, findCaseByReference, itemsOf, wrapsOf } from '../../src/db/cases.ts';
import { createLog } from '../../src/kernel/log.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import type { Person } from '../fakes/telegram/person.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';

type Mode = 'polling' | 'webhook';

const SECRET = 'a-webhook-secret-of-this-test';
const REFERENCE = /[A-Z]{4}-\d{4}/;

let database: TestDatabase;
let telegram: FakeTelegram;
let team: { secret: string; recipient: string };
let config: Config;
const services: Service[] = [];

beforeEach(async () => {
  [database, telegram, team] = await Promise.all([
    createTestDatabase(),
    startFakeTelegram(),
    createTeamKey(),
  ]);
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
  await telegram.close();
  await database.close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

async function start(mode: Mode, more: Partial<Config> = {}): Promise<Service> {
  const port = await freePort();
  config ??= {} as Config;
  config = {
    mode: 'live',
    dataDir: '/nonexistent',
    databaseUrl: new Secret(database.url),
    host: '127.0.0.1',
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    logLevel: 'info',
    telegram: {
      token: new Secret(telegram.token),
      apiRoot: telegram.root,
      ...(mode === 'webhook' ? { webhookSecret: new Secret(SECRET) } : {}),
    },
    keys: { serverKey: generateKeyringFile(), recipient: team.recipient },
    languages: ['fr', 'en'],
    defaultLanguage: 'fr',
    alertDetail: 'region',
    timeZone: 'Africa/Bamako',
    floodPerMinute: 1_000,
    isMetricsPublic: false,
    ...more,
  };
  return started(config);
}

async function started(settings: Config): Promise<Service> {
  const quiet = new Writable({ write: (_chunk, _encoding, done) => done() });
  const service = await startService(settings, createLog('info', quiet));
  services.push(service);
  return service;
}

async function officer(service: Service, name: string, role: 'officer' | 'supervisor' = 'officer') {
  const { code } = await transact(service.ctx, (tx, ctx, now) =>
    addOfficer(tx, ctx, now, { name, role, language: 'fr' }),
  );
  const person = telegram.person(name);
  await person.says(`/start ${code}`);
  await person.presses('Je suis de garde');
  await person.seesText('Vous êtes de garde');
  return person;
}

type Opened = { kind: string; payload: Record<string, unknown> }[];

/** What the team reads, on its own machine: the chain is whole, and every item opens with the team's key. */
async function opened(service: Service, reference: string): Promise<Opened> {
  const { db } = database;
  const row = await findCaseByReference(db, reference);
  if (!row) throw new Error(`no case ${reference}`);
  const items = await itemsOf(db, row.id);
  const verdict = verifyChain({
    caseId: row.id,
    items,
    verifier: service.ctx.keyring.signer,
    expected: { head: row.chainHead, length: row.chainLength },
  });
  expect(verdict.ok).toBe(true);
  const [wrap] = await wrapsOf(db, row.id);
  const secret = await openCaseSecret(team.secret, row.id, wrap?.wrapped ?? new Uint8Array());
  return Promise.all(
    items.map(async ({ kind, place, ciphertext }) => {
      const header = { type: kind, version: 1, caseId: row.id, place };
      const bytes = await openSealed(secret, header, ciphertext);
      return { kind, payload: JSON.parse(new TextDecoder().decode(bytes)) };
    }),
  );
}

async function files(reference: string): Promise<Buffer[]> {
  const { db } = database;
  const row = await findCaseByReference(db, reference);
  if (!row) throw new Error(`no case ${reference}`);
  const [wrap] = await wrapsOf(db, row.id);
  const secret = await openCaseSecret(team.secret, row.id, wrap?.wrapped ?? new Uint8Array());
  const all: Buffer[] = [];
  for (const { id } of await evidenceOf(db, row.id)) {
    const stream = await openStream(
      secret,
      evidenceHeader(row.id, id),
      ReadableStream.from(chunksOf(db, id)),
    );
    const pieces: Uint8Array[] = [];
    for await (const piece of stream) pieces.push(piece);
    all.push(Buffer.concat(pieces));
  }
  return all;
}

const referenceIn = (text: string): string => REFERENCE.exec(text)?.[0] ?? 'none';

/** Answers every question with its first option, the account in words and a voice note; returns the last screen. */
async function reports(person: Person, account: string, voice?: Uint8Array): Promise<string> {
  for (let screens = 0; screens < 80; screens++) {
    const seen = await person.seesText(/./);
    const labels = seen.rows.flat().map((button) => button.text);
    if (/Racontez/.test(seen.text)) {
      await person.says(account);
      if (voice) {
        await person.sendsVoice(voice);
        await person.seesText(/Enregistré : 1/);
      }
      await person.presses('Terminé');
    } else if (labels.some((label) => /Envoyer/.test(label))) {
      await person.presses('Envoyer');
      return (await person.seesText(/\d{4} \d{4} \d{4} \d{4}/)).text;
    } else if (/Êtes-vous en danger maintenant/.test(seen.text))
      await person.presses('Non, pas en ce moment');
    else if (labels.includes('Passer')) await person.presses('Passer');
    else await person.presses(labels[0] ?? 'Terminé');
  }
  throw new Error(`the report has no end:\n${person.screen().slice(-3).join('\n')}`);
}

describe.each<Mode>(['polling', 'webhook'])('by %s', (mode) => {
  test('a defender reports what happened, and only the team can read it', async () => {
    const service = await start(mode);
    const awa = telegram.person('Awa');
    await awa.says('/start');
    await awa.seesText('Choisissez votre langue');
    const voice = Buffer.from('a voice note '.repeat(5_000));
    const last = await reports(awa, 'Deux hommes ont suivi ma moto.', voice);
    const reference = referenceIn(last);
    const items = await opened(service, reference);
    const said = JSON.stringify(items);
    // The voice note was there before the report was sent.
    expect(items.map(({ kind }) => kind)).toEqual(['evidence', 'report']);
    expect(said).toContain('Deux hommes ont suivi ma moto.');
    expect(said).toContain('"step":"consent"');
    expect(said).toContain(String(awa.id));
    expect(await files(reference)).toEqual([voice]);
    await telegram.until(() => telegram.unconfirmed() === 0);
  });

  test('an SOS rings an officer, who takes it, and the answers come back', async () => {
    const service = await start(mode);
    const supervisor = await officer(service, 'Salif', 'supervisor');
    const kadi = await officer(service, 'Kadi');
    const issa = await officer(service, 'Issa');
    const awa = telegram.person('Awa');
    await awa.says('SOS');
    const reference = referenceIn((await awa.seesText(/SOS/)).text);
    await Promise.all([kadi.seesText(reference), issa.seesText(reference)]);

    // Both press at once: one has it, and everybody who was paged sees who and when.
    await Promise.all([kadi.presses('Je prends'), issa.presses('Je prends')]);
    await Promise.all([kadi.seesText(/prise|Prise|À VOUS/), issa.seesText(/prise|Prise|À VOUS/)]);
    const hasIt = (person: Person) => person.screen().some((line) => line.includes('À VOUS'));
    await telegram.until(() => [kadi, issa].some(hasIt));
    const takers = [kadi, issa].filter(hasIt);
    expect(takers).toHaveLength(1);
    await supervisor.seesText(new RegExp(`${reference}[^]*prise par`, 'i'), { ever: true });

    await awa.says('Kati, derrière le marché');
    await awa.presses('Oui');
    await awa.says('statut');
    await awa.seesText(/s'en occupe depuis \d\d:\d\d/);
    const [taker] = takers;
    await taker?.presses('pouvez-vous parler');
    await awa.seesText(/parler/);
    await awa.says('Oui, je peux parler');
    await taker?.seesText(`Nouvelles réponses dans ${reference}`, { within: 15_000 });
    const said = JSON.stringify(await opened(service, reference));
    expect(said).toContain('Kati, derrière le marché');
    expect(said).toContain('Oui, je peux parler');
    expect(said).toContain('"kind":"phrase"');
  });
});

test('in a group the bot says once that it only talks in private', async () => {
  await start('polling');
  const group = telegram.group('Comité');
  const awa = telegram.person('Awa');
  await awa.saysIn(group, '/start@lakana_test_bot');
  await telegram.sawCall((call) => call.method === 'sendMessage');
  await awa.saysIn(group, '/start@lakana_test_bot');
  await telegram.until(() => telegram.unconfirmed() === 0);
  const said = telegram.callsOf('sendMessage').map((params) => String(params.text));
  expect(said).toEqual(['Je réponds seulement en privé. Écrivez-moi directement.']);
});

test('an SOS again joins the alert, and the officers see how often', async () => {
  const service = await start('polling');
  const kadi = await officer(service, 'Kadi');
  const awa = telegram.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText(/SOS/)).text);
  await kadi.seesText(reference);
  await awa.says('SOS');
  await awa.seesText(/./);
  await awa.says('sos');
  await kadi.seesText(/redemande : 3e fois/, { ever: true });
  const rows = await database.sql`select count(*)::int as n from alerts`;
  expect(rows[0]?.n).toBe(1);
});

test('two processes on one database: every word once and in order, whichever of them takes it', async () => {
  await start('polling');
  await started({ ...config, port: 0 });
  const people = Array.from({ length: 12 }, (_, n) => telegram.person(`P${n}`));
  for (const person of people) await person.says('SOS');
  for (const person of people) await person.seesText('Où êtes-vous ?');
  for (let n = 1; n <= 6; n++) for (const person of people) await person.says(`mot ${n} de ${person.id}`);
  await telegram.until(() => telegram.unconfirmed() === 0, 30_000);
  const [service] = services;
  if (!service) throw new Error('no service');
  const cases = await database.sql<{ reference: string }[]>`select reference from cases`;
  expect(cases).toHaveLength(people.length);
  const told = await Promise.all(
    cases.map(async ({ reference }) => {
      const words = JSON.stringify(await opened(service, reference)).match(/mot \d de \d+/g) ?? [];
      return words;
    }),
  );
  for (const words of told) {
    const owner = words[0]?.split(' ').at(-1);
    expect(words).toEqual([1, 2, 3, 4, 5, 6].map((n) => `mot ${n} de ${owner}`));
  }
});

test('a Bot API server that knows two methods carries an SOS', async () => {
  await telegram.close();
  telegram = await startFakeTelegram({ methods: ['getUpdates', 'sendMessage'] });
  await start('polling');
  const awa = telegram.person('Awa');
  await awa.says('au secours');
  await awa.seesText(REFERENCE);
});

test('a message that makes the program fail three times becomes a case for a person, and the next one is handled', async () => {
  const service = await start('polling');
  const kadi = await officer(service, 'Kadi');
  const { conversation } = service.ctx;
  const { triage } = conversation;
  conversation.triage = (answers, now) => {
    if (JSON.stringify(answers).includes('poison')) throw new Error('a bug');
    return triage(answers, now);
  };
  const awa = telegram.person('Awa');
  await awa.says('/start');
  await awa.presses('Français');
  await awa.seesText('Êtes-vous en danger');
  await awa.says('poison');
  const told = (await awa.seesText(/la machine ne l'a pas compris/, { within: 20_000 })).text;
  const reference = referenceIn(told);
  await kadi.seesText(reference, { ever: true });
  expect(JSON.stringify(await opened(service, reference))).toContain('poison');
  await awa.says('SOS');
  await awa.seesText('Où êtes-vous ?');
  await telegram.until(() => telegram.unconfirmed() === 0);
}, 60_000);

test('somebody who floods is told once, everything is kept, and an SOS is answered at once', async () => {
  const service = await start('polling', { floodPerMinute: 5 });
  const awa = telegram.person('Awa');
  await awa.says('SOS');
  await awa.seesText('Où êtes-vous ?');
  for (let n = 1; n <= 12; n++) await awa.says(`mot ${n} de ${awa.id}`);
  await telegram.until(() => telegram.unconfirmed() === 0, 20_000);
  const slowed = () => awa.screen().filter((line) => line.includes('Vous écrivez vite'));
  await telegram.until(() => slowed().length > 0);
  expect(slowed()).toHaveLength(1);
  await awa.says('SOS');
  const { text } = await awa.seesText(REFERENCE);
  const said = JSON.stringify(await opened(service, referenceIn(text)));
  for (let n = 1; n <= 12; n++) expect(said).toContain(`mot ${n} de ${awa.id}`);
}, 60_000);

test('after an outage the first answer to each person says from when to when, once', async () => {
  await start('polling');
  const awa = telegram.person('Awa');
  await awa.says('/start');
  await awa.seesText('Choisissez votre langue');
  await database.sql`insert into outages (started_at, ended_at) values (now() - interval '2 hours', now())`;
  await awa.presses('Français');
  await awa.seesText(/en panne de \d\d:\d\d à \d\d:\d\d/, { ever: true });
  await awa.says('bonjour');
  await awa.seesText(/./);
  await telegram.until(() => telegram.unconfirmed() === 0);
  expect(awa.screen().filter((line) => line.includes('en panne'))).toHaveLength(1);
});
