/**
 * Erasing a case, and what people ask for by right, from the console: what was decided is an audit entry, which the erasing
 * itself relies on (`reporters/destroying.ts`); what was refused is none.
 */
import type { ErasingNow, ErasureOfCase, TaskOfCase } from '../../contract/rights.ts';
import { tasksOf } from '../../db/case-tasks.ts';
import { type ErasureRow, lastErasure, liveErasures } from '../../db/erasures.ts';
import { knownCases } from '../../db/known.ts';
import { allMembers, findMember, type MemberRow } from '../../db/members.ts';
import type { CaseId, MemberId } from '../../kernel/ids.ts';
import { after, days } from '../../kernel/time.ts';
import type { EraseReason } from '../../kernel/vocabulary.ts';
import {
  agreeToErase,
  askErasure,
  type Erasing,
  mayAgree,
  mayStop,
  stopErasing,
} from '../decisions/erasing.ts';
import { decideTask, type OwnTask } from '../decisions/tasks.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { idsOfMember } from '../records/may-know.ts';
import { openMemberName } from '../records/member-name.ts';
import { namesOfInviters } from '../records/who-may-erase.ts';

export type ErasingAction = { do: 'ask'; because: EraseReason } | { do: 'agree' | 'stop' };

/** One that was stopped stands in the room for so long. */
const SHOWN_STOPPED = days(14);

export async function decideErasing(
  at: Moment,
  member: MemberRow,
  reference: string,
  action: ErasingAction,
): Promise<Erasing> {
  // Noted where it is stopped, by officer or person.
  if (action.do === 'stop') return stopErasing(at, member, reference);
  const came =
    action.do === 'ask'
      ? await askErasure(at, member, reference, action.because)
      : await agreeToErase(at, member, reference);
  if (!came.ok) return came;
  const what = action.do === 'ask' ? 'erasure_asked' : 'erasure_agreed';
  const because = action.do === 'ask' ? { because: action.because } : {};
  const detail = { erasure: came.erasure, ...because };
  await audit(at, { memberId: member.id, what, caseId: came.caseId, detail });
  return came;
}

export async function seeToTask(
  at: Moment,
  member: MemberRow,
  reference: string,
  task: { kind: OwnTask; state: 'done' | 'declined' },
): Promise<Awaited<ReturnType<typeof decideTask>>> {
  const came = await decideTask(at, member, reference, task);
  if (!came.ok) return came;
  const detail = { task: task.kind, state: task.state };
  await audit(at, { memberId: member.id, what: 'task_decided', caseId: came.caseId, detail });
  return came;
}

/** What was asked for by right in a case, the newest last; and whether it is to be erased. */
export async function rightsOf(
  at: Moment,
  member: MemberRow,
  caseId: CaseId,
): Promise<{ tasks: TaskOfCase[]; erasure: ErasureOfCase | null }> {
  const tasks = (await tasksOf(at.tx, caseId)).map(({ kind, state, askedAt, times, decidedAt }) => ({
    kind,
    state,
    askedAt: askedAt.toISOString(),
    times,
    decidedAt: decidedAt?.toISOString() ?? null,
  }));
  const row = await lastErasure(at.tx, caseId);
  return { tasks, erasure: row ? await erasureOf(at, member, row) : null };
}

async function erasureOf(at: Moment, member: MemberRow, row: ErasureRow): Promise<ErasureOfCase | null> {
  if (row.state === 'done') return null;
  if (row.state === 'stopped' && row.endedAt && row.endedAt < after(at.now, -SHOWN_STOPPED)) return null;
  const nameOf = await names(at);
  const isLive = row.state !== 'stopped';
  return {
    state: row.state,
    ...(await wantedBy(at, row, nameOf)),
    endedAt: row.endedAt?.toISOString() ?? null,
    stoppedBy: row.stoppedBy && nameOf(row.stoppedBy),
    stoppedBecause: row.stoppedBecause,
    mayAgree: row.state === 'asked' && (await mayAgree(at, member, row)),
    mayStop: isLive && (await mayStop(at, member, row)),
  };
}

/** Cases that are to be erased, of which this member may know: for a reader of the log. */
export async function erasingNow(at: Moment, member: MemberRow): Promise<ErasingNow[]> {
  const rows = await liveErasures(at.tx);
  const ids = await idsOfMember(at.tx, member);
  const known = await knownCases(
    at.tx,
    ids,
    rows.map(({ caseId }) => caseId),
  );
  const nameOf = await names(at);
  const shown: ErasingNow[] = [];
  for (const row of rows.filter(({ caseId }) => known.has(caseId)))
    shown.push({
      reference: row.reference,
      ...(await wantedBy(at, row, nameOf)),
    });
  return shown;
}

/** Who wants it erased and why, from when on, and whether that is past. */
async function wantedBy(at: Moment, row: ErasureRow, nameOf: Awaited<ReturnType<typeof names>>) {
  return {
    because: row.because,
    askedBy: row.askedBy && nameOf(row.askedBy),
    rule: at.ctx.retention.rules.find(({ id }) => id === row.rule)?.why ?? null,
    askedAt: row.askedAt.toISOString(),
    agreedBy: row.agreedBy && nameOf(row.agreedBy),
    letInBy: await letInBy(at, row),
    dueAt: row.dueAt?.toISOString() ?? null,
    ...postponed(at, row),
  };
}

/** Since when it is due and not done, and why; `due`: the service has not come to it. */
function postponed({ now }: Moment, row: Pick<ErasureRow, 'dueAt' | 'postponedAt' | 'postponedBecause'>) {
  const { dueAt, postponedAt, postponedBecause } = row;
  if (!dueAt || dueAt > now) return { postponedAt: null, postponedBecause: null };
  return {
    postponedAt: (postponedAt ?? dueAt).toISOString(),
    postponedBecause: postponedBecause ?? ('due' as const),
  };
}

/** Of each of the two, who let them into the team: the same person for both may be one person behind two. */
async function letInBy(at: Moment, { askedBy, agreedBy }: ErasureRow): Promise<string[][]> {
  const both: string[][] = [];
  for (const id of [askedBy, agreedBy].flatMap((each) => each ?? [])) {
    const member = await findMember(at.tx, id);
    both.push(member ? await namesOfInviters(at, member) : []);
  }
  return both;
}

async function names({ tx, ctx }: Moment): Promise<(id: MemberId) => string> {
  const all = new Map((await allMembers(tx)).map((row) => [row.id, openMemberName(ctx, row)]));
  return (id) => all.get(id) ?? '';
}
