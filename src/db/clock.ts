import type { Db, Tx } from './database.ts';
import { sql } from './drizzle.cjs';

/** Where the time comes from. Read once per transaction and passed on as a value. */
export type DatabaseClock = {
  now(tx: Tx | Db): Promise<Date>;
  /** A time that stands in for the database's, for statements that read it themselves; null: the database's own. */
  stated(): Date | null;
};

const NOW = sql`select now() as now`;

/** The database's time at the start of the transaction: the same for every process on it. */
export const databaseClock: DatabaseClock = {
  now: async (tx) => {
    const [row] = await tx.execute<{ now: Date }>(NOW);
    if (!row) throw new Error('select now() returns a row');
    return new Date(row.now);
  },
  stated: () => null,
};

/**
 * How far this machine's clock is ahead of the database's, in milliseconds (negative: behind). Of three readings the
 * one with the shortest round trip counts, and half of that trip is allowed for.
 */
export async function clockSkew(db: Db, local: () => number = Date.now): Promise<number> {
  let best: { trip: number; skew: number } | undefined;
  for (let reading = 0; reading < 3; reading++) {
    const before = local();
    const [row] = await db.execute<{ ms: number }>(
      sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
    );
    const after = local();
    if (!row) continue;
    const skew = (before + after) / 2 - Number(row.ms);
    if (!best || after - before < best.trip) best = { trip: after - before, skew };
  }
  return Math.round(best?.skew ?? 0);
}
