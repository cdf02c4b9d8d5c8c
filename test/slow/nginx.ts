/**
 * Debian's nginx as it comes: its packages and its configuration, in a folder of the test's own, with the lines of
 * docs/operating/proxy.md as the one site. Nothing is installed on the machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../end-to-end/officers-room.ts';
import { recipe, unpackDebian } from './debian.ts';

const PACKAGES = ['nginx', 'nginx-common'];

export type Nginx = { url: string; freezes(): void; thaws(): void; close(): Promise<void> };

export async function startNginx(servicePort: number): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-nginx-'));
  await chmod(folder, 0o755);
  await unpackDebian(folder, PACKAGES);
  const port = await freePort();
  const etc = join(folder, 'etc/nginx');
  const state = join(folder, 'state');
  await mkdir(state);
  // The paths are those of the folder; everything else stands as Debian wrote it.
  const main = (await readFile(join(etc, 'nginx.conf'), 'utf8'))
    .replaceAll('/etc/nginx', etc)
    .replaceAll('/var/log/nginx', state)
    .replace('/run/nginx.pid', join(state, 'nginx.pid'))
    .replace(/http \{/, `http {\n${temporary(state)}`);
  await writeFile(join(etc, 'nginx.conf'), main);
  const site = (await recipe('nginx'))
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('lakana.example.org', 'localhost')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${servicePort}`)
    .replace('proxy_params', join(etc, 'proxy_params'));
  await mkdir(join(etc, 'sites-enabled'), { recursive: true });
  await writeFile(join(etc, 'sites-enabled/lakana'), site);
  const nginx = spawn(
    join(folder, 'usr/sbin/nginx'),
    ['-c', join(etc, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off; master_process off;'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await isListening(port);
  return {
    url: `http://localhost:${port}`,
    freezes: () => void nginx.kill('SIGSTOP'),
    thaws: () => void nginx.kill('SIGCONT'),
    async close() {
      nginx.kill('SIGKILL');
      await once(nginx, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

const temporary = (state: string): string =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${state}/${name};`)
    .join('\n');

async function isListening(port: number): Promise<void> {
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
