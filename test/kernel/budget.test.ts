import { expect, it } from 'vitest';
import { createBudget } from '../../src/kernel/budget.ts';

it('a person may do something so many times at once, then as often as it comes back, and takes nothing from others', () => {
  let now = 0;
  const budget = createBudget(3, () => now);
  const takes = (who: string) => Array.from({ length: 5 }, () => budget.take(who));
  expect(takes('Awa')).toEqual([0, 0, 0, 20, 20]);
  expect(takes('Issa')).toEqual([0, 0, 0, 20, 20]);
  now = 20_000;
  expect(takes('Awa')).toEqual([0, 20, 20, 20, 20]);
  now = 200_000;
  expect(takes('Awa')).toEqual([0, 0, 0, 20, 20]);
});
