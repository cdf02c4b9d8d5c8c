import { expect, it } from 'vitest';
import { linesToSee } from '../../src/app/duty/to-see.ts';
import type { Moment } from '../../src/app/ground/transaction.ts';
import { days } from '../../src/kernel/time.ts';
import { texts } from '../conversation/person.ts';

const now = new Date('2026-11-24T10:00:00Z');
const at = { ctx: { texts, settings: { timeZone: 'Africa/Bamako' } }, now } as unknown as Moment;
const wish = (n: number) => ({
  reference: `WISH-${n}`,
  level: 'low',
  tasks: ['person' as const],
  erasing: null,
});
const erased = (n: number) => ({
  reference: `GONE-${n}`,
  level: 'low',
  tasks: [],
  erasing: { dueAt: new Date(now.getTime() + days(n)) },
});

it('An officer reads of a case that is to be erased however many wishes wait before it', () => {
  const wishes = Array.from({ length: 41 }, (_, n) => wish(n));
  const lines = linesToSee(at, 'fr', [...wishes, erased(3)]);
  expect(lines.join('\n')).toContain('Sera effacé : GONE-3');
});

it('An officer reads those that go soonest, and how many more there are', () => {
  const lines = linesToSee(
    at,
    'fr',
    Array.from({ length: 43 }, (_, n) => erased(50 - n)),
  );
  expect(lines[0]).toContain('GONE-8');
  expect(lines.at(-1)).toContain('3');
  expect(lines).toHaveLength(41);
});
