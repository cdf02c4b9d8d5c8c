/** A reporter who may be written to at certain hours only, on every messenger. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOURS } from '../../src/cases/contact-hours.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { cries, nextHours } from './duty.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import { openWorld, type World } from './world.ts';

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  test('is sent nothing before they begin, even if a message comes from the phone; what waited leaves then', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await awa.says('À Kati');
    await awa.chooses('Seulement à certaines heures');
    const { hours } = await nextHours(world);
    await awa.chooses(`${HOURS[hours][0]} h à`);
    await awa.chooses('Terminé');
    await awa.seesText('À ces heures seulement');
    await kadi.seesText(reference);
    await kadi.chooses('Je prends');
    await kadi.seesText('Lui écrire seulement à ces heures');
    await kadi.chooses('un appel va suivre');
    await kadi.seesText(/« un appel va suivre » attend.*cela part à/s);
    const { beginIn } = await nextHours(world);
    await world.passes(beginIn - minutes(5));
    await awa.says('statut');
    await awa.seesText(/Personne ne s'en occupe encore|s'en occupe depuis/);
    expect(awa.screen().join('\n')).not.toMatch(/– bien reçu|– un appel va suivre/);
    await world.passes(minutes(5) + seconds(5));
    await awa.seesText(/– un appel va suivre/);
    await kadi.seesText(`${reference} : envoyé à`, { ever: true });
  });
});
