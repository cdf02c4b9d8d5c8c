/** The end of an offer to take an alert over that nobody accepted. */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { Tx } from '../../db/database.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import { shortNames } from '../records/officer-names.ts';
import { refreshPages } from './paging.ts';

/** The colleague said "I cannot", or nothing: it stays with the taker, who is told. */
export async function sayOfferEnded(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  officers: readonly EnrolledOfficer[],
  { by, because }: { by: OfficerId; because: 'no_answer' | 'declined' },
): Promise<void> {
  await logAlert(tx, now, row.id, 'offer_ended', { officerId: by, detail: { because } });
  await refreshPages(tx, ctx, now, row);
  const name = (await shortNames(tx, ctx, [by])).get(by) ?? '';
  const taker = officers.filter((each) => each.id === row.takenBy);
  const { reference } = row;
  await notifyOfficers(tx, ctx, now, taker, {
    key: `hand_over.${because}`,
    params: { reference, name },
    buttons: [[{ key: 'hand_over', data: `o:hand_over:${reference}` }]],
    class: CLASS.page,
  });
}
