/**
 * A person of the team has seen to what the reporter of a case asked for by right, or found that it is not to be done.
 *
 * Invariant: nothing that was asked for goes away by itself: it stays open until a person says so, and the case has who.
 */
import { lockTask, decideTask as noteDecided } from '../../db/case-tasks.ts';
import { findCaseFor } from '../../db/known.ts';
import { lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import type { CaseId } from '../../kernel/ids.ts';
import type { Task } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember } from '../records/may-know.ts';

/** A new code is granted by an officer (`codes.ts`). */
export type OwnTask = Exclude<Task, 'code'>;

export async function decideTask(
  at: Moment,
  by: MemberRow,
  reference: string,
  { kind, state }: { kind: OwnTask; state: 'done' | 'declined' },
): Promise<{ ok: true; caseId: CaseId } | { ok: false; reason: 'no_such' | 'no_task' }> {
  const { tx, now } = at;
  const found = await findCaseFor(tx, await idsOfMember(tx, by), reference);
  const row = found && (await lockCase(tx, found.id));
  if (!row) return { ok: false, reason: 'no_such' };
  const task = await lockTask(tx, row.id, kind, 'open');
  if (!task) return { ok: false, reason: 'no_task' };
  await noteDecided(tx, task.id, { state, decidedBy: by.id, decidedAt: now });
  await sealIntoCase(at, row.id, 'event', { what: `task_${state}`, task: kind, member: by.id });
  return { ok: true, caseId: row.id };
}
