/**
 * Checks of texts take turns: each is about half a second of computing in a thread that does one after the other
 * (`check-thread.ts`). So does keeping recordings.
 *
 * Invariants: never two one right after the other, what waits for the process comes between; one person, and all of them
 * together, can ask for so many only.
 */
import { createBudget } from '../../kernel/budget.ts';

/** So many at once, and in each minute after that. */
type Share = { ofOne: number; ofAll: number };
const CHECKS: Share = { ofOne: 12, ofAll: 30 };
/** What needs no check, and is a row of the log all the same: as fast as a person reads short texts. */
export const WORDS: Share = { ofOne: 60, ofAll: 180 };

/** Does what needs a check, in its turn. `too_many`: not now. */
export type Turns = <T>(memberId: string, work: () => T | Promise<T>) => Promise<T | 'too_many'>;

/** `now`: milliseconds that never jump. */
export function createTurns(now: () => number, share: Share = CHECKS): Turns {
  const ofOne = createBudget(share.ofOne, now);
  const ofAll = createBudget(share.ofAll, now);
  let before: Promise<unknown> = Promise.resolve();
  return async (memberId, work) => {
    if (ofOne.wait(memberId) > 0 || ofAll.take('all') > 0) return 'too_many';
    ofOne.take(memberId);
    const mine = before.then(othersFirst).then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
}

/** Until everything else that waits for the process has had its turn. */
const othersFirst = () => new Promise<void>((done) => setImmediate(done));
