/**
 * Handing an alert over to a colleague.
 *
 * Invariants: the officer who has it keeps it until the colleague accepts, and each of the two is told at once what is
 * true; a colleague who must not have the case is not offered it, and the one who offers is not told why; an offer that
 * nobody answers ends by itself.
 */
import { offered } from '../../alerts/progress.ts';
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { Tx } from '../../db/database.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { pageOfficers, refreshPages } from '../alerts/paging.ts';
import type { Moment } from '../ground/transaction.ts';
import { policyOf, saveAlert, toAlertNow } from '../records/alert-record.ts';
import { whoMayKnow } from '../records/may-know.ts';
import { shortName } from '../records/officer-names.ts';
import { type Decider, lockOwn, type NotOwn } from './deciding.ts';
import { type Decided, type Refused, refused } from './what-came.ts';

/** Whom it can be offered to, those on duty first: they may know of it, and a contact of theirs works. */
export async function colleaguesFor(
  at: Moment,
  by: Decider,
  reference: string,
): Promise<
  { ok: true; colleagues: EnrolledOfficer[] } | Extract<Refused, { reason: NotOwn | 'nobody_else' }>
> {
  const own = await lockOwn(at, by, reference);
  if (!own.ok) return own;
  const colleagues = await whoMayHaveIt(at.tx, by, own.alert);
  return colleagues.length > 0 ? { ok: true, colleagues } : refused('nobody_else');
}

/** Asks a colleague to take it over. An earlier offer ends. */
export async function offer(
  at: Moment,
  by: Decider,
  reference: string,
  to: OfficerId,
): Promise<Decided<'offered', NotOwn | 'not_offered'>> {
  const { tx, ctx, now } = at;
  const own = await lockOwn(at, by, reference);
  if (!own.ok) return own;
  const { alert: row } = own;
  const colleague = (await whoMayHaveIt(tx, by, row)).find((each) => each.id === to);
  if (!colleague) return refused('not_offered');
  const saved = await saveAlert(at, row, offered(toAlertNow(row), to, now));
  await logAlert(tx, now, row.id, 'offered', { officerId: to });
  // The colleague who was asked before is no longer.
  await refreshPages(at, saved);
  await pageOfficers(at, saved, [colleague], { isRepeat: false });
  const minutes = Math.round(policyOf(row).acknowledgeWithin / 60);
  return { ok: true, came: 'offered', to: shortName(ctx, colleague), minutes };
}

async function whoMayHaveIt(
  tx: Tx,
  { officers, officer }: Decider,
  row: AlertRow,
): Promise<EnrolledOfficer[]> {
  const others = (await whoMayKnow(tx, row, officers)).filter(
    (each) => each.id !== officer.id && each.contacts.some((contact) => !contact.isBlocked),
  );
  return others.sort((a, b) => Number(b.isOnDuty) - Number(a.isOnDuty));
}
