/** A sentence that a person of the house corrects is what the next person reads, on every messenger, and in the middle of a talk. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { versionOf } from '../../src/app/changes/rows.ts';
import { changeText } from '../../src/app/texts/changing.ts';
import { textAt } from '../../src/conversation/said/own-texts.ts';
import { answersUntil, greets } from './answering.ts';
import { EXAMPLES, reads } from './corrected-chapter.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import { telegram } from './messengers/telegram.ts';
import { openWorld, type World } from './world.ts';

/** As the operator brings it, from the command line. */
function corrects({ ctx }: Pick<World, 'ctx'>, key: string, text: string | null) {
  const name = { language: 'fr', key };
  const seen = versionOf(textAt(ctx().content.now(), 'fr', key));
  return changeText(ctx(), null, { ...name, text, seen });
}

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  test('the next person reads it, and no one any more once it is taken back', async () => {
    expect(await corrects(world, 'mechanism.defender.examples', EXAMPLES)).toEqual({ ok: true, is: 'set' });
    expect(await reads(world.person('Awa'))).toContain(EXAMPLES);
    await corrects(world, 'mechanism.defender.examples', null);
    expect(await reads(world.person('Binta'))).not.toContain(EXAMPLES);
  });

  test('what safety hangs on is said as before until a second person says yes', async () => {
    const before = textAt(world.ctx().content.now(), 'fr', 'report.consent.ask') ?? '';
    const changed = `${before} Prenez votre temps.`;
    expect(await corrects(world, 'report.consent.ask', changed)).toEqual({ ok: true, is: 'propose' });
    const djeneba = await greets(world.person('Djeneba'));
    const { text } = await answersUntil(djeneba, /Acceptez-vous/);
    expect(text).not.toContain('Prenez votre temps.');
  });
});

describe('two processes on one database', () => {
  test('both say it, whichever of them is written to', async () => {
    const world = await openWorld(telegram, { services: 2 });
    await corrects(world, 'mechanism.defender.examples', EXAMPLES);
    // The other one hears of it: within the second, or when it looks itself.
    const isNew = async (n: number): Promise<boolean> =>
      (await reads(world.person(`Emma ${n}`))).includes(EXAMPLES);
    let n = 0;
    await expect
      .poll(async () => (await Promise.all([0, 1, 2, 3].map(() => isNew(n++)))).every(Boolean), {
        timeout: 30_000,
      })
      .toBe(true);
    await world.close();
  });
});
