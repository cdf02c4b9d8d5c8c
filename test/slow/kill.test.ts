/**
 * kill -9 at random moments, again and again, while people write: what Telegram considers delivered is in a case
 * exactly once and in order, every SOS has been paged, and the service goes on within 30 seconds.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createTeamKey, openCaseSecret, openSealed } from '../../src/crypto/case-key.ts';
import { verifyChain } from '../../src/crypto/chain.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { findCaseByReference, itemsOf, wrapsOf } from '../../src/db/cases.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';

const KILLS = Number(process.env.LAKANA_KILLS ?? 100);
const PEOPLE = 20;
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'service', 'process.ts');

let child: ChildProcess | undefined;
let clean: (() => Promise<void>)[] = [];

afterEach(async () => {
  child?.kill('SIGKILL');
  for (const each of clean.splice(0).toReversed()) await each();
  clean = [];
});

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts the service and waits until it takes what is waiting; returns how long that took. */
async function start(telegram: FakeTelegram, env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const before = telegram.calls.length;
  child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...env }, stdio: 'ignore' });
  await telegram.until(
    () => telegram.calls.slice(before).some((call) => call.method === 'getUpdates'),
    30_000,
  );
  return performance.now() - began;
}

async function kill(): Promise<void> {
  const dying = child;
  const gone = new Promise((resolve) => dying?.once('exit', resolve));
  dying?.kill('SIGKILL');
  await gone;
}

// The right to poll Telegram is taken over from a process of this machine that has ended: a few seconds a kill.
test(
  `${KILLS} times kill -9 under load: nothing lost, nothing twice, every SOS paged`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lakana-kill-'));
    clean.push(() => rm(folder, { recursive: true, force: true }));
    const database = await createTestDatabase();
    clean.push(() => database.close());
    const telegram = await startFakeTelegram();
    clean.push(() => telegram.close());
    const team = await createTeamKey();
    const serverKey = generateKeyringFile();
    await writeFile(join(folder, 'server.key'), serverKey);
    await writeFile(join(folder, 'team.pub'), `${team.recipient}\n`);
    const env = {
      DATABASE_URL: database.url,
      DATA_DIR: join(folder, 'data'),
      PORT: '0',
      LOG_LEVEL: 'silent',
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.root,
      SERVER_KEY_FILE: join(folder, 'server.key'),
      TEAM_RECIPIENT_FILE: join(folder, 'team.pub'),
      FLOOD_PER_MINUTE: '10000',
    };
    const keyring = parseKeyring(serverKey);
    await start(telegram, env);
    const { code } = await transact({ db: database.db, clock: databaseClock, keyring }, (at) =>
      addOfficer(at, { name: 'Kadi', role: 'officer', language: 'fr' }),
    );
    const kadi = telegram.person('Kadi');
    await kadi.says(`/start ${code}`);
    await kadi.presses('Je suis de garde');

    const people = Array.from({ length: PEOPLE }, (_, n) => telegram.person(`P${n}`));
    for (const person of people) await person.says('SOS');
    let words = 0;
    const slowest: number[] = [];
    for (let killed = 0; killed < KILLS; killed++) {
      words += 1;
      for (const person of people) await person.says(`mot ${words} de ${person.id}`);
      await rest(Math.random() * 400);
      await kill();
      slowest.push(await start(telegram, env));
    }
    expect(Math.max(...slowest)).toBeLessThan(30_000);
    await telegram.until(() => telegram.unconfirmed() === 0, 120_000);

    const cases = await database.sql<
      { reference: string }[]
    >`select reference from cases where status <> 'draft'`;
    expect(cases).toHaveLength(PEOPLE);
    const wanted = Array.from({ length: words }, (_, n) => n + 1);
    for (const { reference } of cases) {
      const said = await wordsIn(database, keyring, team.secret, reference);
      expect(said).toEqual(wanted);
      // In a page of its own or in a bundle: the officer's phone has shown the reference.
      await telegram.until(() => kadi.screen().some((line) => line.includes(reference)), 60_000);
    }
  },
  60_000 + KILLS * 30_000,
);

/** The numbers of the words in a case, in the order in which they were sealed into it. */
async function wordsIn(
  { db }: TestDatabase,
  keyring: ReturnType<typeof parseKeyring>,
  teamSecret: string,
  reference: string,
): Promise<number[]> {
  const row = await findCaseByReference(db, reference);
  if (!row) throw new Error(`no case ${reference}`);
  const items = await itemsOf(db, row.id);
  const expected = { head: row.chainHead, length: row.chainLength };
  expect(verifyChain({ caseId: row.id, items, verifier: keyring.signer, expected }).ok).toBe(true);
  const [wrap] = await wrapsOf(db, row.id);
  const secret = await openCaseSecret(teamSecret, row.id, wrap?.wrapped ?? new Uint8Array());
  const texts: string[] = [];
  for (const { kind, place, ciphertext } of items) {
    const header = { type: kind, version: 1, caseId: row.id, place };
    texts.push(new TextDecoder().decode(await openSealed(secret, header, ciphertext)));
  }
  return [...texts.join('\n').matchAll(/mot (\d+) de/g)].map((match) => Number(match[1]));
}
