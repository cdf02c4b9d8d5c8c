/**
 * Alerts as intake sees them: raise, ask again, tell whoever has it.
 *
 * Invariants: everything happens in the caller's transaction; an alert is raised with its first step due now,
 * and the escalate cycle pages; nothing here closes an alert or lowers its level.
 */
import { type AlertNow, askedAgain, raised } from '../alerts/escalation.ts';
import { DEFAULT_POLICIES } from '../alerts/policy.ts';
import { isMoreUrgent, type Level } from '../conversation/level.ts';
import { type AlertRow, insertAlert, lockAlertOfCase, logAlert, updateAlert } from '../db/alerts.ts';
import { findCase } from '../db/cases.ts';
import type { Tx } from '../db/database.ts';
import { enrolledOfficers } from '../db/officers.ts';
import { CLASS } from '../db/schema.ts';
import { type AlertId, type CaseId, type ContactId, newId } from '../kernel/ids.ts';
import { seconds } from '../kernel/time.ts';
import { saveAlert, toAlertNow } from './alert-record.ts';
import type { Context } from './context.ts';
import { forQuietNews, notifyOfficers } from './officer-notices.ts';
import { refreshPages } from './paging.ts';
import { openReporter, sealReporter } from './reporter-link.ts';
import { pageTaker } from './taker-pages.ts';

export { officerStateContext } from './officer-state.ts';
export { pageFailed } from './page-failure.ts';
export { reporterContext } from './reporter-link.ts';

/** The taker is told that the person asks again once in this time, however often they do. */
const TOLD_AGAIN_AFTER = seconds(60);

/** News about a reporter that an officer must see and that closes nothing. */
export type News = 'blocked' | 'unblocked' | 'mistake' | 'erase_requested' | 'left' | 'bare' | 'new_answers';

/** Begins the search for a person who takes the case. A closed alert of the same case is open again. */
export async function raiseAlert(
  tx: Tx,
  ctx: Context,
  now: Date,
  what: {
    caseId: CaseId;
    reference: string;
    level: Level;
    region?: string;
    contactId: ContactId;
    mayWrite?: boolean;
  },
): Promise<void> {
  const { caseId, reference, region, contactId, mayWrite } = what;
  const level = alertLevel(what.level);
  const existing = await lockAlertOfCase(tx, caseId);
  const id = existing?.id ?? newId<AlertId>();
  const link = await sealReporter(tx, ctx, now, id, { contactId, mayWrite });
  const reporter = { epochId: link.epochId, reporterSealed: link.sealed };
  if (existing) {
    await updateAlert(tx, id, reporter);
    const row = { ...existing, ...reporter };
    if (existing.state === 'closed') await reopen(tx, ctx, now, row, level);
    else await rise(tx, ctx, now, row, level);
    return;
  }
  const { progress, roundAt } = raised(now);
  await insertAlert(tx, {
    id,
    caseId,
    reference,
    level,
    region: region ?? null,
    state: 'open',
    policy: DEFAULT_POLICIES[level],
    progress,
    raisedAt: now,
    roundAt,
    nextStepAt: now,
    ...reporter,
  });
  await logAlert(tx, now, id, 'raised', { detail: { level } });
  ctx.log.info('alert_raised', { reference, level });
  ctx.nudge('escalate');
}

/** Triage now says a higher level: the policy of that level begins, or the taker is told. */
export async function raiseAlertLevel(
  tx: Tx,
  ctx: Context,
  now: Date,
  { caseId, level, region }: { caseId: CaseId; level: Level; region?: string },
): Promise<void> {
  const row = await lockAlertOfCase(tx, caseId);
  if (!row) return;
  const placed = region && region !== row.region ? { ...row, region } : row;
  if (placed !== row) await updateAlert(tx, row.id, { region: placed.region });
  if (placed.state === 'closed') await reopen(tx, ctx, now, placed, alertLevel(level));
  else await rise(tx, ctx, now, placed, alertLevel(level));
}

/** SOS again: joins the alert that is there. Returns the how-manieth time it is. */
export async function repeatSos(tx: Tx, ctx: Context, now: Date, caseId: CaseId): Promise<{ count: number }> {
  const row = await lockAlertOfCase(tx, caseId);
  if (!row) return { count: 1 };
  const repeats = row.repeats + 1;
  await logAlert(tx, now, row.id, 'asked_again', { detail: { count: repeats + 1 } });
  if (row.state === 'closed') {
    await reopen(tx, ctx, now, { ...row, repeats }, row.level);
    return { count: repeats + 1 };
  }
  const before = toAlertNow(row);
  const saved = await saveAlert(tx, now, row, askedAgain(before, now), { repeats });
  await refreshPages(tx, ctx, now, saved);
  const sinceTold = now.getTime() - (before.progress.againToldAt ?? 0);
  const isTold = sinceTold >= 0 && sinceTold < TOLD_AGAIN_AFTER;
  if (saved.state === 'taken' && !isTold) await tellTaker(tx, ctx, now, saved, 'again');
  ctx.nudge('escalate');
  return { count: repeats + 1 };
}

/** A case that is not urgent: high is one quiet page; the rest waits for the digest at 8:00. */
export async function newCaseNotice(
  tx: Tx,
  ctx: Context,
  now: Date,
  what: { caseId: CaseId; reference: string; level: Level; region?: string },
): Promise<void> {
  if (what.level !== 'high') return;
  await notifyOfficers(tx, ctx, now, forQuietNews(await enrolledOfficers(tx)), {
    key: 'notice.high',
    params: { reference: what.reference },
    class: CLASS.page,
    silent: true,
  });
}

/** Shows an officer something that happened on the reporter's side. It closes nothing. */
export async function tellOfficer(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  what: News,
): Promise<void> {
  const row = await lockAlertOfCase(tx, caseId);
  if (!row) return tellWithoutAlert(tx, ctx, now, caseId, what);
  if (row.state === 'open') {
    if (what !== 'new_answers') await noteOnPages(tx, ctx, now, row, what);
    return;
  }
  const taker = (await enrolledOfficers(tx)).filter((officer) => officer.id === row.takenBy);
  await notifyOfficers(tx, ctx, now, taker, {
    key: `told.${what}`,
    params: { reference: row.reference },
    class: CLASS.page,
    ...(what === 'new_answers' ? { coalesce: `answers:${row.id}`, delayMs: seconds(5), silent: true } : {}),
    ...(what === 'bare' ? { buttons: [[{ key: 'close', data: `o:close:${row.reference}` }]] } : {}),
  });
  if (what === 'new_answers') return;
  await logAlert(tx, now, row.id, 'told', { detail: { what } });
  if (row.state === 'taken') await saveAlert(tx, now, row, withNote(toAlertNow(row), what));
}

/** Whether the reporter may be written to unasked. */
export async function setReporterSafety(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  mayWrite: boolean,
): Promise<void> {
  const row = await lockAlertOfCase(tx, caseId);
  const link = row && (await openReporter(tx, ctx, row));
  if (!row || !link || link.mayWrite === mayWrite) return;
  const live = await sealReporter(tx, ctx, now, row.id, { ...link, mayWrite });
  await updateAlert(tx, row.id, { epochId: live.epochId, reporterSealed: live.sealed });
  const wasUnsafe = link.mayWrite === false;
  if (row.state === 'closed' || (mayWrite && !wasUnsafe)) return;
  const taker = (await enrolledOfficers(tx)).filter((officer) => officer.id === row.takenBy);
  const key = mayWrite ? 'told.safe' : 'told.unsafe';
  await notifyOfficers(tx, ctx, now, taker, { key, params: { reference: row.reference }, class: CLASS.page });
}

function alertLevel(level: Level): AlertRow['level'] {
  return level === 'critical' ? 'critical' : 'urgent';
}

/** An alert that somebody closed is raised anew: whoever asks for help is never left with a closed one. */
async function reopen(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  level: AlertRow['level'],
): Promise<void> {
  const higher = isMoreUrgent(level, row.level) ? level : row.level;
  const round = raised(now, toAlertNow(row).progress.notes);
  const saved = await saveAlert(
    tx,
    now,
    row,
    { alert: round, nextStepAt: now },
    {
      level: higher,
      policy: DEFAULT_POLICIES[higher],
      repeats: row.repeats,
      closedAt: null,
      outcome: null,
    },
  );
  await logAlert(tx, now, row.id, 'raised_again', { detail: { level: higher } });
  await refreshPages(tx, ctx, now, saved);
  ctx.log.info('alert_raised', { reference: row.reference, level: higher });
  ctx.nudge('escalate');
}

async function rise(tx: Tx, ctx: Context, now: Date, row: AlertRow, level: AlertRow['level']): Promise<void> {
  if (!isMoreUrgent(level, row.level)) return;
  const risen = { level, policy: DEFAULT_POLICIES[level] };
  await logAlert(tx, now, row.id, 'level_raised', { detail: { level } });
  const before = toAlertNow(row);
  if (before.state === 'open') {
    const saved = await saveAlert(
      tx,
      now,
      row,
      { alert: raised(now, before.progress.notes), nextStepAt: now },
      risen,
    );
    await refreshPages(tx, ctx, now, saved);
  } else {
    const saved = await saveAlert(tx, now, row, askedAgain(before, now), risen);
    await refreshPages(tx, ctx, now, saved);
    await tellTaker(tx, ctx, now, saved, 'level_raised');
  }
  ctx.nudge('escalate');
}

/** A taker who cannot be reached any more has not seen it: the alert is due at once. */
async function tellTaker(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  what: 'again' | 'level_raised',
): Promise<void> {
  const alert = toAlertNow(row);
  if (await pageTaker(tx, ctx, now, row, what)) {
    const progress = { ...alert.progress, againToldAt: now.getTime() };
    await saveAlert(tx, now, row, { ...alert, progress });
    return;
  }
  await saveAlert(tx, now, row, {
    alert: { ...alert, progress: { ...alert.progress, againAt: 0 } },
    nextStepAt: now,
  });
}

function withNote(alert: AlertNow, note: string): AlertNow {
  const gone = note === 'unblocked' ? 'blocked' : 'unblocked';
  const notes = [...new Set([...alert.progress.notes.filter((each) => each !== gone), note])];
  return { ...alert, progress: { ...alert.progress, notes } };
}

/** Nobody has it yet: the pages say it, and whoever takes it sees it. */
async function noteOnPages(tx: Tx, ctx: Context, now: Date, row: AlertRow, what: News): Promise<void> {
  const alert = withNote(toAlertNow(row), what);
  // The time of the next step is left as it is: news wakes nobody.
  const saved = await saveAlert(tx, now, row, { alert, nextStepAt: row.nextStepAt ?? now });
  await logAlert(tx, now, row.id, 'told', { detail: { what } });
  await refreshPages(tx, ctx, now, saved);
}

/** A case without an alert: what a person must decide on is shown to those on duty, without a sound. */
async function tellWithoutAlert(tx: Tx, ctx: Context, now: Date, caseId: CaseId, what: News): Promise<void> {
  if (what !== 'erase_requested' && what !== 'mistake') return;
  const found = await findCase(tx, caseId);
  if (!found?.reference) return;
  await notifyOfficers(tx, ctx, now, forQuietNews(await enrolledOfficers(tx)), {
    key: `told.${what}`,
    params: { reference: found.reference },
    class: CLASS.page,
    silent: true,
  });
}
