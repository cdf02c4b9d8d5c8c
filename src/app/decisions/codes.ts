/**
 * An officer says whether a person gets a new secret code.
 *
 * Invariants: only the officer who has the alert, or a supervisor, decides, and only once it is known whose the chats
 * are; from the yes on the old code opens nothing; no code is sent unasked: it waits until the person writes for it.
 */
import { logAlert } from '../../db/alerts.ts';
import { decideTask, lockTask } from '../../db/case-tasks.ts';
import { deleteReceiptCode } from '../../db/cases.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import type { Moment } from '../ground/transaction.ts';
import { openReporter } from '../records/reporter-link.ts';
import { type Decider, lockDecidable, type NotOwn, noteWorkOfTaker, timeNow } from './deciding.ts';
import { type Decided, refused } from './what-came.ts';

type NotFound = NotOwn | 'no_task' | 'undecided';

export async function grantCode(
  at: Moment,
  by: Decider,
  reference: string,
): Promise<Decided<'code_granted', NotFound>> {
  const { tx } = at;
  const found = await lockDecidable(at, by, reference);
  if (!found.ok) return found;
  const { alert } = found;
  if ((await openReporter(at, alert))?.isUndecided) return refused('undecided');
  const caseId = await decide(at, by, found.alert, 'granted');
  if (!caseId) return refused('no_task');
  await deleteReceiptCode(tx, caseId, at.now);
  at.ctx.nudge('list');
  const written = await writeToReporter(
    at,
    alert,
    'status.neutral_ready',
    { at: timeNow(at) },
    { while: 'live' },
  );
  await noteWorkOfTaker(at, alert, by);
  return { ok: true, came: 'code_granted', ...(written.ok ? {} : { unreached: written.reason }) };
}

export async function declineCode(
  at: Moment,
  by: Decider,
  reference: string,
): Promise<Decided<'code_declined', NotOwn | 'no_task'>> {
  const found = await lockDecidable(at, by, reference);
  if (!found.ok) return found;
  if (!(await decide(at, by, found.alert, 'declined'))) return refused('no_task');
  await noteWorkOfTaker(at, found.alert, by);
  return { ok: true, came: 'code_declined' };
}

type Alert = Extract<Awaited<ReturnType<typeof lockDecidable>>, { ok: true }>['alert'];

/** Writes it down; returns whose code it is, undefined: nobody asked for one. */
async function decide(at: Moment, by: Decider, { id, caseId }: Alert, state: 'granted' | 'declined') {
  const { tx, now } = at;
  const task = caseId && (await lockTask(tx, caseId, 'code', 'open'));
  if (!caseId || !task) return undefined;
  const { id: officerId } = by.officer;
  await decideTask(tx, task.id, { state, decidedBy: officerId, decidedAt: now });
  await sealIntoCase(at, caseId, 'event', { what: `code_${state}`, by: officerId });
  await logAlert(tx, now, id, `code_${state}`, { officerId });
  return caseId;
}
