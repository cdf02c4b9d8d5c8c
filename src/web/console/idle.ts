/**
 * Whether somebody is still there, by two clocks.
 *
 * Invariant: the time without a touch is the longer of what the two clocks say; a wall clock that was set back counts as
 * over. A device that slept stops timers and often the one clock; the other one can be set by whoever holds the device.
 */

/** Milliseconds. `wall`: time of day; `steady`: runs on whatever the time of day is set to. */
export type Clocks = { wall: number; steady: number };

/** Without a touch, in milliseconds. */
export const IDLE_MS = 5 * 60_000;
/** Milliseconds by which a wall clock may be set right without anybody having touched it. */
const CORRECTED_MS = 10_000;

export type Idle = {
  /** Somebody did something, unless it was over before: then nothing brings it back. */
  touch(): void;
  isOver(): boolean;
};

export function createIdle(clocks: () => Clocks): Idle {
  let last = clocks();
  let hasEnded = false;
  const isOver = (): boolean => {
    const now = clocks();
    const wall = now.wall - last.wall;
    hasEnded ||= wall >= IDLE_MS || now.steady - last.steady >= IDLE_MS || wall < -CORRECTED_MS;
    return hasEnded;
  };
  return {
    isOver,
    touch() {
      if (!isOver()) last = clocks();
    },
  };
}
