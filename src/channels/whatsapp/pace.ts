/**
 * How fast a number may write without being taken for a machine that floods: so many messages a minute, and a burst of
 * as many as a minute gives. What cannot wait never does; it counts all the same. Pure but for the clock it is given.
 */
import { minutes } from '../../kernel/time.ts';

export type Pace = {
  /** Milliseconds to wait before this message may leave; 0: now, and it is counted. */
  take(isUrgent: boolean): number;
};

/** `elapsed`: milliseconds of a clock that never jumps. */
export function createPace(perMinute: number, elapsed: () => number = () => performance.now()): Pace {
  const each = minutes(1) / perMinute;
  /** Until when everything that has left has used up what a minute gives. */
  let busyUntil = elapsed();
  /** Those who were told to wait since one last left: each waits for those before it. */
  let waiting = 0;
  return {
    take(isUrgent) {
      const now = elapsed();
      busyUntil = Math.max(busyUntil, now);
      const wait = busyUntil + each - (now + minutes(1));
      if (wait > 0 && !isUrgent) {
        waiting += 1;
        return wait + (waiting - 1) * each;
      }
      waiting = Math.max(0, waiting - 1);
      busyUntil += each;
      return 0;
    },
  };
}
