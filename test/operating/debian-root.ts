/**
 * A machine of its own for a script of docs/operating: this machine's files under an overlay of which everything is thrown away. It
 * has no systemd, so `systemctl` only notes what it was told. Needs root.
 */
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type DebianRoot = {
  /** Where its `/` is. */
  path: string;
  /** Types these lines there, as root. Rejects with what was said if one fails. */
  types(lines: string, folder?: string): Promise<string>;
  /** Starts a program there. */
  starts(args: string[], folder: string, user?: string): ReturnType<typeof spawn>;
  /** What `systemctl` was told. */
  told(): Promise<string[]>;
  close(): Promise<void>;
};

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export async function openDebianRoot(): Promise<DebianRoot> {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-root-'));
  await chmod(folder, 0o755);
  const [upper, work, path] = ['upper', 'work', 'root'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [upper, work, path]) await mkdir(each);
  await run('mount', [
    '-t',
    'overlay',
    'overlay',
    '-o',
    `lowerdir=/,upperdir=${upper},workdir=${work}`,
    path,
  ]);
  await run('mount', ['--bind', '/proc', join(path, 'proc')]);
  await run('mount', ['--bind', '/dev', join(path, 'dev')]);
  await run('mount', ['-t', 'tmpfs', 'tmpfs', join(path, 'dev/shm')]);
  const notes = join(path, 'root/systemctl.notes');
  await writeFile(join(path, 'usr/local/sbin/systemctl'), '#!/bin/sh\necho "$*" >> /root/systemctl.notes\n');
  await chmod(join(path, 'usr/local/sbin/systemctl'), 0o755);
  const env = { PATH, HOME: '/root', LC_ALL: 'C' };
  return {
    path,
    async types(lines, cwd = '/root') {
      const script = `set -eu\ncd ${cwd}\n${lines}`;
      const { stdout, stderr } = await run('chroot', [path, 'sh', '-c', script], { env });
      return stdout + stderr;
    },
    starts: (args, cwd, user = 'root') =>
      spawn(
        'chroot',
        [`--userspec=${user}:${user}`, path, 'sh', '-c', `cd ${cwd} && exec "$@"`, 'sh', ...args],
        {
          env,
          stdio: 'pipe',
        },
      ),
    told: async () =>
      (await readFile(notes, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    async close() {
      for (const each of ['dev/shm', 'dev', 'proc', ''])
        await run('umount', [join(path, each)]).catch(() => {});
      await run('umount', ['--lazy', path]).catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The `sh` blocks of a page, each below the number of its section. */
export async function blocksOf(page: string): Promise<{ section: string; lines: string }[]> {
  const text = await readFile(page, 'utf8');
  return text.split(/^## /m).flatMap((part) => {
    const [section = ''] = part.split('.');
    return [...part.matchAll(/```sh\n([\s\S]+?)```/g)].map(([, lines = '']) => ({ section, lines }));
  });
}
