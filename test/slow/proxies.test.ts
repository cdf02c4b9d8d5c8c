/** The other recipes of docs/operating/proxy.md, with Debian's packages. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { pageClock } from '../browser.ts';
import { cries } from '../end-to-end/duty.ts';
import { officersRoom } from '../end-to-end/officers-room.ts';
import { type Caddy, startCaddy } from './caddy.ts';
import { recipe, unpackDebian } from './debian.ts';

const run = promisify(execFile);

describe('behind Caddy', () => {
  let caddy: Caddy;
  const room = officersRoom(async (port) => {
    caddy = await startCaddy(port);
    return caddy;
  });

  test('each SOS is shown at once, TLS is Caddy’s, and a stranger is counted alone and is no one here', async () => {
    await room.world.enrolOfficer('Kadi');
    const page = await room.phone();
    const clock = await pageClock(page);
    const live = page.waitForResponse(/\/console\/api\/changes/);
    await room.kadiIsIn(page);
    await live;
    // What is shown while the page's clock stands still came by the stream: nothing was waited for.
    await clock.stops();
    const reference = await cries(room.world.person('Awa'));
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .waitFor({ timeout: 60_000 });
    const console = await caddy.asks('/console/files/none.js');
    expect(console.status).toBe(404);
    expect((await caddy.asks('/metrics')).status).toBe(403);
    expect(await (await fetch(`${caddy.url}/readyz`)).json()).toMatchObject({ ok: true, warnings: [] });
  });
});

test('the rules of the way in are understood, and let in the proxy, the operator and answers alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-nft-'));
  try {
    const libraries = ['libnftables1', 'libnftnl11', 'libmnl0', 'libjansson4', 'libxtables12', 'libedit2'];
    await unpackDebian(folder, ['nftables', ...libraries]);
    await writeFile(join(folder, 'rules'), await recipe('nft', 'docs/operating/install.md'));
    const { stdout: triple } = await run('dpkg-architecture', ['-qDEB_HOST_MULTIARCH']).catch(() => ({
      stdout: process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
    }));
    // In a network of its own: the machine's rules stay as they are.
    const { stdout } = await run(
      'unshare',
      ['--net', 'sh', '-c', 'usr/sbin/nft -f rules && usr/sbin/nft list ruleset'],
      {
        cwd: folder,
        env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'usr/lib', triple.trim()) },
      },
    );
    expect(stdout).toContain('policy drop;');
    expect(stdout.match(/dport .* accept/g)).toEqual(['dport { 22, 80, 443 } accept', 'dport 443 accept']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an onion service gets its address from the lines for Tor', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-tor-'));
  try {
    await unpackDebian(folder, ['tor']);
    await chmod(folder, 0o700);
    const lines = (await recipe('tor')).replace('/var/lib/tor', folder);
    // No network: what is tried is that Tor takes the lines, and makes the service's key and name.
    const own = [`DataDirectory ${folder}/data`, 'DisableNetwork 1', 'SocksPort 0', ''];
    await writeFile(join(folder, 'torrc'), `${own.join('\n')}${lines}`);
    const tor = spawn(
      join(folder, 'usr/bin/tor'),
      ['-f', join(folder, 'torrc'), '--defaults-torrc', join(folder, 'none')],
      {
        stdio: 'ignore',
      },
    );
    try {
      const name = () => readFile(join(folder, 'lakana/hostname'), 'utf8').catch(() => '');
      await expect.poll(name).toMatch(/^[a-z2-7]{56}\.onion\n$/);
    } finally {
      tor.kill('SIGKILL');
      await once(tor, 'exit');
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
