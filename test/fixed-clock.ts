import type { DatabaseClock } from '../src/db/clock.ts';

/** A clock that stands still until it is moved. */
export type FixedClock = DatabaseClock & {
  /** The time it shows. */
  at(): Date;
  set(at: Date): void;
  /** Moves it on by `ms` milliseconds. */
  advance(ms: number): void;
};

/** Makes a clock that shows `start` until it is moved. */
export function fixedClock(start: Date): FixedClock {
  let time = start.getTime();
  return {
    now: async () => new Date(time),
    stated: () => new Date(time),
    at: () => new Date(time),
    set: (at) => {
      time = at.getTime();
    },
    advance: (ms) => {
      time += ms;
    },
  };
}
