/**
 * Two people of the team want a case erased, and any of those who may can stop it for seven days, and until it is erased.
 *
 * Invariants: of the two none is the other, under whatever record or name, nor, in a team of more, has let the other in; both
 * hold the team's key for seven days or more as members, and may know of the case; nothing is erased for which officers are
 * being sought, or which one of them has as an alert that pages, nor while the person is muted; pressure on one person erases
 * nothing. What is erased when the days are over: `reporters/destroying.ts`.
 */
import { type AlertRow, findAlertOfCase, updateAlert } from '../../db/alerts.ts';
import type { CaseRow } from '../../db/cases.ts';
import { type ErasureRow, erasedWith, insertErasure, liveErasure, updateErasure } from '../../db/erasures.ts';
import { findHold } from '../../db/holds.ts';
import { findCaseFor, mayKnow } from '../../db/known.ts';
import { lockAlertOfCase, lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import { findContactBrief, findOfficer } from '../../db/officers.ts';
import { type CaseId, type ErasureId, newId } from '../../kernel/ids.ts';
import { after } from '../../kernel/time.ts';
import type { EraseReason } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { lockOrOpenAlert } from '../alerts/quiet-alerts.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember } from '../records/may-know.ts';
import { linkOf } from '../records/reporter-chats.ts';
import { chatsOf, openReporter, sealReporter } from '../records/reporter-link.ts';
import { whyNotOne, whyNotTwo } from '../records/who-may-erase.ts';
import { reportersOf } from '../records/whose-case.ts';
import { STOPPABLE } from '../reporters/destroying.ts';
import { endErasure, tellOfErasure } from '../reporters/erasure-stops.ts';

export type Erasing =
  | { ok: true; erasure: ErasureId; caseId: CaseId }
  | {
      ok: false;
      reason:
        | 'no_such'
        /** It pages, or an officer has it: it is closed first. */
        | 'alert_open'
        /** An officer muted the person, of whom only an SOS gets through: they are let speak first. */
        | 'is_muted'
        | 'being_erased'
        /** It is held: two people let it go first. */
        | 'on_hold'
        /** Nobody asked for it, or it was stopped. */
        | 'not_asked'
        | 'same_person'
        /** They do not hold the team's key, or have been a member for less than seven days. */
        | 'no_key'
        | 'too_new'
        /** One of the two has invited the other, and there is a third. */
        | 'invited'
        /** They are neither of the two, nor a coordinator or supervisor. */
        | 'not_yours'
        | 'too_late';
    };

type Found = { row: CaseRow; alert: AlertRow | undefined; erasure: ErasureRow | undefined };

/** The first of the two. */
export async function askErasure(
  at: Moment,
  by: MemberRow,
  reference: string,
  because: EraseReason,
): Promise<Erasing> {
  const found = await lockToErase(at, by, reference);
  if (!found) return { ok: false, reason: 'no_such' };
  const { row, alert } = found;
  if (found.erasure) return { ok: false, reason: 'being_erased' };
  if (await findHold(at.tx, row.id)) return { ok: false, reason: 'on_hold' };
  if (isOpen(alert)) return { ok: false, reason: 'alert_open' };
  const not = await whyNotOne(at, by, at.now);
  if (not) return { ok: false, reason: not };
  // Only now: what is refused changes nothing; but what leads to a person who is muted stays, or nobody could let them speak.
  const kept = alert ?? (await lockOrOpenAlert(at, row.id));
  if (kept) await keepWhose(at, kept, row.id);
  if (await isMuted(at, row.id)) return { ok: false, reason: 'is_muted' };
  const id = newId<ErasureId>();
  const made = { id, caseId: row.id, reference, because, askedBy: by.id, askedAt: at.now };
  await insertErasure(at.tx, { ...made, state: 'asked' });
  await sealIntoCase(at, row.id, 'event', { what: 'erasure_asked', because, member: by.id });
  const erasure = await liveErasure(at.tx, row.id);
  if (erasure) await tellOfErasure(at, erasure, 'erasure.asked');
  return { ok: true, erasure: id, caseId: row.id };
}

/** The second one: from now on the days run. */
export async function agreeToErase(at: Moment, by: MemberRow, reference: string): Promise<Erasing> {
  const { tx, ctx, now } = at;
  const found = await lockToErase(at, by, reference);
  if (!found) return { ok: false, reason: 'no_such' };
  const { row, alert, erasure } = found;
  if (!erasure) return { ok: false, reason: 'not_asked' };
  if (erasure.state === 'waiting' || !erasure.askedBy) return { ok: false, reason: 'being_erased' };
  if (await findHold(tx, row.id)) return { ok: false, reason: 'on_hold' };
  if (isOpen(alert)) return { ok: false, reason: 'alert_open' };
  if (await isMuted(at, row.id)) return { ok: false, reason: 'is_muted' };
  const about = { excluded: alert?.excluded ?? [], when: now };
  const not = (await whyNotTwo(at, erasure.askedBy, by, about)) ?? (await whyNotOne(at, by, now));
  if (not) return { ok: false, reason: not };
  const dueAt = after(now, STOPPABLE);
  const agreed = { state: 'waiting' as const, agreedBy: by.id, agreedAt: now, dueAt };
  await updateErasure(tx, erasure.id, agreed);
  await sealIntoCase(at, row.id, 'event', { what: 'erasure_agreed', member: by.id });
  const day = sayTime(dueAt, now, ctx.settings.timeZone);
  await tellOfErasure(at, { ...erasure, ...agreed }, 'erasure.agreed', day);
  return { ok: true, erasure: erasure.id, caseId: row.id };
}

/** Either of the two, a coordinator or a supervisor, as long as the case is there: the days may be over, and the service has not come to it. */
export async function stopErasing(at: Moment, by: MemberRow, reference: string): Promise<Erasing> {
  const { tx } = at;
  const found = await lockToErase(at, by, reference);
  if (!found) {
    const over = await erasedWith(tx, reference);
    const isKnown = over && mayKnow(await idsOfMember(tx, by), over);
    return { ok: false, reason: isKnown ? 'too_late' : 'no_such' };
  }
  const { row, erasure } = found;
  if (!erasure) return { ok: false, reason: 'not_asked' };
  if (!(await mayStop(at, by, erasure))) return { ok: false, reason: 'not_yours' };
  await endErasure(at, erasure, { because: 'member', by: by.id });
  return { ok: true, erasure: erasure.id, caseId: row.id };
}

/** Whether a member may be the second one. */
export async function mayAgree(at: Moment, by: MemberRow, row: ErasureRow): Promise<boolean> {
  const { tx, now } = at;
  const { excluded } = (await findAlertOfCase(tx, row.caseId)) ?? row;
  if (!row.askedBy || (await whyNotOne(at, by, now))) return false;
  return !(await whyNotTwo(at, row.askedBy, by, { excluded, when: now }));
}

export async function mayStop(at: Moment, by: MemberRow, row: ErasureRow): Promise<boolean> {
  if (by.role === 'coordinator') return true;
  const officer = by.officerId && (await findOfficer(at.tx, by.officerId));
  if (officer && officer.role === 'supervisor' && officer.removedAt === null) return true;
  const ids: readonly string[] = await idsOfMember(at.tx, by);
  return (
    (row.askedBy !== null && ids.includes(row.askedBy)) ||
    (row.agreedBy !== null && ids.includes(row.agreedBy))
  );
}

async function lockToErase(at: Moment, by: MemberRow, reference: string): Promise<Found | undefined> {
  const { tx } = at;
  const known = await findCaseFor(tx, await idsOfMember(tx, by), reference);
  const row = known && (await lockCase(tx, known.id));
  if (!row) return undefined;
  const alert = await lockAlertOfCase(tx, row.id);
  return { row, alert, erasure: await liveErasure(tx, row.id) };
}

/** Officers are sought for it, or one has it and the person may be in danger. */
const isOpen = (alert: AlertRow | undefined): boolean =>
  alert !== undefined && !alert.isQuiet && alert.state !== 'closed';

async function isMuted(at: Moment, caseId: CaseId): Promise<boolean> {
  const alert = await findAlertOfCase(at.tx, caseId);
  const link = alert && (await openReporter(at, alert));
  for (const { contactId } of link ? chatsOf(link) : [])
    if ((await findContactBrief(at.tx, contactId))?.mutedAt) return true;
  return false;
}

/** Two days after an alert was closed nothing leads to the person any more, who is to be told when all is erased. */
async function keepWhose(at: Moment, alert: AlertRow, caseId: CaseId): Promise<void> {
  if (await openReporter(at, alert)) return;
  const link = linkOf(await reportersOf(at, caseId));
  if (link) await updateAlert(at.tx, alert.id, await sealReporter(at, alert.id, link));
}
