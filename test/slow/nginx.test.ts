/** The officer's room behind Debian's nginx as it comes, with the lines of docs/operating/proxy.md. */
import { expect, test } from 'vitest';
import { pageClock } from '../browser.ts';
import { cries } from '../end-to-end/duty.ts';
import { officersRoom } from '../end-to-end/officers-room.ts';
import { type Nginx, startNginx } from './nginx.ts';

/** Nothing is shown that late; what hangs must end. */
const HANGING = { timeout: 60_000 };

let nginx: Nginx;
const room = officersRoom(async (port) => {
  nginx = await startNginx(port);
  return nginx;
});

test('each SOS is shown within two seconds; a frozen nginx within ten; a stranger is counted alone and is no one here', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  const clock = await pageClock(page);
  await room.kadiIsIn(page);
  // What is shown while the page's clock stands still came by the stream: nothing was waited for.
  await clock.stops();
  for (const name of ['Awa', 'Issa']) {
    const reference = await cries(room.world.person(name));
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .waitFor(HANGING);
  }
  nginx.freezes();
  await clock.runs(10_000);
  await page.getByText('La liaison directe est coupée').waitFor(HANGING);
  await clock.goesOn();
  await page.getByText('Cette page n’atteint pas le service').waitFor(HANGING);
  nginx.thaws();
  await expect.poll(() => page.getByText(/coupée|n’atteint pas/).count(), HANGING).toBe(0);
  const reference = await cries(room.world.person('Oumou'));
  await page
    .getByRole('link', { name: new RegExp(reference) })
    .first()
    .waitFor(HANGING);
  expect((await fetch(`${nginx.url}/metrics`)).status).toBe(403);
  const readiness = await (await fetch(`${nginx.url}/readyz`)).json();
  expect(readiness).toMatchObject({ ok: true, warnings: [] });
});
