/**
 * A process whose machine loses its way to the database and not that to the messenger, in a network of its own (`ip netns`: this
 * needs root, and Debian's package iproute2): it stops polling and sending by itself, another process goes on, and nobody is answered
 * twice.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, connect as toServer } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Killable, openKillable, rest } from './killable.ts';

const run = promisify(execFile);
const ip = (...args: string[]) => run('ip', args);

/** How long a lease lasts, and a second. */
const LEASE = 16_000;
/** Longer than a claim of a message lasts. */
const WATCHED = 40_000;
const NETWORK = `lakana${process.pid}`;
/** This machine's end of each of the two cables, and the other one's. */
const CABLES = {
  database: { near: `lkd${process.pid}`, far: `lkD${process.pid}`, here: '10.213.1.1', there: '10.213.1.2' },
  messenger: { near: `lkm${process.pid}`, far: `lkM${process.pid}`, here: '10.213.2.1', there: '10.213.2.2' },
} as const;

let service: Killable;
let servers: Server[] = [];
/** What the process in the other network asked of the messenger, and when. */
let asked: { at: number; method: string }[];

beforeEach(async () => {
  await ip('netns', 'add', NETWORK);
  await ip('-n', NETWORK, 'link', 'set', 'lo', 'up');
  for (const { near, far, here, there } of Object.values(CABLES)) {
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', NETWORK);
    await ip('addr', 'add', `${here}/24`, 'dev', near);
    await ip('link', 'set', near, 'up');
    await ip('-n', NETWORK, 'addr', 'add', `${there}/24`, 'dev', far);
    await ip('-n', NETWORK, 'link', 'set', far, 'up');
  }
  asked = [];
  service = await openKillable();
}, 120_000);
afterEach(async () => {
  await service?.close();
  for (const server of servers) server.close();
  servers = [];
  await ip('netns', 'del', NETWORK).catch(() => undefined);
  for (const { near } of Object.values(CABLES)) await ip('link', 'del', near).catch(() => undefined);
});

/** What the other network reaches at the end of a cable. `hears`: the first line of each request. */
async function serves(here: string, address: URL, hears: (line: string) => void = () => {}): Promise<string> {
  const server = createServer((near) => {
    const far = toServer(Number(address.port), address.hostname);
    for (const socket of [near, far]) {
      socket.on('error', () => undefined);
      socket.on('close', () => [near, far].map((each) => each.destroy()));
    }
    near.on('data', (chunk: Buffer) => {
      const line = /^(?:POST|GET) \S+/.exec(chunk.toString('latin1'))?.[0];
      if (line) hears(line);
    });
    near.pipe(far).pipe(near);
  });
  server.listen(0, here);
  await once(server, 'listening');
  servers.push(server);
  const found = server.address();
  const through = new URL(address);
  through.hostname = here;
  through.port = String(typeof found === 'object' && found ? found.port : 0);
  return through.href.replace(/\/$/, '');
}

const methodsSince = (from: number): string[] => [
  ...new Set(asked.filter(({ at }) => at >= from).map(({ method }) => method)),
];

test('it neither polls nor sends once its lease is over; another process goes on and no person is answered twice', async () => {
  const { telegram, database } = service;
  const hears = (line: string) => {
    const method = /\/bot[^/]+\/(\w+)/.exec(line)?.[1];
    if (method) asked.push({ at: performance.now(), method });
  };
  await service.startsAnother(
    {
      DATABASE_URL: await serves(CABLES.database.here, new URL(database.url)),
      TELEGRAM_API_ROOT: await serves(CABLES.messenger.here, new URL(telegram.root), hears),
    },
    ['ip', 'netns', 'exec', NETWORK],
  );
  const awa = telegram.person('Awa');
  await awa.says('SOS');
  await awa.seesText('Nous avons reçu votre SOS', { within: 60_000 });
  expect(methodsSince(0)).toEqual(expect.arrayContaining(['getUpdates', 'sendMessage']));
  // The second one stands by: the first has the lease.
  await service.startsAnother();

  // Cut while people write: something is being handled and something is about to leave.
  const people = Array.from({ length: 5 }, (_, n) => telegram.person(`P${n}`));
  for (const person of people) await person.says('SOS');
  await ip('link', 'set', CABLES.database.near, 'down');
  const cut = performance.now();
  for (const person of people) await person.says(`mot 1 de ${person.id}`);
  await rest(LEASE);
  const over = performance.now();
  await rest(WATCHED);
  // It may ask who it is: that changes nothing and reaches nobody.
  expect(methodsSince(over).filter((method) => method !== 'getMe')).toEqual([]);
  expect(cut).toBeLessThan(over);

  // The other one has taken everybody in, and answered each once.
  await service.isQuiet();
  for (const person of people) {
    const answers = person.screen().filter((line) => line.includes('Nous avons reçu votre SOS'));
    expect(answers).toHaveLength(1);
  }
  expect(await service.references()).toHaveLength(people.length + 1);

  // The cable is mended: it stands by for the other one.
  await ip('link', 'set', CABLES.database.near, 'up');
  const mended = performance.now();
  await awa.says('encore un mot');
  await service.isQuiet();
  expect(methodsSince(mended)).not.toContain('getUpdates');
}, 300_000);
