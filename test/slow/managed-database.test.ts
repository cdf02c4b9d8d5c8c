/**
 * A PostgreSQL that others look after, as docs/operating/two-machines.md says of it: one name, TLS that is verified, a role that is no
 * superuser. Its primary dies and its standby is promoted behind the same name: both processes of the service go on by themselves.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { layCable } from '../app/cable.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import { certificate } from '../fakes/whatsapp/certificate.ts';
import type { Process } from '../linked-service.ts';
import { isReady, type Killable, openKillable, rest } from './killable.ts';
import { startTwoServers, type TwoServers } from './two-servers.ts';
import { allIsThere, openWriting } from './writing.ts';

const PEOPLE = 10;
const LONGEST = 30_000;
const PASSWORD = 'of-the-office';
/** About as long as a provider takes to have the standby take over. */
const PROMOTED_AFTER = 5_000;

let folder: string;
let servers: TwoServers;
let name: Awaited<ReturnType<typeof layCable>>;
let service: Killable;
let processes: { process: Process; port: number }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-managed-'));
  const { cert, key } = certificate();
  await writeFile(join(folder, 'ca.pem'), cert);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
  servers = await startTwoServers({ certificate: { cert, key } });
  const provider = postgres(servers.first, { max: 1, onnotice: () => {} });
  await provider.unsafe(`create role office login createdb password '${PASSWORD}'`);
  await provider.unsafe('alter database lakana owner to office');
  await provider.end();
  name = await layCable(servers.first);
  const url = new URL(name.url);
  url.username = 'office';
  url.password = PASSWORD;
  url.searchParams.set('sslmode', 'verify-full');
  await migrateDatabase(url.href);
  service = await openKillable({ ...(await openDatabase({ url: url.href, max: 3 })), url: url.href });
  processes = [];
  for (const _ of ['one', 'two']) {
    const port = await freePort();
    const more = { PORT: String(port), NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    processes.push({ process: await service.startsAnother(more), port });
  }
}, 300_000);
afterEach(async () => {
  await service?.close();
  await name?.pull();
  await servers?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a managed PostgreSQL that turns over behind its name: nothing confirmed is missing, and both processes go on within 30 seconds', async () => {
  const { telegram, database } = service;
  const kadi = await service.officer('Kadi');
  const writing = await openWriting(service, PEOPLE);
  await rest(2_000);
  const open = await database.sql<{ is: boolean }[]>`
    select ssl as is from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'office'`;
  expect(open.length).toBeGreaterThan(2);
  expect(open.every(({ is }) => is)).toBe(true);

  await servers.killsFirst();
  await rest(PROMOTED_AFTER);
  await servers.promotesSecond();
  name.leadsTo(servers.second);
  const promoted = performance.now();
  const late = telegram.person('Late');
  await late.says('SOS');
  await late.seesText('Nous avons reçu votre SOS', { within: LONGEST });
  for (const { port } of processes)
    await expect.poll(() => isReady(port), { timeout: LONGEST, interval: 200 }).toBe(true);
  const took = Math.round(performance.now() - promoted);
  expect(took).toBeLessThan(LONGEST);
  process.stdout.write(`answered, and both ready, ${took} ms after the standby was promoted\n`);
  const words = await writing.stops();
  await service.isQuiet();
  await allIsThere(service, { words, count: PEOPLE + 1, kadi });
}, 600_000);
