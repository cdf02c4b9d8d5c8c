/**
 * A person raises or lowers the level of a case.
 *
 * Invariants: only a person lowers, and with a written reason, which lies sealed in the case; raising a case to a level
 * that demands an alert pages: its alert, quiet or closed, is raised; lowering closes no alert.
 */
import { logAlert, updateAlert } from '../../db/alerts.ts';
import { type CaseRow, updateCase } from '../../db/cases.ts';
import { findCaseFor } from '../../db/known.ts';
import { lockAlertOfCase, lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { demandsAlert, isMoreUrgent, type Level } from '../../kernel/vocabulary.ts';
import { raiseAlertLevel } from '../alerts/alerting.ts';
import { refreshPages } from '../alerts/paging.ts';
import { lockOrOpenAlert } from '../alerts/quiet-alerts.ts';
import type { Moment } from '../ground/transaction.ts';
import { boundCase } from '../records/bound-case.ts';
import { idsOfMember } from '../records/may-know.ts';
import { appendWritten } from '../records/written.ts';
import { stopErasure } from '../reporters/erasure-stops.ts';

/** `lowered`: the reason lies in the case. `kept`: it had this level. */
export type Levelled =
  | { ok: true; came: 'raised' | 'lowered' | 'kept'; caseId: CaseId; from: Level }
  /** `moved_on`: something came into the case after the reason was sealed to its place. */
  | { ok: false; reason: 'no_such' | 'no_reason' | 'moved_on' | 'unproved_key' };

/** `reason`: as the browser sealed it, and to which place of the case. */
export type NewLevel = { level: Level; reason?: { place: number; ciphertext: Uint8Array } };

export async function changeLevel(
  at: Moment,
  by: MemberRow,
  reference: string,
  to: NewLevel,
): Promise<Levelled> {
  const { tx, ctx } = at;
  const found = await findCaseFor(tx, await idsOfMember(tx, by), reference);
  const row = found && (await lockCase(tx, found.id));
  if (!row) return { ok: false, reason: 'no_such' };
  const from = row.level as Level;
  const isLower = isMoreUrgent(from, to.level);
  if (isLower && !to.reason) return { ok: false, reason: 'no_reason' };
  if (to.reason && to.reason.place !== row.chainLength) return { ok: false, reason: 'moved_on' };
  if (to.reason) {
    const bound = boundCase(ctx, row);
    if (!bound) return { ok: false, reason: 'unproved_key' };
    await appendWritten(at, bound, by, { kind: 'note', ciphertext: to.reason.ciphertext });
  }
  await updateCase(tx, row.id, { level: to.level });
  if (isLower) await lowerAlert(at, by, row.id, to.level);
  else await follow(at, row, to.level);
  const came = isLower ? 'lowered' : from === to.level ? 'kept' : 'raised';
  return { ok: true, came, caseId: row.id, from };
}

/** One that is not urgent stays quiet. */
async function follow(at: Moment, row: CaseRow, level: Level): Promise<void> {
  const alert = await lockOrOpenAlert(at, row.id);
  if (demandsAlert(level)) {
    await raiseAlertLevel(at, { caseId: row.id, level });
    // Not only while it is open: an officer saw a danger in it since two people wanted it erased.
    await stopErasure(at, row.id, 'alert');
  } else if (alert?.isQuiet) await updateAlert(at.tx, alert.id, { level });
}

/** The alert stays what it is: an officer must still see to the person. */
async function lowerAlert(at: Moment, { officerId }: MemberRow, caseId: CaseId, level: Level): Promise<void> {
  const { tx, now } = at;
  const row = await lockAlertOfCase(tx, caseId);
  if (row?.isQuiet) return updateAlert(tx, row.id, { level });
  if (!row || row.state === 'closed' || row.level !== 'critical' || level === 'critical') return;
  await updateAlert(tx, row.id, { level: 'urgent' });
  await logAlert(tx, now, row.id, 'level_lowered', {
    ...(officerId ? { officerId } : {}),
    detail: { level: 'urgent' },
  });
  await refreshPages(at, { ...row, level: 'urgent' });
}
