import type { Db, Tx } from './database.ts';
import { eq, lt, sql } from './drizzle.cjs';
import { toldNotices } from './schema.ts';

export type ToldNotice = typeof toldNotices.$inferSelect;

/** When this was told last; locked, so that of several processes one tells it. */
export async function lockTold(tx: Tx, about: string): Promise<ToldNotice | undefined> {
  // There may be no row to lock yet.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('told_notices'), hashtext(${about}))`);
  return lastTold(tx, about);
}

export async function lastTold(db: Db | Tx, about: string): Promise<ToldNotice | undefined> {
  const [row] = await db.select().from(toldNotices).where(eq(toldNotices.about, about));
  return row;
}

/** It is told now; what was told before `old` is forgotten. */
export async function putTold(tx: Tx, about: string, now: Date, old: Date): Promise<void> {
  const set = { toldAt: now, held: 0 };
  await tx.delete(toldNotices).where(lt(toldNotices.toldAt, old));
  await tx
    .insert(toldNotices)
    .values({ about, ...set })
    .onConflictDoUpdate({ target: toldNotices.about, set });
}

/** It came again, and is held back. */
export async function countHeld(tx: Tx, about: string): Promise<void> {
  await tx
    .update(toldNotices)
    .set({ held: sql`${toldNotices.held} + 1` })
    .where(eq(toldNotices.about, about));
}

/** Nobody has read it. */
export async function forgetTold(tx: Tx, about: string): Promise<void> {
  await tx.delete(toldNotices).where(eq(toldNotices.about, about));
}
