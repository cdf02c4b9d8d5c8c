import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clusterFault } from '../../src/db/cluster.ts';
import { openDatabase } from '../../src/db/database.ts';
import { hasEmbedded, runningEmbedded, startEmbedded } from '../../src/db/embedded.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { runningPostmaster } from '../../src/db/postmaster.ts';
import { createLog } from '../../src/kernel/log.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lakana-embedded-'));
});
afterEach(async () => {
  if (await runningEmbedded(dataDir)) await (await startEmbedded({ dataDir })).stop({ evenIfShared: true });
  await rm(dataDir, { recursive: true, force: true });
});

const cluster = () => join(dataDir, 'postgres');

/** A service in a process of its own, which has written one row. */
async function serviceThatWrote(word: string): Promise<ChildProcess> {
  const program = `
    import postgres from 'postgres';
    import { startEmbedded } from './src/db/embedded.ts';
    const { url } = await startEmbedded({ dataDir: process.env.DATA_DIR });
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await sql\`create table if not exists words (word text)\`;
    await sql\`insert into words values (\${process.env.WORD})\`;
    process.stdout.write('written');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, DATA_DIR: dataDir, WORD: word },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((done) => {
    child.stdout?.once('data', (data) => done(String(data)));
    child.once('exit', () => done('exited'));
  });
  expect(said).toBe('written');
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

async function words(url: string): Promise<unknown[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const rows = await sql`select word from words`;
  await sql.end();
  return rows.map((row) => row.word);
}

test('a database that belongs to another user, as after a first start as root, is not taken for none', async () => {
  await mkdir(cluster());
  await writeFile(join(cluster(), 'PG_VERSION'), '18\n');
  await chmod(dataDir, 0o755);
  await chmod(cluster(), 0o000);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await expect(hasEmbedded(dataDir)).rejects.toMatchObject({ code: 'EACCES' });
    expect(await clusterFault(cluster())).toEqual({ path: cluster(), code: 'EACCES' });
    expect(await clusterFault(join(dataDir, 'none'))).toBeUndefined();
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(cluster(), 0o700);
  }
});

test('a database of our own is asked by its socket, in a folder that no other user may enter; one that an older version made too', async () => {
  const first = await startEmbedded({ dataDir });
  expect(first.socket).toContain(cluster());
  expect((await stat(cluster())).mode & 0o077).toBe(0);
  const database = await openDatabase({ url: first.url, path: first.socket, max: 1 });
  const [{ address } = { address: 'none' }] = await database.sql`select inet_client_addr() as address`;
  expect(address).toBeNull();
  await database.close();
  await first.stop();
  const settings = join(cluster(), 'lakana.conf');
  await writeFile(
    settings,
    (await readFile(settings, 'utf8')).replace(
      /^unix_socket_directories.*$/m,
      "unix_socket_directories = ''",
    ),
  );
  expect((await startEmbedded({ dataDir })).socket).toContain(cluster());
});

test('a database in a folder with too long a name for a socket is asked over loopback', async () => {
  const long = join(dataDir, 'a'.repeat(100));
  const { url, socket, stop } = await startEmbedded({ dataDir: long });
  expect(socket).toBeUndefined();
  await (await openDatabase({ url, path: socket, max: 1 })).close();
  await stop();
});

test('after a kill -9 of the service the next one adopts the database and says so', async () => {
  await killed(await serviceThatWrote('first'));
  const before = await runningPostmaster(cluster());
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const again = await startEmbedded({ dataDir, log });
  expect(again.isAdopted).toBe(true);
  expect(lines.join('')).toContain(`"event":"database_adopted","pid":${before?.pid}`);
  expect(await words(again.url)).toEqual(['first']);
  await again.stop();
  expect(await runningPostmaster(cluster())).toBeUndefined();
});

test('after a power cut, with a lock file whose number now belongs to something else, it starts with every row', async () => {
  const service = await serviceThatWrote('first');
  const postmaster = await runningPostmaster(cluster());
  process.kill(postmaster?.pid ?? 0, 'SIGKILL');
  await killed(service);
  const lockFile = join(cluster(), 'postmaster.pid');
  const lines = (await readFile(lockFile, 'utf8')).split('\n');
  await writeFile(lockFile, [String(process.pid), ...lines.slice(1)].join('\n'));
  const again = await startEmbedded({ dataDir });
  expect(again.isAdopted).toBe(false);
  expect(await words(again.url)).toEqual(['first']);
  await again.stop();
});

test('when PostgreSQL dies under a running service it is started again where it was, with every row', async () => {
  const { url, stop } = await startEmbedded({ dataDir, isWatched: true });
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`create table words (word text)`;
  await sql`insert into words values ('kept')`;
  for (let death = 0; death < 2; death++) {
    const postmaster = await runningPostmaster(cluster());
    process.kill(postmaster?.pid ?? 0, 'SIGKILL');
    await vi.waitUntil(() => words(url).catch(() => undefined), { timeout: 60_000, interval: 100 });
    expect(await words(url)).toEqual(['kept']);
    expect((await runningPostmaster(cluster()))?.pid).not.toBe(postmaster?.pid);
  }
  await sql.end();
  await stop();
  expect(await runningPostmaster(cluster())).toBeUndefined();
}, 120_000);

test('it stays while another process still uses it, and goes with the last one', async () => {
  const [one, two] = await Promise.all([startEmbedded({ dataDir }), startEmbedded({ dataDir })]);
  expect(one.url).toBe(two.url);
  const guest = postgres(two.url, { max: 1, onnotice: () => {} });
  await guest`select 1`;
  await one.stop();
  expect(await runningEmbedded(dataDir)).toBe(one.url);
  await guest.end();
  await two.stop();
  expect(await runningEmbedded(dataDir)).toBeUndefined();
});

describe('the cluster', () => {
  test('syncs to disk, keeps its password to itself and writes nothing that was asked into its log', async () => {
    const server = await startEmbedded({ dataDir });
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect((await stat(join(cluster(), 'lakana-connection.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(cluster())).mode & 0o077).toBe(0);
    expect(await migrateDatabase(server.url)).toBeGreaterThan(0);
    expect(await migrateDatabase(server.url)).toBe(0);
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    const [settings] = await sql`select current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listen`;
    expect(settings).toEqual({ fsync: 'on', commit: 'on', listen: '127.0.0.1' });
    await sql`select ${'CANARY-PARAMETER'}::int`.catch(() => {});
    await sql.unsafe(`select 'CANARY-STATEMENT' / 0`).catch(() => {});
    await sql`select ${'CANARY-FAILING'}::text::uuid`.catch(() => {});
    const wrong = new URL(server.url);
    wrong.password = 'CANARY-PASSWORD';
    const intruder = postgres(wrong.href, { max: 1, onnotice: () => {} });
    await expect(intruder`select 1`).rejects.toThrow('password');
    await Promise.all([sql.end(), intruder.end()]);
    await server.stop();
    const logs = await Promise.all(
      (await readdir(join(cluster(), 'log'))).map((name) => readFile(join(cluster(), 'log', name), 'utf8')),
    );
    logs.push(await readFile(join(cluster(), 'start.log'), 'utf8'));
    expect(logs.join('')).not.toContain('CANARY');
  });

  test('that was made by another version of PostgreSQL is left alone', async () => {
    await (await startEmbedded({ dataDir })).stop();
    await writeFile(join(cluster(), 'PG_VERSION'), '9\n');
    await expect(startEmbedded({ dataDir })).rejects.toMatchObject({ code: 'database_version_differs' });
  });
});
