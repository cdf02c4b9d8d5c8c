import type { AuditRow } from '../crypto/audit-chain.ts';
import type { MemberId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, desc, eq, gt, inArray, sql } from './drizzle.cjs';
import { type Ids, isKnownCase } from './known.ts';
import { auditLog, cases, erasures } from './schema.ts';

/** Any number: a transaction that appends to the audit log holds it until it ends. */
const AUDIT_LOCK = 7_262_001;

/** The last row; from now on nobody else appends until this transaction ends. */
export async function lockAuditEnd(tx: Tx): Promise<typeof auditLog.$inferSelect | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`);
  const [row] = await tx.select().from(auditLog).orderBy(desc(auditLog.seq)).limit(1);
  return row;
}

export async function appendAudit(tx: Tx, row: typeof auditLog.$inferInsert): Promise<void> {
  await tx.insert(auditLog).values(row);
}

/** Of each text that was recorded in the room the newest row that says what is heard of it. */
export function lastNotesOfVoices(db: Db | Tx): Promise<AuditRow[]> {
  const language = sql`${auditLog.detail}->>'language'`;
  const key = sql`${auditLog.detail}->>'key'`;
  return db
    .selectDistinctOn([language, key])
    .from(auditLog)
    .where(inArray(auditLog.what, ['voice_agreed', 'voice_withdrawn']))
    .orderBy(language, key, desc(auditLog.seq));
}

/** All rows from the first one on, a page at a time. */
export async function* auditRows(db: Db | Tx, pageSize = 1_000): AsyncGenerator<AuditRow> {
  for (let last = 0; ; ) {
    const rows = await db
      .select()
      .from(auditLog)
      .where(gt(auditLog.seq, last))
      .orderBy(asc(auditLog.seq))
      .limit(pageSize);
    yield* rows;
    last = rows.at(-1)?.seq ?? last;
    if (rows.length < pageSize) return;
  }
}

/**
 * Whether something was noted since `since`, about this member if one is given; the transaction that asks holds the end
 * of the log until it ends.
 */
export async function hasAudited(tx: Tx, what: string, since: Date, memberId?: MemberId): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`);
  const rows = await tx
    .select({ seq: auditLog.seq })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.what, what),
        gt(auditLog.at, since),
        memberId ? eq(auditLog.memberId, memberId) : undefined,
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** How many different cases a member opened since `since`: all, and those that were not opened for a search. */
export async function openedSince(
  tx: Tx,
  memberId: MemberId,
  since: Date,
): Promise<{ all: number; oneByOne: number }> {
  const isSearch = sql`${auditLog.detail}->>'by' is not distinct from 'search'`;
  const [row] = await tx
    .select({
      all: sql<number>`count(distinct ${auditLog.caseId})::int`,
      oneByOne: sql<number>`(count(distinct ${auditLog.caseId}) filter (where not ${isSearch}))::int`,
    })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.memberId, memberId),
        gt(auditLog.at, since),
        inArray(auditLog.what, ['case_opened', 'file_opened']),
      ),
    );
  return { all: row?.all ?? 0, oneByOne: row?.oneByOne ?? 0 };
}

/** Members who opened many cases since `since`, the newest first. */
export function manyOpenedSince(tx: Tx, since: Date) {
  return tx
    .select({ at: auditLog.at, memberId: auditLog.memberId, what: auditLog.what, detail: auditLog.detail })
    .from(auditLog)
    .where(and(gt(auditLog.at, since), inArray(auditLog.what, ['many_opened', 'all_searched'])))
    .orderBy(desc(auditLog.seq));
}

/** Whether something was ever noted; the transaction that asks holds the end of the log until it ends. */
export function hasEverAudited(tx: Tx, what: string): Promise<boolean> {
  return hasAudited(tx, what, new Date(0));
}

/** Whether something was ever noted with this detail. */
export async function isAuditedAbout(tx: Tx, what: string, detail: Record<string, string>): Promise<boolean> {
  const rows = await tx
    .select({ seq: auditLog.seq })
    .from(auditLog)
    .where(and(eq(auditLog.what, what), sql`${auditLog.detail} @> ${JSON.stringify(detail)}::jsonb`))
    .limit(1);
  return rows.length > 0;
}

/** The link of the row before this one; null: there is none. */
export async function auditLinkBefore(db: Db | Tx, seq: number): Promise<Uint8Array | null> {
  const [row] = await db
    .select({ link: auditLog.link })
    .from(auditLog)
    .where(eq(auditLog.seq, seq - 1));
  return row?.link ?? null;
}

/** Whether a member has proved that they open what is sealed to the team's key with this fingerprint. */
export async function isOpeningProved(db: Db | Tx, key: string): Promise<boolean> {
  const rows = await db
    .select({ seq: auditLog.seq })
    .from(auditLog)
    .where(and(eq(auditLog.what, 'opening_proved'), sql`${auditLog.detail} ->> 'key' = ${key}`))
    .limit(1);
  return rows.length > 0;
}

/** The newest rows, with the reference of their case. `isHidden`: about a case of which they must not know. */
export function newestAudit(db: Db | Tx, ids: Ids, limit: number) {
  return db
    .select({
      link: auditLog.link,
      isHidden: sql<boolean>`not ${isKnownCase(db, ids, auditLog.caseId)}`,
      seq: auditLog.seq,
      at: auditLog.at,
      memberId: auditLog.memberId,
      what: auditLog.what,
      detail: auditLog.detail,
      // Of a case that is gone, what is left of it.
      reference: sql<string | null>`coalesce(${cases.reference}, ${erasures.reference})`,
    })
    .from(auditLog)
    .leftJoin(cases, eq(cases.id, auditLog.caseId))
    .leftJoin(erasures, and(eq(erasures.caseId, auditLog.caseId), eq(erasures.state, 'done')))
    .orderBy(desc(auditLog.seq))
    .limit(limit);
}
