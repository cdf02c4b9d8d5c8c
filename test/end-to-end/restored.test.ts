/** The machine is lost in the middle of a case; the whole service is started on what a backup has kept. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { minutes } from '../../src/kernel/time.ts';
import { emptyDatabase, openSaving } from '../backup/saving.ts';
import type { TestDatabase } from '../database.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { openWorld, referenceIn, textOf, type World } from './world.ts';

let world: World<Telegram>;
let saving: Awaited<ReturnType<typeof openSaving>>;
let lost: TestDatabase;
beforeAll(async () => {
  world = await openWorld(telegram);
  lost = world.database;
  saving = await openSaving({ ctx: world.ctx(), database: lost, serverKey: world.serverKey });
});
afterAll(async () => {
  await world?.close();
  await lost?.close();
  await saving?.close();
});

test('a reporter whose case was open is paged for again, goes on with the story, and hears that it was taken', async () => {
  const binta = await world.enrolOfficer('Binta');
  const awa = world.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  await awa.says('Kati, derrière le marché');
  await binta.seesText(reference);
  await world.isQuiet();
  const { name } = await saving.save();

  await world.stops();
  const there = await emptyDatabase();
  const { followed } = await saving.putInto(there, name);
  expect(followed).toMatchObject({ due: 1, told: 1 });
  world.movesTo(there);
  await world.starts();

  await binta.seesText('remis en marche avec sa copie');
  await binta.chooses('Je prends');
  await awa.seesText(/bien reçu|Bien reçu/);
  await awa.says('ils sont deux, dans une voiture blanche');
  await expect
    .poll(async () => textOf(await world.openCase(reference)), { timeout: minutes(1) })
    .toContain('voiture blanche');
  expect(textOf(await world.openCase(reference))).toContain('derrière le marché');
});
