/**
 * Who may do a thing that only one process may do (poll a messenger, hold its one connection).
 *
 * Invariants: of two processes at most one has `isHeld()` true at any moment, as long as their own clocks run at
 * nearly the same speed: the end of a lease is the database's time, and a holder counts from before it asked and
 * lets go a second before the end, whether or not the database can be reached. It is taken over before its end only
 * from a process of this machine that has ended.
 */
import { randomUUID } from 'node:crypto';
import { type Log, reduceError } from '../kernel/log.ts';
import { machineTime } from '../kernel/machine-time.ts';
import { hasEnded, ownIdentity } from '../kernel/process-identity.ts';
import type { Db } from './database.ts';
import { sql } from './drizzle.cjs';

export type Lease = {
  /** Tries to take it now, and again and again until `stop`. */
  start(): Promise<void>;
  /** Gives it back, so that another process has it at once. */
  stop(): Promise<void>;
  /** Whether this process may act now. Ask before each act. */
  isHeld(): boolean;
  /** Takes or prolongs it once; the timer of `start` does. */
  renew(): Promise<boolean>;
};

export type LeaseOptions = {
  /** How long a lease lasts; default 15,000. */
  ttlMs?: number;
  /** How often it is prolonged or asked for; default 5,000. */
  renewMs?: number;
  log: Log;
  /** Called when this process gets it or loses it. */
  onChange?: (isHeld: boolean) => void;
  /** Milliseconds of a clock that never jumps and does not sleep; default the machine's. */
  elapsed?: () => number;
};

const MARGIN_MS = 1_000;

/**
 * A lease that no other process asks for: it is held for as long as the database takes the word of this one. Where several processes
 * may act at the same time, the one that is cut off from the database knows by it that it is.
 */
export function createOwnLease(db: Db, kind: string, options: LeaseOptions): Lease {
  const lease = createLease(db, `${kind}/${randomUUID()}`, options);
  return {
    ...lease,
    async start() {
      await lease.start();
      // Those of processes that were killed are nobody's.
      await db
        .execute(sql`delete from leases where until < clock_timestamp() - interval '1 hour'`)
        .catch(() => undefined);
    },
  };
}

/** A lease by name. Nothing happens before `start`. */
export function createLease(db: Db, name: string, options: LeaseOptions): Lease {
  const { ttlMs = 15_000, renewMs = 5_000, log, onChange, elapsed = machineTime } = options;
  const holder = randomUUID();
  let heldUntil = Number.NEGATIVE_INFINITY;
  let wasHeld = false;
  let isStarted = false;
  let timer: NodeJS.Timeout | undefined;
  let renewing: Promise<unknown> = Promise.resolve();

  const isHeld = (): boolean => elapsed() < heldUntil;

  const notice = (): void => {
    if (isHeld() === wasHeld) return;
    wasHeld = !wasHeld;
    if (wasHeld) log.info('lease_taken', { lease: name });
    else log.warn('lease_lost', { lease: name });
    onChange?.(wasHeld);
  };

  const renew = async (): Promise<boolean> => {
    const asked = elapsed();
    try {
      const isMine = await takeOrProlong(db, name, holder, ttlMs);
      heldUntil = isMine ? asked + ttlMs - MARGIN_MS : Number.NEGATIVE_INFINITY;
    } catch (error) {
      // Held on to for what is left of it; `isHeld` ends by itself.
      log.warn('cycle_failed', { cycle: `lease-${name}`, ...reduceError(error) });
    }
    notice();
    return isHeld();
  };

  const again = (): void => {
    if (!isStarted) return;
    // A hanging database must not hide that the time is over.
    const wait = isHeld() ? Math.min(renewMs, heldUntil - elapsed() + 1) : renewMs;
    timer = setTimeout(() => {
      notice();
      renewing = renew().finally(again);
    }, wait);
    const end = setTimeout(notice, Math.max(0, heldUntil - elapsed() + 1));
    end.unref();
  };

  return {
    isHeld,
    renew,
    start: async () => {
      isStarted = true;
      await renew();
      again();
    },
    stop: async () => {
      isStarted = false;
      clearTimeout(timer);
      // What is under way would take it again after it was given back.
      await renewing;
      heldUntil = Number.NEGATIVE_INFINITY;
      wasHeld = false;
      await db
        .execute(sql`delete from leases where name = ${name} and holder = ${holder}::uuid`)
        .catch(() => {});
    },
  };
}

async function takeOrProlong(db: Db, name: string, holder: string, ttlMs: number): Promise<boolean> {
  const until = sql`clock_timestamp() + ${ttlMs} * interval '1 millisecond'`;
  const take = async (gone: string | null): Promise<boolean> => {
    const rows = await db.execute(sql`
      insert into leases (name, holder, process, until) values (${name}, ${holder}::uuid, ${ownIdentity()}, ${until})
      on conflict (name) do update set holder = excluded.holder, process = excluded.process, until = excluded.until
      where leases.holder = excluded.holder or leases.until < clock_timestamp() or leases.process = ${gone}
      returning name`);
    return rows.length > 0;
  };
  if (await take(null)) return true;
  const [other] = await db.execute<{ process: string | null }>(
    sql`select process from leases where name = ${name}`,
  );
  // Killed, and started again on the same machine: nobody holds it any more.
  return other?.process ? hasEnded(other.process) && take(other.process) : false;
}
