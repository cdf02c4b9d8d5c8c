/** What becomes of a delivery after one try. Pure: given the channel's answer, the age and the tries. */
import type { SendResult } from '../channels/channel.ts';
import { CLASS } from '../db/schema.ts';
import { unreachable } from '../kernel/errors.ts';
import { hours, minutes, seconds } from '../kernel/time.ts';

export type Fate =
  | { state: 'sent'; messageRef: string }
  | { state: 'failed'; failure: string }
  /** Again, after this many milliseconds. */
  | { state: 'queued'; failure: string; inMs: number };

export type Tried = {
  class: number;
  attempts: number;
  ageMs: number;
  /** Whether a try before this one may have arrived. */
  isRepeat: boolean;
};

/** An answer that never came: the message may have arrived, so it is not sent for ever, but never only once. */
const AMBIGUOUS_TRIES = 3;
/** A page that late says nothing that the next one does not say; the alert goes on by itself. */
const PAGE_AGE = hours(1);
/** Somebody who was answered a day late has asked again since. */
const REPLY_AGE = hours(24);

export function fateOf(result: SendResult, tried: Tried): Fate {
  if (result.ok) return { state: 'sent', messageRef: result.messageRef };
  switch (result.reason) {
    case 'blocked':
      return { state: 'failed', failure: 'blocked' };
    case 'rejected':
      return { state: 'failed', failure: result.code };
    case 'rate_limited':
      return again(tried, 'rate_limited', seconds(result.retryAfterSeconds));
    case 'unreachable':
      return again(tried, 'unreachable', backOff(tried));
    case 'ambiguous':
      return tried.isRepeat && tried.attempts >= AMBIGUOUS_TRIES
        ? { state: 'failed', failure: 'ambiguous' }
        : again(tried, 'ambiguous', seconds(2));
    default:
      return unreachable(result);
  }
}

type Claimed = { attempts: number; failure: string | null };

/** Why a try certainly did not arrive. */
const NEVER_ARRIVED: ReadonlySet<string | null> = new Set(['unreachable', 'rate_limited', 'target_not_sent']);

/** Whether an earlier try may have reached the phone already: its answer never came, or its process died. */
export function mayBeRepeat({ attempts, failure }: Claimed): boolean {
  return attempts > 1 && !NEVER_ARRIVED.has(failure);
}

/** What is kept of the tries so far: one that may have arrived is not forgotten for a later one that did not. */
export function failureKept(delivery: Claimed, failure: string): string {
  return mayBeRepeat(delivery) ? 'ambiguous' : failure;
}

function again(tried: Tried, failure: string, inMs: number): Fate {
  const limit = isPage(tried) ? PAGE_AGE : REPLY_AGE;
  return tried.ageMs + inMs > limit
    ? { state: 'failed', failure: 'too_late' }
    : { state: 'queued', failure, inMs };
}

/** 1, 2, 4 … seconds: pages at most 15 seconds apart, replies 5 minutes. */
function backOff(tried: Tried): number {
  const limit = isPage(tried) ? seconds(15) : minutes(5);
  return Math.min(seconds(2 ** Math.min(tried.attempts - 1, 10)), limit);
}

function isPage(tried: Tried): boolean {
  return tried.class < CLASS.reply;
}
