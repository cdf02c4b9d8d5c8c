import type { Db, Tx } from './database.ts';
import { and, count, eq, gt, inArray, lt, sql } from './drizzle.cjs';
import { codeTries } from './schema.ts';

/** Notes a try at `now`, and returns how many this address has made since `since`, this one included. `of`: what it named. */
export async function countTry(
  db: Db | Tx,
  addressIndex: Uint8Array,
  now: Date,
  since: Date,
  of?: Uint8Array,
): Promise<number> {
  await db.insert(codeTries).values({ addressIndex, triedAt: now, referenceIndex: of ?? null });
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

/** Whether anybody has tried since `since` to find a case by one of these references. */
export async function wasTried(tx: Tx, references: readonly Uint8Array[], since: Date): Promise<boolean> {
  const isOne = inArray(codeTries.referenceIndex, [...references]);
  const [row] = await tx
    .select({ at: codeTries.triedAt })
    .from(codeTries)
    .where(and(isOne, gt(codeTries.triedAt, since)))
    .limit(1);
  return row !== undefined;
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
