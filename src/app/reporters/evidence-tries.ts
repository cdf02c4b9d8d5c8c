/**
 * Tries to fetch a file, counted so that a bad one is not tried for ever.
 *
 * Invariants: a try is marked before anything of it is done, so that a file which ends the process is known at the next
 * start (`ended-tries.ts`); a network or a messenger that is away is no fault of the file and counts nothing.
 */
import { randomUUID } from 'node:crypto';
import { type EvidenceRow, lockWaitingEvidence, updateEvidence } from '../../db/evidence.ts';
import type { EvidenceId } from '../../kernel/ids.ts';
import { seconds } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';

/** So often a file may fail by its own doing; then it is parked. */
export const MOST_FAULTS = 3;
/** A line that is cut several times within so long was bad once: it tells nothing of the file. */
const ONE_BAD_MOMENT = seconds(60);
/** A service without a guardian: nobody can say how it ended. */
const NO_GUARDIAN: string = randomUUID();

/** `cut`: it broke off, or went silent in the middle. `altered`: it is not what was sent. */
type Fault = 'cut' | 'altered';

/** Marks the beginning of a try; undefined if there is nothing to fetch. `guardian`: the one that this runs under. */
export function beginTry(
  ctx: Context,
  id: EvidenceId,
  guardian = NO_GUARDIAN,
): Promise<EvidenceRow | undefined> {
  return transact(ctx, async ({ tx, now }) => {
    const row = await lockWaitingEvidence(tx, id);
    if (!row) return undefined;
    await updateEvidence(tx, id, { fetchedBy: guardian, fetchedSince: now });
    return row;
  });
}

/** Takes the mark away, and counts what the file did. Returns how many faults it has now. */
export function endTry(ctx: Context, id: EvidenceId, fault?: Fault): Promise<number> {
  return transact(ctx, async ({ tx, now }) => {
    const row = await lockWaitingEvidence(tx, id);
    if (!row) return 0;
    const counted = fault ? faultsOf(row, fault, now) : {};
    await updateEvidence(tx, id, { ...counted, ...NO_TRY });
    return counted.faults ?? row.faults;
  });
}

/** The columns of a file that nobody fetches, and whose last try the service outlived. */
export const NO_TRY = { fetchedBy: null, fetchedSince: null, isSuspect: false };

function faultsOf(row: EvidenceRow, fault: Fault, now: Date): { faults?: number; faultAt?: Date } {
  const isSameMoment = row.faultAt !== null && Number(now) - Number(row.faultAt) < ONE_BAD_MOMENT;
  return fault === 'cut' && isSameMoment ? {} : { faults: row.faults + 1, faultAt: now };
}
