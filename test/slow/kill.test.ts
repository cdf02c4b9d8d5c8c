/**
 * kill -9 at random moments, again and again, while people write: what Telegram considers delivered is in a case
 * exactly once and in order, every SOS has been paged, and the service goes on within 30 seconds.
 */
import { afterEach, expect, test } from 'vitest';
import { KILLS, type Killable, killing, openKillable, rest, wordsIn } from './killable.ts';

const PEOPLE = 20;

let service: Killable | undefined;
afterEach(() => service?.close());

// The right to poll Telegram is taken over from a process of this machine that has ended: a few seconds a kill.
test(
  `${KILLS} times kill -9 under load: nothing lost, nothing twice, every SOS paged`,
  async () => {
    service = await openKillable();
    const { telegram } = service;
    await service.start();
    const kadi = await service.officer('Kadi');

    const people = Array.from({ length: PEOPLE }, (_, n) => telegram.person(`P${n}`));
    for (const person of people) await person.says('SOS');
    let words = 0;
    const slowest: number[] = [];
    for (let killed = 0; killed < KILLS; killed++) {
      words += 1;
      for (const person of people) await person.says(`mot ${words} de ${person.id}`);
      await rest(Math.random() * 400);
      await service.kill();
      slowest.push(await service.start());
    }
    expect(Math.max(...slowest)).toBeLessThan(30_000);
    await service.isQuiet();

    const references = await service.references();
    expect(references).toHaveLength(PEOPLE);
    const wanted = Array.from({ length: words }, (_, n) => n + 1);
    for (const reference of references) {
      expect(wordsIn((await service.read(reference)).items)).toEqual(wanted);
      // In a page of its own or in a bundle: the officer's phone has shown the reference.
      await telegram.until(() => kadi.screen().some((line) => line.includes(reference)), 60_000);
    }
  },
  killing(KILLS),
);
