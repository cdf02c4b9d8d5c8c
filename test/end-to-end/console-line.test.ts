/** The officer's room behind a proxy that keeps answers back: it hears at once, and says when it does not. */
import { expect, test } from 'vitest';
import { type FakeProxy, startProxy } from '../fakes/proxy/proxy.ts';
import { cries } from './duty.ts';
import { officersRoom } from './officers-room.ts';

let proxy: FakeProxy;
const room = officersRoom(async (port) => {
  proxy = await startProxy(port);
  return proxy;
});

test('an SOS is shown within two seconds; a cut line within ten, and what comes meanwhile all the same', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  const row = (reference: string) => page.getByRole('link', { name: new RegExp(reference) }).first();
  const first = await cries(room.world.person('Awa'));
  await row(first).waitFor({ timeout: 2_000 });
  // Nothing comes any more, and no connection says so.
  proxy.stalls(true);
  const stalledAt = performance.now();
  const second = await cries(room.world.person('Issa'));
  const notice = page.getByText('La liaison directe est coupée. Le service répond');
  await notice.waitFor({ timeout: 10_000 });
  expect(performance.now() - stalledAt).toBeLessThan(10_500);
  await row(second).waitFor({ timeout: 2_000 });
  await room.picture(page, 'line-cut');
  proxy.stalls(false);
  await notice.waitFor({ state: 'detached' });
  // Nobody answers at all.
  proxy.fails(true);
  const lost = page.getByText('Cette page n’atteint pas le service. Ce qui est écrit ici date de');
  await lost.waitFor();
  await room.picture(page, 'line-lost');
  proxy.fails(false);
  await lost.waitFor({ state: 'detached' });
}, 90_000);
