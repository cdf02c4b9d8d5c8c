/** What Telegram's refusals mean for one message: see `SendResult` in the port. */
import type { SendResult } from '../channel.ts';
import { type Failure, failureCode } from './calls.ts';

/** When Telegram asks to slow down without saying for how long. */
const DEFAULT_RETRY_SECONDS = 5;

/** Sentences of the Bot API after which no further try to this chat helps. */
const NOBODY_THERE =
  /chat not found|user not found|user is deactivated|bot was blocked|bot was kicked|can't initiate conversation|PEER_ID_INVALID|USER_IS_BLOCKED|INPUT_USER_DEACTIVATED|group chat was upgraded/i;

/** Code words for refusals worth telling apart; the rest are `telegram_400`. */
const KNOWN: readonly [RegExp, string][] = [
  [/message is not modified/i, 'not_modified'],
  [
    /message to (edit|delete) not found|message_id_invalid|message identifier is not specified/i,
    'message_not_found',
  ],
  [/message can't be (edited|deleted)/i, 'too_old'],
  [/message is too long/i, 'too_long'],
  [/text is empty|text must be non-empty/i, 'empty'],
  [/button_data_invalid|inline keyboard/i, 'bad_buttons'],
];

/** The code word of a 400. */
export function refusalCode(description: string): string {
  return KNOWN.find(([pattern]) => pattern.test(description))?.[1] ?? 'telegram_400';
}

/** Sorts a failed call by what the caller should do next. */
export function toSendResult(failure: Failure): SendResult & { ok: false } {
  if (failure.kind === 'not_sent') return { ok: false, reason: 'unreachable', code: failure.code };
  if (failure.kind === 'unknown') return { ok: false, reason: 'ambiguous', code: failure.code };
  const { code, description } = failure;
  if (code === 429) {
    const wait = failure.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS;
    return { ok: false, reason: 'rate_limited', retryAfterSeconds: Math.max(1, wait) };
  }
  if (code === 403 || (code === 400 && NOBODY_THERE.test(description)))
    return { ok: false, reason: 'blocked' };
  if (code === 400 || code === 413) return { ok: false, reason: 'rejected', code: refusalCode(description) };
  // A gateway that gave up waiting: Telegram may have gone on.
  if (code === 504) return { ok: false, reason: 'ambiguous', code: 'telegram_504' };
  // Also 401 and 404: the token is wrong or revoked, which is not this message's fault.
  return { ok: false, reason: 'unreachable', code: failureCode(failure) };
}
