/** The officer's room behind a proxy that keeps answers back: it hears at once, and says when it does not. */
import { expect, test } from 'vitest';
import { pageClock } from '../browser.ts';
import { type FakeProxy, startProxy } from '../fakes/proxy/proxy.ts';
import { cries } from './duty.ts';
import { officersRoom } from './officers-room.ts';

/** Nothing is shown that late; what hangs must end. */
const HANGING = { timeout: 60_000 };

let proxy: FakeProxy;
const room = officersRoom(async (port) => {
  proxy = await startProxy(port);
  return proxy;
});

/**
 * The seconds are those of the page's own clock, which stands still or goes on as it is told: what is shown while it stands
 * came by the stream, with nothing waited for, and a machine that is busy makes no difference.
 */
test('an SOS is shown within two seconds; a cut line within ten, and what comes meanwhile all the same', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  const clock = await pageClock(page);
  await room.kadiIsIn(page);
  await clock.stops();
  const row = (reference: string) => page.getByRole('link', { name: new RegExp(reference) }).first();
  const first = await cries(room.world.person('Awa'));
  await row(first).waitFor(HANGING);
  // Nothing comes any more, and no connection says so.
  proxy.stalls(true);
  const second = await cries(room.world.person('Issa'));
  await clock.runs(8_000);
  const notice = page.getByText('La liaison directe est coupée. Le service répond');
  expect(await notice.count()).toBe(0);
  await clock.runs(2_000);
  await notice.waitFor(HANGING);
  await row(second).waitFor(HANGING);
  await clock.goesOn();
  await room.picture(page, 'line-cut');
  proxy.stalls(false);
  await notice.waitFor({ state: 'detached', ...HANGING });
  // Nobody answers at all.
  proxy.fails(true);
  const lost = page.getByText('Cette page n’atteint pas le service. Ce qui est écrit ici date de');
  await lost.waitFor(HANGING);
  await room.picture(page, 'line-lost');
  proxy.fails(false);
  await lost.waitFor({ state: 'detached', ...HANGING });
}, 120_000);
