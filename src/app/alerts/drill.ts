/**
 * Exercises: an alert that goes the whole way and is no case.
 *
 * Invariants: every message about it says that it is an exercise; no reporter hears of it; a scheduled one is not begun
 * while a reporter waits, and none ever holds up or is mixed with a real page; it ends by itself, passed when an
 * officer takes it and failed when the whole policy found nobody.
 */
import { raised } from '../../alerts/progress.ts';
import {
  type AlertRow,
  drillTimes,
  hasDrillSince,
  insertAlert,
  listOpenAlerts,
  logAlert,
  updateAlert,
  whoDeclined,
} from '../../db/alerts.ts';
import { mayKnow } from '../../db/known.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import { type AlertId, newId, type OfficerId } from '../../kernel/ids.ts';
import type { AlertLevel, DrillOutcome } from '../../kernel/vocabulary.ts';
import { policyFor } from '../duty/duty-plan.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import { sayTime } from '../duty/officer-wording.ts';
import { isStillExpected } from '../ground/appointed-hours.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { toAlertNow } from '../records/alert-record.ts';
import { freeReference } from '../records/case-opening.ts';
import { idsOfOfficer } from '../records/may-know.ts';
import { shortName } from '../records/officer-names.ts';
import { refreshPages } from './paging.ts';

/** Begins an exercise; the escalate cycle pages. Returns its reference. */
export async function raiseDrill(at: Moment, level: AlertLevel): Promise<string> {
  const { tx, ctx, now } = at;
  const id = newId<AlertId>();
  const reference = await freeReference(tx);
  const { progress, roundAt } = raised(now);
  const policy = await policyFor(at, { level });
  const times = { raisedAt: now, roundAt, nextStepAt: now };
  await insertAlert(tx, { id, reference, level, isDrill: true, state: 'open', policy, progress, ...times });
  await logAlert(tx, now, id, 'raised', { detail: { level, drill: true } });
  ctx.log.info('drill', { reference, is: 'raised' });
  ctx.nudge('escalate');
  return reference;
}

/**
 * The weekly exercise that was due at `dueAt`: not while a reporter waits, and not hours later, when nobody expects it
 * any more; then supervisors are told why there was none. A second call for the same hour does nothing.
 */
export function runScheduledDrill(ctx: Context, dueAt: Date): Promise<string | undefined> {
  return transact(ctx, async (at) => {
    const { tx, now } = at;
    const open = await listOpenAlerts(tx);
    // One that was begun by hand is under way and does as well.
    if (open.some((row) => row.isDrill) || (await hasDrillSince(tx, dueAt))) return undefined;
    if (!isStillExpected(dueAt, now)) return void (await sayMissed(at, dueAt));
    const waits = open.filter((row) => row.state === 'open' && !row.isDrill);
    if (waits.length === 0) return raiseDrill(at, 'urgent');
    for (const each of await enrolledOfficers(tx)) {
      // Those of which they may know: a number too would tell of the others.
      const ids = each.role === 'supervisor' ? await idsOfOfficer(tx, each.id) : [];
      const count = each.role === 'supervisor' ? waits.filter((row) => mayKnow(ids, row)).length : 0;
      const notice = { key: 'drill.not_now', params: { count }, coalesce: onceFor(dueAt) };
      if (count > 0) await notifyOfficers(at, [each], notice);
    }
    return undefined;
  });
}

/** Why there was no exercise at an hour is said once, also if it is found out twice in a row. */
const onceFor = (dueAt: Date): string => `drill:${dueAt.toISOString()}`;

/** The service was away at the exercise's hour, and for long. */
async function sayMissed(at: Moment, dueAt: Date): Promise<void> {
  const params = { at: sayTime(dueAt, at.now, at.ctx.settings.timeZone) };
  const told = supervisorsOrAll(await enrolledOfficers(at.tx));
  await notifyOfficers(at, told, { key: 'drill.missed', params, coalesce: onceFor(dueAt) });
}

/** Where there is no supervisor, everybody is one. */
function supervisorsOrAll(officers: readonly EnrolledOfficer[]): readonly EnrolledOfficer[] {
  const supervisors = officers.filter(({ role }) => role === 'supervisor');
  return supervisors.length > 0 ? supervisors : officers;
}

/** An officer took it: it has done its work. The taker and supervisors are told how long it took. */
export async function passDrill(at: Moment, row: AlertRow, taker: EnrolledOfficer): Promise<void> {
  const { tx, ctx, now } = at;
  await end(at, row, 'drill_passed');
  const { firstSentAt } = await drillTimes(tx, row.id);
  const seconds = (from: Date) => Math.max(0, Math.round((now.getTime() - from.getTime()) / 1_000));
  const params = {
    reference: row.reference,
    name: shortName(ctx, taker),
    seconds: seconds(row.raisedAt),
    paged: firstSentAt ? seconds(row.raisedAt) - seconds(firstSentAt) : '?',
  };
  const officers = await enrolledOfficers(tx);
  await notifyOfficers(at, [taker], { key: 'drill.passed_you', params });
  const supervisors = officers.filter(({ role, id }) => role === 'supervisor' && id !== taker.id);
  await notifyOfficers(at, supervisors, { key: 'drill.passed', params, silent: true });
}

/** The whole policy found nobody: supervisors are told who was called and did not answer. */
export async function failDrill(
  at: Moment,
  row: AlertRow,
  officers: readonly EnrolledOfficer[],
): Promise<void> {
  await end(at, row, 'drill_failed');
  const paged = toAlertNow(row).progress.paged;
  const declined = await whoDeclined(at.tx, row.id);
  const namesOf = (isMeant: (id: OfficerId) => boolean): string =>
    officers
      .filter(({ id }) => paged.includes(id) && isMeant(id))
      .map((each) => shortName(at.ctx, each))
      .sort()
      .join(', ');
  // An officer who said "I cannot" did answer.
  const silent = namesOf((id) => !declined.has(id));
  const cannot = namesOf((id) => declined.has(id));
  const params = { reference: row.reference, names: silent || '-', cannot };
  const told = supervisorsOrAll(officers);
  await notifyOfficers(at, told, { key: cannot ? 'drill.failed_cannot' : 'drill.failed', params });
}

async function end(at: Moment, row: AlertRow, outcome: DrillOutcome): Promise<void> {
  const { tx, ctx, now } = at;
  const closed = { state: 'closed' as const, nextStepAt: null, closedAt: now, outcome };
  await updateAlert(tx, row.id, closed);
  await logAlert(tx, now, row.id, 'closed', { detail: { outcome } });
  await refreshPages(at, { ...row, ...closed });
  ctx.log.info('drill', { reference: row.reference, is: outcome });
}
