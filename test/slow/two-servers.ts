/**
 * Two PostgreSQL servers of Debian's packages, a primary and its standby (streaming, synchronous), on this machine. Nothing
 * is installed: the packages are unpacked in a folder of the test's own. `close()` them in the end.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { expect } from 'vitest';
import { type Owner, ownerOf } from '../../src/db/postgres-programs.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import type { Certificate } from '../fakes/whatsapp/certificate.ts';

const run = promisify(execFile);
const LIBRARIES = ['libpq5'];
const DATABASE = 'lakana';

export type TwoServers = Awaited<ReturnType<typeof startTwoServers>>;

/** `certificate`: they speak TLS with it. */
export async function startTwoServers({ certificate }: { certificate?: Certificate } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-servers-'));
  await chmod(folder, 0o755);
  const programs = await unpackPostgres(folder);
  const state = join(folder, 'state');
  await mkdir(state);
  const owner = await ownerOf(state, {
    initdb: programs.of('initdb'),
    postgres: programs.of('postgres'),
    version: '',
  });
  await chown(state, owner.uid, owner.gid);
  const password = randomBytes(12).toString('hex');
  const ports = [await freePort(), await freePort()] as const;
  const places = [join(state, 'one'), join(state, 'two')] as const;
  const urlOf = (n: 0 | 1, database: string) =>
    `postgres://lakana:${password}@127.0.0.1:${ports[n]}/${database}`;
  const env = {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    LD_LIBRARY_PATH: programs.libraries,
    PGPASSWORD: password,
  };
  const does = async (program: string, ...args: string[]): Promise<void> => {
    const child = owner.spawn(programs.of(program), args, {
      cwd: state,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${program} ended with ${code}`);
  };
  const running = new Map<0 | 1, ChildProcess>();
  const start = async (n: 0 | 1): Promise<void> => {
    running.set(
      n,
      startServer(owner, programs.of('postgres'), {
        env,
        cwd: state,
        place: places[n],
        port: ports[n],
        hasTls: certificate !== undefined,
      }),
    );
    await answers(urlOf(n, 'postgres'));
  };

  if (certificate)
    for (const [name, content] of Object.entries(certificate)) {
      const file = join(state, `${name}.pem`);
      await writeFile(file, content, { mode: 0o600 });
      await chown(file, owner.uid, owner.gid);
    }
  await writeFile(join(state, 'password'), password, { mode: 0o644 });
  await does(
    'initdb',
    ...[
      '-D',
      places[0],
      '-U',
      'lakana',
      '-A',
      'scram-sha-256',
      '--pwfile',
      join(state, 'password'),
      '--no-sync',
    ],
  );
  await start(0);
  const primary = postgres(urlOf(0, 'postgres'), { max: 1, onnotice: () => {} });
  await primary.unsafe(`create database ${DATABASE}`);
  await does(
    'pg_basebackup',
    ...[
      '-h',
      '127.0.0.1',
      '-p',
      String(ports[0]),
      '-U',
      'lakana',
      '-D',
      places[1],
      '-R',
      '-X',
      'stream',
      '--no-sync',
    ],
  );
  await start(1);
  // Of the first server alone: once the other one is promoted it waits for nobody.
  await primary.unsafe(`alter system set synchronous_standby_names = '*'`);
  await primary.unsafe('select pg_reload_conf()');
  const isSynchronous = () => primary`select 1 from pg_stat_replication where sync_state = 'sync'`;
  await expect.poll(async () => (await isSynchronous()).length, { timeout: 30_000 }).toBe(1);
  await primary.end();

  return {
    /** Both, as `DATABASE_URL` names them. */
    url: `postgres://lakana:${password}@127.0.0.1:${ports[0]},127.0.0.1:${ports[1]}/${DATABASE}`,
    first: urlOf(0, DATABASE),
    second: urlOf(1, DATABASE),
    /** kill -9 of all of it. */
    async killsFirst(): Promise<void> {
      const child = running.get(0);
      running.delete(0);
      await kill(child);
    },
    /** The old primary comes back as it was, and takes itself for the primary. */
    startsFirst: () => start(0),
    async promotesSecond(): Promise<void> {
      const sql = postgres(urlOf(1, 'postgres'), { max: 1, onnotice: () => {} });
      await sql`select pg_promote()`;
      await sql.end();
    },
    async close(): Promise<void> {
      for (const child of running.values()) await kill(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Place = { env: NodeJS.ProcessEnv; cwd: string; place: string; port: number; hasTls: boolean };

function startServer(owner: Owner, program: string, { env, cwd, place, port, hasTls }: Place): ChildProcess {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    log_min_messages: 'fatal',
    ...(hasTls
      ? { ssl: 'on', ssl_cert_file: join(cwd, 'cert.pem'), ssl_key_file: join(cwd, 'key.pem') }
      : {}),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A group of its own, so that all of it can be killed at once.
  return owner.spawn(program, ['-D', place, ...args], { env, cwd, detached: true, stdio: 'ignore' });
}

/** kill -9 of a program that is a group of its own, with all that it has started. */
export async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

/** Resolves once this server answers. */
async function answers(url: string): Promise<void> {
  const ask = async () => {
    const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 2 });
    try {
      return (await sql`select 1 as one`).length;
    } finally {
      await sql.end({ timeout: 1 });
    }
  };
  await expect.poll(() => ask().catch(() => 0), { timeout: 60_000, interval: 200 }).toBe(1);
}

/** The programs of Debian's newest PostgreSQL, unpacked. */
export async function unpackPostgres(
  folder: string,
): Promise<{ of(program: string): string; libraries: string }> {
  const version = async () => {
    const { stdout } = await run('apt-cache', ['depends', 'postgresql']);
    return /Depends: postgresql-(\d+)/.exec(stdout)?.[1];
  };
  const download = async () => {
    const found = await version();
    if (!found) throw new Error('apt knows no package postgresql');
    await run('apt-get', ['download', `postgresql-${found}`, `postgresql-client-${found}`, ...LIBRARIES], {
      cwd: folder,
    });
  };
  await download().catch(async () => {
    await run('apt-get', ['update']);
    await download();
  });
  await run('sh', ['-c', 'for each in *.deb; do dpkg-deb -x "$each" .; done'], { cwd: folder });
  const [found = ''] = await readdir(join(folder, 'usr/lib/postgresql'));
  const [machine = ''] = (await readdir(join(folder, 'usr/lib'))).filter((name) =>
    name.endsWith('-linux-gnu'),
  );
  return {
    of: (program) => join(folder, 'usr/lib/postgresql', found, 'bin', program),
    libraries: join(folder, 'usr/lib', machine),
  };
}
