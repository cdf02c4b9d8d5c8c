/**
 * Erasing the cases that two people wanted erased, or whose time is over, and that nobody stopped for seven days.
 *
 * Invariants: each case goes in one transaction, with its keys, items, files, code, tasks, its alert, what waits to be sent
 * about it, and its place in the person's chats: killed in the middle, nothing of it is done, and the next run does it;
 * what is left is that a case with this reference was erased, by whom, when and why. Nothing is erased on the word of the
 * database alone: that two people wanted it, and when, must stand in the audit log under the server's signature, and
 * nothing there that it was stopped; and both must still be people who may want it; of one whose time is over, that it was told
 * (`retention/time-over.ts`). A case that is held stays. The last word is the case's: something
 * that came, or an alert that pages, stops it even now, and what may have come and is not heard yet postpones it
 * (`all-heard.ts`).
 */
import type { AuditRow } from '../../crypto/audit-chain.ts';
import { cleanUpCases } from '../../db/after-erasing.ts';
import { type AlertRow, findAlertOfCase } from '../../db/alerts.ts';
import { type CaseRow, deleteCase, findCase } from '../../db/cases.ts';
import { lockContactById } from '../../db/contacts.ts';
import {
  auditedAbout,
  deleteAlert,
  type ErasureRow,
  endedErasures,
  findErasure,
  insertErasure,
  updateErasure,
  wasRaisedSince,
} from '../../db/erasures.ts';
import { findHold } from '../../db/holds.ts';
import { lockAlertOfCase, lockCase } from '../../db/locks.ts';
import { noteCleaned, noteToClean, toCleanSince } from '../../db/service-state.ts';
import { type CaseId, type ContactId, type ErasureId, type MemberId, newId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, days } from '../../kernel/time.ts';
import { earlierOf } from '../alerts/case-going-on.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import { sayTime } from '../duty/officer-wording.ts';
import { takeBackAnswers } from '../duty/retraction.ts';
import { takeBackWords } from '../duty/word-fate.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { isOwnAuditRow } from '../records/audit-end.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';
import { areStillTwo } from '../records/who-may-erase.ts';
import { reportersOf } from '../records/whose-case.ts';
import { sealStatistics } from '../retention/statistics.ts';
import { provedTold } from '../retention/time-over.ts';
import { whyNotAllHeard } from './all-heard.ts';
import { endErasure, tellOfErasure } from './erasure-stops.ts';
import { letGoOfErased } from './other-chats.ts';
import { postpone, postponeOne } from './postponing.ts';

/** Between the second yes and the erasing; and so long the first one waits for a second. */
export const STOPPABLE = days(7);
/** More wait for the next run. */
const MOST_AT_ONCE = 200;

/** Erases what is due, each by itself; returns how many cases. Called only while nobody mistrusts the time. */
export async function eraseDue(ctx: Context): Promise<number> {
  const now = await ctx.clock.now(ctx.db);
  let erased = 0;
  for (const { id } of await endedErasures(ctx.db, now, after(now, -STOPPABLE), MOST_AT_ONCE)) {
    try {
      if (await transact(ctx, (at) => endOne(at, id))) erased += 1;
    } catch (error) {
      // One that cannot be erased keeps no other from it.
      ctx.log.error('cycle_failed', { cycle: 'erase', ...reduceError(error) });
      await postponeOne(ctx, id, 'failed').catch(() => undefined);
    }
  }
  if (erased > 0) ctx.log.info('cases_erased', { count: erased });
  await cleanFiles(ctx, erased).catch((error: unknown) =>
    ctx.log.warn('cycle_failed', { cycle: 'clean_up', ...reduceError(error) }),
  );
  return erased;
}

/** What PostgreSQL holds of it on the disk is free to be written over; also after a run that was killed before it did so. */
async function cleanFiles({ db }: Context, erased: number): Promise<void> {
  const since = await toCleanSince(db);
  if (!since && erased === 0) return;
  await cleanUpCases(db);
  if (since) await noteCleaned(db, since);
}

async function endOne(at: Moment, id: ErasureId): Promise<boolean> {
  const { tx, now } = at;
  const noted = await findErasure(tx, id);
  if (!noted) return false;
  // Contacts before the case: the order in which intake locks them, so that a person who writes now is heard before or after.
  const contacts = await chatsAbout(at, noted.caseId);
  for (const each of contacts) await lockContactById(tx, each);
  const row = await lockCase(tx, noted.caseId);
  const alert = await lockAlertOfCase(tx, noted.caseId);
  const erasure = await findErasure(tx, id);
  // Stopped meanwhile, or agreed to only now.
  if (!erasure || !isDue(erasure, now)) return false;
  if (!row) {
    await updateErasure(tx, id, { state: 'stopped', endedAt: now, stoppedBecause: 'unproved' });
    return false;
  }
  if (erasure.state === 'asked') {
    await endErasure(at, erasure, { because: 'nobody_agreed', by: null });
    return false;
  }
  if (await findHold(tx, row.id)) {
    await endErasure(at, erasure, { because: 'held', by: null });
    return false;
  }
  if (alert && isPaging(alert)) {
    await endErasure(at, erasure, { because: 'alert', by: null });
    return false;
  }
  const proved = await proof(at, row, alert, erasure);
  if (!proved.ok) {
    if (proved.because === 'unproved') at.ctx.log.error('erasure_unproved', { reference: erasure.reference });
    await endErasure(at, erasure, { because: proved.because, by: null });
    return false;
  }
  if (alert && (await wasRaisedSince(tx, alert.id, proved.since))) {
    await endErasure(at, erasure, { because: 'alert', by: null });
    return false;
  }
  const cases = [row.id, ...(await earlierOf(at, row))];
  const unheard = await whyNotAllHeard(at, { cases, contacts, dueAt: erasure.dueAt ?? now });
  if (unheard) {
    await postpone(at, erasure, unheard);
    return false;
  }
  await destroy(at, { row, alert, erasure, contacts });
  return true;
}

const isPaging = ({ isQuiet, state }: AlertRow): boolean => !isQuiet && state !== 'closed';

function isDue({ state, dueAt, askedAt }: ErasureRow, now: Date): boolean {
  if (state === 'asked') return after(askedAt, STOPPABLE) <= now;
  return state === 'waiting' && dueAt !== null && dueAt <= now;
}

/** Every chat that leads to the case, in one order everywhere. */
async function chatsAbout(at: Moment, caseId: CaseId): Promise<ContactId[]> {
  const alert = await findAlertOfCase(at.tx, caseId);
  const link = alert && (await openReporter(at, alert));
  const known = link ? [...chatsOf(link), ...(link.chats ?? []), ...(link.refused ?? [])] : [];
  const found = await reportersOf(at, caseId);
  return [...new Set([...known, ...found].map(({ contactId }) => contactId))].sort();
}

/** Since when it is wanted, or told, by more than the word of the database; or why it does not go. */
async function proof(
  at: Moment,
  row: CaseRow,
  alert: AlertRow | undefined,
  erasure: ErasureRow,
): Promise<{ ok: true; since: Date } | { ok: false; because: 'unproved' | 'two_no_more' | 'kept_longer' }> {
  if (erasure.because === 'time_over') return provedTold(at, row, erasure);
  const two = await provedTwo(at, erasure);
  if (!two) return { ok: false, because: 'unproved' };
  const isStill = await areStillTwo(at, two, alert?.excluded ?? []);
  return isStill ? { ok: true, since: two[0].at } : { ok: false, because: 'two_no_more' };
}

type Said = { id: MemberId; at: Date };

/** The two, if the audit log holds, signed, that they wanted it, that the days are over, and no word of a stop. */
async function provedTwo(at: Moment, row: ErasureRow): Promise<readonly [Said, Said] | undefined> {
  const { askedBy, agreedBy } = row;
  if (!askedBy || !agreedBy || askedBy === agreedBy) return undefined;
  // Signed or not: what says that it was stopped keeps the case.
  if ((await auditedAbout(at.tx, 'erasure_stopped', row.id)).length > 0) return undefined;
  const asked = await signedBy(at, 'erasure_asked', row, askedBy);
  const agreed = await signedBy(at, 'erasure_agreed', row, agreedBy);
  if (!asked || !agreed || after(agreed.at, STOPPABLE) > at.now) return undefined;
  return [
    { id: askedBy, at: asked.at },
    { id: agreedBy, at: agreed.at },
  ];
}

async function signedBy(
  { tx, ctx }: Moment,
  what: string,
  { id, caseId }: ErasureRow,
  by: MemberId,
): Promise<AuditRow | undefined> {
  for (const each of await auditedAbout(tx, what, id)) {
    if (each.memberId !== by || each.caseId !== caseId) continue;
    if (await isOwnAuditRow(tx, ctx.keyring.signer, each)) return each;
  }
  return undefined;
}

type Doomed = { row: CaseRow; alert: AlertRow | undefined; erasure: ErasureRow; contacts: ContactId[] };

async function destroy(at: Moment, { row, alert, erasure, contacts }: Doomed): Promise<void> {
  const { tx, ctx, now } = at;
  const gone = [row.id, ...(await earlierOf(at, row))];
  for (const each of contacts) {
    await takeBackWords(at, each);
    await takeBackAnswers(at, each, gone);
  }
  const isTimeOver = erasure.because === 'time_over';
  // After years "c'est fait" would say nothing to the person, and something to another one who has that phone then.
  if (alert && !isTimeOver)
    await writeToReporter(
      at,
      alert,
      'status.neutral_done',
      { at: sayTime(now, now, ctx.settings.timeZone) },
      { while: 'erased' },
    );
  const excluded = alert?.excluded ?? [];
  const statistics = isTimeOver ? await sealStatistics(at, row, erasure.rule ?? '') : null;
  for (const id of gone) {
    for (const each of contacts) await letGoOfErased(at, each, id);
    const about = id === row.id ? alert : await lockAlertOfCase(tx, id);
    if (about) await deleteAlert(tx, about.id);
    const left = await noteErased(at, id, erasure);
    await deleteCase(tx, id);
    if (id !== row.id) await insertErasure(tx, { ...left, state: 'done', excluded });
  }
  const isUntold = ctx.settings.hasBackups;
  await updateErasure(tx, erasure.id, { state: 'done', endedAt: now, excluded, isUntold, statistics });
  // What is said of the alert goes with it: said once it is gone, and once no restore brings it back.
  if (isUntold) ctx.nudge('list');
  else await tellOfErasure(at, { ...erasure, excluded }, 'erasure.done');
  // Last: each process that lives writes to this row.
  await noteToClean(tx, now);
}

/** The log has that it is erased, by whose wish or by which rule. Returns what is left of an earlier case that goes with it. */
async function noteErased(at: Moment, caseId: CaseId, erasure: ErasureRow) {
  const { askedBy, agreedBy, because, rule, askedAt, agreedAt, dueAt } = erasure;
  const reference = (await findCase(at.tx, caseId))?.reference ?? '';
  const people = askedBy ? { asked: askedBy, agreed: agreedBy ?? '' } : { rule: rule ?? '' };
  const detail = { erasure: erasure.id, reference, because, ...people };
  await audit(at, { memberId: null, what: 'case_erased', caseId, detail });
  const times = { askedAt, agreedAt, dueAt, endedAt: at.now };
  return { id: newId<ErasureId>(), caseId, reference, because, rule, askedBy, agreedBy, ...times };
}
