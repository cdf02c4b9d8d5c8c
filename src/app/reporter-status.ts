/**
 * What is true about a reporter's case, for the reporter who asks.
 *
 * Invariants: "paged" is said only of pages that have left; no name of an officer; no promise; as long as nobody
 * has taken an alert, it says so, and who else answers day and night.
 */
import { verifiedContacts } from '../cases/outside-contacts.ts';
import type { Line } from '../conversation/effect.ts';
import { type AlertRow, findAlertOfCase, pagesSent } from '../db/alerts.ts';
import { findCase } from '../db/cases.ts';
import type { Tx } from '../db/database.ts';
import { enrolledOfficers } from '../db/officers.ts';
import type { CaseId } from '../kernel/ids.ts';
import { onCall } from './alert-record.ts';
import type { Context } from './context.ts';
import { sayTime } from './officer-texts.ts';

export async function reporterStatus(tx: Tx, ctx: Context, now: Date, caseId: CaseId): Promise<Line[]> {
  const alert = await findAlertOfCase(tx, caseId);
  if (!alert) return withoutAlert(tx, ctx, now, caseId);
  const at = (date: Date) => sayTime(date, now, ctx.settings.timeZone);
  const received: Line = {
    key: 'status.received',
    params: { at: at(alert.raisedAt), case: alert.reference },
  };
  if (alert.state === 'closed')
    return [received, { key: 'status.closed', params: { at: at(alert.closedAt ?? now) } }];
  const paged = await pagedLine(tx, alert, at);
  if (alert.state === 'taken')
    return [received, paged, { key: 'status.taken', params: { at: at(alert.takenAt ?? now) } }, { key: 'status.worse' }];
  return [received, paged, { key: 'status.not_taken' }, ...outsideLines(now)];
}

async function pagedLine(tx: Tx, alert: AlertRow, at: (date: Date) => string): Promise<Line> {
  const sent = await pagesSent(tx, alert.id);
  if (sent.officers > 0)
    return { key: 'status.paged', params: { officers: sent.officers, at: at(sent.lastAt ?? alert.raisedAt) } };
  const isAnybodyThere = onCall(await enrolledOfficers(tx)).some((officer) => officer.isReachable);
  return { key: isAnybodyThere ? 'status.being_paged' : 'status.nobody_to_page' };
}

/** Outside lines that somebody has verified; if there are none, that is said plainly. */
function outsideLines(now: Date): Line[] {
  const lines = verifiedContacts(now).map((contact) => ({
    key: 'status.outside_line',
    params: { name: contact.name, contact: contact.contact },
  }));
  return lines.length > 0 ? [{ key: 'status.outside' }, ...lines] : [{ key: 'status.no_outside' }];
}

async function withoutAlert(tx: Tx, ctx: Context, now: Date, caseId: CaseId): Promise<Line[]> {
  const found = await findCase(tx, caseId);
  if (!found?.reference) return [{ key: 'status.not_sent' }];
  const params = { at: sayTime(found.openedAt, now, ctx.settings.timeZone), case: found.reference };
  return [{ key: 'status.case_received', params }, { key: 'status.if_danger' }];
}
