/**
 * A taken alert is live again, because its taker gave it back, did nothing, or lost the phone: the pages and the
 * reporter are told.
 */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { Tx } from '../../db/database.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Context } from '../ground/context.ts';
import { refreshPages } from './paging.ts';
import { writeToReporter } from './writing-to-reporter.ts';

/** Writes it down, makes the pages true and tells the reporter; the escalate cycle does the rest. `saved`: as it is now. */
export async function sayLiveAgain(
  tx: Tx,
  ctx: Context,
  now: Date,
  saved: AlertRow,
  why: { officerId: OfficerId; reason: string },
): Promise<void> {
  const { officerId, reason } = why;
  await logAlert(tx, now, saved.id, 'lapsed', { officerId, detail: { reason } });
  await refreshPages(tx, ctx, now, saved);
  const at = sayTime(now, now, ctx.settings.timeZone);
  await writeToReporter(tx, ctx, now, saved, 'status.neutral_again', { at });
  ctx.nudge('escalate');
}
