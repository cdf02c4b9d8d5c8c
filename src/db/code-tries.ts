import type { Db, Tx } from './database.ts';
import { and, count, eq, gt, lt, sql } from './drizzle.cjs';
import { codeTries } from './schema.ts';

/** Notes a try at `now`, and returns how many this address has made since `since`, this one included. */
export async function countTry(
  db: Db | Tx,
  addressIndex: Uint8Array,
  now: Date,
  since: Date,
): Promise<number> {
  await db.insert(codeTries).values({ addressIndex, triedAt: now });
  const [row] = await db
    .select({ tries: count() })
    .from(codeTries)
    .where(and(eq(codeTries.addressIndex, addressIndex), gt(codeTries.triedAt, since)));
  return row?.tries ?? 0;
}

/** All tries since `since`, of all contacts together. */
export async function countTries(db: Db | Tx, since: Date): Promise<number> {
  const [row] = await db.select({ tries: count() }).from(codeTries).where(gt(codeTries.triedAt, since));
  return row?.tries ?? 0;
}

/** Whose tries count for nobody, and are counted among all. */
const NOBODY = new Uint8Array(32);

/** The try at `now` was not looked at: it is none of this address's, and still one of those that are made. */
export async function takeBackTry(db: Db, addressIndex: Uint8Array, now: Date): Promise<void> {
  const one = db
    .select({ ctid: sql`ctid` })
    .from(codeTries)
    .where(and(eq(codeTries.addressIndex, addressIndex), eq(codeTries.triedAt, now)))
    .limit(1);
  await db.update(codeTries).set({ addressIndex: NOBODY }).where(sql`ctid in ${one}`);
}

/** The right code was given. */
export async function forgetTries(db: Db, addressIndex: Uint8Array): Promise<void> {
  await db.delete(codeTries).where(eq(codeTries.addressIndex, addressIndex));
}

export async function purgeTries(tx: Tx, before: Date): Promise<void> {
  await tx.delete(codeTries).where(lt(codeTries.triedAt, before));
}
