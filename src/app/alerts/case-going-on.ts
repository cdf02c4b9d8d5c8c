/**
 * A case whose key is not the one that the server signed: an intruder has changed the database, and would read what
 * comes.
 *
 * Invariants: nothing more is sealed to that key, and nothing is kept under a weaker one: what comes goes into a fresh,
 * signed case that names the old one, in the same transaction, so the person who reports notices nothing and loses
 * nothing; supervisors are told once for each such case, and an officer is sought for the fresh one as for the old one;
 * which case goes on from which is signed too, so that nobody's words are led into another person's case.
 */
import { isContinuation } from '../../crypto/case-binding.ts';
import { type AlertRow, updateAlert } from '../../db/alerts.ts';
import { type CaseRow, continuationsOf, findCase, updateCase } from '../../db/cases.ts';
import type { Db, Tx } from '../../db/database.ts';
import { moveWaitingEvidence } from '../../db/evidence.ts';
import { lockAlertOfCase, lockCase } from '../../db/locks.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { CaseId, PersonId } from '../../kernel/ids.ts';
import { CLASS, demandsAlert, hasEnded, type Level } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { type BoundCase, boundCase, sealIntoBound } from '../records/bound-case.ts';
import { createDraft, openCase } from '../records/case-opening.ts';
import { whoMayKnow } from '../records/may-know.ts';
import { linkOf } from '../records/reporter-chats.ts';
import { openReporter, sealReporter } from '../records/reporter-link.ts';
import { reportersOf } from '../records/whose-case.ts';
import { raiseAlert } from './alerting.ts';
import { openQuietAlert } from './quiet-alerts.ts';
import { newCaseNotice } from './reporter-news.ts';

/** The case, locked, into which what is for `caseId` goes: itself, or the one that goes on in its place. */
export async function lockCaseToAddTo(at: Moment, caseId: CaseId): Promise<BoundCase> {
  const { tx, ctx } = at;
  const row = await lockCase(tx, caseId);
  if (!row) throw new LakanaError('case_missing', 'the case to add to does not exist');
  const bound = boundCase(ctx, row);
  if (bound) return bound;
  const next = await continuationOf(tx, ctx, caseId);
  return next ? lockCaseToAddTo(at, next) : goOn(at, row);
}

/** The same for a caller that only names the case. One that does not exist (any more) is left as it is. */
export async function caseGoingOn(at: Moment, caseId: CaseId): Promise<CaseId> {
  const row = await findCase(at.tx, caseId);
  if (!row || boundCase(at.ctx, row)) return caseId;
  return (await lockCaseToAddTo(at, caseId)).id;
}

/** The newest case that goes on from this one; itself, if none does. Makes none. */
export async function newestOf(db: Db | Tx, ctx: Pick<Context, 'keyring'>, caseId: CaseId): Promise<CaseId> {
  const next = await continuationOf(db, ctx, caseId);
  return next ? newestOf(db, ctx, next) : caseId;
}

/** The cases from which this one goes on, newest first. */
export async function earlierOf(at: Moment, row: CaseRow): Promise<CaseId[]> {
  const { id: caseId, replaces, replacesSignature } = row;
  if (!replaces || !isContinuation(at.ctx.keyring.signer, { caseId, replaces }, replacesSignature)) return [];
  const before = await findCase(at.tx, replaces);
  return before ? [before.id, ...(await earlierOf(at, before))] : [];
}

async function continuationOf(
  db: Db | Tx,
  { keyring }: Pick<Context, 'keyring'>,
  replaces: CaseId,
): Promise<CaseId | undefined> {
  const found = (await continuationsOf(db, replaces)).find(({ id: caseId, replacesSignature }) =>
    isContinuation(keyring.signer, { caseId, replaces }, replacesSignature),
  );
  return found?.id;
}

async function goOn(at: Moment, row: CaseRow): Promise<BoundCase> {
  const { tx, ctx } = at;
  const id = await createDraft(at, row.channel, row.id);
  const before = await lockAlertOfCase(tx, row.id);
  const fresh = row.reference ? await openInstead(at, row, before, id) : undefined;
  const made = await lockCase(tx, id);
  const bound = made && boundCase(ctx, made);
  if (!bound) throw new LakanaError('case_key_unproved', 'a case that was just made is not bound to its key');
  await sealIntoBound(at, bound, 'event', { what: 'goes_on', from: row.reference });
  await moveWaitingEvidence(tx, row.id, id);
  await audit(at, { memberId: null, what: 'case_key_unproved', caseId: row.id });
  await tellSupervisors(at, before?.excluded ?? [], { reference: row.reference, fresh });
  ctx.log.error('case_key_unproved', { reference: row.reference ?? '-', goesOn: fresh ?? '-' });
  return { ...bound, chainLength: 1, chainHead: (await findCase(tx, id))?.chainHead ?? null };
}

/** The fresh case stands where the old one stood, with an alert of its own. Returns its reference. */
async function openInstead(
  at: Moment,
  row: CaseRow,
  before: AlertRow | undefined,
  id: CaseId,
): Promise<string> {
  const { zone, region, isSubmitted, isUnfinished } = row;
  const level = row.level as Level;
  const reference = await openCase(at, id, {
    level,
    ...(zone ? { zone } : {}),
    ...(region ? { region } : {}),
    isSubmitted,
    isUnfinished,
  });
  // It is as far as the old one was, and is in the same hands; one that had ended begins again with what comes now.
  if (row.status !== 'draft')
    await updateCase(at.tx, id, {
      ...(hasEnded(row.status)
        ? { status: 'waiting_for_us' }
        : { status: row.status, statusSince: row.statusSince }),
      responsible: row.responsible,
    });
  const known = before && (await openReporter(at, before));
  const link = known ?? linkOf(await reportersOf(at, row.id));
  const whose = link && {
    contactId: link.contactId,
    ...(link.mayWrite === undefined ? {} : { mayWrite: link.mayWrite }),
  };
  const alert = { caseId: id, reference, level, ...(region ? { region } : {}), ...whose };
  if (demandsAlert(level)) await raiseAlert(at, alert);
  else await openQuietAlert(at, alert);
  // An officer who must not have the one must not have the other; nobody was paged yet.
  const raised = await lockAlertOfCase(at.tx, id);
  if (raised && before) await updateAlert(at.tx, raised.id, { excluded: before.excluded });
  // In several chats, perhaps undecided, and refused to others, as the old one was.
  if (raised && (link?.chats || link?.refused))
    await updateAlert(at.tx, raised.id, await sealReporter(at, raised.id, { ...link, replies: [] }));
  if (!demandsAlert(level)) await newCaseNotice(at, alert);
  return reference;
}

async function tellSupervisors(
  at: Moment,
  excluded: PersonId[],
  { reference, fresh }: { reference: string | null; fresh: string | undefined },
): Promise<void> {
  const officers = await whoMayKnow(at.tx, { excluded }, await enrolledOfficers(at.tx));
  const supervisors = officers.filter((each) => each.role === 'supervisor');
  const told = supervisors.length > 0 ? supervisors : officers;
  await notifyOfficers(at, told, {
    key: reference && fresh ? 'notice.case_key' : 'notice.draft_key',
    params: { reference: reference ?? '', fresh: fresh ?? '' },
    class: CLASS.criticalPage,
  });
}
