import { describe, expect, test } from 'vitest';
import { createTimeGuard } from '../../src/app/ground/time-guard.ts';
import type { Log } from '../../src/kernel/log.ts';
import { after, days, hours, minutes, seconds } from '../../src/kernel/time.ts';

const START = new Date('2026-11-24T14:00:00Z');
const YEAR = days(365);

/** A guard with a stopwatch in hand. `slept`: how long nobody was alive before the start. */
function guarded(slept = 0) {
  // A machine that has been up for a while.
  let watch = hours(5);
  let now = START.getTime();
  const jumps: number[] = [];
  const warn = (_event: string, fields: { seconds: number }) => jumps.push(fields.seconds);
  const guard = createTimeGuard({
    lastAliveAt: after(START, -slept),
    startedAt: START,
    log: { warn } as unknown as Log,
    stopwatch: () => watch,
  });
  return {
    jumps,
    /** Time goes by as it should. */
    passes: (ms: number) => {
      watch += ms;
      now += ms;
    },
    /** The database's clock is moved by hand. */
    isMoved: (ms: number) => {
      now += ms;
    },
    mayErase: () => guard.mayErase(new Date(now)),
  };
}

describe('a jump of the clock', () => {
  test.each([
    ['a year ahead', YEAR, false],
    ['a year back', -YEAR, false],
    ['an hour ahead (summer time in local time)', hours(1), false],
    ['six minutes ahead', minutes(6), false],
    ['six minutes back', -minutes(6), false],
    ['four minutes ahead, as a machine without a good clock', minutes(4), true],
    ['four minutes back', -minutes(4), true],
    ['a leap second', seconds(1), true],
    ['none', 0, true],
  ])('%s', (_what, jump, isTrusted) => {
    const time = guarded();
    time.passes(hours(1));
    expect(time.mayErase()).toBe(true);
    time.isMoved(jump);
    expect(time.mayErase()).toBe(isTrusted);
    expect(time.jumps).toEqual(isTrusted ? [] : [jump / 1_000]);
  });

  test('nothing may be erased until a day of calm has passed by the stopwatch', () => {
    const time = guarded();
    time.isMoved(YEAR);
    expect(time.mayErase()).toBe(false);
    for (let hour = 1; hour < 24; hour++) {
      time.passes(hours(1));
      expect(time.mayErase()).toBe(false);
    }
    time.passes(hours(1));
    expect(time.mayErase()).toBe(true);
    expect(time.jumps).toHaveLength(1);
  });

  test('back again after an hour: the day of calm begins anew', () => {
    const time = guarded();
    time.isMoved(YEAR);
    time.mayErase();
    time.passes(hours(1));
    time.isMoved(-YEAR);
    expect(time.mayErase()).toBe(false);
    time.passes(hours(23));
    expect(time.mayErase()).toBe(false);
    time.passes(hours(1));
    expect(time.mayErase()).toBe(true);
    expect(time.jumps).toHaveLength(2);
  });

  test('a machine that slept is a jump: its stopwatch slept too', () => {
    const time = guarded();
    time.isMoved(hours(9));
    expect(time.mayErase()).toBe(false);
  });

  test('hours between two questions are no jump', () => {
    const time = guarded();
    time.passes(days(40));
    expect(time.mayErase()).toBe(true);
  });

  test('a clock that is a little off each hour is no jump', () => {
    const time = guarded();
    for (let hour = 0; hour < 100; hour++) {
      time.passes(hours(1));
      time.isMoved(minutes(1));
      expect(time.mayErase()).toBe(true);
    }
  });
});

describe('a gap at the start', () => {
  test.each([
    ['a restart', minutes(1), true],
    ['a night without power', hours(14), true],
    ['a long weekend', days(3), true],
    ['four days that nobody explained', days(4), false],
    ['a year', YEAR, false],
    ['last alive in two minutes: another machine wrote that', -minutes(2), true],
    ['last alive tomorrow', -days(1), false],
  ])('%s', (_what, slept, isTrusted) => {
    const time = guarded(slept);
    expect(time.mayErase()).toBe(isTrusted);
    time.passes(hours(23));
    expect(time.mayErase()).toBe(isTrusted);
    time.passes(hours(1));
    expect(time.mayErase()).toBe(true);
    expect(time.jumps).toHaveLength(isTrusted ? 0 : 1);
  });
});
