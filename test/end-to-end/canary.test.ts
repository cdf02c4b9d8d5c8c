/**
 * Secrets: words planted in everything a person can give the service are looked for in everything it leaves
 * behind, in the clear and after opening whatever the server's own keys still open.
 */
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMPTY_PLAN } from '../../src/alerts/plan.ts';
import { storePlan } from '../../src/app/duty/duty-plan.ts';
import { addContact } from '../../src/app/duty/officer-contacts.ts';
import { bodyContext, messageRefContext } from '../../src/app/ground/outbox.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { conversationContext } from '../../src/app/records/conversation-record.ts';
import { officerStateContext } from '../../src/app/records/officer-state.ts';
import { reporterContext } from '../../src/app/records/reporter-link.ts';
import { evidenceContext } from '../../src/app/reporters/evidence.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { measure } from '../../src/app/watch/measuring.ts';
import { openJson, unwrapEpochKey } from '../../src/crypto/epoch-key.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { type ContactId, newId, type OfficerId } from '../../src/kernel/ids.ts';
import { days } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import type { Person } from '../fakes/telegram/person.ts';
import { metricsIn, ROOT } from '../ops-files.ts';
import { type Canaries, found, foundInFiles, foundInTables } from './canaries.ts';
import { type Telegram, telegramWith } from './messengers/telegram.ts';
import { openWorld, type World } from './world.ts';

const CANARY = {
  name: 'Zenabalarusca',
  officer: 'Quodvultdea',
  narrative: 'kumbaxylographe',
  place: 'wintersloewenbach',
  file: 'voxcanariensis-0123456789',
  fileName: 'dossierobscurissime',
  token: '700123:CANARY-token_zwischenraum',
  receiver: 'sirenetraumgewebe',
  reason: 'verwandtenkuckuck',
  question: 'lesefruchtpergament',
};

let directory: string;
let watcher: FSWatcher;
/** Names of temporary files that there were at any time. */
const temporary = new Set<string>();
let embedded: Embedded;
let world: World<Telegram>;
let sql: Database['sql'];
let accountId = '';
const usualTemporary = process.env.TMPDIR;
/** One stopwatch for the time guard: the clock is moved by nobody unexplained. */
const erasing = { mayErase: () => true };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lakana-canary-'));
  // Whatever of this process wants a temporary file gets it here, and is seen even if it deletes it at once.
  process.env.TMPDIR = join(directory, 'tmp');
  await mkdir(tmpdir());
  watcher = watch(tmpdir(), { recursive: true }, (_event, name) => temporary.add(String(name)));
  embedded = await startEmbedded({ dataDir: directory, isDurable: false });
  const { url } = embedded;
  world = await openWorld(telegramWith({ token: CANARY.token }), {
    database: { url, ...(await openDatabase({ url, max: 1 })) },
    config: { dataDir: directory, logLevel: 'debug' },
  });
  sql = world.database.sql;
}, 120_000);

afterAll(async () => {
  if (usualTemporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usualTemporary;
  watcher?.close();
  await world?.close();
  await embedded?.stop({ evenIfShared: true });
  await rm(directory, { recursive: true, force: true });
});

const inFiles = (words: Canaries) => foundInFiles(words, sql, directory);
const inTables = (words: Canaries) => foundInTables(words, sql);

/** Everything under an epoch key that the server can open now, with where it stands. */
async function openable(): Promise<{ where: string; text: string }[]> {
  const { keyring } = world.ctx();
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

async function inOpened(words: Canaries): Promise<string[]> {
  return (await openable()).flatMap(({ where, text }) => found(words, where, Buffer.from(text)));
}

/** Goes through the report to its end: the account in words and files, yes to what must be answered, the rest skipped. */
async function sends(reporter: Person): Promise<void> {
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
      await reporter.seesText('Votre signalement est enregistré');
      return;
    } else if (labels.includes('Passer')) await press('Passer');
    else await press(labels[0] ?? 'Terminé');
  }
  throw new Error(`no end of the report:\n${reporter.screen().slice(-4).join('\n')}`);
}

/** How an officer is reached besides, and why they must not have certain cases. */
async function plantInDuty(): Promise<void> {
  const [officer] = await sql<{ id: OfficerId }[]>`select id from officers`;
  const officerId = officer?.id ?? newId<OfficerId>();
  await transact(world.ctx(), async (at) => {
    const to = { officerId, language: 'fr' };
    const added = await addContact(at, to, 'webhook', `http://127.0.0.1:9/${CANARY.receiver}`);
    expect(added.ok).toBe(true);
    const exclusion = { officer: officerId, regions: ['20'], perpetrators: [], reason: CANARY.reason };
    await storePlan(at, EMPTY_PLAN, [exclusion]);
  });
}

/** A person who only reads: questions with a word of theirs in it, at first contact and in the room. */
async function asksToUnderstand(): Promise<void> {
  const reader = world.person('Oumou');
  await reader.says(`comment saisir la CNDH ${CANARY.question}`);
  await reader.seesText('« Saisir » veut dire');
  for (const said of ['la cour de la cedeao', 'qui lit mes messages', 'combien de jours de garde a vue']) {
    await reader.says(`${said} ${CANARY.question}`);
    await reader.seesText('Voici les chapitres les plus proches');
  }
  await reader.says(CANARY.question);
  await reader.seesText("Nous n'avons pas trouvé de chapitre");
}

/** What is in a report: after it is sent, none of it may be readable by the server. What a reader asked never is. */
const REPORT = {
  question: CANARY.question,
  narrative: CANARY.narrative,
  place: CANARY.place,
  file: CANARY.file,
  'file name': CANARY.fileName,
};

describe('words planted in a report', () => {
  test('are taken in, sent and acted on', async () => {
    const officer = await world.enrolOfficer(CANARY.officer);
    await plantInDuty();
    const reporter = world.person(CANARY.name);
    accountId = String(reporter.account);
    await reporter.says('SOS');
    await reporter.seesText('Où êtes-vous ?');
    await reporter.says(CANARY.place);
    await reporter.chooses('Oui');
    await reporter.chooses('je continue');
    await sends(reporter.phone);
    await officer.seesText(/[A-Z]{3,5}-\d{3,5}/);
    await officer.chooses('prends');
    await asksToUnderstand();
    await world.isQuiet();
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
    await writeFile(join(tmpdir(), 'decoy'), decoys.plain);
    await expect.poll(() => [...temporary]).toContain('decoy');
    expect(await inFiles(decoys)).toContain('plain in /tmp/decoy');
    await rm(join(tmpdir(), 'decoy'));
  });

  test('stand nowhere in the clear: no table, job, log line or metric', async () => {
    const words = { ...CANARY, account: accountId };
    expect(await inTables(words)).toEqual([]);
    expect(found(words, 'log', Buffer.from(world.logged.join('')))).toEqual([]);
    expect(world.logged.length).toBeGreaterThan(3);
    await measure(world.ctx(), new Date(0), new Date());
    const metrics = await world.ctx().metrics.registry.metrics();
    expect(found(words, 'metrics', Buffer.from(metrics))).toEqual([]);
    // What is watched from outside is measured by a service that runs, and nothing else is a label.
    const watched = metricsIn(await readFile(`${ROOT}ops/rules.yml`, 'utf8')).filter((name) =>
      /^lakana_[a-z]/.test(name),
    );
    expect(watched.filter((name) => !metrics.includes(`# TYPE ${name} `))).toEqual([]);
    const labels = new Set([...metrics.matchAll(/[{,](\w+)="/g)].map(([, name]) => name));
    expect([...labels].sort()).toEqual(['channel', 'class', 'le', 'level', 'outcome']);
  });

  test('are opened by the server, once taken into the case, nowhere but where the design allows', async () => {
    // The link from contact to case and the name of nobody: allowed until the epoch is destroyed.
    expect(await inOpened(REPORT)).toEqual([]);
    expect((await openable()).length).toBeGreaterThan(0);
  });

  test('are gone for the server once the day of the report is forgotten', async () => {
    // Seven days by the service's clock, as a live service lives them: an hourly run now and then.
    for (let day = 1; day <= 9; day++) {
      await world.passes(days(1));
      await forget(world.ctx(), erasing, keepingOf());
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

  test('is the only place: there was no temporary file at any time but the one we looked for', () => {
    expect([...temporary]).toEqual(['decoy']);
  });
});
