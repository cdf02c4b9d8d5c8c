import type { AuditRow } from '../crypto/audit-chain.ts';
import type { CaseId, MemberId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import {
  and,
  asc,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  lt,
  type PgColumn,
  type SQL,
  sql,
} from './drizzle.cjs';
import { type Ids, isKnownCase } from './known.ts';
import { isOfLength } from './lengths.ts';
import { auditLog, cases, erasures } from './schema.ts';

const isShort = isOfLength(auditLog);
const short = <T>(column: PgColumn, empty: SQL): SQL<T> =>
  sql<T>`case when ${isShort} then ${column} else ${empty} end`;
/** A row as it stands there. What is too long to be the server's is read as empty: its place is known, and no link or mark fits it. */
export const auditColumns = {
  seq: auditLog.seq,
  at: auditLog.at,
  memberId: auditLog.memberId,
  caseId: auditLog.caseId,
  what: short<string>(auditLog.what, sql`''`),
  detail: short<AuditRow['detail']>(auditLog.detail, sql`'{}'::jsonb`),
  link: short<Uint8Array>(auditLog.link, sql`''::bytea`),
  signature: short<Uint8Array>(auditLog.signature, sql`''::bytea`),
  mac: short<Uint8Array | null>(auditLog.mac, sql`null`),
};

const PAGE = 1_000;

/** Any number: a transaction that appends to the audit log holds it until it ends. */
const AUDIT_LOCK = 7_262_001;

/** From now on nobody else appends until this transaction ends. */
export async function lockAudit(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`);
}

/** False: another hand took that place meanwhile. */
export async function appendAudit(tx: Tx, row: typeof auditLog.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(auditLog).values(row).onConflictDoNothing().returning({ seq: auditLog.seq });
  return rows.length > 0;
}

/** Rows from this place on, in order. */
export const auditFrom = (db: Db | Tx, seq: number, limit: number): Promise<AuditRow[]> =>
  db
    .select(auditColumns)
    .from(auditLog)
    .where(gte(auditLog.seq, seq))
    .orderBy(asc(auditLog.seq))
    .limit(limit);

/** Rows below this place, the newest first. */
export const auditBelow = (db: Db | Tx, seq: number, limit: number): Promise<AuditRow[]> =>
  db
    .select(auditColumns)
    .from(auditLog)
    .where(lt(auditLog.seq, seq))
    .orderBy(desc(auditLog.seq))
    .limit(limit);

/** Rows that bear a mark above this place, or of a later time than this, in order, in pages. */
export const markedPages = (
  db: Db | Tx,
  { above = -1, since }: { above?: number; since?: Date },
): AsyncGenerator<AuditRow[]> =>
  auditPages(
    db,
    and(gt(auditLog.seq, above), isNotNull(auditLog.mac), since ? gt(auditLog.at, since) : undefined),
  );

/** Rows below this place that bear a mark, the newest first. */
export const markedBelow = (db: Db | Tx, seq: number, limit: number): Promise<AuditRow[]> =>
  db
    .select(auditColumns)
    .from(auditLog)
    .where(and(lt(auditLog.seq, seq), isNotNull(auditLog.mac)))
    .orderBy(desc(auditLog.seq))
    .limit(limit);

/** The first place above this one at which nothing stands. */
export async function freePlace(db: Db | Tx, above: number): Promise<number> {
  const [row] = await db.execute<{ free: number }>(sql`
    select (min(taken.seq) + 1)::int as free
    from (select ${above}::bigint as seq union all select seq::bigint from audit_log where seq > ${above}::int) as taken
    where taken.seq < 2147483647 and not exists (select from audit_log as next where next.seq = taken.seq + 1)`);
  return row?.free ?? above + 1;
}

/** The links of the rows at these places. */
export async function auditLinks(db: Db | Tx, seqs: readonly number[]): Promise<Map<number, Uint8Array>> {
  if (seqs.length === 0) return new Map();
  const { seq, link } = auditColumns;
  const rows = await db
    .select({ seq, link })
    .from(auditLog)
    .where(inArray(seq, [...seqs]));
  return new Map(rows.map((row) => [row.seq, row.link]));
}

/** All rows of these kinds, in order, in pages: how many there are another hand may decide. */
export const auditedAs = (db: Db | Tx, what: readonly string[]): AsyncGenerator<AuditRow[]> =>
  auditPages(db, and(isShort, inArray(auditLog.what, [...what])));

/** What versions before 0035 noted of recordings that count or count no more, in order, in pages. */
export const earlierNotesOfVoices = (db: Db | Tx): AsyncGenerator<AuditRow[]> =>
  auditPages(
    db,
    and(
      inArray(auditLog.what, ['voice_agreed', 'voice_withdrawn']),
      sql`${isShort} and ${auditLog.detail}->>'change' is null`,
    ),
  );

async function* auditPages(db: Db | Tx, which: SQL | undefined): AsyncGenerator<AuditRow[]> {
  for (let from = -1; ; ) {
    const page = await db
      .select(auditColumns)
      .from(auditLog)
      .where(and(gt(auditLog.seq, from), which))
      .orderBy(asc(auditLog.seq))
      .limit(PAGE);
    yield page;
    if (page.length < PAGE) return;
    from = page.at(-1)?.seq ?? from;
  }
}

/** All rows from the first one on, a page at a time. */
export async function* auditRows(db: Db | Tx, pageSize = 1_000): AsyncGenerator<AuditRow> {
  for (let last = 0; ; ) {
    const rows = await db
      .select(auditColumns)
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
        isShort,
        eq(auditLog.memberId, memberId),
        gt(auditLog.at, since),
        inArray(auditLog.what, ['case_opened', 'file_opened']),
      ),
    );
  return { all: row?.all ?? 0, oneByOne: row?.oneByOne ?? 0 };
}

/** Rows about one file of a case, the first one first. */
export function looksAtFile(tx: Tx, caseId: CaseId, file: string) {
  return tx
    .select({ at: auditLog.at, memberId: auditLog.memberId, what: auditLog.what, detail: auditLog.detail })
    .from(auditLog)
    .where(
      and(
        isShort,
        eq(auditLog.caseId, caseId),
        inArray(auditLog.what, ['file_opened', 'file_saved']),
        sql`${auditLog.detail}->>'file' = ${file}`,
      ),
    )
    .orderBy(asc(auditLog.seq))
    .limit(MOST_LOOKS);
}

/** A file that was opened more often is shown with the first of them. */
const MOST_LOOKS = 500;

/** Members who opened many cases since `since`, the newest first. */
export function manyOpenedSince(tx: Tx, since: Date) {
  return tx
    .select({ at: auditLog.at, memberId: auditLog.memberId, what: auditLog.what, detail: auditLog.detail })
    .from(auditLog)
    .where(and(isShort, gt(auditLog.at, since), inArray(auditLog.what, ['many_opened', 'all_searched'])))
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
    .where(and(isShort, eq(auditLog.what, what), sql`${auditLog.detail} @> ${JSON.stringify(detail)}::jsonb`))
    .limit(1);
  return rows.length > 0;
}

/** Whether a member has proved that they open what is sealed to the team's key with this fingerprint. */
export async function isOpeningProved(db: Db | Tx, key: string): Promise<boolean> {
  const rows = await db
    .select({ seq: auditLog.seq })
    .from(auditLog)
    .where(and(isShort, eq(auditLog.what, 'opening_proved'), sql`${auditLog.detail} ->> 'key' = ${key}`))
    .limit(1);
  return rows.length > 0;
}

/** The newest rows, with the reference of their case. `isHidden`: about a case of which they must not know. */
export function newestAudit(db: Db | Tx, ids: Ids, limit: number) {
  return db
    .select({
      link: auditColumns.link,
      isHidden: sql<boolean>`not ${isKnownCase(db, ids, auditLog.caseId)}`,
      seq: auditLog.seq,
      at: auditLog.at,
      memberId: auditLog.memberId,
      what: auditColumns.what,
      detail: auditColumns.detail,
      // Of a case that is gone, what is left of it.
      reference: sql<string | null>`coalesce(${cases.reference}, ${erasures.reference})`,
    })
    .from(auditLog)
    .leftJoin(cases, eq(cases.id, auditLog.caseId))
    .leftJoin(erasures, and(eq(erasures.caseId, auditLog.caseId), eq(erasures.state, 'done')))
    .orderBy(desc(auditLog.seq))
    .limit(limit);
}
