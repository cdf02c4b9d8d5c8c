/** WhatsApp through unpatched Baileys, on a fake server that speaks its protocol: how soon people are answered, and what a thousand of them cost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../src/crypto/keyring.ts';
import { openDatabase } from '../src/db/database.ts';
import { captureConsole, createLog } from '../src/kernel/log.ts';
import { BareBot } from '../test/channels/whatsapp/bare-bot.ts';
import type { Person } from '../test/fakes/whatsapp/person.ts';
import { trust } from '../test/fakes/whatsapp/trust.ts';
import { type FakeWhatsApp, startFakeWhatsApp } from '../test/fakes/whatsapp/whatsapp.ts';
import { link } from '../test/linked-number.ts';
import { liveEnvironment } from '../test/live-config.ts';
import { startFlags } from './start-flags.ts';
import { percentile, type Row } from './table.ts';
import { type Server, timed } from './world.ts';

const PROJECT = join(import.meta.dirname, '..');
/** People who write in turn, and how often each. */
const PEOPLE = 20;
const TURNS = 5;
const CONTACTS = 1_000;
const DROPS = 10;
const PATIENCE = 60_000;

export async function benchWhatsapp(server: Server): Promise<Row[]> {
  const release = captureConsole(createLog('silent'));
  const echo = await roundTripsOfEcho();
  const world = await openWorld(server);
  const { whatsapp } = world;
  const atRest = await world.megabytes();
  const ours = await roundTrips(whatsapp, 'aide');
  const crowd = Array.from({ length: CONTACTS }, (_, n) => whatsapp.person(`C${n}`));
  const wrote = await timed(crowd, 16, async (person) => {
    await person.says('bonjour');
    await person.sees('an answer', () => true, { within: PATIENCE });
  });
  const afterwards = await world.megabytes();
  const back = await reconnects(whatsapp);
  await world.restarts();
  const again = await world.megabytes();
  await world.close();
  release();
  return [
    {
      what: 'WhatsApp: a message to the answer on the phone',
      median: percentile(ours, 0.5),
      p99: percentile(ours, 0.99),
      ratio: percentile(ours, 0.5) / percentile(echo, 0.5),
      against: 'the bare echo',
      note: 'through Baileys, staged, one person at a time',
    },
    {
      what: 'reference: bare Baileys that echoes, keys in memory',
      median: percentile(echo, 0.5),
      p99: percentile(echo, 0.99),
    },
    {
      what: `WhatsApp: ${CONTACTS} people write for the first time, 16 at once`,
      median: percentile(wrote.each, 0.5),
      p99: percentile(wrote.each, 0.99),
      perSecond: wrote.each.length / wrote.seconds,
    },
    {
      what: 'WhatsApp: from a cut connection to the next one',
      median: percentile(back, 0.5),
      p99: percentile(back, 0.99),
      note: 'the first wait is 0.5 to 1 s by chance',
    },
    {
      what: `memory with ${CONTACTS} contacts' sessions`,
      note: `${atRest} MB before, ${afterwards} MB after, ${again} MB after a restart`,
    },
  ];
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How long each message takes from a person's phone to an answer on it. */
async function roundTrips(whatsapp: FakeWhatsApp, words: string): Promise<number[]> {
  const people = Array.from({ length: PEOPLE }, (_, n) => whatsapp.person(`P${n}`));
  const each: number[] = [];
  const trip = async (person: Person) => {
    const began = performance.now();
    await person.says(words);
    await person.sees('an answer', () => true, { within: PATIENCE });
    each.push(performance.now() - began);
  };
  // The first exchange with a person makes keys: it is not counted.
  for (const person of people) await trip(person);
  each.length = 0;
  for (let turn = 0; turn < TURNS; turn++) for (const person of people) await trip(person);
  return each;
}

async function roundTripsOfEcho(): Promise<number[]> {
  const whatsapp = await startFakeWhatsApp();
  const distrust = trust(whatsapp.credentials);
  const bot = new BareBot(whatsapp.url);
  await whatsapp.handset.scans(await bot.shows('qr'));
  await bot.closesWith(515);
  await bot.restarts();
  await bot.opens();
  await bot.settles();
  bot.socket.ev.on('messages.upsert', ({ messages }) => {
    for (const { key, message } of messages)
      if (key.remoteJid && !key.fromMe && message?.conversation)
        void bot.socket.sendMessage(key.remoteJid, { text: message.conversation });
  });
  const each = await roundTrips(whatsapp, 'aide');
  await bot.stops();
  distrust();
  await whatsapp.close();
  return each;
}

async function reconnects(whatsapp: FakeWhatsApp): Promise<number[]> {
  const each: number[] = [];
  const person = whatsapp.person('D');
  for (let n = 0; n < DROPS; n++) {
    // Really open again, or the next wait would be a longer one.
    await person.says('aide');
    await person.sees('an answer', () => true, { within: PATIENCE });
    const { line } = whatsapp.account;
    const began = performance.now();
    whatsapp.drops();
    await whatsapp.until(() => whatsapp.account.active && whatsapp.account.line !== line, PATIENCE);
    each.push(performance.now() - began);
  }
  return each;
}

/** The service as `npm start` runs it, on a fake WhatsApp here. */
async function openWorld(server: Server) {
  const flags = startFlags();
  const folder = await mkdtemp(join(tmpdir(), 'lakana-bench-'));
  const whatsapp = await startFakeWhatsApp();
  const distrust = trust(whatsapp.credentials);
  const serverKey = generateKeyringFile();
  await writeFile(join(folder, 'server.key'), serverKey);
  await writeFile(join(folder, 'team.pub'), `${(await createTeamKey()).recipient}\n`);
  const database = await openDatabase({ url: server.url, max: 2 });
  await link({ db: database.db, keyring: parseKeyring(serverKey) }, whatsapp);
  await database.close();
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(
      process.execPath,
      ['--import', join(PROJECT, 'test', 'fakes', 'whatsapp', 'trust.ts'), ...flags],
      {
        cwd: PROJECT,
        env: { ...process.env, ...liveEnvironment(folder, server.url, whatsapp) },
        stdio: 'ignore',
      },
    );
    await whatsapp.until(() => whatsapp.account.active, PATIENCE);
    return started;
  };
  const stop = async (running: ChildProcess) => {
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
  };
  let child = await start();
  return {
    whatsapp,
    /** Resident, five seconds after the last thing happened. */
    async megabytes(): Promise<number> {
      await rest(5_000);
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
    },
    async restarts(): Promise<void> {
      await stop(child);
      child = await start();
    },
    async close(): Promise<void> {
      await stop(child);
      distrust();
      await whatsapp.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
