/**
 * A person raises or lowers the level of a case.
 *
 * Invariants: only a person lowers, and with a written reason, which lies sealed in the case; raising a case to a level
 * that demands an alert pages: its alert, quiet or closed, is raised; lowering closes no alert.
 */
import { lockAlertOfCase, logAlert, updateAlert } from '../../db/alerts.ts';
import { type CaseRow, lockCase, updateCase } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import type { MemberRow } from '../../db/members.ts';
import { demandsAlert, isMoreUrgent, type Level } from '../../kernel/vocabulary.ts';
import { raiseAlertLevel } from '../alerts/alerting.ts';
import { refreshPages } from '../alerts/paging.ts';
import { lockOrOpenAlert } from '../alerts/quiet-alerts.ts';
import type { Context } from '../ground/context.ts';
import { audit } from '../records/audit.ts';
import { boundCase } from '../records/bound-case.ts';
import { caseFor } from './case-room.ts';
import { appendWritten } from './written.ts';

type Levelled = { ok: true } | { ok: false; reason: 'no_such' | 'no_reason' | 'moved_on' | 'unproved_key' };

export async function setLevel(
  tx: Tx,
  ctx: Context,
  now: Date,
  member: MemberRow,
  reference: string,
  /** `reason`: as the browser sealed it, and to which place. */
  to: { level: Level; reason?: { place: number; ciphertext: Uint8Array } },
): Promise<Levelled> {
  const found = await caseFor(tx, member, reference);
  if (!found.ok) return found;
  // The case before the alert: the order in which intake locks them.
  const row = await lockCase(tx, found.row.id);
  if (!row) return { ok: false, reason: 'no_such' };
  const before = row.level as Level;
  const isLower = isMoreUrgent(before, to.level);
  if (isLower && !to.reason) return { ok: false, reason: 'no_reason' };
  if (to.reason && to.reason.place !== row.chainLength) return { ok: false, reason: 'moved_on' };
  if (to.reason) {
    const bound = boundCase(ctx, row);
    if (!bound) return { ok: false, reason: 'unproved_key' };
    await appendWritten(tx, ctx, now, bound, member, { kind: 'note', ciphertext: to.reason.ciphertext });
  }
  await updateCase(tx, row.id, { level: to.level });
  if (isLower) await lowerAlert(tx, ctx, now, member, row.id, to.level);
  else await follow(tx, ctx, now, row, to.level);
  await audit(tx, ctx, now, {
    memberId: member.id,
    what: 'level_set',
    caseId: row.id,
    detail: { from: before, to: to.level },
  });
  return { ok: true };
}

/** One that is not urgent stays quiet. */
async function follow(tx: Tx, ctx: Context, now: Date, row: CaseRow, level: Level): Promise<void> {
  const alert = await lockOrOpenAlert(tx, ctx, now, row.id);
  if (demandsAlert(level)) await raiseAlertLevel(tx, ctx, now, { caseId: row.id, level });
  else if (alert?.isQuiet) await updateAlert(tx, alert.id, { level });
}

/** The alert stays what it is: an officer must still see to the person. */
async function lowerAlert(
  tx: Tx,
  ctx: Context,
  now: Date,
  { officerId }: MemberRow,
  caseId: Parameters<typeof lockAlertOfCase>[1],
  level: Level,
): Promise<void> {
  const row = await lockAlertOfCase(tx, caseId);
  if (row?.isQuiet) return updateAlert(tx, row.id, { level });
  if (!row || row.state === 'closed' || row.level !== 'critical' || level === 'critical') return;
  await updateAlert(tx, row.id, { level: 'urgent' });
  await logAlert(tx, now, row.id, 'level_lowered', {
    ...(officerId ? { officerId } : {}),
    detail: { level: 'urgent' },
  });
  await refreshPages(tx, ctx, now, { ...row, level: 'urgent' });
}
