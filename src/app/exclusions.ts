/**
 * Officers who must not have a case: looked at again with each answer.
 *
 * Invariants: whoever is excluded is not paged, cannot take it, and has it no longer; nobody is let in again because answers
 * were forgotten here, only because one was corrected; the log says who and never why: the reason is sealed into the case,
 * and the plan holds it under the server key.
 */
import { type CaseFacts, excludedBy } from '../alerts/plan.ts';
import type { Answers } from '../conversation/answer.ts';
import { lockAlertOfCase, logAlert, updateAlert } from '../db/alerts.ts';
import type { Tx } from '../db/database.ts';
import { queuedPagesOf } from '../db/pages.ts';
import type { CaseId } from '../kernel/ids.ts';
import { sealIntoCase } from './case-record.ts';
import type { Context } from './context.ts';
import { loadExclusions } from './duty-plan.ts';
import { cancelQueued } from './outbox.ts';

/** Lists of which a code in an answer names the alleged perpetrator. */
const PERPETRATORS = ['perpetrators', 'perpetrator_groups'];

/**
 * Excludes from the alert of a case whom its answers exclude now. `areAll`: these are all answers of the report, so that
 * whom they do not exclude is let in again.
 */
export async function lookAtExclusions(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  answers: Answers,
  { areAll }: { areAll: boolean },
): Promise<void> {
  const exclusions = await loadExclusions(tx, ctx);
  if (exclusions.length === 0) return;
  const row = await lockAlertOfCase(tx, caseId);
  if (!row) return;
  const found = excludedBy(exclusions, factsOf(ctx, answers));
  const before = areAll ? [] : row.excluded;
  const ids = [...new Set([...before, ...found.map(({ officer }) => officer)])];
  const fresh = found.filter(({ officer }) => !row.excluded.includes(officer));
  if (fresh.length === 0 && ids.length === row.excluded.length) return;
  for (const { officer, because } of fresh) {
    await sealIntoCase(tx, ctx, now, caseId, 'event', { what: 'excluded', officer, because });
    await logAlert(tx, now, row.id, 'excluded', { officerId: officer });
    await cancelQueued(tx, await queuedPagesOf(tx, row.id, officer));
  }
  const isTakerExcluded = row.state === 'taken' && row.takenBy !== null && ids.includes(row.takenBy);
  await updateAlert(tx, row.id, { excluded: ids, ...(isTakerExcluded ? { nextStepAt: now } : {}) });
  if (isTakerExcluded) ctx.nudge('escalate');
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
