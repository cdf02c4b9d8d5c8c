/**
 * Files that were being fetched when the service fell: one of them may be why.
 *
 * Invariants: a file is counted only if its guardian saw the fall (a power cut, or a start by hand, has another guardian:
 * nobody knows what ended the try) and nothing else was under way, neither a file nor a message. After a fall files are
 * fetched one at a time until those that were under way then are through, so that whichever did it is alone the next time.
 */
import { lockFetchedBy, updateEvidence } from '../../db/evidence.ts';
import type { EvidenceId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { storeEvidence } from './evidence.ts';
import { NO_TRY } from './evidence-tries.ts';

type Fetch = (id: EvidenceId, isLastTry: boolean, stop?: AbortSignal) => Promise<void>;

/**
 * `guardian`: the one that this service runs under. `isMessageSuspect`: a message was being handled too when it fell.
 * Called once, before anything is fetched.
 */
export async function createFetching(
  ctx: Context,
  { guardian, isMessageSuspect }: { guardian: string; isMessageSuspect: boolean },
): Promise<Fetch> {
  const suspects = await countEnded(ctx, guardian, isMessageSuspect);
  let last: Promise<unknown> = Promise.resolve();
  return (id, isLastTry, stop) => {
    const store = () =>
      storeEvidence(ctx, id, isLastTry, { guardian, ...(stop ? { stop } : {}) }).finally(() =>
        suspects.delete(id),
      );
    if (suspects.size === 0) return store();
    const turn = last.then(store);
    last = turn.catch(() => undefined);
    return turn;
  };
}

function countEnded(ctx: Context, guardian: string, isMessageSuspect: boolean): Promise<Set<EvidenceId>> {
  return transact(ctx, async ({ tx, now }) => {
    const rows = await lockFetchedBy(tx, guardian);
    const isAlone = rows.length === 1 && !isMessageSuspect;
    for (const { id, faults } of rows)
      await updateEvidence(tx, id, { ...NO_TRY, ...(isAlone ? { faults: faults + 1, faultAt: now } : {}) });
    return new Set(rows.map(({ id }) => id));
  });
}
