/**
 * People who must not know of a case: looked at again with each answer.
 *
 * Invariants: a person who is excluded is not paged, does not have it any more, and learns nothing of it from then on;
 * what they were told is taken back (`withdrawing.ts`); nobody is let in again because answers were forgotten here,
 * only because one was corrected; the log says who and never why: the reason is sealed into the case, and the plan
 * holds it under the server key; the outside contact hears it when no supervisor, or nobody at all, may have the
 * case.
 */
import { type CaseFacts, excludedBy, personOf } from '../../alerts/plan.ts';
import { offeredTo } from '../../alerts/progress.ts';
import type { Answers } from '../../conversation/values/answer.ts';
import { type AlertRow, excludedBefore, logAlert, updateAlert } from '../../db/alerts.ts';
import { findCase, updateCase } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import { sameHumans } from '../../db/known.ts';
import { lockAlertOfCase } from '../../db/locks.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { CaseId, PersonId } from '../../kernel/ids.ts';
import { loadExclusions } from '../duty/duty-plan.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { toAlertNow } from '../records/alert-record.ts';
import { excludedFrom, withNamesakes } from '../records/may-know.ts';
import { sealIntoCase } from './case-record.ts';
import { lookWhoIsLeft } from './nobody-may-know.ts';
import { withdrawFrom } from './withdrawing.ts';

/** Lists of which a code in an answer names the alleged perpetrator. */
const PERPETRATORS = ['perpetrators', 'perpetrator_groups'];

/**
 * Excludes from the alert of a case whom its answers exclude now. `areAll`: these are all answers of the report, so that
 * whom they do not exclude is let in again.
 */
export async function lookAtExclusions(
  at: Moment,
  caseId: CaseId,
  answers: Answers,
  { areAll }: { areAll: boolean },
): Promise<void> {
  const { tx, ctx, now } = at;
  const exclusions = await loadExclusions(tx, ctx);
  if (exclusions.length === 0) return;
  const row = await lockAlertOfCase(tx, caseId);
  if (!row) return;
  const found = excludedBy(exclusions, factsOf(ctx, answers));
  for (const { officer, member, because } of found) {
    const person = personOf({ officer, member });
    if (person === undefined || row.excluded.includes(person)) continue;
    const who = officer ? { officer } : { member };
    await sealIntoCase(at, caseId, 'event', { what: 'excluded', ...who, because });
    await logAlert(tx, now, row.id, 'excluded', officer ? { officerId: officer } : {});
  }
  const people = found.flatMap((each) => personOf(each) ?? []);
  const before = areAll ? await excludedBefore(tx, caseId) : row.excluded;
  const all = [...new Set([...before, ...(await withNamesakes(at, people))])];
  const isSame = all.length === row.excluded.length && all.every((id) => row.excluded.includes(id));
  if (!isSame) await exclude(at, row, all);
}

/** From now on these, and nobody else, must not know of it. */
async function exclude(at: Moment, row: AlertRow, people: PersonId[]): Promise<void> {
  const { tx, ctx, now } = at;
  const alert = { ...row, excluded: people };
  const excluded = await excludedFrom(tx, alert);
  const before = await excludedFrom(tx, row);
  const asked = offeredTo(toAlertNow(row));
  const isHeld = row.state === 'taken' && row.takenBy !== null && excluded.has(row.takenBy);
  const isWaited = row.state === 'open' && !row.isQuiet;
  const isDue = isWaited || isHeld || (asked !== undefined && excluded.has(asked));
  await updateAlert(tx, row.id, { excluded: people, ...(isDue ? { nextStepAt: now } : {}) });
  for (const officer of await enrolledOfficers(tx))
    if (excluded.has(officer.id) && !before.has(officer.id)) await withdrawFrom(at, alert, officer);
  await letGoOfResponsible(tx, row, people);
  await lookWhoIsLeft(at, alert);
  ctx.nudge('list');
  ctx.nudge('escalate');
}

/** A member who must not know of the case does not answer for it. */
async function letGoOfResponsible(
  tx: Tx,
  { caseId }: AlertRow,
  excluded: readonly PersonId[],
): Promise<void> {
  const row = caseId ? await findCase(tx, caseId) : undefined;
  if (!row?.responsible) return;
  const theirs: readonly PersonId[] = await sameHumans(tx, [row.responsible]);
  if (excluded.some((id) => theirs.includes(id))) await updateCase(tx, row.id, { responsible: null });
}

/** The region and the alleged perpetrators that the reporter named: kinds and groups. */
function factsOf({ conversation }: Context, answers: Answers): CaseFacts {
  const perpetrators: string[] = [];
  let region: string | undefined;
  for (const [step, answer] of Object.entries(answers)) {
    if (answer.kind === 'place') region = answer.region ?? region;
    if (!PERPETRATORS.includes(conversation.flows.listOf(step) ?? '')) continue;
    if (answer.kind === 'choice') perpetrators.push(answer.value);
    if (answer.kind === 'choices') perpetrators.push(...answer.values);
  }
  return { perpetrators, ...(region ? { region } : {}) };
}
