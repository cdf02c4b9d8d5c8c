/**
 * A real PostgreSQL in `DATA_DIR/postgres`, for machines without one of their own
 * (docs/decisions/embedded-postgresql.md).
 *
 * Invariants: it listens on loopback and at a socket in its own folder only, with a random password that stands in a
 * 0600 file; what is asked of it never reaches its log; it syncs to disk (a power cut loses nothing that was committed); a cluster is complete or
 * absent, because it is made beside its place and renamed; its postmaster outlives a killed service and is adopted
 * by the next one; one that dies under a running service is started again at the same address; the last of ours to
 * leave stops it.
 */
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { LakanaError } from '../kernel/errors.ts';
import { type Log, reduceError } from '../kernel/log.ts';
import { isCluster, keepSettings, makeCluster, socketOf, urlOf } from './cluster.ts';
import { isConnectionError } from './failure.ts';
import { type Owner, ownerOf, type Programs, programs } from './postgres-programs.ts';
import { type Postmaster, recordedPid, runningPostmaster } from './postmaster.ts';

export type Embedded = {
  url: string;
  /** Its socket, which costs less than the address; undefined: it has none. */
  socket: string | undefined;
  /** It was running already: the service before this one was killed, or another process uses it too. */
  isAdopted: boolean;
  /** Stops PostgreSQL, unless another process is still connected to it (and `evenIfShared` is not set). */
  stop(options?: { evenIfShared?: boolean }): Promise<void>;
};

export type EmbeddedOptions = {
  dataDir: string;
  log?: Log;
  /** Tests only: a test database may be lost in a power cut. Default true. */
  isDurable?: boolean;
  /** Starts it again when it dies, until `stop`. Default false. */
  isWatched?: boolean;
  /** From then on it is not started again when it dies. */
  stopping?: AbortSignal;
};

const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 30_000;
const WATCH_EVERY_MS = 2_000;
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes the cluster if there is none, adopts or starts its postmaster, and resolves when it answers. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'postgres');
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const tools = await programs();
  if (!(await isCluster(cluster))) await makeCluster(cluster, tools, options.isDurable ?? true);
  await checkVersion(cluster, tools);
  await keepSettings(cluster);
  const owner = await ownerOf(cluster, tools);
  for (let attempt = 1; ; attempt++) {
    const { postmaster, isAdopted } = await adoptOrStart(cluster, tools, owner);
    const url = await urlOf(cluster, postmaster.port);
    try {
      await ready(url);
    } catch (error) {
      // Another process was just stopping what we adopted: then the next turn starts it.
      if (attempt === 5 || !isConnectionError(error)) throw error;
      await sleep(200);
      continue;
    }
    if (isAdopted) options.log?.warn('database_adopted', { pid: postmaster.pid });
    const unwatch = options.isWatched
      ? watch(postmaster, () => adoptOrStart(cluster, tools, owner, postmaster.port), cluster, options)
      : async () => {};
    return {
      url,
      socket: await socketOf(cluster, postmaster.port),
      isAdopted,
      async stop(how) {
        await unwatch();
        await stopPostmaster(cluster, url, how?.evenIfShared ?? false);
      },
    };
  }
}

/** Looks every two seconds whether the postmaster lives; returns a function that ends it. */
function watch(
  first: Postmaster,
  startAgain: () => Promise<{ postmaster: Postmaster }>,
  cluster: string,
  { log, stopping }: EmbeddedOptions,
): () => Promise<void> {
  const ended = new AbortController();
  const signal = stopping ? AbortSignal.any([stopping, ended.signal]) : ended.signal;
  let { pid } = first;
  const look = async (): Promise<void> => {
    if ((await runningPostmaster(cluster)) || signal.aborted) return;
    log?.error('database_died', { pid });
    pid = (await startAgain()).postmaster.pid;
    log?.warn('database_restarted', { pid });
  };
  const looking = (async () => {
    while (!signal.aborted) {
      await sleep(WATCH_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      await look().catch((error: unknown) =>
        log?.error('cycle_failed', { cycle: 'database', ...reduceError(error) }),
      );
    }
  })();
  return async () => {
    ended.abort();
    await looking;
  };
}

/** The address of an embedded database that is running now; undefined if there is none. */
export async function runningEmbedded(dataDir: string): Promise<string | undefined> {
  const cluster = join(resolve(dataDir), 'postgres');
  const postmaster = await runningPostmaster(cluster);
  return postmaster && (await urlOf(cluster, postmaster.port));
}

/** Whether `dataDir` holds a database of ours, running or not. */
export function hasEmbedded(dataDir: string): Promise<boolean> {
  return isCluster(join(resolve(dataDir), 'postgres'));
}

async function checkVersion(cluster: string, tools: Programs): Promise<void> {
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (version === tools.version) return;
  throw new LakanaError(
    'database_version_differs',
    `${cluster} was made by PostgreSQL ${version}, this program brings ${tools.version}: restore a backup into a new DATA_DIR`,
  );
}

async function adoptOrStart(
  cluster: string,
  tools: Programs,
  owner: Owner,
  port?: number,
): Promise<{ postmaster: Postmaster; isAdopted: boolean }> {
  const deadline = Date.now() + START_WITHIN_MS;
  let child: ChildProcess | undefined;
  let failures = 0;
  while (Date.now() < deadline) {
    const postmaster = await runningPostmaster(cluster);
    if (postmaster?.isReady) return { postmaster, isAdopted: postmaster.pid !== child?.pid };
    const isOver = !child || child.exitCode !== null || child.signalCode !== null;
    if (!postmaster && isOver) {
      if (child && !(await isHeldByOrphans(cluster)) && ++failures === 3) break;
      if (child) await sleep(250);
      child = await startPostmaster(cluster, tools, owner, port ?? (await freePort()));
    }
    await sleep(20);
  }
  throw new LakanaError(
    'database_not_started',
    `PostgreSQL does not start; the reason is in ${join(cluster, 'start.log')} or ${join(cluster, 'log')}`,
  );
}

/** Children of a killed postmaster finish their statement before they notice: until then it must not start again. */
async function isHeldByOrphans(cluster: string): Promise<boolean> {
  const said = await readFile(join(cluster, 'start.log'), 'utf8').catch(() => '');
  return said.includes('shared memory block');
}

/** In a session of its own: neither Ctrl-C nor the death of this process ends it. */
async function startPostmaster(
  cluster: string,
  tools: Programs,
  owner: Owner,
  port: number,
): Promise<ChildProcess> {
  const output = openSync(join(cluster, 'start.log'), 'w', 0o600);
  try {
    const child = owner.spawn(tools.postgres, ['-D', cluster, '-p', String(port)], {
      cwd: dirname(cluster),
      detached: true,
      // Not this process's environment: it holds the bot's token, and a postmaster's can be read for as long as it runs.
      // A lock file left by a crash is ignored if its pid is this one (pg_ctl does the same): after a reboot that number
      // may belong to anything. Deleting the file instead would switch off the check for orphans.
      env: { PATH: SEARCH_PATH, LC_ALL: 'C', PG_GRANDPARENT_PID: String(await recordedPid(cluster)) },
      stdio: ['ignore', output, output],
    });
    child.on('error', () => {});
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

async function ready(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    await sql`select 1`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A fast shutdown; waits until the postmaster is gone. */
async function stopPostmaster(cluster: string, url: string, evenIfShared: boolean): Promise<void> {
  const postmaster = await runningPostmaster(cluster);
  if (!postmaster || (!evenIfShared && (await isShared(url)))) return;
  process.kill(postmaster.pid, 'SIGINT');
  const deadline = Date.now() + STOP_WITHIN_MS;
  while (Date.now() < deadline && (await runningPostmaster(cluster))?.pid === postmaster.pid) await sleep(20);
}

async function isShared(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false, connect_timeout: 5 });
  try {
    const [row] = await sql`
      select count(*)::int as others from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`;
    return row?.others > 0;
  } catch {
    // It does not answer: stopping it is all the more right.
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
