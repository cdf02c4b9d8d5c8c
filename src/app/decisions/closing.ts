/**
 * Closing an alert, and its case with it.
 *
 * Invariant: only a person closes an alert, and only the officer who has it or a supervisor.
 */
import { logAlert, updateAlert } from '../../db/alerts.ts';
import { updateCase } from '../../db/cases.ts';
import type { Outcome } from '../../kernel/vocabulary.ts';
import { refreshPages } from '../alerts/paging.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import { languageOfOfficer, officerText } from '../duty/officer-wording.ts';
import type { Moment } from '../ground/transaction.ts';
import { shortName } from '../records/officer-names.ts';
import { type Decider, lockDecidable, type NotOwn, timeNow } from './deciding.ts';
import type { Decided } from './what-came.ts';

export async function close(
  at: Moment,
  by: Decider,
  reference: string,
  outcome: Outcome,
): Promise<Decided<'ended', NotOwn>> {
  const { tx, ctx, now } = at;
  const found = await lockDecidable(at, by, reference);
  if (!found.ok) return found;
  const { alert: row } = found;
  const { officer, officers } = by;
  const closed = { state: 'closed' as const, nextStepAt: null, closedAt: now, outcome };
  await updateAlert(tx, row.id, closed);
  if (row.caseId) await updateCase(tx, row.caseId, { status: 'closed', closedAt: now });
  await logAlert(tx, now, row.id, 'closed', { officerId: officer.id, detail: { outcome } });
  await refreshPages(at, { ...row, ...closed });
  await writeToReporter(at, row, 'status.neutral_closed', { at: timeNow(at) }, { while: 'closed' });
  for (const other of officers.filter((each) => each.role === 'supervisor' && each.id !== officer.id)) {
    const said = officerText(ctx, languageOfOfficer(ctx, other), `outcome.${outcome}`);
    const params = { reference, name: shortName(ctx, officer), outcome: said };
    await notifyOfficers(at, [other], { key: 'told.closed', params, silent: true });
  }
  return { ok: true, came: 'ended', outcome };
}
