/**
 * Two servers under Patroni, as docs/operating/two-machines.md sets them up, and two processes of the service: a person has the
 * other one take over, then its machine is gone. Each time Patroni promotes, and both processes go on within 30 seconds of that.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { checkServers } from '../../src/doctor/postgres.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import type { Process } from '../linked-service.ts';
import { isReady, type Killable, openKillable, rest } from './killable.ts';
import { type Patroni, startPatroni } from './patroni.ts';
import { allIsThere, openWriting } from './writing.ts';

const PEOPLE = 10;
const LONGEST = 30_000;
/** The settings of the page: what was held by a machine that is gone is free after 30 seconds, and looked for every 10. */
const PROMOTES_WITHIN = 60_000;

let servers: Patroni;
let service: Killable;
let processes: { process: Process; port: number }[];

beforeEach(async () => {
  servers = await startPatroni();
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

/** Both processes have moved so often, and are ready; returns after how many milliseconds. */
async function bothGoOn(times: number): Promise<number> {
  const since = performance.now();
  for (const { port, process } of processes) {
    await process.logs('database_moved', LONGEST, times);
    await expect.poll(() => isReady(port), { timeout: LONGEST, interval: 200 }).toBe(true);
  }
  return Math.round(performance.now() - since);
}

test('Patroni has the other server take over, by hand and when a machine is gone: nothing confirmed is missing, and both processes go on', async () => {
  const { telegram } = service;
  const kadi = await service.officer('Kadi');
  const writing = await openWriting(service, PEOPLE);
  await rest(2_000);

  await servers.switchesOver('one');
  await servers.is('two', 'primary', PROMOTES_WITHIN);
  const byHand = await bothGoOn(1);
  await servers.is('one', 'standby', PROMOTES_WITHIN);
  expect(await checkServers({ databaseUrl: new Secret(servers.url) })).toMatchObject({ state: 'ok' });

  await servers.kills('two');
  const since = performance.now();
  await servers.is('one', 'primary', PROMOTES_WITHIN);
  const promoted = Math.round(performance.now() - since);
  const alone = await bothGoOn(2);
  const late = telegram.person('Late');
  await late.says('SOS');
  await late.seesText('Nous avons reçu votre SOS', { within: LONGEST });
  const words = await writing.stops();
  await service.isQuiet();
  await allIsThere(service, { words, count: PEOPLE + 1, kadi });

  // The machine comes back: Patroni makes a standby of it by itself.
  servers.starts('two');
  await servers.is('two', 'standby', PROMOTES_WITHIN);
  expect(await checkServers({ databaseUrl: new Secret(servers.url) })).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining('primary: no. 1; standby: no. 2'),
  });
  process.stdout.write(
    `switchover: ready ${byHand} ms after it; kill -9: promoted after ${promoted} ms, ready ${alone} ms after that\n`,
  );
}, 600_000);
