/** A contact outside grows old: it is named while it counts as verified, and from one day to the next it is not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { warnOfContacts } from '../../src/app/duty/contact-warnings.ts';
import { calendarDay, dayAfter, days } from '../../src/kernel/time.ts';
import { MESSENGERS } from '../../src/messengers/list.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import { openWorld, type World } from './world.ts';

const today = calendarDay(new Date(), 'Africa/Bamako');
const CONTACTS = {
  fld: {
    name: 'Front Line Defenders',
    contact: '+000 11 11',
    verified_on: dayAfter(today, -179),
    verified_by: 'A. T.',
    always: 'yes',
  },
  comaddh: { name: 'COMADDH', contact: '+000 22 22', verified_on: today, verified_by: 'A. T.' },
};

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger, { contacts: CONTACTS, config: { isPagePublic: true } });
  });
  afterAll(() => world?.close());

  const publicPage = async () => (await fetch(world.origin())).text();

  test('a reporter who waits reads it on one day and no longer two days later; the coordinator was told before, and is told then', async () => {
    const fanta = await world.enrolOfficer('Fanta', 'supervisor');
    const awa = world.person('Awa');
    await awa.says('SOS');
    await awa.seesText('Nous avons reçu votre SOS', { ever: true });
    await awa.says('où en est mon dossier');
    await awa.seesText('Front Line Defenders : +000 11 11');
    // A messenger of the list is named on the page as the running service knows it.
    if (MESSENGERS.some(({ kind }) => kind === messenger.name.toLowerCase()))
      await expect.poll(publicPage).toMatch(/<a href="https:\/\/(t\.me|wa\.me)\/\w+"/);
    expect(await publicPage()).toContain('+000 11 11');

    expect(await warnOfContacts(world.ctx())).toBe(1);
    await fanta.seesText(
      /CONTACTS EXTÉRIEURS, à vérifier : 1\n.*Front Line Defenders.*Nous ne le montrons plus après/,
    );

    await world.passes(days(2));
    await awa.says('où en est mon dossier');
    const { text } = await awa.seesText('COMADDH : +000 22 22');
    expect(text).not.toContain('Front Line Defenders');
    const page = await publicPage();
    expect(page).not.toContain('+000 11 11');
    expect(page).toContain('+000 22 22');
    expect(await warnOfContacts(world.ctx())).toBe(1);
    await fanta.seesText(/Front Line Defenders.*c'est trop ancien/);
    expect(await warnOfContacts(world.ctx())).toBe(0);
  });
});
