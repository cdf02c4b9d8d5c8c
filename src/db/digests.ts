import type { Tx } from './database.ts';
import { and, asc, eq, gt, inArray, lt, lte, sql } from './drizzle.cjs';
import { cases, deliveries } from './schema.ts';

/**
 * Whether the digest of this day may be sent: true for one transaction only, as long as it commits one. The lock
 * ends with the transaction.
 */
export async function digestOf(tx: Tx, day: string): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('lakana digest'))`);
  const [row] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(eq(deliveries.coalesce, `digest:${day}`))
    .limit(1);
  return row === undefined;
}

/** When the last digest before `now` was written. */
export async function lastDigestAt(tx: Tx, now: Date): Promise<Date | undefined> {
  const [row] = await tx
    .select({ at: deliveries.createdAt })
    .from(deliveries)
    .where(and(sql`${deliveries.coalesce} like 'digest:%'`, lt(deliveries.createdAt, now)))
    .orderBy(sql`${deliveries.createdAt} desc`)
    .limit(1);
  return row?.at;
}

/** Cases opened after `since`, up to `until`, that no page was sent for, oldest first. */
export async function casesSince(
  tx: Tx,
  since: Date,
  until: Date,
): Promise<{ reference: string; level: string }[]> {
  const rows = await tx
    .select({ reference: cases.reference, level: cases.level })
    .from(cases)
    .where(
      and(
        eq(cases.status, 'open'),
        inArray(cases.level, ['high', 'medium', 'low']),
        gt(cases.openedAt, since),
        lte(cases.openedAt, until),
      ),
    )
    .orderBy(asc(cases.openedAt));
  return rows.map((row) => ({ reference: row.reference ?? '', level: row.level }));
}
