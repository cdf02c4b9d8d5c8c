import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Milliseconds before the next try: doubles with every failure up to `max`, and is spread over its upper half
 * so that many processes do not come back together.
 */
export function backOff(failures: number, first: number, max: number, random = Math.random): number {
  const ceiling = Math.min(max, first * 2 ** Math.max(0, failures - 1));
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** Waits, or less when aborted. Never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
