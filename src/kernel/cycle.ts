/**
 * A short piece of work done again and again by each process: at once when woken, and every second anyway, so
 * that a lost wake-up is harmless. A run that throws is logged and tried again.
 */
import { type Log, reduceError } from './log.ts';
import { seconds } from './time.ts';

export type Cycle = {
  start(): void;
  /** Has the next run begin at once, or right after the present one; or so many milliseconds from now. */
  nudge(inMs?: number): void;
  /** Resolves when the present run is over; begins no further one. */
  stop(): Promise<void>;
  /** When a run last ended well, in milliseconds of `performance.now()`; for `/readyz`. */
  lastRunAt(): number;
};

export type CycleOptions = {
  name: string;
  /** Does what is due and returns how much that was; more than nothing: it runs again at once. */
  run: () => Promise<number>;
  log: Log;
  /** Milliseconds between two runs when nobody nudges; default 1,000. */
  everyMs?: number;
};

/** A nudge for later than this is left out; milliseconds. */
const LONGEST_AHEAD = seconds(10);
/** Timers may be a little early, and what is due then is not due yet. */
const FRACTION = 5;

export function createCycle({ name, run, log, everyMs = seconds(1) }: CycleOptions): Cycle {
  let isStopped = false;
  let isNudged = false;
  let wake: () => void = () => undefined;
  let ended: Promise<void> | undefined;
  let lastRunAt = performance.now();
  let failures = 0;
  const ahead = new Set<NodeJS.Timeout>();

  const wakes = () => {
    isNudged = true;
    wake();
  };

  const wakesLater = (ms: number) => {
    const timer = setTimeout(() => {
      ahead.delete(timer);
      wakes();
    }, ms);
    ahead.add(timer);
  };

  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      if (isNudged || isStopped) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const once = async (): Promise<number> => {
    try {
      const done = await run();
      lastRunAt = performance.now();
      failures = 0;
      return done;
    } catch (error) {
      failures += 1;
      // A database that is away for an hour is one line a minute, not one a second.
      if (failures === 1 || failures % 60 === 0)
        log.error('cycle_failed', { cycle: name, ...reduceError(error) });
      return 0;
    }
  };

  const loop = async () => {
    while (!isStopped) {
      isNudged = false;
      const done = await once();
      if (failures > 0) isNudged = false;
      if (done === 0 && !isStopped) await rest(everyMs);
    }
  };

  return {
    start() {
      ended ??= loop();
    },
    nudge(inMs = 0) {
      if (inMs === 0) wakes();
      // A second more is nothing after so long, and the next look comes by itself.
      else if (inMs <= LONGEST_AHEAD && !isStopped) wakesLater(inMs + FRACTION);
    },
    async stop() {
      isStopped = true;
      for (const timer of ahead) clearTimeout(timer);
      wake();
      await ended;
    },
    lastRunAt: () => lastRunAt,
  };
}
