/**
 * What was started, to be stopped in reverse: whole or half started, once, and within a time.
 *
 * Invariant: what hangs or fails in stopping keeps nothing else from being stopped.
 */
import { LakanaError } from '../kernel/errors.ts';
import { type Log, reduceError } from '../kernel/log.ts';

type Stop = () => unknown;

export type Teardown = {
  /** To be stopped before everything that was added earlier. Throws if all is to stop: what is starting ends there. */
  add(stop: Stop): void;
  /** Stops everything; the same promise however often it is asked. */
  run(): Promise<void>;
};

/** All but the last, the database, must share this; then it goes on without waiting for them. Milliseconds. */
const WITHIN = 14_000;
/** The database, which was there first. */
const LAST_WITHIN = 9_000;

export function createTeardown(log: Log, stopping?: AbortSignal): Teardown {
  const stops: Stop[] = [];
  let running: Promise<void> | undefined;

  const all = async (): Promise<void> => {
    const began = performance.now();
    const deadline = began + WITHIN;
    for (let stop = stops.pop(); stop; stop = stops.pop()) {
      const isLast = stops.length === 0;
      await within(isLast ? LAST_WITHIN : Math.max(100, deadline - performance.now()), stop, log);
    }
    log.info('service_stopped', { ms: Math.round(performance.now() - began) });
  };
  return {
    add(stop) {
      stops.push(stop);
      if (!running && !stopping?.aborted) return;
      if (running) void within(LAST_WITHIN, stop, log);
      throw new LakanaError('stopping', 'it was stopped while it was starting');
    },
    run() {
      running ??= all();
      return running;
    },
  };
}

async function within(ms: number, stop: Stop, log: Log): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, ms);
  const stopped = (async () => {
    await stop();
  })().catch((error: unknown) => log.warn('cycle_failed', { cycle: 'stop', ...reduceError(error) }));
  await Promise.race([stopped, limit.promise]).finally(() => clearTimeout(timer));
}
