/**
 * Cases whose time is over (`flows/retention.yaml`): found each night, told to coordinators, and a week later destroyed as any
 * other case that is to be erased (`reporters/destroying.ts`).
 *
 * Invariants: nothing goes of which no coordinator and no supervisor could be told, by reference only and at least a week before;
 * what is held, what goes on, and what a member kept within ninety days is not told and does not go; who must not know of a case
 * is told nothing of it; the week begins with a row of the audit log, under the server's signature.
 */
import { type EndedCase, whenOver } from '../../cases/retention.ts';
import type { AuditRow } from '../../crypto/audit-chain.ts';
import { findAlertOfCase } from '../../db/alerts.ts';
import { type CaseRow, findCase } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import { auditedAbout, type ErasureRow, insertErasure, liveErasure } from '../../db/erasures.ts';
import { endedCases, findHold, heldAmong, timeOverSince } from '../../db/holds.ts';
import { lockCase } from '../../db/locks.ts';
import { listMembers } from '../../db/members.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import { type CaseId, type ErasureId, newId, type OfficerId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, days } from '../../kernel/time.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { notifyOfficers, readableContacts } from '../duty/officer-notices.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Context } from '../ground/context.ts';
import type { TimeGuard } from '../ground/time-guard.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { isOwnAuditRow } from '../records/audit-end.ts';
import { whoMayKnow } from '../records/may-know.ts';

/** Between the night on which it is told and the destroying. */
const TOLD_BEFORE = days(7);
/** One that a member kept is not told again before. */
const KEPT_FOR = days(90);
/** More wait for the next night. */
const MOST_AT_ONCE = 200;
/** References in one message. */
const MOST_NAMED = 20;

/** What the rules look at; undefined: it goes on. */
const endedCase = ({ status, level, statusReason: reason, closedAt }: CaseRow): EndedCase | undefined =>
  closedAt ? { status, level, reason, endedAt: closedAt } : undefined;

/** When the time of a case is over, by which rule; undefined: it goes on. */
export function timeOf({ retention }: Pick<Context, 'retention'>, row: CaseRow) {
  const of = endedCase(row);
  return of && whenOver(retention, of);
}

/** One night's run. Returns how many cases were told of. Nothing happens while `guard` mistrusts the time. */
export async function tellTimeOver(ctx: Context, guard: TimeGuard): Promise<number> {
  const now = await ctx.clock.now(ctx.db);
  if (!guard.mayErase(now)) return 0;
  const due = (await dueCases(ctx, now)).slice(0, MOST_AT_ONCE);
  if (due.length === 0) return 0;
  let count = 0;
  for (let n = 0; n < due.length; n += MOST_NAMED) count += await tellSome(ctx, due.slice(n, n + MOST_NAMED));
  if (count > 0) ctx.log.info('retention_told', { count });
  return count;
}

/** Of several of which one cannot be told each is tried by itself: it keeps no other from it. */
async function tellSome(ctx: Context, ids: readonly CaseId[]): Promise<number> {
  try {
    return await transact(ctx, (at) => announce(at, ids));
  } catch (error) {
    ctx.log.error('cycle_failed', { cycle: 'retention', ...reduceError(error) });
    let count = 0;
    if (ids.length > 1) for (const id of ids) count += await tellSome(ctx, [id]);
    return count;
  }
}

/** Those whose time is over, that are not held, that nobody kept, and that are not to be erased already. */
async function dueCases(ctx: Context, now: Date): Promise<CaseId[]> {
  const over = (await endedCases(ctx.db)).filter((row) => {
    const time = timeOf(ctx, row);
    return time !== undefined && time.case <= now;
  });
  const held = await heldAmong(
    ctx.db,
    over.map(({ id }) => id),
  );
  const said = await timeOverSince(ctx.db, after(now, -2 * KEPT_FOR));
  return over.flatMap(({ id }) => (held.has(id) || isKept(said.get(id), now) ? [] : [id]));
}

/** It waits already, or a member stopped it not long ago. */
function isKept(said: ErasureRow | undefined, now: Date): boolean {
  if (said?.state === 'waiting') return true;
  return said?.stoppedBecause === 'member' && said.endedAt !== null && after(said.endedAt, KEPT_FOR) > now;
}

type Over = { row: CaseRow; reference: string; rule: string; erasure: ErasureId; hears: EnrolledOfficer[] };

/**
 * From now on the week of these runs, and those who must hear of it are told in the same transaction. Returns how many there are.
 * The log is held last: others who hold a case wait for it.
 */
async function announce(at: Moment, ids: readonly CaseId[]): Promise<number> {
  const { tx, now } = at;
  const over: Over[] = [];
  for (const id of [...ids].sort()) over.push(...(await lockOver(at, id)));
  for (const { row, reference, rule, erasure } of over) {
    const times = { askedAt: now, agreedAt: now, dueAt: after(now, TOLD_BEFORE) };
    const what = { id: erasure, caseId: row.id, reference, because: 'time_over' as const, rule };
    await insertErasure(tx, { ...what, askedBy: null, ...times, state: 'waiting' });
    await sealIntoCase(at, row.id, 'event', { what: 'time_over', rule });
  }
  for (const { row, rule, erasure } of over) {
    const detail = { erasure, because: 'time_over', rule };
    await audit(at, { memberId: null, what: 'retention_told', caseId: row.id, detail });
  }
  const officers = new Map(over.flatMap(({ hears }) => hears.map((each) => [each.id, each] as const)));
  const day = sayTime(after(now, TOLD_BEFORE), now, at.ctx.settings.timeZone);
  for (const officer of officers.values()) {
    const theirs = over.filter(({ hears }) => hears.some(({ id }) => id === officer.id));
    const references = theirs.map(({ reference }) => reference).join(', ');
    await notifyOfficers(at, [officer], { key: 'retention.due', params: { references, day } });
  }
  return over.length;
}

/** The case, locked, if its time is over and there is an officer to tell; none, for one of the reasons why not. */
async function lockOver(at: Moment, id: CaseId): Promise<Over[]> {
  const { tx, ctx, now } = at;
  const row = await lockCase(tx, id);
  const time = row && timeOf(ctx, row);
  if (!row?.reference || !time || time.case > now) return [];
  if ((await findHold(tx, id)) || (await liveErasure(tx, id))) return [];
  const hears = await whoHears(at, (await findAlertOfCase(tx, id)) ?? { excluded: [] });
  if (hears.length === 0) {
    ctx.log.warn('retention_untold', { reference: row.reference });
    return [];
  }
  return [{ row, reference: row.reference, rule: time.rule.id, erasure: newId<ErasureId>(), hears }];
}

/** Coordinators who are paged, and supervisors, as far as they have a chat and may know of the case. */
export async function whoHears(
  { tx, ctx }: Moment,
  about: Parameters<typeof whoMayKnow>[1],
): Promise<EnrolledOfficer[]> {
  const answering = await coordinators(tx);
  const officers = await whoMayKnow(tx, about, await enrolledOfficers(tx));
  return officers.filter(
    (each) =>
      (each.role === 'supervisor' || answering.has(each.id)) && readableContacts(ctx, each).length > 0,
  );
}

async function coordinators(tx: Tx): Promise<ReadonlySet<OfficerId>> {
  return new Set(
    (await listMembers(tx)).flatMap(({ role, officerId }) =>
      role === 'coordinator' && officerId ? [officerId] : [],
    ),
  );
}

/**
 * Why a case whose week is over does not go all the same; otherwise since when it is told. Nothing goes on the word of the
 * database alone: that it was told, and when, stands in the audit log under the server's signature, and nothing there that it
 * was stopped; and by the rules of today its time is over.
 */
export async function provedTold(
  at: Moment,
  row: CaseRow,
  erasure: ErasureRow,
): Promise<{ ok: true; since: Date } | { ok: false; because: 'unproved' | 'kept_longer' }> {
  const { tx, ctx, now } = at;
  const unproved = { ok: false, because: 'unproved' } as const;
  if ((await auditedAbout(tx, 'erasure_stopped', erasure.id)).length > 0) return unproved;
  const noted = await signedOf(at, erasure);
  if (!noted || after(noted.at, TOLD_BEFORE) > now) return unproved;
  const fresh = await findCase(tx, row.id);
  const time = fresh && timeOf(ctx, fresh);
  return time && time.case <= now ? { ok: true, since: noted.at } : { ok: false, because: 'kept_longer' };
}

async function signedOf({ tx, ctx }: Moment, { id, caseId }: ErasureRow): Promise<AuditRow | undefined> {
  for (const each of await auditedAbout(tx, 'retention_told', id))
    if (each.caseId === caseId && (await isOwnAuditRow(tx, ctx.keyring.signer, each))) return each;
  return undefined;
}
