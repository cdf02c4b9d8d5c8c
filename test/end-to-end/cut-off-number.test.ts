/** WhatsApp blocks the number in use, or only refuses its messages: who hears what from the second, by what they agreed to. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOURS } from '../../src/cases/contact-hours.ts';
import { seconds } from '../../src/kernel/time.ts';
import type { FakeWhatsApp } from '../fakes/whatsapp/whatsapp.ts';
import { nextHours } from './duty.ts';
import { type WhatsApp, whatsappWithStandby } from './messengers/whatsapp.ts';
import { lineWith, type Someone, twoNumbers, WORDS, wordsIn } from './two-numbers.ts';
import { openWorld, referenceIn, type World } from './world.ts';

let world: World<WhatsApp>;
let kadi: Someone;
beforeEach(async () => {
  world = await openWorld(whatsappWithStandby);
  await world.messenger.fake.other.isReady();
  kadi = await world.enrolOfficer('Kadi', 'supervisor');
});
afterEach(() => world.close());

const { bySecond, cries } = twoNumbers(() => world);

type Cut = {
  /** WhatsApp does it, and it is seen when the service next says something to this person. */
  happens(fake: FakeWhatsApp, person: Someone): Promise<void>;
  because: string;
  told: string;
  /** What `doctor` and the room *État* say of it, once it stands by. */
  seen: string;
};

const CUTS: [string, Cut][] = [
  [
    'is blocked (403)',
    {
      happens: async (fake) => fake.blocks(fake.account, 403),
      because: 'refused',
      told: 'WhatsApp a bloqué ou limité le premier',
      seen: 'second number: WhatsApp has blocked or limited the number',
    },
  ],
  [
    'is restricted (463)',
    {
      happens: async (fake, person) => {
        fake.fail({ on: 'message', to: person.phone, with: 463 });
        await person.says('statut');
      },
      because: 'restricted',
      told: 'WhatsApp limite le premier : il refuse certains de ses messages',
      seen: 'second number: WhatsApp refuses some of its messages: it does not take over',
    },
  ],
];

describe.each(CUTS)('a number that %s', (_how, cut) => {
  test('is followed by the second: one line to who agreed, nothing to who did not, and the team knows what to do', async () => {
    const { fake } = world.messenger;
    const awa = await cries('Awa', 'Oui');
    const words = wordsIn((await awa.person.seesText(WORDS)).text);
    const binta = await cries('Binta', 'Non');
    await kadi.says(`prendre ${binta.reference}`);
    await kadi.seesText('À VOUS');
    const coumba = await cries('Coumba', '');
    const fanta = await cries('Fanta', 'Seulement à certaines heures');
    const { hours } = await nextHours(world);
    await fanta.person.chooses(`${HOURS[hours][0]} h à`);
    await fanta.person.chooses('Terminé');
    const wordsOfFanta = wordsIn((await fanta.person.seesText(WORDS)).text);
    expect(await world.doctor()).toContain('second number: stands by');

    await cut.happens(fake, coumba.person);
    await awa.person.seesText(WORDS, { ever: true, times: 2, within: 60_000 });
    expect(bySecond(awa.person)).toEqual([lineWith(words)]);
    const told = await kadi.seesText('le service continue avec le deuxième numéro', { ever: true });
    expect(told.text).toContain(cut.told);
    expect(told.text).toContain('Publiez +223 70 00 00 02');
    // An officer who has the case, or takes it now, is told that this person hears nothing.
    await kadi.seesText(`${binta.reference} : le numéro que la personne connaît est coupé`, { ever: true });
    kadi.phone.writesTo(fake.other.account);
    await kadi.says(`prendre ${coumba.reference}`);
    await kadi.seesText(
      "Le numéro que la personne connaît est coupé, et elle n'a pas été prévenue de l'autre.",
    );
    expect(await world.database.sql`select because from channel_numbers`).toEqual([{ because: cut.because }]);
    await expect.poll(() => world.doctor()).toContain(cut.seen);

    // A page, and an answer to a person who writes to it by themselves.
    const djeneba = world.person('Djeneba');
    djeneba.phone.writesTo(fake.other.account);
    await djeneba.says('SOS');
    const page = `CRITIQUE · ${referenceIn((await djeneba.seesText('Nous avons reçu votre SOS')).text)}`;
    await kadi.seesText(page, { ever: true });
    expect(bySecond(kadi).join('\n')).toContain(page);

    // At the hours that she named.
    expect(bySecond(fanta.person)).toEqual([]);
    await world.passes((await nextHours(world)).beginIn + seconds(1));
    await fanta.person.seesText(WORDS, { ever: true, times: 2, within: 60_000 });
    expect(bySecond(fanta.person)).toEqual([lineWith(wordsOfFanta)]);
    for (const { person } of [binta, coumba]) expect(bySecond(person)).toEqual([]);
  });
});
