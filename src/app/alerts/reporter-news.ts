/**
 * What happens on the reporter's side, shown to officers.
 *
 * Invariant: news closes nothing, lowers nothing and moves no alert's time: the reporter may be forced to type.
 */

import type { AlertNow } from '../../alerts/progress.ts';
import type { ToldOfficer } from '../../conversation/values/effect.ts';
import { hoursOf, isSameChoice, type MayWrite, whySilent } from '../../conversation/values/may-write.ts';
import { type AlertRow, logAlert, updateAlert } from '../../db/alerts.ts';
import { lockAlertOfCase } from '../../db/locks.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { seconds } from '../../kernel/time.ts';
import { CLASS, type Level, REPORTER_RIGHTS } from '../../kernel/vocabulary.ts';
import { forQuietNews, notifyOfficers } from '../duty/officer-notices.ts';
import { languageOfOfficer, sayTime } from '../duty/officer-wording.ts';
import { choiceInWords } from '../duty/writing-words.ts';
import type { Moment } from '../ground/transaction.ts';
import { saveAlert, toAlertNow } from '../records/alert-record.ts';
import { noteCaseEvent } from '../records/case-status.ts';
import { mayWriteIn, withSafety } from '../records/reporter-chats.ts';
import { openReporter, sealReporter } from '../records/reporter-link.ts';
import { refreshPages } from './paging.ts';
import { lockOrOpenAlert, openAgainQuietly } from './quiet-alerts.ts';

/** News about a reporter that an officer must see and that closes nothing. */
type News =
  | ToldOfficer
  | 'bare'
  | 'came_back'
  | 'came_back_alone'
  | 'phone_taken'
  | 'refused_came'
  | 'code_requested'
  /** The number that they know is gone, and they were not told of the other one. */
  | 'not_followed'
  | 'new_answers';

/** An officer must decide whose chats they are, or can think again. */
const isOfPhones = (what: News): boolean =>
  what === 'came_back' || what === 'phone_taken' || what === 'refused_came';

/** That it be erased, or was nothing; a right; a new code. */
const TO_DECIDE: readonly News[] = [
  'mistake',
  'mistake_before',
  'erase_requested',
  'erase_before',
  'keep_asked',
  ...REPORTER_RIGHTS,
  'wants_person',
  'code_requested',
];
const isToDecide = (what: News): boolean => TO_DECIDE.includes(what);

/** A case that is not urgent: high is one quiet page; the rest waits for the digest at 8:00. */
export async function newCaseNotice(
  at: Moment,
  what: { caseId: CaseId; reference: string; level: Level; region?: string },
): Promise<void> {
  if (what.level !== 'high') return;
  const alert = await lockAlertOfCase(at.tx, what.caseId);
  await notifyOfficers(at, await forQuietNews(at, alert), {
    key: 'notice.high',
    params: { reference: what.reference },
    class: CLASS.page,
    silent: true,
  });
}

/** Shows an officer something that happened on the reporter's side. It closes nothing. */
export async function tellOfficer(at: Moment, caseId: CaseId, what: News): Promise<void> {
  const { tx, ctx, now } = at;
  const row = await lockOrOpenAlert(at, caseId);
  if (!row) return;
  if (what === 'new_answers' || isToDecide(what)) await noteCaseEvent(at, caseId, 'wrote');
  if (row.state === 'open') {
    if (what !== 'new_answers') await noteOnPages(at, row, what);
    if (row.isQuiet) await tellThoseOnDuty(at, row, what);
    return;
  }
  // A reporter who adds to a closed case must not speak to nobody.
  if (row.state === 'closed' && what === 'new_answers') await openAgainQuietly(at, row, 'waiting_for_us');
  const taker = (await enrolledOfficers(tx)).filter((officer) => officer.id === row.takenBy);
  await notifyOfficers(at, taker, {
    key: `told.${what}`,
    params: { reference: row.reference, at: sayTime(now, now, ctx.settings.timeZone) },
    class: CLASS.page,
    ...(isOfPhones(what) ? { buttons: [[{ key: 'chats', data: `o:chats:${row.reference}` }]] } : {}),
    ...(what === 'code_requested' ? { buttons: [codeButtons(row)] } : {}),
    ...(what === 'new_answers' ? { coalesce: `answers:${row.id}`, delayMs: seconds(5), silent: true } : {}),
    ...(what === 'refused_came' ? { silent: true } : {}),
    ...(what === 'bare' ? { buttons: [[{ key: 'close', data: `o:close:${row.reference}` }]] } : {}),
  });
  if (what === 'new_answers') return;
  await logAlert(tx, now, row.id, 'told', { detail: { what } });
  if (row.state === 'taken') await saveAlert(at, row, withNote(toAlertNow(row), what));
}

/** What one person says again and again is listed once for many times. */
const LISTED_AFTER = seconds(5);

/** Whether the reporter may be written to unasked. */
export async function setReporterSafety(
  at: Moment,
  caseId: CaseId,
  /** Whose chat says so: each speaks for itself. */
  contactId: ContactId,
  mayWrite: MayWrite,
): Promise<void> {
  const row = await lockAlertOfCase(at.tx, caseId);
  const link = row && (await openReporter(at, row));
  const before = link && mayWriteIn(link, contactId);
  if (!row || !link || isSameChoice(before, mayWrite)) return;
  const columns = await sealReporter(at, row.id, withSafety(link, contactId, mayWrite));
  await updateAlert(at.tx, row.id, columns);
  at.ctx.nudge('list', LISTED_AFTER);
  const wasBound = whySilent(before) !== undefined || hoursOf(before) !== undefined;
  if (row.state === 'closed' || (mayWrite === true && !wasBound)) return;
  for (const taker of (await enrolledOfficers(at.tx)).filter(({ id }) => id === row.takenBy)) {
    const said = choiceInWords(at.ctx, languageOfOfficer(at.ctx, taker), mayWrite, at.now);
    await notifyOfficers(at, [taker], {
      key: `told.${said?.is ?? 'safe'}`,
      params: { reference: row.reference, ...said?.params },
      class: CLASS.page,
      // "At certain hours" is told with the hours, if they are named at once.
      coalesce: `safety:${row.id}`,
      ...(whySilent(mayWrite) === 'hours_unsaid' ? { delayMs: seconds(20) } : {}),
    });
  }
}

/** The chat reaches nobody, until they write again. */
const LOST = ['blocked', 'new_phone'];

function withNote(alert: AlertNow, note: string): AlertNow {
  const gone = LOST.includes(note) ? ['unblocked'] : note === 'unblocked' ? LOST : [];
  const notes = [...new Set([...alert.progress.notes.filter((each) => !gone.includes(each)), note])];
  return { ...alert, progress: { ...alert.progress, notes } };
}

/** Nobody has it yet: the pages say it, and its taker sees it. */
async function noteOnPages(at: Moment, row: AlertRow, what: News): Promise<void> {
  const alert = withNote(toAlertNow(row), what);
  // The time of the next step is left as it is: news wakes nobody.
  const saved = await saveAlert(at, row, { alert, nextStepAt: row.nextStepAt ?? at.now });
  await logAlert(at.tx, at.now, row.id, 'told', { detail: { what } });
  await refreshPages(at, saved);
}

/** Nobody was paged: what a person must decide on is shown to those on duty, without a sound. */
async function tellThoseOnDuty(at: Moment, row: AlertRow, what: News): Promise<void> {
  if (!isToDecide(what) && !isOfPhones(what)) return;
  await notifyOfficers(at, await forQuietNews(at, row), {
    key: `told.${what}`,
    params: { reference: row.reference, at: sayTime(at.now, at.now, at.ctx.settings.timeZone) },
    class: CLASS.page,
    silent: true,
  });
}

/** A yes or a no to a new code. */
const codeButtons = ({ reference }: AlertRow) =>
  ['code_yes', 'code_no'].map((key) => ({ key, data: `o:${key}:${reference}` }));
