import { execFile } from 'node:child_process';
import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type Postmaster = { pid: number; port: number; isReady: boolean };

/**
 * The postmaster that serves `cluster` now, read from its `postmaster.pid` (lines: pid, directory, start time, port,
 * socket directory, address, shared memory, status). A file left by a crash is seen through: after a restart of
 * the machine or container its pid often belongs to something else.
 */
export async function runningPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  if (!(await isPostgresOf(pid, cluster))) return undefined;
  return { pid, port: Number(lines[3]), isReady: lines[7] === 'ready' };
}

/** The pid in the cluster's lock file, alive or not; 0 if there is none. */
export async function recordedPid(cluster: string): Promise<number> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  return Math.abs(Number.parseInt(text, 10)) || 0;
}

async function isPostgresOf(pid: number, cluster: string): Promise<boolean> {
  const place = await realpath(cluster);
  if (process.platform === 'linux') {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // A zombie still has its number: `pid (name) Z`.
    if (state === '' || /\) [ZX] /.test(state)) return false;
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    if (directory !== undefined) return directory === place;
  }
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-p', String(pid), '-o', 'command=']).catch(
    () => ({
      stdout: '',
    }),
  );
  return stdout.includes('postgres') && (stdout.includes(cluster) || stdout.includes(place));
}
