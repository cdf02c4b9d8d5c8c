/**
 * Which rows of the audit log are the server's own, and where its own end.
 *
 * Invariants: a row counts by its signature alone; the server's own stand each at the first free place behind the one before,
 * so that rows of another hand at the next places, or at the last that there can be, are passed over and end nothing.
 */
import { type AuditRow, isOwnRow, placeBefore } from '../../crypto/audit-chain.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import { auditBelow, auditFrom, auditLinks } from '../../db/audit.ts';
import type { Db, Tx } from '../../db/database.ts';

/** The last of the server's own, and the first free place behind it. */
export type AuditEnd = { last: AuditRow | undefined; next: number };

/** Rows that are looked at in one go. */
const PAGE = 100;
/** The last place that there can be is nobody's: behind it nothing could stand. */
export const HIGHEST = 2_147_483_647;

/** Those of these rows that the server wrote, each behind the row that it names. */
export async function ownAuditRows(
  db: Db | Tx,
  verifier: Verifier,
  rows: readonly AuditRow[],
): Promise<AuditRow[]> {
  const there = new Map(rows.map(({ seq, link }) => [seq, link]));
  const wanted = rows.map(placeBefore).filter((seq) => seq !== undefined && seq > 0 && !there.has(seq));
  const links = new Map([...there, ...(await auditLinks(db, wanted as number[]))]);
  return rows.filter((row) => {
    const before = placeBefore(row);
    return before !== undefined && isOwnRow(verifier, row, links.get(before) ?? null);
  });
}

/** Whether the server wrote this row, behind the one that it names. */
export const isOwnAuditRow = async (db: Db | Tx, verifier: Verifier, row: AuditRow): Promise<boolean> =>
  (await ownAuditRows(db, verifier, [row])).length > 0;

/** The end that was found last: where it still stands the way from there is short. */
const found = new WeakMap<Verifier, AuditRow>();

/** What is appended next stands at `next`, behind `last`. An appending transaction holds the lock of the log. */
export async function auditEnd(db: Db | Tx, verifier: Verifier): Promise<AuditEnd> {
  const known = found.get(verifier);
  const [there, ...rest] = known ? await auditFrom(db, known.seq, PAGE) : [];
  const isThere = known && there?.seq === known.seq && Buffer.compare(there.link, known.link) === 0;
  let last = isThere ? known : await newestOwn(db, verifier);
  let next = (last?.seq ?? 0) + 1;
  for (let rows = isThere ? rest : undefined; ; rows = undefined) {
    const page = rows ?? (await auditFrom(db, next, PAGE));
    const run = page.filter(({ seq }, n) => seq === next + n);
    last = (await ownAuditRows(db, verifier, run)).at(-1) ?? last;
    next += run.length;
    if (run.length < page.length || page.length < PAGE - 1) break;
  }
  if (last) found.set(verifier, last);
  return { last, next };
}

/** From the top down. */
async function newestOwn(db: Db | Tx, verifier: Verifier): Promise<AuditRow | undefined> {
  for (let below = HIGHEST; ; ) {
    const page = await auditBelow(db, below, PAGE);
    const [own] = await ownAuditRows(db, verifier, page);
    if (own || page.length < PAGE) return own;
    below = page.at(-1)?.seq ?? 0;
  }
}
