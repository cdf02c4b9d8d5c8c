/**
 * A primary and its standby, two processes of the service on them, people who write: the primary is killed and the standby
 * promoted. Both processes go on within 30 seconds; what Telegram considers delivered is in a case exactly once and in order.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { checkServers } from '../../src/doctor/postgres.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import type { Process } from '../linked-service.ts';
import { isReady, type Killable, openKillable, rest } from './killable.ts';
import { startTwoServers, type TwoServers } from './two-servers.ts';
import { allIsThere, openWriting } from './writing.ts';

const PEOPLE = 10;
const LONGEST = 30_000;
/** About as long as it takes until a person or a program has promoted the standby. */
const PROMOTED_AFTER = 5_000;

let servers: TwoServers;
let service: Killable;
let processes: { process: Process; port: number }[];

beforeEach(async () => {
  servers = await startTwoServers();
  const { url } = servers;
  await migrateDatabase(url);
  service = await openKillable({ ...(await openDatabase({ url, max: 3 })), url });
  processes = [];
  for (const _ of ['one', 'two']) {
    const port = await freePort();
    processes.push({ process: await service.startsAnother({ PORT: String(port) }), port });
  }
}, 300_000);
afterEach(async () => {
  await service?.close();
  await servers?.close();
});

test('nothing that was confirmed is missing, order holds, and both processes go on within 30 seconds', async () => {
  const { telegram } = service;
  const kadi = await service.officer('Kadi');
  const writing = await openWriting(service, PEOPLE);
  await rest(3_000);

  await servers.killsFirst();
  const since = performance.now();
  await rest(PROMOTED_AFTER);
  await servers.promotesSecond();
  const promoted = performance.now();
  const took = await Promise.all(
    processes.map(async ({ port, process }) => {
      await process.logs('database_moved', LONGEST);
      await expect.poll(() => isReady(port), { timeout: LONGEST, interval: 200 }).toBe(true);
      return performance.now() - promoted;
    }),
  );
  // What is written from now on is answered too.
  const late = telegram.person('Late');
  await late.says('SOS');
  await late.seesText('Nous avons reçu votre SOS', { within: LONGEST });
  const answered = performance.now() - promoted;
  expect(Math.max(...took, answered)).toBeLessThan(LONGEST);
  process.stdout.write(
    `promoted after ${Math.round(promoted - since)} ms; ready ${took.map(Math.round)} ms and answered ${Math.round(answered)} ms after that\n`,
  );
  const words = await writing.stops();
  await service.isQuiet();
  await allIsThere(service, { words, count: PEOPLE + 1, kadi });

  // Jobs have moved as well.
  const jobs = () =>
    service.database.sql`select 1 from pg_stat_activity where application_name = 'lakana-jobs'`;
  await expect.poll(async () => (await jobs()).length, { timeout: LONGEST }).toBeGreaterThan(0);

  // The old primary comes back as it was. Nobody writes to it, and doctor says what is wrong.
  await servers.startsFirst();
  const before = service.telegram.calls.length;
  await late.says('encore un mot');
  await service.isQuiet();
  expect(service.telegram.calls.length).toBeGreaterThan(before);
  const old = await openDatabase({ url: servers.first, max: 1 });
  const [row] =
    await old.sql`select count(*)::int as n from pg_stat_activity where application_name = 'lakana'
    and query not like '%pg_walfile_name%' and pid <> pg_backend_pid()`;
  await old.close();
  expect(row?.n).toBe(0);
  expect(await checkServers({ databaseUrl: new Secret(servers.url) })).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('two take themselves for the primary'),
  });
}, 600_000);
