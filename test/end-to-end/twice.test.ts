/** The same short answer twice within a moment, on every messenger: one answer, and the question after it waits for another. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import { openWorld, type World } from './world.ts';

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger, { twice: seconds(2) });
  });
  afterAll(() => world?.close());

  test('a person whose thumb says "oui" twice has agreed, and has not said by it that the phone is safe', async () => {
    const awa = await greets(world.person('Awa'));
    await answersUntil(awa, /Acceptez-vous/);
    await world.passes(seconds(5));
    await world.atOnce(async () => {
      await awa.says('oui');
      await awa.says('oui');
      await world.isQuiet();
    });
    await awa.seesText(/Votre choix est bien noté.*sur ce téléphone sans danger/s);
    expect(awa.screen().join('\n')).not.toContain("De qui s'agit-il");
    // Two seconds later it is the answer to what they have read.
    await world.passes(seconds(3));
    await awa.says('oui');
    await awa.seesText("De qui s'agit-il");
  });

  test('a person who answers danger with two of them is called for, and has not said where they are by it', async () => {
    const binta = world.person('Binta');
    await binta.says('bonjour');
    await binta.seesText('Êtes-vous en danger maintenant');
    await world.passes(seconds(5));
    await world.atOnce(async () => {
      await binta.says('oui');
      await binta.says('oui');
      await world.isQuiet();
    });
    await binta.seesText(/Votre choix est bien noté.*Où êtes-vous/s);
    expect(binta.screen().join('\n')).not.toContain('nous pouvons vous écrire ici');
    await world.passes(seconds(3));
    await binta.says('Kati');
    await binta.seesText('Est-ce que nous pouvons vous écrire ici');
  });
});
