/**
 * What can come of a decision about an alert: a closed list. The officer's chat and the console (and the one command
 * that decides, revoking a contact) say it in words, statuses and audit entries of their own.
 *
 * Invariant: an officer who must not know of an alert gets `no_such`, as for one that does not exist: what is done and
 * refused has no word for "excluded".
 */
import type { AlertRow } from '../../db/alerts.ts';
import type { Outcome, Phrase } from '../../kernel/vocabulary.ts';
import type { Written } from '../alerts/writing-to-reporter.ts';

/** Those that ask something: what the person says next is the answer. */
export const QUESTIONS: readonly Phrase[] = ['talk'];

/** Why nothing was written to the reporter. */
export type Unwritten = Extract<Written, { ok: false }>['reason'];

/** What was decided. `alert`: as it is now. */
export type Done =
  /** `unreached`: why the reporter was not told that the alert was received. */
  | { ok: true; came: 'taken'; alert: AlertRow; unreached?: Unwritten }
  /** The officer who had it had offered it. */
  | { ok: true; came: 'accepted'; alert: AlertRow }
  /** They have it already. */
  | { ok: true; came: 'already_yours'; alert: AlertRow }
  /** It was an exercise, which is over now. The taker was told how long it took. */
  | { ok: true; came: 'drill_passed' }
  | { ok: true; came: 'declined'; isQuiet: boolean }
  | { ok: true; came: 'given_back'; isQuiet: boolean }
  /** It stays with `by`: an officer's short name. */
  | { ok: true; came: 'offer_declined'; by: string }
  | { ok: true; came: 'seen' }
  /** `to`: a short name. `minutes`: how long the colleague has to answer. */
  | { ok: true; came: 'offered'; to: string; minutes: number }
  | { ok: true; came: 'ended'; outcome: Outcome }
  | { ok: true; came: 'muted' }
  | { ok: true; came: 'unmuted' }
  /** `n`: which one of those that were shown, from 1. */
  | { ok: true; came: 'one_phone_kept'; n: number }
  | { ok: true; came: 'all_phones_kept' }
  | { ok: true; came: 'phone_admitted_again' }
  /** `unreached`: why the person was not told that something waits for them. */
  | { ok: true; came: 'code_granted'; unreached?: Unwritten }
  | { ok: true; came: 'code_declined' }
  /** `notice`: by which what is said of it in the chat where it was chosen is replaced later. */
  | {
      ok: true;
      came: 'phrase_sent';
      phrase: Phrase;
      notice: string | undefined;
      /** When the hours begin that the reporter agreed to; absent: it leaves now. */
      waitsUntil?: Date;
    };

type Refusal<Reason extends string> = Reason extends unknown ? { ok: false; reason: Reason } : never;

/** Why nothing was decided. */
export type Refused =
  | Refusal<
      /** There is none, or none that they may know of. */
      | 'no_such'
      | 'closed'
      /** Nobody has it: they must take it first. */
      | 'not_taken'
      /** No colleague can be asked. */
      | 'nobody_else'
      /** This colleague must not have it, or cannot be reached. */
      | 'not_offered'
      /** The case is in one phone only: there is nothing to decide. */
      | 'one_phone'
      | 'no_such_phone'
      /** Nobody asks for it, or a colleague was faster. */
      | 'no_task'
      | Unwritten
    >
  /** A colleague has it. `by`: a short name. */
  | { ok: false; reason: 'already_taken'; by: string; at: Date };

type Came = Done['came'];
type Why = Refused['reason'];

/** What one use case can answer. */
export type Decided<C extends Came, W extends Why> =
  | Extract<Done, { came: C }>
  | Extract<Refused, { reason: W }>;

export const refused = <W extends Exclude<Why, 'already_taken'>>(
  reason: W,
): Extract<Refused, { reason: W }> => ({ ok: false, reason }) as Extract<Refused, { reason: W }>;
