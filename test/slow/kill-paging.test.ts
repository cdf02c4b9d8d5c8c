/**
 * kill -9 in the middle of paging fifty alerts, again and again: no alert is lost, no officer is left believing that a
 * colleague has one, and what may have come twice says so.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { raised } from '../../src/alerts/progress.ts';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { createTestDatabase } from '../database.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';

const KILLS = Number(process.env.LAKANA_KILLS ?? 100);
const ALERTS = 50;
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'service', 'process.ts');
const OFFICERS = ['Awa', 'Binta', 'Cheick'] as const;
/** Alerts that officers take before each kill. */
const TAKEN = 4;

let child: ChildProcess | undefined;
let clean: (() => Promise<void>)[] = [];

afterEach(async () => {
  child?.kill('SIGKILL');
  for (const each of clean.splice(0).toReversed()) await each();
  clean = [];
});

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(telegram: FakeTelegram, env: Record<string, string>): Promise<void> {
  const before = telegram.calls.length;
  child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...env }, stdio: 'ignore' });
  await telegram.until(
    () => telegram.calls.slice(before).some((call) => call.method === 'getUpdates'),
    30_000,
  );
}

async function kill(): Promise<void> {
  const dying = child;
  const gone = new Promise((resolve) => dying?.once('exit', resolve));
  dying?.kill('SIGKILL');
  await gone;
}

test(
  `${KILLS} times kill -9 while ${ALERTS} alerts are paged: each is somebody's or still rings, and phones say who`,
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
    const officers = [];
    for (const name of OFFICERS) {
      const { code } = await transact({ db: database.db, clock: databaseClock, keyring }, (at) =>
        addOfficer(at, { name, role: 'officer', language: 'fr' }),
      );
      const officer = telegram.person(name);
      await officer.says(`/start ${code}`);
      await officer.presses('Je suis de garde');
      officers.push(officer);
    }
    for (let n = 0; n < ALERTS; n++) await telegram.person(`P${n}`).says('SOS');
    await telegram.until(() => telegram.unconfirmed() === 0, 60_000);
    const references = (await database.sql<{ reference: string }[]>`select reference from alerts`).map(
      (row) => row.reference,
    );
    expect(references).toHaveLength(ALERTS);

    for (let killed = 0; killed < KILLS; killed++) {
      // Every alert is to be paged now; a few are taken meanwhile.
      const { progress } = raised(new Date());
      // One by one: all at once would wait for the service in another order than it waits for us.
      for (const reference of references)
        await database.sql`update alerts set state = 'open', taken_by = null, taken_at = null, worked_at = null,
          round_at = now(), next_step_at = now(), progress = ${JSON.stringify(progress)}::text::jsonb
          where reference = ${reference}`;
      await database.sql`select pg_notify('lakana_wake', '')`;
      for (let n = 0; n < TAKEN; n++) {
        const reference = references[Math.floor(Math.random() * ALERTS)] ?? '';
        await officers[n % officers.length]?.says(`je prends ${reference}`);
      }
      await rest(Math.random() * 600);
      await kill();
      await start(telegram, env);
    }

    await telegram.until(() => telegram.unconfirmed() === 0, 120_000);
    const isSettled = async () => {
      const [row] = await database.sql`select count(*)::int as count from deliveries
        where state in ('queued', 'sending') and due_at <= now() + interval '1 second'`;
      return row?.count === 0;
    };
    for (let waited = 0; !(await isSettled()); waited++) {
      expect(waited, 'everything leaves').toBeLessThan(240);
      await rest(500);
    }
    const alerts = await database.sql<{ reference: string; state: string; name: string | null }[]>`
      select a.reference, a.state, a.taken_by::text as name from alerts a`;
    const failed = await database.sql`select state, attempts, error from inbox where state <> 'handled'`;
    expect(failed, 'what could not be handled').toEqual([]);
    expect(alerts).toHaveLength(ALERTS);
    const [withoutNext] = await database.sql`select count(*)::int as count from alerts
      where state <> 'closed' and (next_step_at is null or next_step_at > now() + interval '30 minutes')`;
    expect(withoutNext?.count).toBe(0);
    // What the newest message about an alert says on each phone is what is true.
    for (const { reference, state } of alerts)
      for (const officer of officers) {
        const newest = officer.screen().findLast((text) => text.includes(reference));
        if (state === 'open' && newest)
          expect(lineAbout(newest, reference), `${reference} on the phone of ${officer.id}`).not.toMatch(
            /Prise par/,
          );
      }
    const [twice] = await database.sql`select count(*)::int as count from deliveries
      where state = 'sent' and attempts > 1 and class < 2 and action = 'send'`;
    // As they were sent: what stands on a phone may have been changed since.
    const marked = telegram
      .callsOf('sendMessage')
      .filter((call) => String(call.text).includes('peut-être déjà reçu'));
    expect(marked.length).toBeGreaterThanOrEqual(twice?.count ?? 0);
  },
  120_000 + KILLS * 30_000,
);

/** What a message says of one alert: in a bundle its line and the one that follows. */
function lineAbout(text: string, reference: string): string {
  // The screen shows buttons behind the last line, which is about another alert.
  const lines = text.replaceAll(/ \[[^\]]*\]/g, '').split('\n');
  const at = lines.findLastIndex((line) => line.includes(reference));
  const next = lines[at + 1] ?? '';
  return /^\s|^Prise|^Demande/.test(next) ? `${lines[at]}\n${next}` : (lines[at] ?? '');
}
