/**
 * Making a PostgreSQL cluster.
 *
 * Invariants: a cluster is complete or absent; what is asked of it never reaches its log; it listens on loopback
 * and at a socket in its own folder only, with a random password that stands in a 0600 file.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFile,
  chown,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { LakanaError } from '../kernel/errors.ts';
import { type Owner, ownerOf, type Programs } from './postgres-programs.ts';

const PASSWORD_FILE = 'lakana-connection.json';

/** Whether there is a whole cluster. One that this user may not look at throws: it is not absent. */
export function isCluster(cluster: string): Promise<boolean> {
  return stat(join(cluster, 'PG_VERSION')).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}

/** What is wrong with a cluster before it is started or made: the path and a code; undefined if nothing can be seen. */
export async function clusterFault(
  cluster: string,
): Promise<{ path: string; code: string; isOther?: true } | undefined> {
  try {
    const names = await readdir(cluster);
    // A cluster comes to its place whole, in one step: what lies here without a version is something else, or was cut.
    if (names.length > 0 && !names.includes('PG_VERSION'))
      return { path: cluster, code: 'no PG_VERSION', isOther: true };
    for (const name of names.filter((each) => [PASSWORD_FILE, 'PG_VERSION'].includes(each)))
      await (await open(join(cluster, name))).close();
    return undefined;
  } catch (error) {
    const { code = 'unknown', path = cluster } = error as NodeJS.ErrnoException;
    return isMissing(error as NodeJS.ErrnoException) ? undefined : { path, code };
  }
}

const isMissing = ({ code = '' }: NodeJS.ErrnoException): boolean => ['ENOENT', 'ENOTDIR'].includes(code);

/** The address of a cluster whose postmaster listens on `port`. */
export async function urlOf(cluster: string, port: number): Promise<string> {
  const { user, password } = JSON.parse(await readFile(join(cluster, PASSWORD_FILE), 'utf8'));
  return `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
}

/** No system takes a longer name of a socket. */
const LONGEST_SOCKET = 103;

/** The socket of the postmaster that listens on `port`; undefined: it has none, or its name is too long for the system. */
export async function socketOf(cluster: string, port: number): Promise<string | undefined> {
  const socket = join(cluster, `.s.PGSQL.${port}`);
  if (Buffer.byteLength(socket) > LONGEST_SOCKET) return undefined;
  const found = await stat(socket).catch(() => undefined);
  return found?.isSocket() ? socket : undefined;
}

/** initdb in a directory beside the place, then one rename: a half-made cluster is never taken for one. */
export async function makeCluster(cluster: string, tools: Programs, isDurable: boolean): Promise<void> {
  const draft = await mkdtemp(`${cluster}.new-`);
  const password = randomBytes(24).toString('base64url');
  try {
    const owner = await ownerOf(draft, tools);
    const passwordFile = join(draft, '..', `.${randomBytes(8).toString('hex')}`);
    await chown(draft, owner.uid, owner.gid);
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    await chown(passwordFile, owner.uid, owner.gid);
    try {
      await runInitdb(draft, passwordFile, tools, owner, isDurable);
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
    // Another process was first: its cluster counts.
    if (!(await isCluster(cluster))) throw error;
  }
}

async function runInitdb(
  draft: string,
  passwordFile: string,
  tools: Programs,
  owner: Owner,
  isDurable: boolean,
): Promise<void> {
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
      ...(isDurable ? [] : ['--no-sync']),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  const code = await exitOf(child);
  if (code === 0) return;
  const why = said.join('').trim().slice(0, 500);
  // It looks its user up in /etc/passwd.
  const isUnknown = /user ID \d+/.test(why);
  throw new LakanaError(
    'database_not_made',
    isUnknown
      ? `DATABASE_URL is missing, and this user (${owner.uid}) has no name on this machine, which PostgreSQL needs: start Lakana as a user who has one, or give DATABASE_URL`
      : `DATA_DIR is no place where PostgreSQL can make a database (initdb: ${why}): mend what it says, or give another folder`,
  );
}

/** No statement, no parameter and no host in the log; sized for a small machine, or for many tests at once. */
async function writeSettings(cluster: string, isDurable: boolean, owner: Owner): Promise<void> {
  const settings = `
# Written by Lakana.
listen_addresses = '127.0.0.1'
${OWN_SOCKET}
max_connections = ${isDurable ? 60 : 200}
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
${DROPS_LOG}
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

/** In the cluster's own folder, which nobody else may enter: what is asked costs less than over loopback. */
const OWN_SOCKET = "unix_socket_directories = '.'";

/** A part of the write-ahead log that is not needed is removed, and not kept to be written over: what was erased stands in it. */
const DROPS_LOG = 'wal_recycle = off';

/** Clusters of before this was a setting get it too, when they are started the next time. */
export async function keepSettings(cluster: string): Promise<void> {
  const file = join(cluster, 'lakana.conf');
  const settings = await readFile(file, 'utf8');
  for (const setting of [DROPS_LOG, OWN_SOCKET])
    if (!settings.includes(setting)) await appendFile(file, `${setting}\n`);
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
}
