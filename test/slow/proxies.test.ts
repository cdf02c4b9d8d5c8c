/** The other recipes of docs/operating/proxy.md, with Debian's packages. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pageClock } from '../browser.ts';
import { cries } from '../end-to-end/duty.ts';
import { officersRoom } from '../end-to-end/officers-room.ts';
import { type Caddy, startCaddy } from './caddy.ts';
import { recipe, unpackDebian } from './debian.ts';

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
