/** The officer's room behind Debian's nginx as it comes, with the lines of docs/operating.md. */
import { expect, test } from 'vitest';
import { cries } from '../end-to-end/duty.ts';
import { officersRoom } from '../end-to-end/officers-room.ts';
import { type Nginx, startNginx } from './nginx.ts';

let nginx: Nginx;
const room = officersRoom(async (port) => {
  nginx = await startNginx(port);
  return nginx;
});

test('each SOS is shown within two seconds; a frozen nginx within ten; a stranger is counted alone and is nobody here', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  for (const name of ['Awa', 'Issa']) {
    const reference = await cries(room.world.person(name));
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .waitFor({ timeout: 2_000 });
  }
  nginx.freezes();
  await page.getByText('La liaison directe est coupée').waitFor({ timeout: 10_000 });
  await page.getByText('Cette page n’atteint pas le service').waitFor({ timeout: 10_000 });
  nginx.thaws();
  await expect.poll(() => page.getByText(/coupée|n’atteint pas/).count(), { timeout: 30_000 }).toBe(0);
  const reference = await cries(room.world.person('Oumou'));
  await page
    .getByRole('link', { name: new RegExp(reference) })
    .first()
    .waitFor({ timeout: 2_000 });
  expect((await fetch(`${nginx.url}/metrics`)).status).toBe(403);
  const readiness = await (await fetch(`${nginx.url}/readyz`)).json();
  expect(readiness).toMatchObject({ ok: true, warnings: [] });
});
