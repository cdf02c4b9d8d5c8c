/**
 * Whether the member is still there, by two clocks.
 *
 * Invariant: the time without a touch is the longer of what the two clocks say; a wall clock that was set back counts
 * as over. A device that slept stops timers and often the one clock; the other one can be set by the holder of the
 * device. A sound that plays holds the room open for a member who listens, but not for longer than twenty minutes after
 * the last touch.
 */

/** Milliseconds. `wall`: time of day; `steady`: runs on whatever the time of day is set to. */
export type Clocks = { wall: number; steady: number };

/** Without a touch, in milliseconds. */
export const IDLE_MS = 5 * 60_000;
/** Before it is over, so long is said that it will be: screen readers touch nothing while they read. */
const WARNED_MS = 60_000;
const LISTENING_MS = 20 * 60_000;
/** Milliseconds by which a wall clock may be set right without anybody having touched it. */
const CORRECTED_MS = 10_000;

export type Idle = {
  /** The member did something, unless it was over before: then nothing brings it back. */
  touch(): void;
  /** A sound plays, and the member listens. */
  plays(): void;
  isOver(): boolean;
  isSoonOver(): boolean;
};

export function createIdle(clocks: () => Clocks): Idle {
  let last = clocks();
  let touched = last;
  let hasEnded = false;
  /** The longer of the two. */
  const since = (then: Clocks): number => {
    const now = clocks();
    return Math.max(now.wall - then.wall, now.steady - then.steady);
  };
  const isOver = (): boolean => {
    hasEnded ||= since(last) >= IDLE_MS || clocks().wall - last.wall < -CORRECTED_MS;
    return hasEnded;
  };
  return {
    isOver,
    isSoonOver: () => isOver() || since(last) >= IDLE_MS - WARNED_MS,
    touch() {
      if (isOver()) return;
      last = clocks();
      touched = last;
    },
    plays() {
      if (!isOver() && since(touched) < LISTENING_MS) last = clocks();
    },
  };
}
