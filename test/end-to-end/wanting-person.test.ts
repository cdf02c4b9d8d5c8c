/** A reporter who wants to speak to a person, on every messenger. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { openWorld, REFERENCE, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  beforeEach(async () => {
    world = await openWorld(messenger);
  });

  /** From the consent on: by a call on 76 00 00 00, in the evening. */
  async function saysHowToBeReached(awa: Person): Promise<string> {
    await awa.seesText('Acceptez-vous de continuer ?');
    await awa.chooses('Oui');
    await awa.seesText('sur ce téléphone sans danger');
    await awa.chooses('Oui');
    await awa.seesText('vous joindre sans danger');
    await awa.chooses('Par un appel');
    await awa.seesText('À quel numéro');
    await awa.says('76 00 00 00');
    await awa.seesText('À quelles heures');
    await awa.chooses('Le soir');
    await awa.chooses('Terminé');
    const { text } = await awa.seesText('Nous avons reçu votre demande à', { ever: true });
    return REFERENCE.exec(text)?.[0] ?? 'none';
  }

  test('who asks for it with the first words is asked about danger, for consent, and how and when to be reached', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    await awa.says("Bonjour, je voudrais parler à quelqu'un");
    await awa.seesText('Êtes-vous en danger maintenant');
    await awa.chooses('Non, pas en ce moment');
    const reference = await saysHowToBeReached(awa);
    await awa.seesText('Une personne est de garde en ce moment.', { ever: true });
    await kadi.seesText(`${reference} : la personne veut parler à quelqu'un de l'équipe.`);
    expect(await world.database.sql`select 1 from case_tasks where kind = 'person'`).toHaveLength(1);
  });

  test('who is in danger is passed on as always', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    await awa.says('Rappelez-moi');
    await awa.seesText('Êtes-vous en danger maintenant');
    await awa.chooses('Oui, maintenant');
    await kadi.seesText(REFERENCE);
    await awa.seesText('Où êtes-vous');
  });

  test('who says it in the middle of a report keeps what they said, and the officer reads it in that case', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = await greets(world.person('Awa'));
    await awa.chooses('Non, pas en ce moment');
    await awa.seesText('Comment pouvons-nous vous aider ?');
    await awa.chooses('Signaler');
    await awa.seesText('Acceptez-vous de continuer ?');
    await awa.says("Je veux parler à quelqu'un");
    const reference = await saysHowToBeReached(awa);
    await kadi.seesText(reference);
    await awa.says('C’est pour ma sœur.');
    await awa.seesText('ajouté');
    expect(JSON.stringify(await world.openCase(reference))).toContain('C’est pour ma sœur.');
  });
});
