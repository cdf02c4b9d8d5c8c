/**
 * How often something may be done, counted for each key (a person, an address). Pure but for what it remembers; the
 * clock is an argument.
 *
 * It keeps one number per key (when what was taken is paid back), for the last keys only: memory is bounded however
 * many there are. A key that has not been heard of for long has its whole budget again anyway.
 */
import { LRUCache } from 'lru-cache';

const MINUTE = 60_000;
const MOST_KEYS = 20_000;

export type Budget = {
  /** Takes one; returns 0, or after how many seconds there will be one (then nothing is taken). */
  take(key: string): number;
  /** The same without taking. */
  wait(key: string): number;
};

/** `perMinute` at once, and as many in each minute after that. `now`: milliseconds that never jump. */
export function createBudget(perMinute: number, now: () => number): Budget {
  // `max` would make room for all of them at once: thirty budgets, 12 MB and a third of a second at each start.
  const paidBack = new LRUCache<string, number>({ maxSize: MOST_KEYS, sizeCalculation: () => 1 });
  const each = MINUTE / perMinute;
  const look = (key: string) => {
    const at = now();
    const next = Math.max(paidBack.get(key) ?? 0, at) + each;
    const early = next - at - MINUTE;
    // A thousandth of a millisecond is rounding.
    return { next, wait: early > 0.001 ? Math.ceil(early / 1_000) : 0 };
  };
  return {
    take(key) {
      const { next, wait } = look(key);
      if (wait === 0) paidBack.set(key, next);
      return wait;
    },
    wait: (key) => look(key).wait,
  };
}
