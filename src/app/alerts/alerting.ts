/**
 * Alerts as intake sees them: raise, ask again, tell the officer who has it.
 *
 * Invariants: everything happens in the caller's transaction; an alert is raised with its first step due now,
 * and the escalate cycle pages; a case that is not urgent has an alert too, a quiet one; nothing here closes an alert or
 * lowers its level; a case is closed with its alert, and open again with it.
 */
import type { AboutAlert } from '../../alerts/policy.ts';
import { askedAgain, madeLoud, raised } from '../../alerts/progress.ts';
import type { MayWrite } from '../../conversation/values/may-write.ts';
import { type AlertRow, insertAlert, logAlert, updateAlert } from '../../db/alerts.ts';
import { lockAlertOfCase } from '../../db/locks.ts';
import { type AlertId, type CaseId, type ContactId, newId } from '../../kernel/ids.ts';
import { seconds } from '../../kernel/time.ts';
import { demandsAlert, isMoreUrgent, type Level } from '../../kernel/vocabulary.ts';
import { policyFor } from '../duty/duty-plan.ts';
import type { Moment } from '../ground/transaction.ts';
import { saveAlert, toAlertNow } from '../records/alert-record.ts';
import { noteCaseEvent } from '../records/case-status.ts';
import { withSafety } from '../records/reporter-chats.ts';
import { openReporter, type ReporterLink, sealReporter } from '../records/reporter-link.ts';
import { refreshPages } from './paging.ts';
import { type NewAlert, openCaseAgain, openedColumns } from './quiet-alerts.ts';
import { pageTaker } from './taker-pages.ts';

/** The taker is told that the person asks again once in this time, however often they do. */
const TOLD_AGAIN_AFTER = seconds(60);

/** Begins the search for a person who takes the case. A quiet or closed alert of the same case is one that pages. */
export async function raiseAlert(at: Moment, what: NewAlert): Promise<void> {
  const { tx, ctx, now } = at;
  const { caseId, reference, region, language, contactId, mayWrite } = what;
  const level = alertLevel(what.level);
  const existing = await lockAlertOfCase(tx, caseId);
  const id = existing?.id ?? newId<AlertId>();
  // What became of earlier replies stays known, and whether the person may be written to.
  const before = existing && (await openReporter(at, existing));
  const link = contactId && linkFor(before, contactId, mayWrite);
  const reporter = link ? await sealReporter(at, id, link) : {};
  if (existing) {
    await updateAlert(tx, id, reporter);
    const row = { ...existing, ...reporter };
    if (existing.state === 'closed') await reopen(at, row, level, language);
    else await rise(at, row, level, language);
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
    policy: await policyFor(at, about(level, region, language)),
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

/** A case that is in several chats stays in all of them, whichever of them cries for help. */
function linkFor(before: ReporterLink | undefined, contactId: ContactId, mayWrite?: MayWrite): ReporterLink {
  const link = before?.chats ? before : { ...before, contactId };
  return mayWrite === undefined ? link : withSafety(link, contactId, mayWrite);
}

/**
 * Triage now says a level: if it is a higher one, or nobody is paged any more, the policy of that level begins, or the
 * taker is told. Returns whether that changed anything.
 */
export async function raiseAlertLevel(
  at: Moment,
  what: { caseId: CaseId; level: Level; region?: string; language?: string },
): Promise<boolean> {
  const { caseId, level, region, language } = what;
  const row = await lockAlertOfCase(at.tx, caseId);
  if (!row) return false;
  const placed = region && region !== row.region ? { ...row, region } : row;
  if (placed !== row) await updateAlert(at.tx, row.id, { region: placed.region });
  if (placed.state !== 'closed') return rise(at, placed, alertLevel(level), language);
  await reopen(at, placed, alertLevel(level), language);
  return true;
}

/** SOS again: joins the alert that is there. Returns the how-manieth time it is. */
export async function repeatSos(at: Moment, caseId: CaseId): Promise<{ count: number }> {
  const { tx, ctx, now } = at;
  const row = await lockAlertOfCase(tx, caseId);
  if (!row) return { count: 1 };
  await noteCaseEvent(at, caseId, 'wrote');
  if (row.state === 'open' && row.isQuiet) {
    await reopen(at, row, row.level);
    return { count: row.repeats + 1 };
  }
  const repeats = row.repeats + 1;
  await logAlert(tx, now, row.id, 'asked_again', { detail: { count: repeats + 1 } });
  if (row.state === 'closed') {
    await reopen(at, { ...row, repeats }, row.level);
    return { count: repeats + 1 };
  }
  const before = madeLoud(toAlertNow(row), now);
  const level = alertLevel(row.level);
  const policy = row.isQuiet ? await policyFor(at, about(level, row.region ?? undefined)) : row.policy;
  const saved = await saveAlert(at, row, askedAgain(before, now), { repeats, policy, level });
  await refreshPages(at, saved);
  const sinceTold = now.getTime() - (before.progress.againToldAt ?? 0);
  const isTold = sinceTold >= 0 && sinceTold < TOLD_AGAIN_AFTER;
  if (saved.state === 'taken' && !isTold) await tellTaker(at, saved, 'again');
  ctx.nudge('escalate');
  return { count: repeats + 1 };
}

function about(level: Level, region?: string, language?: string): AboutAlert {
  return { level: alertLevel(level), ...(region ? { region } : {}), ...(language ? { language } : {}) };
}

function alertLevel(level: Level): AboutAlert['level'] {
  return demandsAlert(level) ? level : 'urgent';
}

/**
 * An alert that an officer closed, or that was quiet, is raised anew: a reporter who asks for help is never left with
 * one of those.
 */
async function reopen(at: Moment, row: AlertRow, level: Level, language?: string): Promise<void> {
  const { tx, ctx, now } = at;
  const higher = alertLevel(isMoreUrgent(level, row.level) ? level : row.level);
  const round = raised(now, toAlertNow(row).progress.notes);
  const saved = await saveAlert(
    at,
    row,
    { alert: round, nextStepAt: now },
    {
      level: higher,
      raisedAt: now,
      policy: await policyFor(at, about(higher, row.region ?? undefined, language)),
      repeats: row.repeats,
      ...(await openedColumns(at, row)),
    },
  );
  await openCaseAgain(at, row, 'waiting_for_us');
  await logAlert(tx, now, row.id, 'raised_again', { detail: { level: higher } });
  await refreshPages(at, saved);
  ctx.log.info('alert_raised', { reference: row.reference, level: higher });
  ctx.nudge('escalate');
}

async function rise(at: Moment, row: AlertRow, level: Level, language?: string): Promise<boolean> {
  const { tx, ctx, now } = at;
  if (!row.isQuiet && !isMoreUrgent(level, row.level)) return false;
  const policy = await policyFor(at, about(level, row.region ?? undefined, language));
  const risen = { level, policy, ...(row.isQuiet ? { raisedAt: now } : {}) };
  await logAlert(tx, now, row.id, 'level_raised', { detail: { level } });
  const before = madeLoud(toAlertNow(row), now);
  if (before.state === 'open') {
    const saved = await saveAlert(
      at,
      row,
      { alert: raised(now, before.progress.notes), nextStepAt: now },
      risen,
    );
    await refreshPages(at, saved);
  } else {
    const saved = await saveAlert(at, row, askedAgain(before, now), risen);
    await refreshPages(at, saved);
    await tellTaker(at, saved, 'level_raised');
  }
  ctx.nudge('escalate');
  return true;
}

/** A taker who cannot be reached any more has not seen it: the alert is due at once. */
async function tellTaker(at: Moment, row: AlertRow, what: 'again' | 'level_raised'): Promise<void> {
  const alert = toAlertNow(row);
  if (await pageTaker(at, row, what)) {
    const progress = { ...alert.progress, againToldAt: at.now.getTime() };
    await saveAlert(at, row, { ...alert, progress });
    return;
  }
  await saveAlert(at, row, {
    alert: { ...alert, progress: { ...alert.progress, againAt: 0 } },
    nextStepAt: at.now,
  });
}
