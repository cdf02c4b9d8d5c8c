/** The first answer after an outage: who is told of it, and how. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hours, minutes } from '../../src/kernel/time.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

/** The service was away from now on for so long. */
async function outage(ms: number): Promise<void> {
  const startedAt = house.clock.at();
  house.clock.advance(ms);
  await house.database
    .sql`insert into outages (started_at, ended_at) values (${startedAt}, ${house.clock.at()})`;
}

const told = (name: string): string[] =>
  house
    .person(name)
    .screen()
    .filter((text) => text.includes('Notre service était en panne'));

test('each person is told once, before the answer, from when to when and that they should write it again', async () => {
  const awa = house.person('Awa');
  await awa.says('bonjour');
  await outage(hours(2));
  await awa.says('bonjour');
  await awa.says('bonjour');
  expect(told('Awa')).toEqual([
    'Notre service était en panne de 14:00 à 16:00.\n' +
      "Ce que vous avez écrit pendant ce temps a pu se perdre. Si c'est important, écrivez-le encore.",
  ]);
  const screen = awa.screen();
  expect(screen.findIndex((text) => text.includes('en panne'))).toBeLessThan(screen.length - 1);
});

test('an outage of a day is told with its days', async () => {
  await house.person('Awa').says('bonjour');
  await outage(hours(30));
  await house.person('Awa').says('bonjour');
  expect(told('Awa')[0]).toContain('en panne de 24/11 14:00 à 25/11 20:00.');
});

test('a person who writes for the first time long after it is not told', async () => {
  await outage(hours(2));
  house.clock.advance(minutes(1));
  await house.person('Binta').says('bonjour');
  expect(told('Binta')).toEqual([]);
});

test('a person who wrote for the first time while the service was away is told', async () => {
  const sentAt = house.clock.at();
  await outage(hours(2));
  const content = { kind: 'text' as const, text: 'SOS' };
  await house.receive({ channel: 'telegram', id: 'first', address: 'Binta', sentAt, content });
  await house.deliver();
  expect(told('Binta')).toHaveLength(1);
});

test('the next outage is told of anew', async () => {
  const awa = house.person('Awa');
  await awa.says('bonjour');
  await outage(hours(2));
  await awa.says('bonjour');
  await outage(hours(1));
  await awa.says('bonjour');
  expect(told('Awa')).toHaveLength(2);
});
