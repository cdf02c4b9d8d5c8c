/**
 * Who may hold the connections to WhatsApp. Each number has a lease, which `whatsapp pair` and `unlink` take too; above them stands
 * one for the service: the process that has it holds all numbers, so that it can send from each of them.
 */
import { pause } from '../../channels/back-off.ts';
import type { Seat } from '../../channels/whatsapp/session-store.ts';
import type { Db } from '../../db/database.ts';
import { createLease, type Lease } from '../../db/lease.ts';
import { createLog, type Log } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';

/** A service in which no number is linked any more lets go within two seconds. */
const WITHIN = seconds(5);
/** The lease of a number follows that of the service, and must not be late after it. */
const FOLLOWS = seconds(1);

const nameOf = (seat: Seat): string => (seat === 1 ? 'whatsapp' : `whatsapp-${seat}`);

type Held = Pick<Lease, 'isHeld' | 'start' | 'stop'>;

/** The service's own lease, and those of the numbers in these seats: a number is held only by the process that has the service's. */
export function createLeases(
  db: Db,
  log: Log,
  seats: readonly Seat[],
): { service: Held; ofNumber: (seat: Seat) => Held } {
  const wanted = new Set<Seat>();
  const service = createLease(db, 'whatsapp-service', {
    log,
    onChange: (isHeld) => {
      for (const seat of wanted) void (isHeld ? own.get(seat)?.start() : own.get(seat)?.stop());
    },
  });
  const own = new Map(
    seats.map((seat) => [seat, createLease(db, nameOf(seat), { log, renewMs: FOLLOWS })] as const),
  );
  return {
    service,
    ofNumber: (seat) => ({
      isHeld: () => service.isHeld() && own.get(seat)?.isHeld() === true,
      async start() {
        wanted.add(seat);
        if (service.isHeld()) await own.get(seat)?.start();
      },
      async stop() {
        wanted.delete(seat);
        await own.get(seat)?.stop();
      },
    }),
  };
}

/**
 * Does `work` as the one process that may hold the connection of the number in this seat; undefined if another one holds it.
 * `waits`: a while, for one that is about to let go.
 */
export async function withLease<T>(
  db: Db,
  { seat, waits }: { seat: Seat; waits: boolean },
  work: (lease: { isHeld(): boolean }) => Promise<T>,
): Promise<{ result: T } | undefined> {
  const lease = createLease(db, nameOf(seat), { log: createLog('silent'), renewMs: 1_000 });
  await lease.start();
  try {
    const until = performance.now() + (waits ? WITHIN : 0);
    while (!lease.isHeld() && performance.now() < until) await pause(200, new AbortController().signal);
    return lease.isHeld() ? { result: await work(lease) } : undefined;
  } finally {
    await lease.stop();
  }
}
