/**
 * kill -9 of the service in the middle of erasing a case, at each place where it waits for a row: nothing of it is done, or
 * all of it; after the last start it is wholly gone, and the person was told once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgBoss } from 'pg-boss';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { after, days } from '../../src/kernel/time.ts';
import { type ErasingHouse, openErasingHouse } from '../app/erasing-house.ts';
import { hold, somebodyWaits } from '../app/house.ts';
import type { Person } from '../fakes/telegram/person.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';
import { Process } from '../linked-service.ts';
import { liveEnv } from '../live-env.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'service', 'process.ts');
const WITHIN = 60_000;

/** Rows of which the erasing comes to each in turn, the first one first. */
const PLACES = [
  ['the person, who may be writing', 'select 1 from contacts for update'],
  ['the case', 'select 1 from cases for update'],
  ['what the log says of its alert', 'select 1 from alert_log for update'],
  ['its alert', 'select 1 from alerts for update'],
  ['its keys', 'select 1 from case_wraps for update'],
  ['what lies in it', 'select 1 from case_items for update'],
  ['the pieces of its file', 'select 1 from evidence_chunks for update'],
  ['its code', 'select 1 from receipt_codes for update'],
  ['what is left of it', 'select 1 from erasures for update'],
] as const;

let folder: string;
let telegram: FakeTelegram;
let onPhone: Person;
let erasing: ErasingHouse;
let jobs: PgBoss;
let running: Process | undefined;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-kill-'));
  telegram = await startFakeTelegram();
  onPhone = telegram.person('Awa');
  await onPhone.says('/start');
  await fetch(`${telegram.root}/bot${telegram.token}/getUpdates?offset=999999999`);
  // Two people wanted it erased nine days ago, by the clock that the service will read.
  erasing = await openErasingHouse({ start: after(new Date(), -days(9)), awa: String(onPhone.id) });
  await erasing.wanted();
  const { house } = erasing;
  const { database, serverKey, team } = house;
  const { recipient } = team;
  env = { ...process.env, ...(await liveEnv({ folder, database, telegram, serverKey, recipient })) };
  jobs = new PgBoss({ connectionString: house.database.url, max: 2 });
});
afterEach(async () => {
  await running?.kills();
  await jobs.stop({ graceful: false });
  await erasing.house.close();
  await telegram.close();
  await rm(folder, { recursive: true, force: true });
});

async function starts(): Promise<void> {
  running = new Process([MAIN], env);
  await running.logs('service_started', WITHIN);
}

const counts = () => erasing.house.database.sql`
  select (select count(*)::int from cases) as cases, (select count(*)::int from case_wraps) as wraps,
    (select count(*)::int from case_items) as items, (select count(*)::int from evidence_chunks) as chunks,
    (select count(*)::int from receipt_codes) as codes, (select count(*)::int from alerts) as alerts,
    (select count(*)::int from erasures where state = 'done') as done,
    (select count(*)::int from audit_log where what = 'case_erased') as told`;

const done = (): string[] => onPhone.screen().filter((text) => /– c'est fait$/.test(text));

test('kill -9 at each place of an erasing: nothing is half erased, and in the end everything is gone and told once', async () => {
  const before = await erasing.canaries();
  const all = await counts();
  await starts();
  await jobs.start();
  for (const [what, rows] of PLACES) {
    const release = await hold(erasing.house, (tx) => tx.unsafe(rows));
    await jobs.send('forget', {});
    await expect.poll(() => somebodyWaits(erasing.house), { message: what, timeout: WITHIN }).toBe(true);
    await running?.kills();
    await release();
    // What the dead process had asked for is undone once PostgreSQL notices.
    const isLeft = async () => (await somebodyIsThere()) === 0;
    await expect.poll(isLeft, { message: what, timeout: WITHIN }).toBe(true);
    expect(await counts(), what).toEqual(all);
    await starts();
    // The job of the process that died: in service another one is given to the next after a while, and an hour later anyway.
    await erasing.house.database.sql`delete from pgboss.job where name = 'forget'`;
  }
  // Committed, and killed before the person is told.
  telegram.fail({ method: 'sendMessage', with: 500, times: Number.POSITIVE_INFINITY });
  await jobs.send('forget', {});
  await expect.poll(() => erasing.isThere(), { timeout: WITHIN }).toBe(false);
  await running?.kills();
  telegram.heal();
  await starts();
  await telegram.until(() => done().length > 0, WITHIN);
  await jobs.send('forget', {});
  await expect
    .poll(() => counts(), { timeout: WITHIN })
    .toMatchObject([{ cases: 0, wraps: 0, items: 0, chunks: 0, codes: 0, alerts: 0, done: 1, told: 1 }]);
  for (const [each, canary] of Object.entries(before))
    expect(await erasing.tablesWith(canary), each).toEqual(
      each === 'the case' ? ['public.audit_log', 'public.erasures'] : [],
    );
  expect(done()).toHaveLength(1);
});

/** Connections of the service that are in the middle of something. */
async function somebodyIsThere(): Promise<number> {
  const rows = await erasing.house.database.sql`
    select 1 from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
      and application_name <> 'pgboss'`;
  return rows.length;
}
