import type { AlertId, CaseId, OfficerId, PersonId } from '../kernel/ids.ts';
import { DRILL_OUTCOMES } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gte, inArray, ne, or, sql } from './drizzle.cjs';
import { alertLog, alerts, cases, deliveries, pages } from './schema.ts';

export type AlertRow = typeof alerts.$inferSelect;

/** Everything that may stand in `alert_log.what`. */
export type AlertEvent =
  | 'raised'
  | 'raised_again'
  | 'opened'
  | 'opened_again'
  | 'level_raised'
  | 'level_lowered'
  | 'paged'
  | 'repeated'
  | 'skipped'
  | 'exhausted'
  | 'nobody'
  | 'page_failed'
  | 'page_moved'
  | 'contact_revoked'
  | 'offered'
  | 'offer_ended'
  | 'handed_over'
  | 'excluded'
  | 'outside_told'
  | 'taken'
  | 'declined'
  | 'lapsed'
  | 'one_phone_kept'
  | 'phone_admitted_again'
  | 'all_phones_kept'
  | 'code_granted'
  | 'code_declined'
  | 'asked_again'
  | 'acknowledged'
  | 'told'
  | 'phrase'
  | 'replied'
  | 'closed'
  | 'muted'
  | 'unmuted';

/** A person who must not know of the case that this one goes on from must not know of this one. */
export async function insertAlert(tx: Tx, row: typeof alerts.$inferInsert): Promise<void> {
  const excluded = row.caseId ? await excludedBefore(tx, row.caseId) : [];
  await tx.insert(alerts).values({ ...row, excluded });
}

/** People who must not know of the case that this one goes on from; of most cases nobody, and no such case. */
export async function excludedBefore(tx: Tx, caseId: CaseId): Promise<PersonId[]> {
  const [row] = await tx
    .select({ excluded: alerts.excluded })
    .from(alerts)
    .innerJoin(cases, eq(cases.replaces, alerts.caseId))
    .where(eq(cases.id, caseId));
  return row?.excluded ?? [];
}

export async function findAlertOfCase(db: Db | Tx, caseId: CaseId): Promise<AlertRow | undefined> {
  const [row] = await db.select().from(alerts).where(eq(alerts.caseId, caseId));
  return row;
}

/** Due, or so far ahead that the clock must have been set back since. */
export const isDue = (now: Date) => {
  const at = sql`${now.toISOString()}::timestamptz`;
  const longest = sql`make_interval(secs => (${alerts.policy} -> 'longest' ->> ${alerts.state})::int)`;
  return and(
    ne(alerts.state, 'closed'),
    or(sql`${alerts.nextStepAt} <= ${at}`, sql`${alerts.nextStepAt} > ${at} + ${longest}`),
  );
};

/** Alerts whose next step is due, most urgent and longest waiting first. Nothing is locked yet. */
export async function dueAlerts(db: Db, now: Date, limit: number): Promise<AlertId[]> {
  const rows = await db
    .select({ id: alerts.id })
    .from(alerts)
    .where(isDue(now))
    .orderBy(sql`${alerts.level} = 'critical' desc`, asc(alerts.nextStepAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Cases of which people of the team must not know, and which people. */
export async function excludedPeople(db: Db | Tx): Promise<{ caseId: CaseId; excluded: PersonId[] }[]> {
  const rows = await db
    .select({ caseId: alerts.caseId, excluded: alerts.excluded })
    .from(alerts)
    .where(sql`jsonb_array_length(${alerts.excluded}) > 0`)
    .orderBy(asc(alerts.id));
  return rows.flatMap(({ caseId, excluded }) => (caseId ? [{ caseId, excluded }] : []));
}

export async function updateAlert(
  tx: Tx,
  id: AlertId,
  set: Partial<typeof alerts.$inferInsert>,
): Promise<void> {
  await tx.update(alerts).set(set).where(eq(alerts.id, id));
}

export async function logAlert(
  tx: Tx,
  now: Date,
  alertId: AlertId,
  what: AlertEvent,
  more: { officerId?: OfficerId; detail?: Record<string, string | number | boolean> } = {},
): Promise<void> {
  await tx
    .insert(alertLog)
    .values({ alertId, at: now, what, officerId: more.officerId ?? null, detail: more.detail ?? null });
}

/** When the reporter of a case was last sent one of `phrases`, or words of an officer's own. */
export async function phrasedAt(
  tx: Tx,
  caseId: CaseId,
  phrases: readonly string[],
): Promise<Date | undefined> {
  const [row] = await tx
    .select({ at: alertLog.at })
    .from(alertLog)
    .innerJoin(alerts, eq(alerts.id, alertLog.alertId))
    .where(
      and(
        eq(alerts.caseId, caseId),
        or(
          eq(alertLog.what, 'replied'),
          and(eq(alertLog.what, 'phrase'), inArray(sql`${alertLog.detail} ->> 'phrase'`, [...phrases])),
        ),
      ),
    )
    .orderBy(desc(alertLog.id))
    .limit(1);
  return row?.at;
}

/** Every alert that is not closed, quiet ones and exercises too. */
export function unclosedAlerts(db: Db | Tx): Promise<AlertRow[]> {
  return db.select().from(alerts).where(ne(alerts.state, 'closed')).orderBy(asc(alerts.raisedAt));
}

/** Alerts that wait or that an officer has, most urgent first: for a quiet one nobody waits before it is taken. */
export function listOpenAlerts(db: Db | Tx): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(and(ne(alerts.state, 'closed'), or(eq(alerts.state, 'taken'), eq(alerts.isQuiet, false))))
    .orderBy(sql`${alerts.level} = 'critical' desc`, asc(alerts.raisedAt));
}

export function findAlerts(tx: Tx, ids: readonly AlertId[]): Promise<AlertRow[]> {
  return ids.length === 0
    ? Promise.resolve([])
    : tx
        .select()
        .from(alerts)
        .where(inArray(alerts.id, [...ids]))
        .orderBy(asc(alerts.raisedAt), asc(alerts.id));
}

export async function findAlertByReference(db: Db | Tx, reference: string): Promise<AlertRow | undefined> {
  const [row] = await db.select().from(alerts).where(eq(alerts.reference, reference));
  return row;
}

/** Alerts of a taker who is no longer there are looked at in the next cycle. */
export async function makeDueIfTakenBy(tx: Tx, officerId: OfficerId, now: Date): Promise<void> {
  await tx
    .update(alerts)
    .set({ nextStepAt: now })
    .where(and(eq(alerts.state, 'taken'), eq(alerts.takenBy, officerId)));
}

/** When the first page of an alert left, and when one of them was first seen to arrive and be read. */
export async function drillTimes(
  db: Db | Tx,
  alertId: AlertId,
): Promise<{ firstSentAt: Date | null; deliveredAt: Date | null; readAt: Date | null }> {
  const [row] = await db
    .select({
      firstSentAt: sql<string | null>`min(${deliveries.sentAt})`,
      deliveredAt: sql<string | null>`min(${deliveries.deliveredAt})`,
      readAt: sql<string | null>`min(${deliveries.readAt})`,
    })
    .from(pages)
    .innerJoin(deliveries, eq(deliveries.id, pages.deliveryId))
    .where(eq(pages.alertId, alertId));
  const date = (value: string | null | undefined) => (value ? new Date(value) : null);
  return {
    firstSentAt: date(row?.firstSentAt),
    deliveredAt: date(row?.deliveredAt),
    readAt: date(row?.readAt),
  };
}

/** The last exercise that was passed or failed. */
export async function lastDrill(db: Db | Tx): Promise<AlertRow | undefined> {
  const [row] = await db
    .select()
    .from(alerts)
    .where(and(eq(alerts.isDrill, true), eq(alerts.state, 'closed'), inArray(alerts.outcome, DRILL_OUTCOMES)))
    .orderBy(desc(alerts.closedAt))
    .limit(1);
  return row;
}

/** Whether an exercise was begun at this instant or later, by hand too. */
export async function hasDrillSince(tx: Tx, at: Date): Promise<boolean> {
  const [row] = await tx
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(eq(alerts.isDrill, true), gte(alerts.raisedAt, at)))
    .limit(1);
  return row !== undefined;
}

/** The officers who said "I cannot" to an alert. */
export async function whoDeclined(tx: Tx, alertId: AlertId): Promise<Set<OfficerId>> {
  const rows = await tx
    .select({ officerId: alertLog.officerId })
    .from(alertLog)
    .where(and(eq(alertLog.alertId, alertId), eq(alertLog.what, 'declined')));
  return new Set(rows.flatMap(({ officerId }) => officerId ?? []));
}

/** The latest alerts, closed ones among them, newest first. */
export function latestAlerts(db: Db | Tx, limit: number): Promise<AlertRow[]> {
  return db.select().from(alerts).orderBy(desc(alerts.raisedAt)).limit(limit);
}

export type AlertLogRow = typeof alertLog.$inferSelect;

/** Everything that was decided about an alert, in order. */
export function logOf(db: Db | Tx, alertId: AlertId): Promise<AlertLogRow[]> {
  return db.select().from(alertLog).where(eq(alertLog.alertId, alertId)).orderBy(asc(alertLog.id));
}
