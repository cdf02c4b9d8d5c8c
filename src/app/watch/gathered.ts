/**
 * What the service tells people of itself, gathered: the same thing at most once an hour, at once the first time. What comes
 * again within the hour is counted, and the next notice says how often it was.
 *
 * Invariants: the hour stands in the database, so that neither a restart nor another process tells it again; what was held
 * back and is so still after the hour is told then, as long as the caller asks again; a time that lies ahead, of a clock
 * that was wrong, holds nothing back.
 */
import type { Db } from '../../db/database.ts';
import { countHeld, forgetTold, lastTold, lockTold, putTold } from '../../db/told-notices.ts';
import { after, days, hours } from '../../kernel/time.ts';
import type { Moment } from '../ground/transaction.ts';

const WITHIN = hours(1);
/** So long ago, "since then" says nothing any more. */
const KEPT = days(1);

/** What was held back since it was told last. */
export type Held = { times: number; since: Date };

/**
 * Whether this may be told now, and what was held back before. Undefined: it was told within the hour. `isNew`: it has come
 * again; default. A caller that only asks once more says no.
 */
export async function mayTell(
  { tx, now }: Pick<Moment, 'tx' | 'now'>,
  about: string,
  isNew = true,
): Promise<Held | undefined> {
  const last = await lockTold(tx, about);
  if (last && isWithinHour(last.toldAt, now)) {
    if (isNew) await countHeld(tx, about);
    return undefined;
  }
  await putTold(tx, about, now, after(now, -KEPT));
  return { times: last?.held ?? 0, since: last?.toldAt ?? now };
}

/** What was to be told reached nobody: the next time is the first. */
export const wasNotTold = ({ tx }: Pick<Moment, 'tx'>, about: string): Promise<void> => forgetTold(tx, about);

/** Whether people were told of it within the hour. */
export async function wasToldLately(db: Db, about: string, now: Date): Promise<boolean> {
  const last = await lastTold(db, about);
  return last !== undefined && isWithinHour(last.toldAt, now);
}

const isWithinHour = (toldAt: Date, now: Date): boolean => {
  const agoMs = now.getTime() - toldAt.getTime();
  return agoMs >= 0 && agoMs < WITHIN;
};
