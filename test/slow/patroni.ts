/**
 * Two PostgreSQL servers under Patroni, and an etcd that says which is the primary: all of Debian's packages, with the settings
 * of docs/operating/two-machines.md. Nothing is installed. `close()` them in the end.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { ownerOf } from '../../src/db/postgres-programs.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import { recipe, unpackDebian } from './debian.ts';
import { kill, unpackPostgres } from './two-servers.ts';

const run = promisify(execFile);
const PAGE = 'docs/operating/two-machines.md';
const DATABASE = 'lakana';
/** Patroni, its store, and what Patroni's Python needs. */
const PACKAGES = [
  'patroni',
  'etcd-server',
  ...['cdiff', 'click', 'dateutil', 'dnspython', 'etcd', 'pkg-resources', 'prettytable', 'psutil'],
  ...['psycopg2', 'six', 'urllib3', 'wcwidth', 'yaml'],
].map((name, n) => (n < 2 ? name : `python3-${name}`));

export type Node = 'one' | 'two';
export type Patroni = Awaited<ReturnType<typeof startPatroni>>;

export async function startPatroni() {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-patroni-'));
  await chmod(folder, 0o755);
  const programs = await unpackPostgres(folder);
  await unpackDebian(folder, PACKAGES);
  const state = join(folder, 'state');
  await mkdir(state);
  const owner = await ownerOf(state, {
    initdb: programs.of('initdb'),
    postgres: programs.of('postgres'),
    version: '',
  });
  await chown(state, owner.uid, owner.gid);
  const password = randomBytes(12).toString('hex');
  const [etcd, peers, ...ports] = await Promise.all(Array.from({ length: 6 }, freePort));
  const placed = { one: ports.slice(0, 2), two: ports.slice(2) } as Record<Node, number[]>;
  const env = {
    PATH: process.env.PATH,
    LC_ALL: 'C.UTF-8',
    LD_LIBRARY_PATH: programs.libraries,
    PYTHONPATH: join(folder, 'usr/lib/python3/dist-packages'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const urlOf = (node: Node, database: string) =>
    `postgres://lakana:${password}@127.0.0.1:${placed[node][0]}/${database}`;
  const file = (node: Node) => join(state, `${node}.yml`);
  const running = new Map<string, ChildProcess>();
  const start = (name: string, program: string, args: string[]): void => {
    // A group of its own, so that all of it can be killed at once.
    const options = { cwd: state, env, detached: true, stdio: 'ignore' as const };
    running.set(name, owner.spawn(program, args, options));
  };

  const asOnPage = parse(await recipe('yaml', PAGE)) as Record<string, object>;
  for (const [node, [sql, rest]] of Object.entries(placed)) {
    const own = {
      scope: 'lakana',
      name: node,
      restapi: { listen: `127.0.0.1:${rest}`, connect_address: `127.0.0.1:${rest}` },
      etcd3: { hosts: [`127.0.0.1:${etcd}`] },
      postgresql: {
        listen: `127.0.0.1:${sql}`,
        connect_address: `127.0.0.1:${sql}`,
        data_dir: join(state, node),
        bin_dir: join(programs.of('postgres'), '..'),
        pgpass: join(state, `${node}.pgpass`),
        authentication: {
          superuser: { username: 'lakana', password },
          replication: { username: 'replicator', password },
        },
        pg_hba: [
          'host all all 127.0.0.1/32 scram-sha-256',
          'host replication replicator 127.0.0.1/32 scram-sha-256',
        ],
        // A new standby does not wait for the next checkpoint.
        basebackup: [{ checkpoint: 'fast' }],
        parameters: { unix_socket_directories: state, password_encryption: 'scram-sha-256' },
      },
    };
    await writeFile(file(node as Node), stringify({ ...asOnPage, ...own }), { mode: 0o644 });
  }
  start('etcd', join(folder, 'usr/bin/etcd'), [
    ...['--data-dir', join(state, 'etcd'), '--log-level', 'error', '--unsafe-no-fsync'],
    ...[
      '--listen-client-urls',
      `http://127.0.0.1:${etcd}`,
      '--advertise-client-urls',
      `http://127.0.0.1:${etcd}`,
    ],
    ...['--listen-peer-urls', `http://127.0.0.1:${peers}`],
    ...['--initial-advertise-peer-urls', `http://127.0.0.1:${peers}`],
    ...['--initial-cluster', `default=http://127.0.0.1:${peers}`],
  ]);
  const starts = (node: Node): void =>
    start(node, '/usr/bin/python3', [join(folder, 'usr/bin/patroni'), file(node)]);
  /** What Patroni says of this one. */
  const roleOf = (node: Node): Promise<{ role?: string; state?: string; sync_standby?: boolean }> =>
    fetch(`http://127.0.0.1:${placed[node][1]}/patroni`, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.json() as Promise<{ role?: string }>,
      () => ({}),
    );
  const is = (node: Node, role: 'primary' | 'standby', within = 60_000) =>
    expect
      .poll(() => roleOf(node), { timeout: within, interval: 200 })
      .toMatchObject(
        role === 'primary'
          ? { role: expect.stringMatching(/^(master|primary)$/), state: 'running' }
          : { role: 'replica', state: 'running', sync_standby: true },
      );

  const kills = async (node: Node): Promise<void> => {
    await kill(running.get(node));
    running.delete(node);
    // PostgreSQL is in a session of its own, and would go on.
    const [pid = ''] = (await readFile(join(state, node, 'postmaster.pid'), 'utf8').catch(() => '')).split(
      '\n',
    );
    if (pid !== '') await run('kill', ['-9', pid]).catch(() => undefined);
  };

  starts('one');
  await is('one', 'primary');
  const primary = postgres(urlOf('one', 'postgres'), { max: 1, onnotice: () => {} });
  await primary.unsafe(`create database ${DATABASE}`);
  await primary.end();
  starts('two');
  await is('two', 'standby');

  return {
    /** Both, as `DATABASE_URL` names them. */
    url: `postgres://lakana:${password}@127.0.0.1:${placed.one[0]},127.0.0.1:${placed.two[0]}/${DATABASE}`,
    is,
    /** The machine is gone: Patroni and PostgreSQL at once. */
    kills,
    starts,
    /** A person has the other one take over, as the page says. */
    async switchesOver(from: Node): Promise<void> {
      const args = [
        join(folder, 'usr/bin/patronictl'),
        '-c',
        file(from),
        'switchover',
        '--master',
        from,
        '--force',
      ];
      await run('/usr/bin/python3', args, { env, cwd: state });
    },
    async close(): Promise<void> {
      await kills('one');
      await kills('two');
      await kill(running.get('etcd'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
