/**
 * A real PostgreSQL in `DATA_DIR/postgres`, for machines without one of their own.
 *
 * Invariants: it listens on loopback only, with a random password that stands in a 0600 file; what is asked of it
 * never reaches its log; it syncs to disk (a power cut loses nothing that was committed); a cluster is complete or
 * absent, because it is made beside its place and renamed; its postmaster outlives a killed service and is adopted
 * by the next one; the last of ours to leave stops it.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { LakanaError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { isConnectionError } from './failure.ts';
import { type Owner, ownerOf, type Programs, programs } from './postgres-programs.ts';
import { type Postmaster, recordedPid, runningPostmaster } from './postmaster.ts';

export type Embedded = {
  url: string;
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
};

const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 30_000;
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const PASSWORD_FILE = 'lakana-connection.json';

/** Makes the cluster if there is none, adopts or starts its postmaster, and resolves when it answers. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'postgres');
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const tools = await programs();
  if (!(await exists(join(cluster, 'PG_VERSION'))))
    await makeCluster(cluster, tools, options.isDurable ?? true);
  await checkVersion(cluster, tools);
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
    return { url, isAdopted, stop: (how) => stopPostmaster(cluster, url, how?.evenIfShared ?? false) };
  }
}

/** The address of an embedded database that is running now; undefined if there is none. */
export async function runningEmbedded(dataDir: string): Promise<string | undefined> {
  const cluster = join(resolve(dataDir), 'postgres');
  const postmaster = await runningPostmaster(cluster);
  return postmaster && (await urlOf(cluster, postmaster.port));
}

/** Whether `dataDir` holds a database of ours, running or not. */
export function hasEmbedded(dataDir: string): Promise<boolean> {
  return exists(join(resolve(dataDir), 'postgres', 'PG_VERSION'));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** initdb in a directory beside the place, then one rename: a half-made cluster is never taken for one. */
async function makeCluster(cluster: string, tools: Programs, isDurable: boolean): Promise<void> {
  const draft = await mkdtemp(`${cluster}.new-`);
  const password = randomBytes(24).toString('base64url');
  try {
    const owner = await ownerOf(draft, tools);
    const passwordFile = join(draft, '..', `.${randomBytes(8).toString('hex')}`);
    await chown(draft, owner.uid, owner.gid);
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    await chown(passwordFile, owner.uid, owner.gid);
    try {
      await runInitdb(draft, passwordFile, tools, owner);
    } finally {
      await rm(passwordFile, { force: true });
    }
    await writeSettings(draft, isDurable, owner);
    await writeFile(join(draft, PASSWORD_FILE), JSON.stringify({ user: 'lakana', password }), {
      mode: 0o600,
    });
    await chown(join(draft, PASSWORD_FILE), owner.uid, owner.gid);
    await rename(draft, cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody else was first: theirs counts.
    if (!(await exists(join(cluster, 'PG_VERSION')))) throw error;
  }
}

async function runInitdb(draft: string, passwordFile: string, tools: Programs, owner: Owner): Promise<void> {
  const child = owner.spawn(
    tools.initdb,
    [
      `--pgdata=${draft}`,
      '--username=lakana',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
      '--no-instructions',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  const code = await exitOf(child);
  if (code !== 0)
    throw new LakanaError('database_not_made', `initdb failed: ${said.join('').trim().slice(0, 500)}`);
}

/** No statement, no parameter and no host in the log; sized for a small machine. */
async function writeSettings(cluster: string, isDurable: boolean, owner: Owner): Promise<void> {
  const settings = `
# Written by Lakana.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 64MB
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
fsync = ${isDurable ? 'on' : 'off'}
synchronous_commit = ${isDurable ? 'on' : 'off'}
full_page_writes = ${isDurable ? 'on' : 'off'}
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
logging_collector = on
log_directory = 'log'
log_filename = 'postgres-%a.log'
log_file_mode = 0600
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_statement = none
log_min_duration_statement = -1
log_min_error_statement = panic
log_min_messages = fatal
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_connections = ''
log_disconnections = off
log_checkpoints = off
track_activity_query_size = 100
`;
  const file = join(cluster, 'lakana.conf');
  await writeFile(file, settings, { mode: 0o600 });
  await chown(file, owner.uid, owner.gid);
  const main = join(cluster, 'postgresql.conf');
  await writeFile(main, `${await readFile(main, 'utf8')}\ninclude = 'lakana.conf'\n`);
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
      child = await startPostmaster(cluster, tools, owner);
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
async function startPostmaster(cluster: string, tools: Programs, owner: Owner): Promise<ChildProcess> {
  const port = await freePort();
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

async function urlOf(cluster: string, port: number): Promise<string> {
  const { user, password } = JSON.parse(await readFile(join(cluster, PASSWORD_FILE), 'utf8'));
  return `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
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

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
}
