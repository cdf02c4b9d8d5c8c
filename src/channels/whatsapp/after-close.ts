/**
 * What happens after the socket to WhatsApp has closed. Pure; the codes are Baileys' `DisconnectReason` and what
 * WhatsApp sends itself.
 */
import { minutes, seconds } from '../../kernel/time.ts';
import { backOff } from '../back-off.ts';

/** Why WhatsApp takes a session no more. */
export const ENDED = ['logged_out', 'replaced', 'refused', 'outdated'] as const;

export type AfterClose =
  | { do: 'reconnect'; afterMs: number }
  /** Staff must act: nothing is tried again by itself. */
  | { do: 'stop'; because: (typeof ENDED)[number] };

/** WhatsApp asks for a new socket, as after linking. */
const RESTART = 515;
/** Another process holds the session: two would destroy each other's ratchets. */
const REPLACED = 440;
/** The handset has unlinked us, or the keys are not those of this account any more. */
const LOGGED_OUT: ReadonlySet<number> = new Set([401, 411]);
/** The account is restricted or banned. */
const REFUSED: ReadonlySet<number> = new Set([402, 403, 406]);
/** WhatsApp wants a newer client. */
const OUTDATED = 405;

const FIRST = seconds(1);
const MOST = minutes(2);

/**
 * `code`: why it closed; undefined when nobody said. `failures`: closes in a row without a connection in between, this
 * one included. `dice`: 0 to 1, for the jitter.
 */
export function afterClose(code: number | undefined, failures: number, dice: number): AfterClose {
  if (code === RESTART) return { do: 'reconnect', afterMs: 0 };
  if (code === REPLACED) return { do: 'stop', because: 'replaced' };
  if (code === OUTDATED) return { do: 'stop', because: 'outdated' };
  if (code !== undefined && LOGGED_OUT.has(code)) return { do: 'stop', because: 'logged_out' };
  if (code !== undefined && REFUSED.has(code)) return { do: 'stop', because: 'refused' };
  return { do: 'reconnect', afterMs: backOff(failures, FIRST, MOST, () => dice) };
}
