/**
 * What officers do with alerts: take, "I cannot", give back, say "seen", close.
 *
 * Invariants: each of these holds the alert's row, so that of two who take it at the same instant one has it
 * and the other is told who; only a person closes an alert, and only the one who has it or a supervisor.
 */
import { declined } from '../../alerts/escalation.ts';
import { released, taken, worked } from '../../alerts/progress.ts';
import { type AlertRow, logAlert, updateAlert } from '../../db/alerts.ts';
import { lockCase, updateCase } from '../../db/cases.ts';
import { findAlertFor, lockAlertFor, openAlertsFor } from '../../db/known.ts';
import { markDeclined, queuedPagesOf } from '../../db/pages.ts';
import { CLASS } from '../../db/schema.ts';
import { carryOut } from '../alerts/carrying-out.ts';
import { passDrill } from '../alerts/drill.ts';
import { sayLiveAgain } from '../alerts/live-again.ts';
import { refreshPages } from '../alerts/paging.ts';
import { openAgainQuietly } from '../alerts/quiet-alerts.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import { onCallNow } from '../duty/duty-plan.ts';
import { type Notice, notify, notifyOfficers, readableContacts } from '../duty/officer-notices.ts';
import { officerText, sayTime } from '../duty/officer-wording.ts';
import { headline, pageMessage } from '../duty/page-text.ts';
import { cancelQueued, enqueue } from '../ground/outbox.ts';
import { isOfferedTo, policyOf, saveAlert, toAlertNow } from '../records/alert-record.ts';
import { shortName, shortNames } from '../records/officer-names.ts';
import { answer, type Chat, sayNoSuch, tellSupervisors, timeIn } from './officer-chat.ts';
import { declineOffer } from './officer-hand-over.ts';
import { lockOwn, mayDecide, sayWhoHasIt, showControls } from './own-alert.ts';

/** Outcomes with which an alert can be closed. */
export const OUTCOMES = ['reached', 'resolved', 'transferred', 'false_alarm', 'not_reached'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Alerts that fit in one list. */
const LISTED = 20;

export async function takeAlert(chat: Chat, reference: string): Promise<void> {
  const { tx, ctx, now, officer } = chat;
  const row = await lockAlertFor(tx, chat.ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  if (row.isDrill && row.state === 'open') {
    const saved = await saveAlert(tx, now, row, taken(toAlertNow(row), officer.id, now), { takenAt: now });
    await logAlert(tx, now, row.id, 'taken', { officerId: officer.id });
    return passDrill(tx, ctx, now, saved, officer);
  }
  const isHandOver = isOfferedTo(row, officer.id);
  if (row.state !== 'open' && !isHandOver) return sayWhoHasIt(chat, row);
  const saved = await saveAlert(tx, now, row, taken(toAlertNow(row), officer.id, now), { takenAt: now });
  await logAlert(tx, now, row.id, isHandOver ? 'handed_over' : 'taken', { officerId: officer.id });
  ctx.log.info('alert_taken', { reference });
  // Who it is that works on it is nothing to the reporter.
  const written = isHandOver
    ? undefined
    : await writeToReporter(tx, ctx, now, saved, 'status.neutral', { at: timeIn(chat, now) });
  await refreshPages(tx, ctx, now, saved);
  await showControls(chat, saved, written?.ok === false ? written.reason : undefined);
  if (isHandOver) await tellGiver(chat, row);
  const told: Notice = {
    key: 'told.taken',
    params: { reference, name: shortName(ctx, officer), at: timeIn(chat, now) },
    silent: true,
  };
  await tellSupervisors(chat, told);
  for (const contact of readableContacts(ctx, officer))
    if (contact.contactId !== chat.contactId)
      await notify(tx, ctx, now, { contactId: contact.contactId, language: chat.language }, told);
}

/** The officer who handed it over learns that it is no longer theirs. */
async function tellGiver(chat: Chat, row: AlertRow): Promise<void> {
  const giver = chat.officers.filter((each) => each.id === row.takenBy);
  await notifyOfficers(chat.tx, chat.ctx, chat.now, giver, {
    key: 'hand_over.accepted',
    params: { reference: row.reference, name: shortName(chat.ctx, chat.officer) },
  });
}

/** "I cannot": the next person at once. From the one who has it: given back. */
export async function declineAlert(chat: Chat, reference: string): Promise<void> {
  const { tx, ctx, now, officer, officers } = chat;
  const row = await lockAlertFor(tx, chat.ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  if (row.state === 'taken' && row.takenBy === officer.id) return giveBack(chat, row);
  if (isOfferedTo(row, officer.id)) return declineOffer(chat, row);
  if (row.state !== 'open') return sayWhoHasIt(chat, row);
  await markDeclined(tx, now, row.id, officer.id);
  await cancelQueued(tx, await queuedPagesOf(tx, row.id, officer.id));
  await logAlert(tx, now, row.id, 'declined', { officerId: officer.id });
  const people = await onCallNow(tx, ctx, now, officers, row);
  const next = declined(policyOf(row), toAlertNow(row), officer.id, now, people);
  await carryOut(tx, ctx, now, row, next, officers);
  await answer(chat, row.isQuiet ? 'declined_quiet' : 'declined', { reference });
}

export async function releaseAlert(chat: Chat, reference: string): Promise<void> {
  const row = await lockOwn(chat, reference);
  if (row) await giveBack(chat, row);
}

async function giveBack(chat: Chat, row: AlertRow): Promise<void> {
  const { tx, ctx, now, officer } = chat;
  const { reference } = row;
  const next = { alert: released(toAlertNow(row), officer.id, now), nextStepAt: now };
  const saved = await saveAlert(tx, now, row, next);
  await sayLiveAgain(tx, ctx, now, saved, { officerId: officer.id, reason: 'released' });
  await answer(chat, row.isQuiet ? 'released_quiet' : 'released', { reference });
  await tellSupervisors(chat, { key: 'told.released', params: { reference, name: shortName(ctx, officer) } });
}

/** "Seen": the taker knows that the person asked again. */
export async function acknowledgeAlert(chat: Chat, reference: string): Promise<void> {
  const row = await lockOwn(chat, reference);
  if (!row) return;
  await noteWork(chat, row);
  await logAlert(chat.tx, chat.now, row.id, 'acknowledged', { officerId: chat.officer.id });
  await answer(chat, 'seen', { reference });
}

/** The take goes on from now. */
export function noteWork(chat: Chat, row: AlertRow): Promise<AlertRow> {
  return saveAlert(chat.tx, chat.now, row, worked(toAlertNow(row), chat.now));
}

/** A case that was closed is this officer's from now on; nobody is paged for it. */
export async function takeAgain(chat: Chat, reference: string): Promise<void> {
  const row = await lockWithCase(chat, reference);
  if (row?.state === 'closed' && !row.isDrill) await openAgainQuietly(chat.tx, chat.ctx, chat.now, row);
  await takeAlert(chat, reference);
}

/** The case before the alert: the order in which intake locks them. */
async function lockWithCase({ tx, ids }: Chat, reference: string): Promise<AlertRow | undefined> {
  const found = await findAlertFor(tx, ids, reference);
  if (found?.caseId) await lockCase(tx, found.caseId);
  return lockAlertFor(tx, ids, reference);
}

export async function askOutcome(chat: Chat, reference: string): Promise<void> {
  const row = await lockAlertFor(chat.tx, chat.ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  if (!(await mayDecide(chat, row))) return;
  await answer(
    chat,
    'close.ask',
    { reference },
    {
      buttons: OUTCOMES.map((outcome) => [{ key: `end_${outcome}`, data: `o:end_${outcome}:${reference}` }]),
    },
  );
}

export async function closeAlert(chat: Chat, reference: string, outcome: Outcome): Promise<void> {
  const { tx, ctx, now, officer } = chat;
  const row = await lockWithCase(chat, reference);
  if (!row) return sayNoSuch(chat, reference);
  if (!(await mayDecide(chat, row))) return;
  const closed = { state: 'closed' as const, nextStepAt: null, closedAt: now, outcome };
  await updateAlert(tx, row.id, closed);
  if (row.caseId) await updateCase(tx, row.caseId, { status: 'closed', closedAt: now });
  await logAlert(tx, now, row.id, 'closed', { officerId: officer.id, detail: { outcome } });
  await refreshPages(tx, ctx, now, { ...row, ...closed });
  await writeToReporter(tx, ctx, now, row, 'status.neutral_closed', { at: timeIn(chat, now) });
  const params = {
    reference,
    name: shortName(ctx, officer),
    outcome: officerText(ctx, chat.language, `outcome.${outcome}`),
  };
  await answer(chat, 'close.done', params);
  for (const other of chat.officers.filter((each) => each.role === 'supervisor' && each.id !== officer.id)) {
    const [contact] = readableContacts(ctx, other);
    if (!contact) continue;
    const to = { contactId: contact.contactId, language: other.language };
    const said = officerText(ctx, other.language, `outcome.${outcome}`);
    await notify(tx, ctx, now, to, {
      key: 'told.closed',
      params: { ...params, outcome: said },
      silent: true,
    });
  }
}

/** One alert with its buttons. */
export async function showAlert(chat: Chat, reference: string): Promise<void> {
  const { tx, ctx, now, officer, language } = chat;
  const row = await lockAlertFor(tx, chat.ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  if (row.state !== 'open' && !isOfferedTo(row, officer.id)) return sayWhoHasIt(chat, row);
  const message = pageMessage(ctx, now, { officerId: officer.id, language, names: new Map() }, [row]);
  const { contactId } = chat;
  await enqueue(tx, ctx, now, { contactId, class: CLASS.reply, about: [row.id], message });
}

/** All alerts that are not closed. */
export async function listAlerts(chat: Chat): Promise<void> {
  const { tx, ctx, now, officer, language } = chat;
  const all = await openAlertsFor(tx, chat.ids);
  if (all.length === 0) return void (await answer(chat, 'list.none'));
  const shown = all.slice(0, LISTED);
  const names = await shortNames(
    tx,
    ctx,
    shown.map((row) => row.takenBy),
  );
  const lines = shown.map((row) => {
    const head = headline(ctx, language, row);
    const at = sayTime(row.raisedAt, now, ctx.settings.timeZone);
    if (row.state === 'open') return officerText(ctx, language, 'list.open', { head, at });
    if (row.takenBy === officer.id) return officerText(ctx, language, 'list.yours', { head, at });
    const name = (row.takenBy && names.get(row.takenBy)) || '';
    return officerText(ctx, language, 'list.taken', { head, at, name });
  });
  const params = { count: all.length, lines: lines.join('\n') };
  const buttons = shown.flatMap((row) => {
    const { reference } = row;
    if (row.state === 'open')
      return [[{ key: 'take_ref', params: { reference }, data: `o:take:${reference}` }]];
    return row.takenBy === officer.id
      ? [[{ key: 'show_ref', params: { reference }, data: `o:show:${reference}` }]]
      : [];
  });
  await answer(chat, all.length > LISTED ? 'list.some' : 'list.all', params, { buttons });
}
