import { pause } from '../../channels/back-off.ts';
import type { Db } from '../../db/database.ts';
import { createLease } from '../../db/lease.ts';
import { createLog } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';

/** A service in which no number is linked any more lets go within two seconds. */
const WITHIN = seconds(5);

/**
 * Does `work` as the one process that may hold the WhatsApp connection; undefined if another one holds it. `waits`: a
 * while, for one that is about to let go.
 */
export async function withLease<T>(
  db: Db,
  { waits }: { waits: boolean },
  work: (lease: { isHeld(): boolean }) => Promise<T>,
): Promise<{ result: T } | undefined> {
  const lease = createLease(db, 'whatsapp', { log: createLog('silent'), renewMs: 1_000 });
  await lease.start();
  try {
    const until = performance.now() + (waits ? WITHIN : 0);
    while (!lease.isHeld() && performance.now() < until) await pause(200, new AbortController().signal);
    return lease.isHeld() ? { result: await work(lease) } : undefined;
  } finally {
    await lease.stop();
  }
}
