/**
 * What follows a restore, in the same transaction: what was erased is erased again, what is open is taken up, officers are told.
 *
 * Invariants: no alert that is open in the backup stays silent: each is due now, taken before or not; no one is told more than they
 * may know; what cannot be gone on with is ended, counted and said.
 */

import { anew } from '../../alerts/progress.ts';
import type { List } from '../../backup/erased.ts';
import type { Link } from '../../backup/links.ts';
import { dropDrafts, endWhatIsLost, type Lost } from '../../db/after-restore.ts';
import { unclosedAlerts, updateAlert } from '../../db/alerts.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { saveAlert, toAlertNow } from '../records/alert-record.ts';
import { audit } from '../records/audit.ts';
import { stopEveryErasure } from '../reporters/erasure-stops.ts';
import { type Again, eraseAgain } from './erased.ts';
import { putBack } from './links.ts';

export type Followed = {
  lost: Lost;
  linked: number;
  again: Again;
  stopped: number;
  due: number;
  told: number;
};

/** `ctx.db` is inside the transaction of the restore. `links`, `list`: what lay beside the backup; undefined: nothing did. */
export function followRestore(
  ctx: Context,
  { asOf, links, list }: { asOf: Date; links?: AsyncIterable<Link> | undefined; list?: List | undefined },
): Promise<Followed> {
  return transact(ctx, async (at) => {
    const again = await eraseAgain(at, list?.entries ?? [], list?.held);
    const gone = new Set(list?.entries.flatMap(({ what, id }) => (what === 'erased' ? [id] : [])));
    const since = { isGone: (id: CaseId) => gone.has(id), held: list?.held };
    const back = links ? await putBack(at, links, since) : { count: 0, told: [] };
    await dropDrafts(ctx.db, back.told);
    const lost = await endWhatIsLost(ctx.db, at.now);
    const stopped = await stopEveryErasure(at, 'restored');
    const due = await takeUp(at);
    await audit(at, { memberId: null, what: 'restored', detail: { asOf: asOf.toISOString() } });
    const officers = await enrolledOfficers(at.tx);
    await notifyOfficers(at, officers, {
      key: 'backup.restored',
      params: { at: sayTime(asOf, at.now, ctx.settings.timeZone) },
      class: CLASS.page,
      coalesce: 'restored',
    });
    return { lost, linked: back.count, again, stopped, due, told: officers.length };
  });
}

/** Long before any take lapses. */
const LONG_AGO = new Date(0);

/**
 * One that nobody had begins anew. Of one that an officer had it is not known what was done since: its take ends as one without
 * work does, so that they are asked first, and then the others.
 */
async function takeUp(at: Moment): Promise<number> {
  const { tx, now } = at;
  const rows = await unclosedAlerts(tx);
  for (const row of rows) {
    if (row.state === 'taken') await updateAlert(tx, row.id, { workedAt: LONG_AGO, nextStepAt: now });
    else await saveAlert(at, row, { alert: anew(toAlertNow(row), now), nextStepAt: now });
  }
  return rows.filter(({ isQuiet }) => !isQuiet).length;
}
