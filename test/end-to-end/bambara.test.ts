/** Bambara, where a service has put the draft on offer: one person cries for help, and another is afraid and writes little. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clearsUp } from './duty.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { entriesOf, openWorld, referenceIn, type World } from './world.ts';

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  let kadi: Person;
  let salif: Person;
  beforeAll(async () => {
    world = await openWorld(messenger, {
      config: { languages: ['fr', 'en', 'bm'], isUnreviewedOffered: true },
    });
    kadi = await world.enrolOfficer('Kadi');
    salif = await world.enrolOfficer('Salif', 'supervisor');
    await salif.says('pas de garde');
  });
  afterEach(() => clearsUp(world, salif));
  afterAll(() => world?.close());

  test('a person who cries for help without the letters of Bambara is paged for, and asks in Bambara how things stand', async () => {
    const tenin = world.person('Ténin');
    await tenin.says('a ye n deme');
    const reference = referenceIn((await tenin.seesText('Aw ka SOS sera an ma')).text);
    await kadi.seesText(reference, { ever: true });
    await tenin.seesText('Aw bɛ min?');
    await tenin.says('sénou sugu kɔfɛ');
    await tenin.seesText('An bɛ se ka sɛbɛn aw ma yan');
    await tenin.chooses('1. Awɔ');
    await tenin.chooses('2. Sisan tɛ');
    await tenin.seesText('Aw ka dɛmɛwele ma datugu');
    await kadi.says(`je prends ${reference}`);
    await tenin.seesText(/^\d\d:\d\d – a sera an ma$/);
    await tenin.says('n ka kibaru');
    await tenin.seesText(/Jɛkulu mɔgɔ dɔ b'a la kabini/);
    const entries = entriesOf(await world.openCase(reference));
    expect(entries).toContainEqual({ step: 'safe', answer: { kind: 'choice', value: 'yes' } });
    expect(JSON.stringify(entries)).toContain('sénou sugu kɔfɛ');
  });

  test('a person who is afraid and writes little, with the letters and without, has reported after a few screens', async () => {
    const bakari = world.person('Bakari');
    await bakari.says('u ye n ce mine bi sogoma so da la');
    await bakari.seesText("N'aw mago bɛ dɛmɛ na sisan, aw ye SOS fɔ");
    await bakari.seesText('Yala aw bɛ farati la sisan wa');
    await bakari.says('ayi');
    await bakari.seesText('Aw sɔnna ka taa ɲɛ wa?');
    await bakari.says('awo n sonna');
    const paged = await bakari.seesText('an bɛ mɔgɔw wele minnu bɛ kɔlɔsili la');
    const reference = referenceIn(paged.text);
    await kadi.seesText(reference, { ever: true });
    await bakari.chooses('1. Awɔ');
    await bakari.seesText('Ko in bɛ jɔn kan?');
    await bakari.says('n ce');
    await bakari.seesText('Yala o mɔgɔ ma san 18 sɔrɔ fɔlɔ wa?');
    await bakari.says('ayi');
    await bakari.chooses('4. A tɛ se ka ɲininka');
    await bakari.seesText('Min kɛra, aw y');
    await bakari.says('a banna');
    await bakari.seesText('An bɛ se ka aw sɔrɔ cogo di');
    await bakari.chooses('2. Yan, lɛri dɔw la');
    await bakari.seesText('Lɛri jumɛnw na?');
    await bakari.says('su fe');
    await bakari.chooses('A banna');
    await bakari.seesText('Aw ye min fɔ, o filɛ');
    await bakari.chooses('1. Lase');
    await bakari.seesText('Aw ka laseli maralen don');
    const items = await world.openCase(reference);
    const entries = entriesOf(items);
    expect(entries).toContainEqual({ step: 'contact_hours', answer: { kind: 'choices', values: ['night'] } });
    expect(entries).toContainEqual({ step: 'danger', answer: { kind: 'choice', value: 'none' } });
    // What was said yes to is recorded as of the Bambara text.
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'consent',
        payload: expect.objectContaining({ said: 'yes', language: 'bm' }),
      }),
    );
  });
});
