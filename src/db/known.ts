/**
 * Alerts and cases as one person may know of them: the only way from a person to a case
 * (docs/decisions/excluded-as-if-absent.md).
 *
 * Invariants: of a case from which a person is excluded they get no row, as if it did not exist: not even one that is
 * counted, passed over or waited for; a person excluded as an officer is so as a member, and the other way round.
 */
import type { AlertId, CaseId, PersonId } from '../kernel/ids.ts';
import type { AlertRow } from './alerts.ts';
import { isOver } from './case-status.ts';
import type { CaseRow } from './cases.ts';
import type { Db, Tx } from './database.ts';
import {
  and,
  asc,
  eq,
  gt,
  inArray,
  ne,
  not,
  notExists,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from './drizzle.cjs';
import { lockAlert } from './locks.ts';
import { alerts, cases, erasures, members } from './schema.ts';
import { urgencyOf } from './urgency.ts';

/** The ids under which one human stands: as officer, as member. */
export type Ids = readonly PersonId[];

/** The officers and members that are the same human as these, those too that were removed. */
export async function sameHumans(db: Db | Tx, people: Ids): Promise<PersonId[]> {
  if (people.length === 0) return [];
  const ids = [...people];
  const known = await db
    .select({ id: members.id, officerId: members.officerId })
    .from(members)
    .where(or(inArray(members.id, ids as never), inArray(members.officerId, ids as never)));
  const officers = known.flatMap(({ officerId }) => officerId ?? []);
  const others =
    officers.length === 0
      ? []
      : await db.select({ id: members.id }).from(members).where(inArray(members.officerId, officers));
  return [...new Set([...ids, ...officers, ...[...known, ...others].map(({ id }) => id)])];
}

/** Whether a person may know of an alert and its case. */
export function mayKnow(ids: Ids, { excluded }: { excluded: readonly PersonId[] }): boolean {
  return !excluded.some((id) => ids.includes(id));
}

/** Rows of `alerts`, or of `of`, from which one of these ids is excluded. */
function isExcluded(ids: Ids, of: SQLWrapper = alerts.excluded): SQL {
  const each = ids.map((id) => sql`${of} @> ${JSON.stringify([id])}::jsonb`);
  return sql`(${sql.join([sql`false`, ...each], sql` or `)})`;
}

/** Rows of a table, by the column that names the case, of whose case they may know. */
export function isKnownCase(db: Db | Tx, ids: Ids, caseId: SQLWrapper): SQL {
  const hidden = db
    .select({ one: sql`1` })
    .from(alerts)
    .where(and(sql`${alerts.caseId} = ${caseId}`, isExcluded(ids)));
  // Of one that was erased, what is left of it.
  const wasHidden = db
    .select({ one: sql`1` })
    .from(erasures)
    .where(and(sql`${erasures.caseId} = ${caseId}`, isExcluded(ids, erasures.excluded)));
  return sql`(${notExists(hidden)} and ${notExists(wasHidden)})`;
}

export async function findAlertFor(db: Db | Tx, ids: Ids, reference: string): Promise<AlertRow | undefined> {
  const [row] = await db.select().from(alerts).where(isNamed(ids, reference));
  return row;
}

/** The same, its case and itself locked. One that they may not know of is not waited for. */
export async function lockAlertFor(tx: Tx, ids: Ids, reference: string): Promise<AlertRow | undefined> {
  const found = await findAlertFor(tx, ids, reference);
  const row = found && (await lockAlert(tx, found));
  // They may have been excluded while it was waited for.
  return row && mayKnow(ids, row) ? row : undefined;
}

const isNamed = (ids: Ids, reference: string) => and(eq(alerts.reference, reference), not(isExcluded(ids)));

/** Alerts that wait or that an officer has, most urgent first: for a quiet one nobody waits before it is taken. */
export function openAlertsFor(db: Db | Tx, ids: Ids): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(
      and(
        ne(alerts.state, 'closed'),
        or(eq(alerts.state, 'taken'), eq(alerts.isQuiet, false)),
        not(isExcluded(ids)),
      ),
    )
    .orderBy(sql`${alerts.level} = 'critical' desc`, asc(alerts.raisedAt));
}

/** The alerts with these references, for any caller: to see whom a text must not reach. */
export async function alertsNamed(
  tx: Tx,
  references: readonly string[],
): Promise<{ id: AlertId; excluded: PersonId[] }[]> {
  if (references.length === 0) return [];
  return tx
    .select({ id: alerts.id, excluded: alerts.excluded })
    .from(alerts)
    .where(inArray(alerts.reference, [...references]));
}

/** A case (never a draft) by the reference people say. */
export async function findCaseFor(db: Db | Tx, ids: Ids, reference: string): Promise<CaseRow | undefined> {
  const [row] = await db
    .select()
    .from(cases)
    .where(and(eq(cases.reference, reference), ne(cases.status, 'draft'), isKnownCase(db, ids, cases.id)));
  return row;
}

/** All cases that are not drafts, most urgent and oldest first, those that are closed last. */
export function casesFor(db: Db | Tx, ids: Ids): Promise<CaseRow[]> {
  return db
    .select()
    .from(cases)
    .where(and(ne(cases.status, 'draft'), isKnownCase(db, ids, cases.id)))
    .orderBy(isOver(), urgencyOf(cases.level), asc(cases.openedAt));
}

/** Cases that are not drafts, after this reference, in the order of references. */
export function casesAfterFor(tx: Tx, ids: Ids, after: string, limit: number): Promise<CaseRow[]> {
  return tx
    .select()
    .from(cases)
    .where(and(ne(cases.status, 'draft'), gt(cases.reference, after), isKnownCase(tx, ids, cases.id)))
    .orderBy(asc(cases.reference))
    .limit(limit);
}

/** Those of these cases of which a person may know; ids of no case are passed over too. */
export async function knownCases(tx: Tx, ids: Ids, caseIds: readonly CaseId[]): Promise<Set<CaseId>> {
  if (caseIds.length === 0) return new Set();
  const rows = await tx
    .select({ id: cases.id })
    .from(cases)
    .where(and(inArray(cases.id, [...caseIds]), isKnownCase(tx, ids, cases.id)));
  return new Set(rows.map(({ id }) => id));
}

/** Adds people to those who must not know, wherever one of `like` is among them already; returns of how many alerts. */
export async function excludeLike(tx: Tx, id: PersonId, like: Ids): Promise<number> {
  if (like.length === 0) return 0;
  const rows = await tx
    .update(alerts)
    .set({ excluded: sql`${alerts.excluded} || ${JSON.stringify([id])}::jsonb` })
    .where(and(isExcluded(like), not(isExcluded([id]))))
    .returning({ id: alerts.id });
  const { excluded } = erasures;
  await tx
    .update(erasures)
    .set({ excluded: sql`${excluded} || ${JSON.stringify([id])}::jsonb` })
    .where(and(isExcluded(like, excluded), not(isExcluded([id], excluded))));
  return rows.length;
}
