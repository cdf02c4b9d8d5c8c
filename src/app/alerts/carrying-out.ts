/** Carrying out what the escalation rules decided about one alert, in the transaction that holds its row. */
import type { Decision, Next } from '../../alerts/escalation.ts';
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import { unreachable } from '../../kernel/errors.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Moment } from '../ground/transaction.ts';
import { saveAlert } from '../records/alert-record.ts';
import { failDrill } from './drill.ts';
import { sayLiveAgain } from './live-again.ts';
import { sayOfferEnded } from './offer-ended.ts';
import { pageOfficers } from './paging.ts';
import { tellNobodyYet } from './reporter-status.ts';

/** Saves the new state, pages, tells and writes down each decision. */
export async function carryOut(
  at: Moment,
  row: AlertRow,
  next: Next,
  officers: readonly EnrolledOfficer[],
): Promise<AlertRow> {
  const saved = await saveAlert(at, row, next);
  for (const decision of next.decisions) {
    await carryOutOne(at, { row, saved, officers }, decision);
    // It has failed: nobody is called any more.
    if (decision.do === 'exhaust' && row.isDrill) break;
  }
  return saved;
}

async function carryOutOne(
  at: Moment,
  { row, saved, officers }: { row: AlertRow; saved: AlertRow; officers: readonly EnrolledOfficer[] },
  decision: Decision,
): Promise<void> {
  const { tx, ctx, now } = at;
  const { reference } = row;
  switch (decision.do) {
    case 'page': {
      const called = officers.filter((officer) => decision.officers.includes(officer.id));
      await pageOfficers(at, saved, called, decision);
      const what = decision.isRepeat ? 'repeated' : 'paged';
      for (const { id: officerId } of called)
        await logAlert(tx, now, row.id, what, { officerId, detail: { step: decision.step } });
      ctx.log.info('alert_step', { reference, step: what });
      return;
    }
    case 'skip':
      await logAlert(tx, now, row.id, 'skipped', { detail: { step: decision.step + 1 } });
      ctx.log.warn('alert_step', { reference, step: 'skipped' });
      return;
    case 'exhaust':
      await logAlert(tx, now, row.id, 'exhausted');
      if (row.isDrill) return failDrill(at, saved, officers);
      await tellNobodyYet(at, saved);
      ctx.log.error('alert_step', { reference, step: 'exhausted' });
      return;
    case 'end_offer':
      return sayOfferEnded(at, saved, officers, { by: decision.to, because: 'no_answer' });
    case 'lapse': {
      await sayLiveAgain(at, saved, { officerId: decision.officer, reason: decision.reason });
      const taker = officers.filter((officer) => officer.id === decision.officer);
      // What an excluded taker had is taken back from their phone, and nothing is said.
      if (decision.reason !== 'excluded')
        await notifyOfficers(at, taker, {
          key: `lapsed.${decision.reason}`,
          params: { reference },
        });
      ctx.log.warn('alert_step', { reference, step: `lapsed_${decision.reason}` });
      return;
    }
    case 'nobody':
      // One row when it begins, not one at each try.
      if (!isNobodyKnown(row)) await logAlert(tx, now, row.id, 'nobody');
      ctx.log.error('alert_step', { reference, step: 'nobody' });
      return;
    default:
      return unreachable(decision);
  }
}

function isNobodyKnown(row: AlertRow): boolean {
  return (row.progress as { isNobody?: boolean }).isNobody === true;
}
