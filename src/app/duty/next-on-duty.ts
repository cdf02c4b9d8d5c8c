/**
 * From when on an officer is on duty who may be told of a case, as far as that is known.
 *
 * Invariant: what is not in the plan in use is not known: nothing is guessed.
 */
import type { AlertRow } from '../../db/alerts.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { after, days } from '../../kernel/time.ts';
import type { Moment } from '../ground/transaction.ts';
import { whoMayKnow } from '../records/may-know.ts';
import { rotasNow, shiftsBetween } from './duty-plan.ts';
import { readableContacts } from './officer-notices.ts';

/** Farther ahead a plan says little. */
const LOOKED_AHEAD = days(7);

/** `now`; the beginning of the next shift of an officer who can be written to; undefined: not known. */
export async function nextOnDuty(
  at: Moment,
  about: Pick<AlertRow, 'excluded'>,
): Promise<'now' | Date | undefined> {
  const { tx, ctx, now } = at;
  const officers = (await whoMayKnow(tx, about, await enrolledOfficers(tx))).filter(
    (officer) => readableContacts(ctx, officer).length > 0,
  );
  const rotas = await rotasNow(tx, ctx, now);
  if (officers.some(({ id, isOnDuty }) => isOnDuty || rotas.has(id))) return 'now';
  const until = after(now, LOOKED_AHEAD);
  const ids = new Set(officers.map(({ id }) => id));
  return (await shiftsBetween(tx, ctx, now, until))
    .filter((shift) => shift.officers.some((id) => ids.has(id)))
    .map(({ start }) => start)
    .toSorted((a, b) => a.getTime() - b.getTime())[0];
}
