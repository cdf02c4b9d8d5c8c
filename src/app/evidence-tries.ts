/**
 * Tries to fetch a file, counted so that a bad one is not tried for ever.
 *
 * Invariants: a try is marked before anything of it is done, so that a file which ends the process is counted at the next
 * start; a network or a messenger that is away is no fault of the file and counts nothing; neither does a power cut that
 * lasts, for whoever comes back hours later cannot know what ended the try.
 */
import { randomUUID } from 'node:crypto';

import { type EvidenceRow, lockWaitingEvidence, updateEvidence } from '../db/evidence.ts';
import type { EvidenceId } from '../kernel/ids.ts';
import { minutes, seconds } from '../kernel/time.ts';
import type { Context } from './context.ts';
import { transact } from './transaction.ts';

/** So often a file may fail by its own doing; then it is parked. */
export const MOST_FAULTS = 3;
/** A line that is cut several times within so long was bad once: it tells nothing of the file. */
const ONE_BAD_MOMENT = seconds(60);
/** What ends the process does so soon after the try began, and the service is started again at once. */
const ENDS_SOON = minutes(10);

/** This run of the service. */
const THIS_RUN: string = randomUUID();

/** `cut`: it broke off, or went silent in the middle. `altered`: it is not what was sent. `ended`: with the process. */
type Fault = 'cut' | 'altered' | 'ended';

/** Marks the beginning of a try; undefined if there is nothing to fetch. `run`: only tests bring their own. */
export function beginTry(ctx: Context, id: EvidenceId, run = THIS_RUN): Promise<EvidenceRow | undefined> {
  return transact(ctx, async (tx, _inside, now) => {
    const row = await lockWaitingEvidence(tx, id);
    if (!row) return undefined;
    const { fetchedBy, fetchedSince } = row;
    const hasEnded =
      fetchedBy !== null && fetchedBy !== run && Number(now) - Number(fetchedSince ?? 0) < ENDS_SOON;
    const counted = hasEnded ? faultsOf(row, 'ended', now) : {};
    await updateEvidence(tx, id, { ...counted, fetchedBy: run, fetchedSince: now });
    return { ...row, ...counted };
  });
}

/** Takes the mark away, and counts what the file did. Returns how many faults it has now. */
export function endTry(ctx: Context, id: EvidenceId, fault?: 'cut' | 'altered'): Promise<number> {
  return transact(ctx, async (tx, _inside, now) => {
    const row = await lockWaitingEvidence(tx, id);
    if (!row) return 0;
    const counted = fault ? faultsOf(row, fault, now) : {};
    await updateEvidence(tx, id, { ...counted, ...NO_TRY });
    return counted.faults ?? row.faults;
  });
}

/** The columns of a file that nobody fetches. */
export const NO_TRY = { fetchedBy: null, fetchedSince: null };

function faultsOf(row: EvidenceRow, fault: Fault, now: Date): { faults?: number; faultAt?: Date } {
  const isSameMoment = row.faultAt !== null && Number(now) - Number(row.faultAt) < ONE_BAD_MOMENT;
  return fault === 'cut' && isSameMoment ? {} : { faults: row.faults + 1, faultAt: now };
}
