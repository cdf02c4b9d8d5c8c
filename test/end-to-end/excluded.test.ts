/** An officer who must not have certain cases, as the plan says. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storePlan } from '../../src/app/duty/duty-plan.ts';
import { listOfficers } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { answersUntil, greets } from './answering.ts';
import { cries } from './duty.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { openWorld, type World } from './world.ts';

let world: World<Telegram>;
beforeEach(async () => {
  world = await openWorld(telegram);
});
afterEach(() => world.close());

const BAMAKO = '00';

/** Kadi never gets what happened in Bamako. Returns who is excluded from the one case there is, by name. */
async function withoutKadi() {
  await world.enrolOfficer('Kadi');
  await world.enrolOfficer('Issa');
  const officers = await listOfficers(world.database.db, world.ctx());
  const kadi = officers.find(({ name }) => name === 'Kadi')?.id ?? '';
  await transact(world.ctx(), (at) =>
    storePlan(at, { rotas: [], policies: [] }, [{ officer: kadi, regions: [BAMAKO], perpetrators: [] }]),
  );
  return async () => {
    await world.isQuiet();
    const [row] = await world.database.sql<{ excluded: string[] }[]>`select excluded from alerts`;
    return row?.excluded.map((id) => officers.find((each) => each.id === id)?.name);
  };
}

test('has none of them when the report is sent and its answers are forgotten, nor when more is added', async () => {
  const excluded = await withoutKadi();
  const awa = await greets(world.person('Awa'));
  await answersUntil(awa, /Où est-ce arrivé/);
  await answersUntil(awa, /Voici ce que vous avez dit/);
  await awa.chooses('Envoyer');
  await awa.seesText('dossier');
  expect(await excluded()).toEqual(['Kadi']);
  await awa.says('Ils sont passés encore ce matin.');
  await world.isQuiet();
  expect(await excluded()).toEqual(['Kadi']);
});

test('has no urgent one either, from the answer on that says where, to the end', async () => {
  const excluded = await withoutKadi();
  const awa = world.person('Awa');
  await cries(awa);
  expect(await excluded()).toEqual([]);
  await answersUntil(awa, /Où est-ce arrivé/, {
    picks: { 'Pouvez-vous continuer maintenant': 'Oui, je continue' },
  });
  await answersUntil(awa, /Voici ce que vous avez dit/);
  expect(await excluded()).toEqual(['Kadi']);
  await awa.chooses('Envoyer');
  await awa.seesText('dossier');
  expect(await excluded()).toEqual(['Kadi']);
});
