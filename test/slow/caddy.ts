/** Debian's Caddy with the lines of docs/operating/proxy.md, in a folder of the test's own: nothing is installed on the machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../end-to-end/officers-room.ts';
import { recipe, unpackDebian } from './debian.ts';

export type Caddy = {
  /** By it the room is reached without TLS: a browser gives passkeys to no certificate of this machine's own. */
  url: string;
  /** Asks over TLS, with the certificate that this Caddy made. */
  asks(path: string): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>;
  close(): Promise<void>;
};

export async function startCaddy(servicePort: number): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-caddy-'));
  await unpackDebian(folder, ['caddy']);
  const [plain, secure] = [await freePort(), await freePort()];
  const site = (await recipe('caddy')).replace('127.0.0.1:8080', `127.0.0.1:${servicePort}`);
  const own = [
    '{',
    'admin off',
    'skip_install_trust',
    'auto_https disable_redirects',
    `storage file_system ${folder}/state`,
    '}',
  ];
  const file = join(folder, 'Caddyfile');
  await writeFile(
    file,
    [
      ...own,
      site.replace('lakana.example.org', `http://localhost:${plain}`),
      site.replace('lakana.example.org {', `https://localhost:${secure} {\n\ttls internal`),
    ].join('\n'),
  );
  const caddy = spawn(join(folder, 'usr/bin/caddy'), ['run', '--config', file, '--adapter', 'caddyfile'], {
    stdio: 'ignore',
    env: { HOME: folder },
  });
  const root = join(folder, 'state/pki/authorities/local/root.crt');
  const asks: Caddy['asks'] = async (path) => {
    const asked = request({ host: 'localhost', port: secure, path, ca: await readFile(root), agent: false });
    asked.end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    return { status: answer.statusCode, headers: answer.headers };
  };
  while (
    !existsSync(root) ||
    !(await asks('/').then(
      () => true,
      () => false,
    ))
  ) {
    if (caddy.exitCode !== null) throw new Error('Caddy has ended');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url: `http://localhost:${plain}`,
    asks,
    async close() {
      caddy.kill('SIGKILL');
      await once(caddy, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}
