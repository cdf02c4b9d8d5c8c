/**
 * kill -9 at random moments while people write on WhatsApp: what WhatsApp considers delivered is in a case exactly once
 * and in order.
 */
import { afterEach, expect, test } from 'vitest';
import { type LinkedService, openLinkedService } from '../linked-service.ts';
import { KILLS, killing, rest, wordsIn } from './killable.ts';

const PEOPLE = 10;

let service: LinkedService | undefined;
afterEach(() => service?.close());

test(
  `${KILLS} times kill -9 while people write on WhatsApp: nothing lost, nothing twice, all in order`,
  async () => {
    service = await openLinkedService({ env: { LOG_LEVEL: 'silent' } });
    const { database, whatsapp } = service;
    let running = service.start();
    await service.isReady();

    const people = Array.from({ length: PEOPLE }, (_, n) => whatsapp.person(`P${n}`));
    for (const person of people) await person.says('SOS');
    let words = 0;
    for (let killed = 0; killed < KILLS; killed++) {
      words += 1;
      for (const [n, person] of people.entries()) await person.says(`mot ${words} de ${n}`);
      await rest(Math.random() * 400);
      await running.kills();
      const before = whatsapp.calls.length;
      running = service.start();
      const greets = () => whatsapp.calls.slice(before).some(({ method }) => method.startsWith('passive'));
      await whatsapp.until(greets, 60_000);
    }
    await service.isQuiet(120_000);

    const cases = await database.sql<{ reference: string }[]>`
      select reference from cases where status <> 'draft'`;
    expect(cases).toHaveLength(PEOPLE);
    const wanted = Array.from({ length: words }, (_, n) => n + 1);
    for (const { reference } of cases) {
      const { items } = await service.read(reference);
      expect(wordsIn(items)).toEqual(wanted);
      const whose = [...JSON.stringify(items).matchAll(/mot \d+ de (\d+)/g)].map(([, who]) => who);
      expect(new Set(whose).size).toBe(1);
    }
  },
  killing(KILLS),
);
