/**
 * Quiet alerts: those of cases that are not urgent, or that were closed and are looked at again
 * (docs/decisions/alerts-for-quiet-cases.md).
 *
 * Invariants: nobody is paged for one; in everything else it is like any other: an officer takes it, writes to the
 * person and closes it, and it leads to the person as long as it is not closed; a case is open when its alert is, and
 * closed with it.
 */
import { QUIET_POLICY } from '../../alerts/policy.ts';
import { openedQuietly } from '../../alerts/progress.ts';
import type { MayWrite } from '../../conversation/values/may-write.ts';
import { type AlertRow, insertAlert, logAlert, updateAlert } from '../../db/alerts.ts';
import { findCase } from '../../db/cases.ts';
import { lockAlertOfCase } from '../../db/locks.ts';
import { type AlertId, type CaseId, type ContactId, newId } from '../../kernel/ids.ts';
import { after, seconds } from '../../kernel/time.ts';
import { type GoingOn, hasEnded, type Level } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { saveAlert, toAlertNow } from '../records/alert-record.ts';
import { setGoingOn } from '../records/case-status.ts';
import { linkOf } from '../records/reporter-chats.ts';
import { sealReporter } from '../records/reporter-link.ts';
import { reportersOf } from '../records/whose-case.ts';

export type NewAlert = {
  caseId: CaseId;
  reference: string;
  level: Level;
  region?: string;
  /** The reporter's, if it is known: a policy may be for some languages. */
  language?: string;
  /** Undefined: it is not known any more who began the case. */
  contactId?: ContactId;
  mayWrite?: MayWrite;
};

/** Opens the alert of a case that is not urgent. One that is there gets the level. */
export async function openQuietAlert(at: Moment, what: NewAlert): Promise<void> {
  const { tx, now } = at;
  const { caseId, reference, level, region, contactId, mayWrite } = what;
  const existing = await lockAlertOfCase(tx, caseId);
  if (existing) return existing.isQuiet ? updateAlert(tx, existing.id, { level }) : undefined;
  const id = newId<AlertId>();
  const { progress, roundAt } = openedQuietly(now);
  await insertAlert(tx, {
    id,
    caseId,
    reference,
    level,
    isQuiet: true,
    region: region ?? null,
    state: 'open',
    policy: QUIET_POLICY,
    progress,
    raisedAt: now,
    roundAt,
    nextStepAt: after(now, seconds(QUIET_POLICY.longest.open)),
    ...(contactId ? await sealReporter(at, id, { contactId, mayWrite }) : {}),
  });
  await logAlert(tx, now, id, 'opened', { detail: { level } });
}

/** A closed case that was looked at, or added to, again: open with this status, without a page. Returns the row as it then is. */
export async function openAgainQuietly(at: Moment, row: AlertRow, status: GoingOn): Promise<AlertRow> {
  const { tx, now } = at;
  const alert = openedQuietly(now, toAlertNow(row).progress.notes);
  const saved = await saveAlert(at, row, alert, {
    policy: QUIET_POLICY,
    ...(await openedColumns(at, row)),
  });
  await openCaseAgain(at, row, status);
  await logAlert(tx, now, row.id, 'opened_again');
  return saved;
}

/**
 * The alert of a case, locked. A case from before there were quiet alerts gets one; its reporter is found again, if that is
 * still possible. Undefined: there is no such case.
 */
export async function lockOrOpenAlert(at: Moment, caseId: CaseId): Promise<AlertRow | undefined> {
  const { tx } = at;
  const existing = await lockAlertOfCase(tx, caseId);
  const row = existing ? undefined : await findCase(tx, caseId);
  if (!row?.reference) return existing;
  const { reference, region } = row;
  const link = linkOf(await reportersOf(at, caseId));
  const level = row.level as Level;
  await openQuietAlert(at, {
    caseId,
    reference,
    level,
    ...(region ? { region } : {}),
  });
  const opened = await lockAlertOfCase(tx, caseId);
  if (!opened || !link) return opened;
  const columns = await sealReporter(at, opened.id, link);
  await updateAlert(tx, opened.id, columns);
  return { ...opened, ...columns };
}

/** Columns of an alert that is closed no more. Two days after it was closed nothing led to the person any more. */
export async function openedColumns(at: Moment, row: AlertRow) {
  const reporters = row.caseId && !row.reporterSealed ? await reportersOf(at, row.caseId) : [];
  const link = linkOf(reporters);
  const columns = link ? await sealReporter(at, row.id, link) : {};
  return { closedAt: null, outcome: null, ...columns };
}

/** A case has ended only as long as its alert is closed. One that goes on stays what it is. */
export async function openCaseAgain(at: Moment, { caseId }: AlertRow, status: GoingOn): Promise<void> {
  const row = caseId ? await findCase(at.tx, caseId) : undefined;
  if (row && hasEnded(row.status)) await setGoingOn(at, row.id, status);
}
