/**
 * Files that were being fetched when the service fell: one of them may be why.
 *
 * Invariants: a file is counted only if its guardian saw the fall (a power cut, or a start by hand, has another guardian:
 * nobody knows what ended the try), no message was under way, and no other file that may be the one: either nothing else
 * was being fetched, or of all that was this one alone had been under way at a fall before and not come through since. Of
 * those that may be the one only one is fetched at a time. All others are fetched as ever: one that drips holds up nobody.
 */
import { lockSuspects, updateEvidence } from '../../db/evidence.ts';
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
    if (!suspects.has(id)) return store();
    const turn = last.then(store);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Those that may be the one. */
function countEnded(ctx: Context, guardian: string, isMessageSuspect: boolean): Promise<Set<EvidenceId>> {
  return transact(ctx, async ({ tx, now }) => {
    const rows = await lockSuspects(tx, guardian);
    const fallen = rows.filter(({ fetchedBy }) => fetchedBy === guardian);
    const again = fallen.filter(({ isSuspect }) => isSuspect);
    const [blamed, ...more] = fallen.length === 1 ? fallen : again;
    for (const { id } of fallen) await updateEvidence(tx, id, { ...NO_TRY, isSuspect: true });
    if (blamed && more.length === 0 && !isMessageSuspect)
      await updateEvidence(tx, blamed.id, { faults: blamed.faults + 1, faultAt: now });
    return new Set(rows.map(({ id }) => id));
  });
}
