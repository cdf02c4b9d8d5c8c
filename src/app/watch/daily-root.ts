/**
 * Once a day a code over all heads goes out to the supervisors: what was there then cannot be taken back unseen.
 *
 * Invariants: once a day, however often it is asked for; the code says nothing of any case; what it was made of is kept
 * for some weeks, and counts only as far as it gives the code that a supervisor has on their phone or on paper.
 */
import { type CaseHead, type Heads, rootOf } from '../../crypto/heads-root.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import type { Db } from '../../db/database.ts';
import { auditedErased } from '../../db/erasures.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { auditLinkAt, findRoot, headsNow, holdsHead, insertRoot } from '../../db/roots.ts';
import { after, calendarDay, days } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { audit, lockAuditEnd } from '../records/audit.ts';
import { isOwnAuditRow } from '../records/audit-end.ts';

/** A code older than this cannot be checked any more. */
const KEPT = days(60);

/** Makes the code of the day and sends it; undefined: it was sent already. */
export function sendRoot(ctx: Context): Promise<string | undefined> {
  return transact(ctx, async (at) => {
    const { tx, ctx, now } = at;
    const day = calendarDay(now, ctx.settings.timeZone);
    const heads = await headsNow(tx, now, await lockAuditEnd(at));
    const root = rootOf(heads);
    const document = { cases: heads.cases, audit: heads.audit };
    if (!(await insertRoot(tx, { day, at: now, root, document }, after(now, -KEPT)))) return undefined;
    const count = heads.cases.length;
    await audit(at, { memberId: null, what: 'root_made', detail: { day, root, count } });
    const officers = await enrolledOfficers(tx);
    const supervisors = officers.filter((each) => each.role === 'supervisor');
    await notifyOfficers(at, supervisors, {
      key: 'digest.root',
      // No number: a supervisor who must not know of a case could tell from it that there is one.
      params: { day, root },
      class: CLASS.page,
      silent: true,
      coalesce: `root:${day}`,
    });
    return root;
  });
}

export type RootVerdict =
  /** `erased`: references of cases that are gone since, as two people wanted: the log says so under the server's signature. */
  | { ok: true; at: Date; cases: number; erased: string[] }
  /** No such code was kept, or what was kept does not give it. */
  | { ok: false; problem: 'unknown' }
  /** Cases (by reference, or id if they are gone) that no longer hold what they held, and whether the audit log does. */
  | { ok: false; problem: 'changed'; at: Date; cases: string[]; isAuditChanged: boolean };

/** Whether everything that was there when this code was made is there now, but for what was erased rightly. */
export async function verifyRoot(db: Db, root: string, verifier: Verifier): Promise<RootVerdict> {
  const row = await findRoot(db, root);
  const heads: Heads | undefined = row && { at: row.at, ...row.document };
  if (!heads || rootOf(heads) !== root) return { ok: false, problem: 'unknown' };
  const changed: string[] = [];
  const erased: string[] = [];
  for (const each of heads.cases as readonly CaseHead[]) {
    const { holds, reference } = await holdsHead(db, each);
    if (holds) continue;
    const noted = reference === null ? await auditedErased(db, each.id) : undefined;
    if (noted && (await isOwnAuditRow(db, verifier, noted))) erased.push(String(noted.detail.reference));
    else changed.push(reference ?? each.id);
  }
  const { audit: noted } = heads;
  const isAuditChanged = noted !== null && (await auditLinkAt(db, noted.seq)) !== noted.head;
  if (changed.length > 0 || isAuditChanged)
    return { ok: false, problem: 'changed', at: heads.at, cases: changed, isAuditChanged };
  return { ok: true, at: heads.at, cases: heads.cases.length, erased };
}
