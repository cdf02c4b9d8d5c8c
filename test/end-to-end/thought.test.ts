/** A thought in two messages, on every messenger: one answer, and one question after it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import { entriesOf, openWorld, referenceIn, type World } from './world.ts';

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  test('after an SOS, where a person is, told in three messages, is one answer, and what follows is asked once', async () => {
    const awa = world.person('Awa');
    await awa.says('SOS');
    const { text } = await awa.seesText('Où êtes-vous');
    const before = awa.screen().filter((line) => line.startsWith('bot: ')).length;
    await world.atOnce(async () => {
      await awa.says('à Kati');
      await awa.says('2');
      await awa.sendsLocation(12.7, -8);
      await world.isQuiet();
    });
    await awa.seesText('Est-ce que nous pouvons vous écrire ici');
    const asked = awa
      .screen()
      .filter((line) => line.startsWith('bot: '))
      .slice(before);
    expect(asked.filter((line) => line.includes('nous pouvons vous écrire ici'))).toHaveLength(1);
    await awa.chooses('1. Oui');
    await awa.seesText('Pouvez-vous continuer maintenant ?');
    const told = entriesOf(await world.openCase(referenceIn(text)));
    expect(told.findLast(({ step }) => step === 'where')?.answer).toMatchObject({
      kind: 'account',
      parts: [{ text: 'à Kati\n2' }, { latitude: 12.7 }],
    });
    expect(told.filter(({ step }) => step === 'safe')).toEqual([
      { step: 'safe', answer: { kind: 'choice', value: 'yes' } },
    ]);
  });

  test('a cry for help right behind an answer is heard, and the question that waited is not asked any more', async () => {
    const binta = await greets(world.person('Binta'));
    await answersUntil(binta, /quand c'est arrivé/, {
      picks: { "De quoi s'agit-il surtout": 'Arrestation' },
    });
    await world.atOnce(async () => {
      await binta.says('du marché');
      await binta.says('SOS');
      await world.isQuiet();
    });
    await binta.seesText('Où êtes-vous');
    await world.isQuiet();
    expect(binta.newest().text).toContain('Où êtes-vous');
  });
});
