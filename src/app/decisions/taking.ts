/**
 * Taking an alert, "I cannot", giving it back, "seen".
 *
 * Invariants: each of these holds the alert's row, so that of two who take it at the same instant one has it and the other
 * learns who; an officer who hands an alert over has it until the colleague accepts.
 */
import { declined } from '../../alerts/escalation.ts';
import { offerEnded, released, taken } from '../../alerts/progress.ts';
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { Tx } from '../../db/database.ts';
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
import type { Context } from '../ground/context.ts';
import { cancelQueued } from '../ground/outbox.ts';
import { isOfferedTo, policyOf, saveAlert, toAlertNow } from '../records/alert-record.ts';
import { shortName, shortNames } from '../records/officer-names.ts';
import { type Decider, lockKnown, lockOwn, noteWork, tellSupervisors, timeNow, whyNot } from './deciding.ts';
import { type Decided, refused } from './what-came.ts';

type NotTaken = 'no_such' | 'closed' | 'not_taken' | 'already_taken';

export type Taken = Decided<'taken' | 'accepted' | 'already_yours' | 'drill_passed', NotTaken>;

/** From now on it is this officer's. One that was offered to them is accepted; an exercise ends. */
export async function take(tx: Tx, ctx: Context, now: Date, by: Decider, reference: string): Promise<Taken> {
  const row = await lockKnown(tx, by, reference);
  return row ? takeLocked(tx, ctx, now, by, row) : refused('no_such');
}

/** The same of an alert that was closed: its case is this officer's from now on; nobody is paged for it. */
export async function takeAgain(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: Decider,
  reference: string,
): Promise<Taken> {
  const row = await lockKnown(tx, by, reference);
  if (!row) return refused('no_such');
  const isOver = row.state === 'closed' && !row.isDrill;
  return takeLocked(tx, ctx, now, by, isOver ? await openAgainQuietly(tx, ctx, now, row) : row);
}

async function takeLocked(tx: Tx, ctx: Context, now: Date, by: Decider, row: AlertRow): Promise<Taken> {
  const { officer } = by;
  if (isOfferedTo(row, officer.id)) return accept(tx, ctx, now, by, row);
  if (row.state === 'taken' && row.takenBy === officer.id)
    return { ok: true, came: 'already_yours', alert: row };
  if (row.state !== 'open') return whyNot(tx, ctx, row);
  const alert = await makeTheirs(tx, ctx, now, by, row, 'taken');
  if (row.isDrill) {
    await passDrill(tx, ctx, now, alert, officer);
    return { ok: true, came: 'drill_passed' };
  }
  const written = await writeToReporter(tx, ctx, now, alert, 'status.neutral', { at: timeNow(ctx, now) });
  await sayTaken(tx, ctx, now, by, alert);
  return { ok: true, came: 'taken', alert, ...(written.ok ? {} : { unreached: written.reason }) };
}

/** The officer who handed it over learns that it is no longer theirs; who works on it is nothing to the reporter. */
async function accept(tx: Tx, ctx: Context, now: Date, by: Decider, row: AlertRow): Promise<Taken> {
  const alert = await makeTheirs(tx, ctx, now, by, row, 'handed_over');
  const giver = by.officers.filter((each) => each.id === row.takenBy);
  await sayTaken(tx, ctx, now, by, alert);
  await notifyOfficers(tx, ctx, now, giver, {
    key: 'hand_over.accepted',
    params: { reference: row.reference, name: shortName(ctx, by.officer) },
  });
  return { ok: true, came: 'accepted', alert };
}

async function makeTheirs(
  tx: Tx,
  ctx: Context,
  now: Date,
  { officer }: Decider,
  row: AlertRow,
  what: 'taken' | 'handed_over',
): Promise<AlertRow> {
  const saved = await saveAlert(tx, now, row, taken(toAlertNow(row), officer.id, now), { takenAt: now });
  await logAlert(tx, now, row.id, what, { officerId: officer.id });
  if (!row.isDrill) ctx.log.info('alert_taken', { reference: row.reference });
  return saved;
}

async function sayTaken(tx: Tx, ctx: Context, now: Date, by: Decider, alert: AlertRow): Promise<void> {
  await refreshPages(tx, ctx, now, alert);
  const params = {
    reference: alert.reference,
    name: shortName(ctx, by.officer),
    at: timeNow(ctx, now),
  };
  await tellSupervisors(tx, ctx, now, by, { key: 'told.taken', params, silent: true });
}

export type Declined = Decided<'declined' | 'given_back' | 'offer_declined', NotTaken>;

/** "I cannot": the next person at once. From the officer who has it: given back. */
export async function decline(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: Decider,
  reference: string,
): Promise<Declined> {
  const { officer, officers } = by;
  const row = await lockKnown(tx, by, reference);
  if (!row) return refused('no_such');
  if (row.state === 'taken' && row.takenBy === officer.id) return giveBack(tx, ctx, now, by, row);
  if (isOfferedTo(row, officer.id)) return declineOffer(tx, ctx, now, by, row);
  if (row.state !== 'open') return whyNot(tx, ctx, row);
  await markDeclined(tx, now, row.id, officer.id);
  await cancelQueued(tx, await queuedPagesOf(tx, row.id, officer.id));
  await logAlert(tx, now, row.id, 'declined', { officerId: officer.id });
  const people = await onCallNow(tx, ctx, now, officers, row);
  const next = declined(policyOf(row), toAlertNow(row), officer.id, now, people);
  await carryOut(tx, ctx, now, row, next, officers);
  return { ok: true, came: 'declined', isQuiet: row.isQuiet };
}

/** "I cannot" from the colleague who was asked to take it over. */
async function declineOffer(
  tx: Tx,
  ctx: Context,
  now: Date,
  { officer, officers }: Decider,
  row: AlertRow,
): Promise<Decided<'offer_declined', never>> {
  const saved = await saveAlert(tx, now, row, offerEnded(toAlertNow(row)));
  const by = (await shortNames(tx, ctx, [row.takenBy])).get(row.takenBy ?? officer.id) ?? '';
  await sayOfferEnded(tx, ctx, now, saved, officers, { by: officer.id, because: 'declined' });
  return { ok: true, came: 'offer_declined', by };
}

/** The officer who has it gives it back: it is open again, and others are called. */
export async function release(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: Decider,
  reference: string,
): Promise<Decided<'given_back', NotTaken>> {
  const own = await lockOwn(tx, ctx, by, reference);
  return own.ok ? giveBack(tx, ctx, now, by, own.alert) : own;
}

async function giveBack(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: Decider,
  row: AlertRow,
): Promise<Decided<'given_back', never>> {
  const { id: officerId } = by.officer;
  const next = { alert: released(toAlertNow(row), officerId, now), nextStepAt: now };
  const saved = await saveAlert(tx, now, row, next);
  await sayLiveAgain(tx, ctx, now, saved, { officerId, reason: 'released' });
  const params = { reference: row.reference, name: shortName(ctx, by.officer) };
  await tellSupervisors(tx, ctx, now, by, { key: 'told.released', params });
  return { ok: true, came: 'given_back', isQuiet: row.isQuiet };
}

/** "Seen": the officer who has it knows that the person asked again. */
export async function acknowledge(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: Decider,
  reference: string,
): Promise<Decided<'seen', NotTaken>> {
  const own = await lockOwn(tx, ctx, by, reference);
  if (!own.ok) return own;
  await noteWork(tx, now, own.alert);
  await logAlert(tx, now, own.alert.id, 'acknowledged', { officerId: by.officer.id });
  return { ok: true, came: 'seen' };
}
