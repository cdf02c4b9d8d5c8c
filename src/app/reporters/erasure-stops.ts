/**
 * A case that is to be erased and is not: a person stopped it, or something came that must not be erased with it.
 *
 * Invariants: what a reporter tells or sends in the days before the erasing stops it, a cry for help above all (thanks and
 * greetings tell nothing: `conversation/words/wishes.ts`); it is
 * stopped until the last moment, also when its days are over; the two who wanted it, supervisors, and the case itself
 * hear that it was stopped, and members who want it erased begin anew.
 */
import { type AlertRow, findAlertOfCase } from '../../db/alerts.ts';
import { findCase } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import { type ErasureRow, liveErasure, liveErasures, updateErasure } from '../../db/erasures.ts';
import { lockCase } from '../../db/locks.ts';
import { allMembers, findMember } from '../../db/members.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import type { CaseId, ContactId, MemberId } from '../../kernel/ids.ts';
import { earlierOf } from '../alerts/case-going-on.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { whoMayKnow } from '../records/may-know.ts';
import { openMemberName } from '../records/member-name.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';
import { namesOfInviters } from '../records/who-may-erase.ts';
import { whoHears } from '../retention/time-over.ts';

type Because = Exclude<ErasureRow['stoppedBecause'], null>;

/**
 * The case is not erased, if it was to be, nor those from which it goes on: `reporter`: something came; `alert`: officers
 * are sought for it. Whether it was to be.
 */
export async function stopErasure(at: Moment, caseId: CaseId, because: Because): Promise<boolean> {
  const row = await findCase(at.tx, caseId);
  if (!row) return false;
  let isStopped = false;
  for (const id of [row.id, ...(await earlierOf(at, row))])
    isStopped = (await stopOne(at, id, because)) || isStopped;
  return isStopped;
}

/** The same of every case that this chat has: it may be so long closed that nothing in the chat leads there any more. */
export async function stopErasuresOf(at: Moment, contactId: ContactId): Promise<void> {
  for (const { caseId } of await liveErasures(at.tx)) {
    const alert = await findAlertOfCase(at.tx, caseId);
    const link = alert && (await openReporter(at, alert));
    if (link && chatsOf(link).some((each) => each.contactId === contactId))
      await stopOne(at, caseId, 'reporter');
  }
}

/** The same of everything that a member wanted, who is taken out. */
export async function stopErasuresBy(at: Moment, member: MemberId): Promise<void> {
  for (const { caseId, askedBy, agreedBy } of await liveErasures(at.tx))
    if (askedBy === member || agreedBy === member) await stopOne(at, caseId, 'two_no_more');
}

/** Every one that is asked for or waits: it may have been stopped since, and that word is lost. Returns how many. */
export async function stopEveryErasure(at: Moment, because: Because): Promise<number> {
  let stopped = 0;
  for (const { caseId } of await liveErasures(at.tx)) if (await stopOne(at, caseId, because)) stopped += 1;
  return stopped;
}

async function stopOne(at: Moment, caseId: CaseId, because: Because): Promise<boolean> {
  const { tx } = at;
  // Of most cases there is none: nothing is locked for it.
  if (!(await liveErasure(tx, caseId)) || !(await lockCase(tx, caseId))) return false;
  const found = await liveErasure(tx, caseId);
  if (!found) return false;
  await endErasure(at, found, { because, by: null });
  return true;
}

/** Ends one whose case the caller has locked. `by`: a member who stopped it. */
export async function endErasure(
  at: Moment,
  row: ErasureRow,
  { because, by }: { because: Because; by: MemberId | null },
): Promise<void> {
  const { tx, now } = at;
  const stopped = { state: 'stopped' as const, endedAt: now, stoppedBy: by, stoppedBecause: because };
  await updateErasure(tx, row.id, stopped);
  await sealIntoCase(at, row.caseId, 'event', {
    what: 'erasure_stopped',
    because,
    ...(by ? { member: by } : {}),
  });
  const detail = { erasure: row.id, because };
  await audit(at, { memberId: by, what: 'erasure_stopped', caseId: row.caseId, detail });
  await tellOfErasure(at, row, `erasure.stopped_${because}`);
}

/**
 * Those who wanted it, as far as they have a chat, and supervisors: all who may know of the case. They read who the two are,
 * and who let each into the team.
 */
export async function tellOfErasure(at: Moment, row: ErasureRow, key: string, day = ''): Promise<void> {
  const { tx } = at;
  const alert = await findAlertOfCase(tx, row.caseId);
  if (row.because === 'time_over') return tellOfTime(at, row, alert, key);
  const told = await whoMayKnow(tx, alert ?? row, await peopleOf(tx, row));
  const first = row.askedBy ? await whoIs(at, row.askedBy) : UNKNOWN;
  const second = row.agreedBy ? await whoIs(at, row.agreedBy) : UNKNOWN;
  const people = { first: first.name, first_by: first.by, second: second.name, second_by: second.by };
  await notifyOfficers(at, told, { key, params: { reference: row.reference, day, ...people } });
}

/** One whose time is over: those who were told that it goes hear what became of that, by its reference. */
async function tellOfTime(
  at: Moment,
  row: ErasureRow,
  alert: AlertRow | undefined,
  key: string,
): Promise<void> {
  const what = key === 'erasure.done' ? 'gone' : key.startsWith('erasure.postponed') ? 'postponed' : 'kept';
  const officers = await whoHears(at, alert ?? row);
  await notifyOfficers(at, officers, { key: `retention.${what}`, params: { reference: row.reference } });
}

const UNKNOWN = { name: '–', by: '–' };

async function whoIs(at: Moment, id: MemberId): Promise<{ name: string; by: string }> {
  const member = await findMember(at.tx, id);
  if (!member) return UNKNOWN;
  const by = await namesOfInviters(at, member);
  return { name: openMemberName(at.ctx, member), by: by.join(', ') || UNKNOWN.by };
}

async function peopleOf(tx: Tx, { askedBy, agreedBy }: ErasureRow): Promise<EnrolledOfficer[]> {
  const both = (await allMembers(tx)).filter(({ id }) => id === askedBy || id === agreedBy);
  const theirs = new Set(both.flatMap(({ officerId }) => officerId ?? []));
  return (await enrolledOfficers(tx)).filter(({ id, role }) => role === 'supervisor' || theirs.has(id));
}
