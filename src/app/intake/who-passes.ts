/**
 * Which message is handled as it comes, and which is kept until there is time.
 *
 * Invariants: a cry for help passes whatever waits; of one contact nothing passes what came before it but that; while
 * much is going on most places stay free for those who cry.
 */
import type { IncomingMessage } from '../../channels/channel.ts';
import { isCryForHelp } from '../../conversation/words/cry.ts';
import { createBudget } from '../../kernel/budget.ts';
import { seconds } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';

/** So many messages under way at once are much for one machine. */
export const BUSY = 8;
/** What one contact may have handled at once: at most so many a minute, and fewer while much is going on. */
const A_MINUTE = 60;
const A_MINUTE_WHEN_BUSY = 3;
/** What a person who has cried for help may say, also then; milliseconds. */
const A_MINUTE_AFTER_A_CRY = 20;
const AFTER_A_CRY = seconds(600);
/** What passes from a person whose messages wait. */
const CRIES_A_MINUTE = 6;
/** So many, and a messenger's batch is full: more wait there than it gives at once. */
const FULL = 50;
/**
 * How many of those who have not cried for help are handled side by side: the fewer, the sooner a cry has its turn. Out of a
 * full batch nearly all are kept, which costs a small part of handling, so that the messenger hands over the next one.
 */
const PLACES = 8;
const PLACES_WHEN_BUSY = 6;
const PLACES_WHEN_FULL = 1;

/** How much is going on: messages handed over and not yet done with, and those of them that are handled. */
type Load = { underWay: number; handled: number };

export type WhoPasses = {
  /** How it may be handled at once; undefined: not now. `isNext`: nothing of this contact waits or is being handled. */
  passes(
    key: string,
    message: IncomingMessage,
    isNext: boolean,
    load: Load,
  ): 'as_usual' | 'ahead' | undefined;
  /** Forgets who cried for help long ago. */
  forget(): void;
};

export function createWhoPasses(ctx: Context, now: () => number): WhoPasses {
  const calm = createBudget(A_MINUTE, now);
  const busy = createBudget(A_MINUTE_WHEN_BUSY, now);
  const afterCry = createBudget(A_MINUTE_AFTER_A_CRY, now);
  const cries = createBudget(CRIES_A_MINUTE, now);
  /** The contacts that have cried for help lately, and until when they count as such. */
  const criedUntil = new Map<string, number>();

  /** Within the last ten minutes, this message included. */
  function hasCried(key: string, isCry: boolean): boolean {
    if (isCry) criedUntil.set(key, now() + AFTER_A_CRY);
    return (criedUntil.get(key) ?? 0) > now();
  }

  return {
    passes(key, message, isNext, { underWay, handled }) {
      const isCry = isCryForHelp(ctx.texts, message.content);
      const isInNeed = hasCried(key, isCry);
      const isCalm = underWay < BUSY;
      const budget = isCalm ? calm : isInNeed ? afterCry : busy;
      // What would have to stand in line is kept, so that the messenger goes on handing over what may be a cry.
      const hasPlace = isInNeed || handled < placesAt(underWay);
      if (hasPlace && isNext && budget.wait(key) === 0) {
        for (const each of [calm, busy, afterCry]) each.take(key);
        return isInNeed ? 'ahead' : 'as_usual';
      }
      return isCry && cries.take(key) === 0 ? 'ahead' : undefined;
    },
    forget() {
      for (const [key, until] of criedUntil) if (until < now()) criedUntil.delete(key);
    },
  };
}

function placesAt(underWay: number): number {
  if (underWay >= FULL) return PLACES_WHEN_FULL;
  return underWay < BUSY ? PLACES : PLACES_WHEN_BUSY;
}
