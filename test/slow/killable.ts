/** The service as a real process on a fake Telegram, to be killed and started again. `close()` it in the end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { allIsTakenIn } from '../all-taken-in.ts';
import { readCase } from '../case-file.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { textOf } from '../end-to-end/world.ts';
import { startFakeTelegram } from '../fakes/telegram/telegram.ts';
import { Process } from '../linked-service.ts';
import { liveEnv } from '../live-env.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'service', 'process.ts');

/** How often a test kills. */
export const KILLS = Number(process.env.LAKANA_KILLS ?? 100);
/** Milliseconds that a test with so many kills may take. */
export const killing = (kills: number): number => 120_000 + kills * 30_000;

export const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The numbers of the words ("mot 3 de …") in what a case holds, in the order in which they were sealed into it. */
export const wordsIn = (items: readonly unknown[]): number[] =>
  [...textOf(items).matchAll(/mot (\d+) de/g)].map(([, word]) => Number(word));

/** Whether the service at this port says that it is ready. */
export const isReady = async (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status === 200,
    () => false,
  );

export type Killable = Awaited<ReturnType<typeof openKillable>>;

/** `given`: closed in the end; default a fresh clone of the template. */
export async function openKillable(given?: TestDatabase) {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-kill-'));
  const [database, telegram, team] = await Promise.all([
    given ?? createTestDatabase(),
    startFakeTelegram(),
    createTeamKey(),
  ]);
  const serverKey = generateKeyringFile();
  const keyring = parseKeyring(serverKey);
  const { recipient } = team;
  const env = {
    ...process.env,
    ...(await liveEnv({ folder, database, telegram, serverKey, recipient })),
    LOG_LEVEL: 'silent',
    FLOOD_PER_MINUTE: '10000',
  };
  let running: Process | undefined;
  const others: Process[] = [];
  return {
    database,
    telegram,
    /** Starts the service and waits until it takes what is waiting; returns how long that took, in milliseconds. */
    async start(): Promise<number> {
      const began = performance.now();
      const before = telegram.calls.length;
      running = new Process([MAIN], env);
      await telegram.until(
        () => telegram.calls.slice(before).some((call) => call.method === 'getUpdates'),
        30_000,
      );
      return performance.now() - began;
    },
    /** Starts one more process on the same database and the same bot; resolves once it runs. */
    async startsAnother(more: Record<string, string> = {}, around: readonly string[] = []): Promise<Process> {
      const started = new Process([MAIN], { ...env, LOG_LEVEL: 'info', ...more }, around);
      others.push(started);
      await started.logs('service_started', 60_000);
      return started;
    },
    /** kill -9; resolves once it is gone. */
    kill: async (): Promise<void> => running?.kills(),
    /** An officer who is enrolled and on duty. */
    async officer(name: string) {
      const { code } = await transact({ db: database.db, clock: databaseClock, keyring }, (at) =>
        addOfficer(at, { name, role: 'officer', language: 'fr' }),
      );
      const officer = telegram.person(name);
      await officer.says(`/start ${code}`);
      await officer.presses('Je suis de garde');
      return officer;
    },
    /** References of the cases that were sent or opened. */
    async references(): Promise<string[]> {
      const rows = await database.sql<{ reference: string }[]>`
        select reference from cases where status <> 'draft'`;
      return rows.map(({ reference }) => reference);
    },
    /** Resolves once everything that was said is handled. */
    async isQuiet(): Promise<void> {
      await allIsTakenIn(telegram);
      const kept = () => database.sql`select 1 from inbox where waiting_from is not null`;
      await expect.poll(async () => (await kept()).length, { timeout: 120_000 }).toBe(0);
    },
    read: (reference: string) => readCase(database.db, keyring, team.secret, reference),
    async close(): Promise<void> {
      for (const each of [running, ...others]) await each?.kills();
      await telegram.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
