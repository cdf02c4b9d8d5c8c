/**
 * What is true about a reporter's case, for the reporter who asks; and unasked, when nobody answers.
 *
 * Invariants: "paged" is said only of pages that have left; no name of an officer; no promise; as long as nobody
 * has taken an alert, it says so, and who else answers day and night.
 */
import { freshAt, OUTSIDE, verifiedContacts } from '../../conversation/flows/outside-contacts.ts';
import type { Line } from '../../conversation/values/effect.ts';
import { type AlertRow, findAlertOfCase } from '../../db/alerts.ts';
import { type CaseTaskRow, tasksOf } from '../../db/case-tasks.ts';
import { findCase } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import { liveErasure } from '../../db/erasures.ts';
import { enrolledOfficers, findContactBrief } from '../../db/officers.ts';
import { pagesSent } from '../../db/pages.ts';
import type { CaseId } from '../../kernel/ids.ts';
import type { PostponedBecause } from '../../kernel/vocabulary.ts';
import { nextOnDuty } from '../duty/next-on-duty.ts';
import { sayTime } from '../duty/officer-wording.ts';
import { languageOf } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import { onCall } from '../records/alert-record.ts';
import { excludedFrom, whoIsMissing } from '../records/may-know.ts';
import { openReporter } from '../records/reporter-link.ts';
import { writeToReporter } from './writing-to-reporter.ts';

/** A person in danger calls one or two, not eleven. */
const MOST_OUTSIDE = 3;

export async function reporterStatus(at: Moment, caseId: CaseId): Promise<Line[]> {
  return [...(await standing(at, caseId)), ...(await erasureLines(at, caseId))];
}

/** Postponed until it is known that nothing more came of them. */
const UNTIL_HEARD: readonly (PostponedBecause | null)[] = ['outage', 'messages', 'file', 'messenger'];

/** That it is to be erased, or was to be by now. */
async function erasureLines({ tx, ctx, now }: Moment, caseId: CaseId): Promise<Line[]> {
  const row = await liveErasure(tx, caseId);
  if (!row?.dueAt) return [];
  const params = { at: sayTime(row.dueAt, now, ctx.settings.timeZone) };
  const keeps: Line = { key: 'status.erase_keeps' };
  if (row.dueAt > now) return [{ key: 'status.erase_on', params }, keeps];
  const isUnheard = UNTIL_HEARD.includes(row.postponedBecause);
  return [{ key: isUnheard ? 'status.erase_postponed' : 'status.erase_not_yet', params }, keeps];
}

async function standing(at: Moment, caseId: CaseId): Promise<Line[]> {
  const { tx, ctx, now } = at;
  const alert = await findAlertOfCase(tx, caseId);
  if (!alert) return [...(await received(at, caseId)), { key: 'status.if_danger' }];
  const timeOf = (date: Date) => sayTime(date, now, ctx.settings.timeZone);
  const wish = await wishLines(at, alert, timeOf);
  const closed: Line = { key: 'status.closed', params: { at: timeOf(alert.closedAt ?? now) } };
  const taken: Line = { key: 'status.taken', params: { at: timeOf(alert.takenAt ?? now) } };
  const asked = {
    key: 'status.received',
    params: { at: timeOf(alert.raisedAt), reference: alert.reference },
  };
  if (alert.isQuiet) {
    const lines = await received(at, caseId);
    if (alert.state === 'closed') return [...lines, closed];
    const isWith = alert.state === 'taken' ? [taken, ...(await adviceLines(at, alert))] : [];
    return [...lines, ...isWith, ...wish, { key: 'status.if_danger' }];
  }
  if (alert.state === 'closed') return [asked, closed];
  const isTaken = alert.state === 'taken';
  // Where nobody may be called, nobody is.
  if (!isTaken && (await whoIsMissing(tx, alert)) === 'nobody')
    return [asked, nobodyThere(timeOf(now)), ...(await outsideLines(at, alert))];
  const paged = await pagedLine(tx, alert, timeOf);
  if (isTaken)
    return [asked, paged, taken, ...wish, ...(await adviceLines(at, alert)), { key: 'status.worse' }];
  return [asked, paged, { key: 'status.not_taken' }, ...(await outsideLines(at, alert))];
}

/** That they wait to speak to a person, and what is known of when an officer is there to read it; no promise. */
async function wishLines(at: Moment, alert: AlertRow, timeOf: (date: Date) => string): Promise<Line[]> {
  const { caseId } = alert;
  const isOpen = ({ kind, state }: CaseTaskRow) => kind === 'person' && state === 'open';
  if (!caseId || !(await tasksOf(at.tx, caseId)).some(isOpen)) return [];
  if (alert.state === 'taken') return [{ key: 'status.person_asked' }];
  const next = await nextOnDuty(at, alert);
  if (next === 'now') return [{ key: 'status.person_asked' }, { key: 'status.person_now' }];
  const when = next
    ? { key: 'status.person_from', params: { at: timeOf(next) } }
    : { key: 'status.person_unknown' };
  return [{ key: 'status.person_asked' }, when];
}

/** The whole policy was walked and nobody has taken it: said unasked. Who else answers is named to one who asks. */
export async function tellNobodyYet(at: Moment, alert: AlertRow): Promise<void> {
  const time = sayTime(at.now, at.now, at.ctx.settings.timeZone);
  await writeToReporter(at, alert, 'status.nobody_yet', { at: time }, { while: 'open' });
}

/** What the officer who has it wants them to read, and what was not pushed to their phone. */
async function adviceLines(at: Moment, alert: AlertRow): Promise<Line[]> {
  const link = await openReporter(at, alert);
  return (link?.advice ?? []).map((phrase) => ({ key: `status.advice_${phrase}` }));
}

const nobodyThere = (at: string): Line => ({ key: 'status.nobody_there', params: { at } });

async function pagedLine(tx: Tx, alert: AlertRow, timeOf: (date: Date) => string): Promise<Line> {
  const excluded = await excludedFrom(tx, alert);
  const sent = await pagesSent(tx, alert.id, [...excluded]);
  if (sent.officers > 0)
    return {
      key: 'status.paged',
      params: { officers: sent.officers, at: timeOf(sent.lastAt ?? alert.raisedAt) },
    };
  const isAnybodyThere = onCall(await enrolledOfficers(tx)).some(
    ({ id, isReachable }) => isReachable && !excluded.has(id),
  );
  return { key: isAnybodyThere ? 'status.being_paged' : 'status.nobody_to_page' };
}

/** Outside lines that the office has verified; if there are none, that is said plainly. */
async function outsideLines(at: Moment, alert: AlertRow): Promise<Line[]> {
  const { tx, ctx, now } = at;
  const list = ctx.conversation.flows.lists.get(OUTSIDE);
  // Whom the reporter accuses is sealed: it may be an agent of the State.
  const found = verifiedContacts(list, freshAt(now, ctx.conversation), { stateAgents: true });
  if (found.length === 0) return [{ key: 'status.no_outside' }];
  const link = await openReporter(at, alert);
  const contact = link && (await findContactBrief(tx, link.contactId));
  const language = languageOf(ctx, contact ?? { language: null });
  const named = (code: string) => ctx.texts.t(language, `lists.${OUTSIDE}.${code}`);
  const line = (each: (typeof found)[number]) => ({ name: named(each.code), contact: each.contact });
  const always = found.filter((each) => each.isAlwaysOpen);
  const shown = (always.length > 0 ? always : found).slice(0, MOST_OUTSIDE);
  return [
    { key: always.length > 0 ? 'status.outside_always' : 'status.outside' },
    ...shown.map((each) => ({ key: 'status.outside_line', params: line(each) })),
  ];
}

/** For a case that nobody is paged for. */
async function received({ tx, ctx, now }: Moment, caseId: CaseId): Promise<Line[]> {
  const found = await findCase(tx, caseId);
  if (!found?.reference) return [{ key: 'status.not_sent' }];
  const params = { at: sayTime(found.openedAt, now, ctx.settings.timeZone), reference: found.reference };
  const isWish = !found.isSubmitted && (await tasksOf(tx, caseId)).some(({ kind }) => kind === 'person');
  return [{ key: isWish ? 'status.request_received' : 'status.case_received', params }];
}
