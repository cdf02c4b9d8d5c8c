/**
 * What a reporter asks for by right, and the secret code of their case.
 *
 * Invariants: a right that was asked for is a task of the team until a person has seen to it, whatever else happens to the
 * alert; the first code of a case is given within the sitting in which it came to be, any other only after an officer's
 * yes: a new holder of the phone cannot take the case elsewhere. A code is hashed outside any transaction
 * (`receipt-codes.ts`).
 */
import type { Effect, Line, ToldOfficer } from '../../conversation/values/effect.ts';
import { formatReceiptCode } from '../../crypto/receipt-code.ts';
import { askTask, decideTask, endGrants, lockTask, tasksOf } from '../../db/case-tasks.ts';
import { findCase, findReceiptCode, saveReceiptCode, updateCase } from '../../db/cases.ts';
import { lockAlertOfCase } from '../../db/locks.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { after, days, minutes } from '../../kernel/time.ts';
import type { Task } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { tellOfficer } from '../alerts/reporter-news.ts';
import type { Moment } from '../ground/transaction.ts';
import { openReporter } from '../records/reporter-link.ts';

/** As long as the conversation takes a silence for a person's absence (`conversation/steps/silence.ts`). */
const SITTING = minutes(30);
/** So long a code that an officer has granted can be fetched. */
const FETCHED_WITHIN = days(3);

/** What of that which an officer is told is a task. */
const TASK_OF: Partial<Record<ToldOfficer, Task>> = {
  erase_requested: 'erase',
  erase_before: 'erase',
  access: 'access',
  correction: 'correction',
  objection: 'objection',
  wants_person: 'person',
};

/** Notes in the case what the person did, as a task if it is one, and tells an officer. */
export async function tellOfTheirs(at: Moment, caseId: CaseId, what: ToldOfficer): Promise<void> {
  const { tx, now } = at;
  const task = TASK_OF[what];
  const times = task ? await askTask(tx, caseId, task, now) : 1;
  // Said again while nobody has seen to it: the task counts it, and nobody is told anew.
  if (task === 'person' && times > 1) return;
  await sealIntoCase(at, caseId, 'event', { what });
  if (what === 'keep_asked') await withdrawErasing(at, caseId);
  if (task === 'objection') await updateCase(tx, caseId, { objectedAt: now });
  await tellOfficer(at, caseId, what);
}

/** They asked for it themselves, and ask for it no more. */
async function withdrawErasing({ tx, now }: Moment, caseId: CaseId): Promise<void> {
  const task = await lockTask(tx, caseId, 'erase', 'open');
  if (task) await decideTask(tx, task.id, { state: 'declined', decidedBy: null, decidedAt: now });
}

export type Given = { lines: Line[]; code?: { said: string; hash: string } };

/** The code of a case for the person who is in this chat, or what is said in its place. No lines: nothing. */
export async function giveCode(
  at: Moment,
  caseId: CaseId,
  { why, isVeiled, isUnsafe }: Extract<Effect, { type: 'give_code' }>,
): Promise<Given> {
  const { tx, now } = at;
  // The one who holds the case decides about its codes.
  const alert = await lockAlertOfCase(tx, caseId);
  const known = await findReceiptCode(tx, caseId);
  const link = alert && (await openReporter(at, alert));
  const wasAsked = (await tasksOf(tx, caseId)).some(({ kind }) => kind === 'code');
  const openedAt = (await findCase(tx, caseId))?.openedAt;
  // After a silence the phone may be in other hands, unless the case itself is newer than that.
  const isSitting = !isVeiled || (openedAt !== undefined && openedAt > after(now, -SITTING));
  const isFirst = !known && !wasAsked && isSitting && !link?.isUndecided && !link?.chats;
  // Where another person may read it comes only when they ask.
  if (isFirst && isUnsafe && why !== 'asked') return { lines: [{ key: 'bot.code_not_shown' }] };
  if (isFirst) return fresh(at, caseId);
  if (why === 'sent') return { lines: [{ key: known ? 'bot.code_same' : 'bot.code_on_request' }] };
  if (why === 'sos') return { lines: [] };
  const granted = link?.isUndecided ? undefined : await lockTask(tx, caseId, 'code', 'granted');
  if (granted?.decidedAt && granted.decidedAt > after(now, -FETCHED_WITHIN)) {
    const { decidedBy, decidedAt } = granted;
    await decideTask(tx, granted.id, { state: 'done', decidedBy, decidedAt });
    return fresh(at, caseId);
  }
  await endGrants(tx, caseId);
  const times = await askTask(tx, caseId, 'code', now);
  if (times === 1) {
    await sealIntoCase(at, caseId, 'event', { what: 'code_requested' });
    await tellOfficer(at, caseId, 'code_requested');
  }
  return { lines: [{ key: 'bot.code_requested' }] };
}

async function fresh({ tx, ctx, now }: Moment, caseId: CaseId): Promise<Given> {
  const { code, stored } = ctx.receiptCodes.take();
  await saveReceiptCode(tx, { caseId, ...stored }, now);
  const hash = Buffer.from(stored.hash).toString('hex');
  return { lines: [{ key: 'bot.code' }], code: { said: formatReceiptCode(code), hash } };
}
