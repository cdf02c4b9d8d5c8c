/**
 * Closing an alert, and ending its case with it.
 *
 * Invariants: only a person closes an alert, and only the officer who has it or a supervisor, or, if nobody was ever called for
 * it, one who answers for the case (`statuses.ts`); a case has ended exactly as long as its alert is closed.
 */
import { type End, endOf } from '../../cases/status.ts';
import { type AlertRow, logAlert, updateAlert } from '../../db/alerts.ts';
import { findCase } from '../../db/cases.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import type { Outcome } from '../../kernel/vocabulary.ts';
import { refreshPages } from '../alerts/paging.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import { languageOfOfficer, officerText } from '../duty/officer-wording.ts';
import type { Moment } from '../ground/transaction.ts';
import { setEnded } from '../records/case-status.ts';
import { shortName } from '../records/officer-names.ts';
import { type Decider, lockDecidable, type NotOwn, timeNow } from './deciding.ts';
import type { Decided } from './what-came.ts';

export async function close(
  at: Moment,
  by: Decider,
  reference: string,
  outcome: Outcome,
): Promise<Decided<'ended', NotOwn>> {
  const found = await lockDecidable(at, by, reference);
  if (!found.ok) return found;
  const { officer, officers } = by;
  const who = { officerId: officer.id, name: shortName(at.ctx, officer) };
  await closeLocked(at, found.alert, endOf(outcome), { who, officers });
  return { ok: true, came: 'ended', outcome };
}

/** `who`: the person who ends it; without an officer's id, if they are not paged. */
export type Ending = {
  who: { officerId: OfficerId | null; name: string };
  officers: readonly EnrolledOfficer[];
};

/** Closes an alert that the caller has locked, and ends its case. */
export async function closeLocked(
  at: Moment,
  row: AlertRow,
  end: End,
  { who, officers }: Ending,
): Promise<void> {
  const { tx, ctx, now } = at;
  const { outcome } = end;
  const closed = { state: 'closed' as const, nextStepAt: null, closedAt: now, outcome };
  await updateAlert(tx, row.id, closed);
  const about = row.caseId ? await findCase(tx, row.caseId) : undefined;
  if (about) await setEnded(at, about, end);
  const by = who.officerId ? { officerId: who.officerId } : {};
  await logAlert(tx, now, row.id, 'closed', { ...by, detail: { outcome } });
  await refreshPages(at, { ...row, ...closed });
  // To one whose report goes on in another case nothing has ended.
  if (end.status !== 'duplicate')
    await writeToReporter(at, row, 'status.neutral_closed', { at: timeNow(at) }, { while: 'closed' });
  for (const other of officers.filter((each) => each.role === 'supervisor' && each.id !== who.officerId)) {
    const said = officerText(ctx, languageOfOfficer(ctx, other), `outcome.${outcome}`);
    const params = { reference: row.reference, name: who.name, outcome: said };
    await notifyOfficers(at, [other], { key: 'told.closed', params, silent: true });
  }
}
