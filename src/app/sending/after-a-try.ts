/** What becomes of a delivery after one try. Pure: given the channel's answer, the age and the tries. */
import type { SendResult } from '../../channels/channel.ts';
import { unreachable } from '../../kernel/errors.ts';
import { hours, minutes, seconds } from '../../kernel/time.ts';
import { CLASS, isPageClass } from '../../kernel/vocabulary.ts';

export type Fate =
  | { state: 'sent'; messageRef: string }
  | { state: 'failed'; failure: string }
  /** Again, after this many milliseconds. */
  | { state: 'queued'; failure: string; inMs: number }
  /** Not before the hours begin that the reporter agreed to, or before they were told of the number that it leaves from. */
  | { state: 'waits'; failure: 'outside_hours' | 'not_told'; until: Date };

export type Tried = {
  class: number;
  attempts: number;
  ageMs: number;
  /** How many tries before this one may have arrived. */
  mayHaveArrived: number;
  /** Whether all of them are one message on the phone, so that another one harms nobody. */
  isOneMessage: boolean;
  /** A voice note that says what words have said already. */
  isVoice?: boolean;
};

/** An answer that never came: the message may have arrived, so it is not sent for ever, but never only once. */
const AMBIGUOUS_TRIES = 3;
/** A page that late says nothing that the next one does not say; the alert goes on by itself. */
const PAGE_AGE = hours(1);
/** A person who was answered a day late has asked again since. */
const REPLY_AGE = hours(24);
/** What is said next waits behind a voice note; and later it would play in other hands. */
export const VOICE_AGE = minutes(2);
/** Behind the answer to a cry for help an officer's words may wait: its voice note is tried once. */
const voiceAge = (of: number): number => (of < CLASS.reply ? 0 : VOICE_AGE);

export function fateOf(result: SendResult, tried: Tried): Fate {
  if (result.ok) return { state: 'sent', messageRef: result.messageRef };
  switch (result.reason) {
    case 'blocked':
      return { state: 'failed', failure: 'blocked' };
    case 'rejected':
    // The next contact at once: trying here again would take the minutes that count.
    case 'account':
      return { state: 'failed', failure: result.code };
    case 'rate_limited':
      return again(tried, 'rate_limited', seconds(result.retryAfterSeconds));
    case 'unreachable':
      return again(tried, 'unreachable', backOff(tried));
    case 'ambiguous':
      if (tried.isOneMessage) return again(tried, 'ambiguous', Math.max(backOff(tried), seconds(2)));
      return tried.mayHaveArrived + 1 >= AMBIGUOUS_TRIES
        ? { state: 'failed', failure: 'ambiguous' }
        : again(tried, 'ambiguous', seconds(2));
    default:
      return unreachable(result);
  }
}

type Claimed = { attempts: number; failure: string | null };

/** `ambiguous`, or from the second one on `ambiguous_2`, … */
const AMBIGUOUS = /^ambiguous(?:_(\d+))?$/;

/**
 * How many earlier tries may have reached the phone: their answer never came, or their process died (which leaves
 * nothing behind, and counts as one).
 */
export function mayHaveArrived({ attempts, failure }: Claimed): number {
  if (attempts <= 1) return 0;
  if (failure === null) return 1;
  const found = AMBIGUOUS.exec(failure);
  return found ? Number(found[1] ?? 1) : 0;
}

/** What is kept of the tries so far: those that may have arrived are not forgotten for a later one that did not. */
export function failureKept(delivery: Claimed, failure: string): string {
  const count = mayHaveArrived(delivery) + (failure === 'ambiguous' ? 1 : 0);
  if (count === 0) return failure;
  return count === 1 ? 'ambiguous' : `ambiguous_${count}`;
}

function again(tried: Tried, failure: string, inMs: number): Fate {
  const limit = tried.isVoice ? voiceAge(tried.class) : isPage(tried) ? PAGE_AGE : REPLY_AGE;
  return tried.ageMs + inMs > limit
    ? { state: 'failed', failure: 'too_late' }
    : { state: 'queued', failure, inMs };
}

/** 1, 2, 4 … seconds: pages and people's words at most 15 seconds apart, replies 5 minutes. */
function backOff(tried: Tried): number {
  const limit = tried.class < CLASS.reply ? seconds(15) : minutes(5);
  return Math.min(seconds(2 ** Math.min(tried.attempts - 1, 10)), limit);
}

function isPage(tried: Tried): boolean {
  return isPageClass(tried.class);
}
