import type { PersonId } from '../kernel/ids.ts';
import { QUIET_LEVELS } from '../kernel/vocabulary.ts';
import { goesOn } from './case-status.ts';
import type { Tx } from './database.ts';
import { and, asc, eq, inArray, lt, lte, sql } from './drizzle.cjs';
import { alerts, cases, deliveries } from './schema.ts';

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

export type CalmCase = {
  reference: string;
  level: string;
  openedAt: Date;
  /** A member follows it. */
  isTaken: boolean;
  /** People who must not know of it. */
  excluded: PersonId[];
};

/** Open cases that are not urgent, opened up to `until`, oldest first. */
export async function calmCases(tx: Tx, until: Date): Promise<CalmCase[]> {
  const rows = await tx
    .select({
      reference: cases.reference,
      level: cases.level,
      openedAt: cases.openedAt,
      state: alerts.state,
      excluded: alerts.excluded,
    })
    .from(cases)
    .leftJoin(alerts, eq(alerts.caseId, cases.id))
    .where(and(goesOn(), inArray(cases.level, QUIET_LEVELS), lte(cases.openedAt, until)))
    .orderBy(asc(cases.openedAt), asc(cases.reference));
  return rows.map(({ reference, level, openedAt, state, excluded }) => ({
    reference: reference ?? '',
    level,
    openedAt,
    isTaken: state === 'taken',
    excluded: excluded ?? [],
  }));
}
