/** The unit as systemd's own programs see it, and what they hear from the guardian over a real socket. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unitOf } from '../../src/commands/unit.ts';
import { unpackDebian } from './debian.ts';

const run = promisify(execFile);

let folder = '';
/** Where systemd's programs are: this machine's, or Debian's package. */
let env: NodeJS.ProcessEnv = process.env;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-unit-'));
  const isHere = await run('systemd-analyze', ['--version']).catch(() => undefined);
  if (isHere) return;
  await unpackDebian(folder, ['systemd', 'libsystemd-shared']);
  const libraries = [join(folder, 'usr/lib/systemd'), join(folder, 'lib/systemd')];
  for (const triple of ['x86_64-linux-gnu', 'aarch64-linux-gnu'])
    libraries.push(join(folder, 'usr/lib', triple, 'systemd'));
  env = {
    ...process.env,
    PATH: `${join(folder, 'usr/bin')}:${join(folder, 'bin')}:${process.env.PATH}`,
    LD_LIBRARY_PATH: libraries.join(':'),
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The unit, with a program that is there. */
async function written(): Promise<string> {
  const program = join(folder, 'opt/lakana');
  await mkdir(program, { recursive: true });
  await writeFile(join(program, 'lakana'), '#!/bin/sh\n');
  await chmod(join(program, 'lakana'), 0o755);
  const file = join(folder, 'lakana-tested.service');
  await writeFile(file, unitOf({ folder: program, user: 'root', dataDir: '/var/lib/lakana' }));
  return file;
}

test('systemd finds nothing wrong in the unit', async () => {
  const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', await written()], { env });
  expect(stdout + stderr).toBe('');
});

test('systemd finds a service behind it that is little exposed', async () => {
  const file = await written();
  // As the user whom docs/operating/install.md makes; here there is none, and root would count as one.
  await writeFile(file, unitOf({ folder: '/opt/lakana', user: 'lakana', dataDir: '/var/lib/lakana' }));
  const { stdout } = await run('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
    env,
  });
  const [, exposure] = /Overall exposure level for \S+: (\d+\.\d)/.exec(stdout) ?? [];
  expect(Number(exposure)).toBeLessThanOrEqual(2);
});

test('the guardian of a service is heard by systemd’s own program over the socket: ready, alive, stopping', async () => {
  const socket = join(folder, 'notify');
  const hears = `use Socket; socket(my $s, AF_UNIX, SOCK_DGRAM, 0); bind($s, pack_sockaddr_un($ARGV[0])) or die;
    $| = 1; print "there\\n"; while (defined recv($s, my $m, 4096, 0)) { print "$m\\n"; }`;
  const systemd = spawn('perl', ['-e', hears, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const heard: string[] = [];
  systemd.stdout.on('data', (chunk) => heard.push(...String(chunk).trim().split('\n')));
  await expect.poll(() => heard).toContain('there');
  const program = join(folder, 'program.mjs');
  await writeFile(
    program,
    `process.send([{ is: 'asks' }]); process.once('message', () => process.send([{ is: 'ready' }]));
     setInterval(() => process.send([{ is: 'beat' }]), 200); process.once('SIGTERM', () => process.exit(0));`,
  );
  const guardian = spawn(
    process.execPath,
    [resolve(import.meta.dirname, '../service/quick-guardian.ts'), program],
    {
      env: { ...env, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '600000' },
      stdio: 'inherit',
    },
  );
  try {
    const said = () => heard.join('\n');
    await expect.poll(said).toContain('READY=1');
    await expect.poll(said).toContain('WATCHDOG=1');
    guardian.kill('SIGTERM');
    await once(guardian, 'exit');
    await expect.poll(said).toContain('STOPPING=1');
  } finally {
    guardian.kill('SIGKILL');
    systemd.kill();
  }
});
