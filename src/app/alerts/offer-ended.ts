/** The end of an offer to take an alert over that nobody accepted. */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Moment } from '../ground/transaction.ts';
import { shortNames } from '../records/officer-names.ts';
import { refreshPages } from './paging.ts';

/** The colleague said "I cannot", or nothing: it stays with the taker, who is told. */
export async function sayOfferEnded(
  at: Moment,
  row: AlertRow,
  officers: readonly EnrolledOfficer[],
  { by, because }: { by: OfficerId; because: 'no_answer' | 'declined' },
): Promise<void> {
  await logAlert(at.tx, at.now, row.id, 'offer_ended', { officerId: by, detail: { because } });
  await refreshPages(at, row);
  const name = (await shortNames(at, [by])).get(by) ?? '';
  const taker = officers.filter((each) => each.id === row.takenBy);
  const { reference } = row;
  await notifyOfficers(at, taker, {
    key: `hand_over.${because}`,
    params: { reference, name },
    buttons: [[{ key: 'hand_over', data: `o:hand_over:${reference}` }]],
    class: CLASS.page,
  });
}
