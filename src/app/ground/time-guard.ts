/**
 * Erasing is for ever, so it stops when time cannot be trusted (docs/decisions/time-of-the-database.md).
 *
 * Invariant: after the database's clock has moved otherwise than this process's own stopwatch, or after a gap
 * of days that nobody explained, nothing is erased for a day of uptime.
 */
import type { Log } from '../../kernel/log.ts';
import { days, hours, minutes } from '../../kernel/time.ts';

export type TimeGuard = {
  /** Whether things may be erased at the database's time `now`. */
  mayErase(now: Date): boolean;
};

const TOLERANCE = minutes(5);
const LONG_GAP = days(3);
const CALM = hours(24);

/**
 * `lastAliveAt`: when the service last lived according to the database, at `startedAt`. `stopwatch`: milliseconds
 * that never jump; default `performance.now`.
 */
export function createTimeGuard(options: {
  lastAliveAt: Date;
  startedAt: Date;
  log: Log;
  stopwatch?: () => number;
}): TimeGuard {
  const stopwatch = options.stopwatch ?? (() => performance.now());
  let known = { at: options.startedAt.getTime(), watch: stopwatch() };
  const gap = options.startedAt.getTime() - options.lastAliveAt.getTime();
  let calmAfter = gap > LONG_GAP || gap < -TOLERANCE ? known.watch + CALM : Number.NEGATIVE_INFINITY;
  if (calmAfter > 0) options.log.warn('time_jump', { seconds: Math.round(gap / 1_000) });
  return {
    mayErase(now) {
      const watch = stopwatch();
      const jump = now.getTime() - known.at - (watch - known.watch);
      known = { at: now.getTime(), watch };
      if (Math.abs(jump) > TOLERANCE) {
        calmAfter = watch + CALM;
        options.log.warn('time_jump', { seconds: Math.round(jump / 1_000) });
      }
      return watch >= calmAfter;
    },
  };
}
