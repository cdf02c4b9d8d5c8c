/**
 * The escalate cycle: looks at every alert whose next step is due.
 *
 * Invariants: one transaction per alert, its row locked and passed over by everybody else; an alert that makes
 * this fail keeps no other one waiting and is tried again in the next run; whatever happens, the alert still
 * has its next step, which the database demands.
 */
import { everybodyNow, nextAction } from '../../alerts/escalation.ts';
import { dueAlerts, updateAlert } from '../../db/alerts.ts';
import { claimDueAlert } from '../../db/locks.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { AlertId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, hours } from '../../kernel/time.ts';
import { onCallNow } from '../duty/duty-plan.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { policyOf, toAlertNow } from '../records/alert-record.ts';
import { whoIsMissing } from '../records/may-know.ts';
import { carryOut } from './carrying-out.ts';
import { doMarked } from './marked-work.ts';
import { lookWhoIsLeft } from './nobody-may-know.ts';

/** Alerts looked at in one run; what is left over comes in the next one, which follows at once. */
const AT_ONCE = 100;
/** Before a step that made the service fall three times is tried again. */
const PUT_OFF = hours(1);

/** Does what is due for all alerts; returns how many were moved on. */
export async function escalateDue(ctx: Context): Promise<number> {
  const due = await dueAlerts(ctx.db, await ctx.clock.now(ctx.db), AT_ONCE);
  let done = 0;
  for (const id of due) {
    try {
      const isMoved = await doMarked(ctx, 'alert', id, {
        do: () => escalateOne(ctx, id),
        park: () => putOff(ctx, id),
      });
      if (isMoved) done += 1;
    } catch (error) {
      ctx.log.error('cycle_failed', { cycle: 'escalate', ...reduceError(error) });
    }
  }
  return done;
}

/** An alert whose step makes the service fall stays, with its next step later: people are told, and it is seen in the room. */
async function putOff(ctx: Context, id: AlertId): Promise<boolean> {
  return transact(ctx, async ({ tx, now }) => {
    const row = await claimDueAlert(tx, id, now);
    if (row) await updateAlert(tx, id, { nextStepAt: after(now, PUT_OFF) });
    return false;
  });
}

async function escalateOne(ctx: Context, id: AlertId): Promise<boolean> {
  return transact(ctx, async (at) => {
    const { tx, now } = at;
    const row = await claimDueAlert(tx, id, now);
    // An officer took it, or another process has it.
    if (!row) return false;
    const officers = await enrolledOfficers(tx);
    const people = await onCallNow(at, officers, row);
    const policy = policyOf(row);
    const isAlone = (await whoIsMissing(tx, row)) !== undefined;
    const alert = isAlone ? everybodyNow(policy, toAlertNow(row), now) : toAlertNow(row);
    const next = nextAction(policy, alert, now, people);
    const saved = await carryOut(at, row, next, officers);
    await lookWhoIsLeft(at, saved);
    return true;
  });
}
