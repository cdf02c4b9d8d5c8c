/**
 * Who decides about an alert, and whether they can.
 *
 * Invariants: only the officer who has an alert changes it, and a supervisor can close it; of two who decide at the same
 * instant one is first, and the other is told what is true then. Whether a chat of the officer works is nothing to these
 * rules.
 */
import { worked } from '../../alerts/progress.ts';
import type { AlertRow } from '../../db/alerts.ts';
import type { Tx } from '../../db/database.ts';
import { type Ids, lockAlertFor } from '../../db/known.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { type Notice, notifyOfficers } from '../duty/officer-notices.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Moment } from '../ground/transaction.ts';
import { saveAlert, toAlertNow } from '../records/alert-record.ts';
import { idsOfOfficer } from '../records/may-know.ts';
import { shortNames } from '../records/officer-names.ts';
import { type Refused, refused } from './what-came.ts';

/** An officer who decides: in a chat, in the console, anywhere. */
export type Decider = {
  officer: EnrolledOfficer;
  /** Every id of theirs: what they may know of is asked with these. */
  ids: Ids;
  /** Everybody who is enrolled, the officer among them. */
  officers: readonly EnrolledOfficer[];
};

/** This officer, deciding; undefined: they are none, or not enrolled. */
export async function deciderOf(tx: Tx, id: OfficerId): Promise<Decider | undefined> {
  const officers = await enrolledOfficers(tx);
  const officer = officers.find((each) => each.id === id);
  return officer && { officer, ids: await idsOfOfficer(tx, id), officers };
}

export type Found<W extends Refused['reason']> =
  | { ok: true; alert: AlertRow }
  | Extract<Refused, { reason: W }>;
/** Why an alert is not the officer's to decide about. */
export type NotOwn = 'no_such' | 'closed' | 'not_taken' | 'already_taken';

/** The alert, locked, if this officer has it. */
export async function lockOwn(at: Moment, by: Decider, reference: string): Promise<Found<NotOwn>> {
  const row = await lockAlertFor(at.tx, by.ids, reference);
  if (!row) return refused('no_such');
  const isOwn = row.state === 'taken' && row.takenBy === by.officer.id;
  return isOwn ? { ok: true, alert: row } : whyNot(at, row);
}

/** The alert, locked, if this officer may close it and decide whose its phones are: they have it, or they are a supervisor. */
export async function lockDecidable(at: Moment, by: Decider, reference: string): Promise<Found<NotOwn>> {
  const row = await lockAlertFor(at.tx, by.ids, reference);
  return row ? mayDecide(at, by, row) : refused('no_such');
}

/** The same for an alert that was looked up. */
export async function mayDecide(at: Moment, { officer }: Decider, row: AlertRow): Promise<Found<NotOwn>> {
  const isTheirs = row.takenBy === officer.id || officer.role === 'supervisor';
  return row.state !== 'closed' && isTheirs ? { ok: true, alert: row } : whyNot(at, row);
}

/** Why an officer who does not have it cannot decide about it: what is true of it now. */
export async function whyNot(
  at: Moment,
  row: AlertRow,
): Promise<Extract<Refused, { reason: 'closed' | 'not_taken' | 'already_taken' }>> {
  if (row.state === 'closed') return refused('closed');
  if (row.state === 'open' || row.takenBy === null) return refused('not_taken');
  const by = (await shortNames(at, [row.takenBy])).get(row.takenBy) ?? '';
  return { ok: false, reason: 'already_taken', by, at: row.takenAt ?? row.roundAt };
}

/** The officer did something for the case: the take goes on from now. */
export function noteWork(at: Moment, row: AlertRow): Promise<AlertRow> {
  return saveAlert(at, row, worked(toAlertNow(row), at.now));
}

/** The same, if it is they who have it. */
export async function noteWorkOfTaker(at: Moment, row: AlertRow, by: Decider): Promise<void> {
  if (row.state === 'taken' && row.takenBy === by.officer.id) await noteWork(at, row);
}

/** Tells supervisors, except the officer who decided. */
export function tellSupervisors(at: Moment, { officer, officers }: Decider, notice: Notice): Promise<void> {
  const supervisors = officers.filter((each) => each.role === 'supervisor' && each.id !== officer.id);
  return notifyOfficers(at, supervisors, notice);
}

/** "14:02", now. */
export const timeNow = ({ ctx, now }: Moment): string => sayTime(now, now, ctx.settings.timeZone);
