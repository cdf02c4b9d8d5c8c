/**
 * A taken alert is live again, because its taker gave it back, did nothing, or lost the phone: the pages and the
 * reporter are told.
 */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Moment } from '../ground/transaction.ts';
import { refreshPages } from './paging.ts';
import { writeToReporter } from './writing-to-reporter.ts';

/** Writes it down, makes the pages true and tells the reporter; the escalate cycle does the rest. `saved`: as it is now. */
export async function sayLiveAgain(
  at: Moment,
  saved: AlertRow,
  why: { officerId: OfficerId; reason: string },
): Promise<void> {
  const { tx, ctx, now } = at;
  const { officerId, reason } = why;
  await logAlert(tx, now, saved.id, 'lapsed', { officerId, detail: { reason } });
  await refreshPages(at, saved);
  const time = sayTime(now, now, ctx.settings.timeZone);
  await writeToReporter(at, saved, 'status.neutral_again', { at: time }, { while: 'open' });
  ctx.nudge('escalate');
}
