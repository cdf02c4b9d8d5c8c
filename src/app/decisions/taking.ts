/**
 * Taking an alert, "I cannot", giving it back, "seen".
 *
 * Invariants: each of these holds the alert's row, so that of two who take it at the same instant one has it and the other
 * learns who; an officer who hands an alert over has it until the colleague accepts.
 */
import { declined } from '../../alerts/escalation.ts';
import { offerEnded, released, taken } from '../../alerts/progress.ts';
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import { cancelQueued } from '../../db/deliveries.ts';
import { lockAlertFor } from '../../db/known.ts';
import { markDeclined, queuedPagesOf } from '../../db/pages.ts';
import { carryOut } from '../alerts/carrying-out.ts';
import { passDrill } from '../alerts/drill.ts';
import { sayLiveAgain } from '../alerts/live-again.ts';
import { sayOfferEnded } from '../alerts/offer-ended.ts';
import { refreshPages } from '../alerts/paging.ts';
import { openAgainQuietly } from '../alerts/quiet-alerts.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import { onCallNow } from '../duty/duty-plan.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Moment } from '../ground/transaction.ts';
import { isOfferedTo, policyOf, saveAlert, toAlertNow } from '../records/alert-record.ts';
import { noteCaseEvent } from '../records/case-status.ts';
import { shortName, shortNames } from '../records/officer-names.ts';
import {
  type Decider,
  lockOwn,
  type NotOwn,
  noteWork,
  tellSupervisors,
  timeNow,
  whyNot,
} from './deciding.ts';
import { type Decided, refused } from './what-came.ts';

export type Taken = Decided<'taken' | 'accepted' | 'already_yours' | 'drill_passed', NotOwn>;

/** From now on it is this officer's. One that was offered to them is accepted; an exercise ends. */
export async function take(at: Moment, by: Decider, reference: string): Promise<Taken> {
  const row = await lockAlertFor(at.tx, by.ids, reference);
  return row ? takeLocked(at, by, row) : refused('no_such');
}

/** The same of an alert that was closed: its case is this officer's from now on; nobody is paged for it. */
export async function takeAgain(at: Moment, by: Decider, reference: string): Promise<Taken> {
  const row = await lockAlertFor(at.tx, by.ids, reference);
  if (!row) return refused('no_such');
  const isOver = row.state === 'closed' && !row.isDrill;
  return takeLocked(at, by, isOver ? await openAgainQuietly(at, row, 'active') : row);
}

async function takeLocked(at: Moment, by: Decider, row: AlertRow): Promise<Taken> {
  const { officer } = by;
  if (isOfferedTo(row, officer.id)) return accept(at, by, row);
  if (row.state === 'taken' && row.takenBy === officer.id)
    return { ok: true, came: 'already_yours', alert: row };
  if (row.state !== 'open') return whyNot(at, row);
  const alert = await makeTheirs(at, by, row, 'taken');
  if (row.isDrill) {
    await passDrill(at, alert, officer);
    return { ok: true, came: 'drill_passed' };
  }
  const written = await writeToReporter(at, alert, 'status.neutral', { at: timeNow(at) }, { while: 'taken' });
  await sayTaken(at, by, alert);
  return { ok: true, came: 'taken', alert, ...(written.ok ? {} : { unreached: written.reason }) };
}

/** The officer who handed it over learns that it is no longer theirs; who works on it is nothing to the reporter. */
async function accept(at: Moment, by: Decider, row: AlertRow): Promise<Taken> {
  const alert = await makeTheirs(at, by, row, 'handed_over');
  const giver = by.officers.filter((each) => each.id === row.takenBy);
  await sayTaken(at, by, alert);
  await notifyOfficers(at, giver, {
    key: 'hand_over.accepted',
    params: { reference: row.reference, name: shortName(at.ctx, by.officer) },
  });
  return { ok: true, came: 'accepted', alert };
}

async function makeTheirs(
  at: Moment,
  { officer }: Decider,
  row: AlertRow,
  what: 'taken' | 'handed_over',
): Promise<AlertRow> {
  const { tx, ctx, now } = at;
  const saved = await saveAlert(at, row, taken(toAlertNow(row), officer.id, now), { takenAt: now });
  await logAlert(tx, now, row.id, what, { officerId: officer.id });
  if (row.caseId) await noteCaseEvent(at, row.caseId, 'looked');
  if (!row.isDrill) ctx.log.info('alert_taken', { reference: row.reference });
  return saved;
}

async function sayTaken(at: Moment, by: Decider, alert: AlertRow): Promise<void> {
  await refreshPages(at, alert);
  const params = {
    reference: alert.reference,
    name: shortName(at.ctx, by.officer),
    at: timeNow(at),
  };
  await tellSupervisors(at, by, { key: 'told.taken', params, silent: true });
}

export type Declined = Decided<'declined' | 'given_back' | 'offer_declined', NotOwn>;

/** "I cannot": the next person at once. From the officer who has it: given back. */
export async function decline(at: Moment, by: Decider, reference: string): Promise<Declined> {
  const { tx, now } = at;
  const { officer, officers } = by;
  const row = await lockAlertFor(tx, by.ids, reference);
  if (!row) return refused('no_such');
  if (row.state === 'taken' && row.takenBy === officer.id) return giveBack(at, by, row);
  if (isOfferedTo(row, officer.id)) return declineOffer(at, by, row);
  if (row.state !== 'open') return whyNot(at, row);
  await markDeclined(tx, now, row.id, officer.id);
  await cancelQueued(tx, await queuedPagesOf(tx, row.id, officer.id));
  await logAlert(tx, now, row.id, 'declined', { officerId: officer.id });
  const people = await onCallNow(at, officers, row);
  const next = declined(policyOf(row), toAlertNow(row), officer.id, now, people);
  await carryOut(at, row, next, officers);
  return { ok: true, came: 'declined', isQuiet: row.isQuiet };
}

/** "I cannot" from the colleague who was asked to take it over. */
async function declineOffer(
  at: Moment,
  { officer, officers }: Decider,
  row: AlertRow,
): Promise<Decided<'offer_declined', never>> {
  const saved = await saveAlert(at, row, offerEnded(toAlertNow(row)));
  const by = (await shortNames(at, [row.takenBy])).get(row.takenBy ?? officer.id) ?? '';
  await sayOfferEnded(at, saved, officers, { by: officer.id, because: 'declined' });
  return { ok: true, came: 'offer_declined', by };
}

/** The officer who has it gives it back: it is open again, and others are called. */
export async function release(
  at: Moment,
  by: Decider,
  reference: string,
): Promise<Decided<'given_back', NotOwn>> {
  const own = await lockOwn(at, by, reference);
  return own.ok ? giveBack(at, by, own.alert) : own;
}

async function giveBack(at: Moment, by: Decider, row: AlertRow): Promise<Decided<'given_back', never>> {
  const { id: officerId } = by.officer;
  const next = { alert: released(toAlertNow(row), officerId, at.now), nextStepAt: at.now };
  const saved = await saveAlert(at, row, next);
  await sayLiveAgain(at, saved, { officerId, reason: 'released' });
  const params = { reference: row.reference, name: shortName(at.ctx, by.officer) };
  await tellSupervisors(at, by, { key: 'told.released', params });
  return { ok: true, came: 'given_back', isQuiet: row.isQuiet };
}

/** "Seen": the officer who has it knows that the person asked again. */
export async function acknowledge(
  at: Moment,
  by: Decider,
  reference: string,
): Promise<Decided<'seen', NotOwn>> {
  const own = await lockOwn(at, by, reference);
  if (!own.ok) return own;
  await noteWork(at, own.alert);
  await logAlert(at.tx, at.now, own.alert.id, 'acknowledged', { officerId: by.officer.id });
  return { ok: true, came: 'seen' };
}
