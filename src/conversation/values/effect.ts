import type { ReporterRight } from '../../kernel/vocabulary.ts';
import type { Answer } from './answer.ts';
import type { Consent } from './consent.ts';
import type { MayWrite } from './may-write.ts';
import type { Triage } from './triage.ts';

/**
 * One line or paragraph of a message: a key of a locale file (`bot.saved`, `report.danger.ask`) and its
 * parameters. Texts are made of keys as late as possible, by `renderSay`.
 */
export type Line = {
  key: string;
  params?: Record<string, string | number>;
  /** Stands close under the line before it, without a space between them. */
  isClose?: true;
};

/**
 * A thing the reporter can choose under a message. `label` is text in the reporter's language; `piece`: what is to be heard
 * in its place.
 */
export type Choice = { id: string; label: string; piece?: string };

/**
 * One piece of what is said, as it was recorded: `bm/report.danger.ask`. Without one that `isNeeded` nothing is heard: half a
 * question would mislead; any other is passed over.
 */
export type SpokenPiece = { piece: string; isNeeded: boolean };

/**
 * Something to say to the reporter.
 *
 * Lines may hold the placeholders `{{reference}}`, `{{code}}`, `{{time}}`, `{{from}}`, `{{to}}`,
 * `{{how_to_delete}}`, which `src/app` fills in once the other effects of the step are done.
 */
export type Say = {
  type: 'say';
  lines: Line[];
  /** Options of the question, numbered from 1 in this order on every channel. */
  choices?: Choice[];
  /** Universal buttons under the options (`sos`, `back`, `skip`, `help`, `leave`, `done`, `status`, …). */
  commands?: Choice[];
  /** The same to be heard, by a reporter who chose it. */
  spoken?: SpokenPiece[];
  /** Turn of the conversation, put into the buttons' data. */
  turn: number;
  /** Says with the same key that are still waiting to be sent are replaced by this one (a burst gets one reply). */
  coalesce?: string;
  /** Says with this key that are still waiting are not said any more. */
  replaces?: string;
  /** Wait this long for more of the burst before sending; milliseconds, default 0. */
  delay?: number;
};

/** One answer as it goes into the case. */
export type CaseEntry = { step: string; answer: Answer };

/** What `step` wants done. Applied in order by `src/app`, in the transaction of the message. */
export type Effect =
  | Say
  /** Open a case (at the first critical or urgent condition, at SOS, when the report is sent). */
  | {
      type: 'open_case';
      reason: 'sos' | 'danger' | 'submitted' | 'person';
      triage: Triage;
      entries: CaseEntry[];
      /** Zone and region codes in the clear, as far as known. */
      zone?: string;
      region?: string;
    }
  /** Add to the open case. `isCourtesy`: thanks, an "ok", and nothing else. */
  | { type: 'add_to_case'; entries: CaseEntry[]; zone?: string; region?: string; isCourtesy?: true }
  /** What was said to a question of consent goes into the open case. */
  | { type: 'record_consent'; consent: Consent }
  /** Triage now says a higher level: raise the case, and the alert with it. */
  | { type: 'raise_level'; triage: Triage }
  /** SOS again while a case is open. */
  | { type: 'sos_again' }
  /** The report is complete. */
  | { type: 'submit' }
  /**
   * Say the secret code of the case, in a message of its own. `sent`, `sos`: one that has a code already is not given
   * another; `asked`: a second one is given only after an officer's yes. `isVeiled`: the phone may be in other hands by now.
   * `isUnsafe`: others may read there, so it comes only when they ask.
   */
  | { type: 'give_code'; why: 'sent' | 'sos' | 'asked'; isVeiled: boolean; isUnsafe?: true }
  /** They may be written to from now on: say the words by which they know a message from another number of ours. */
  | { type: 'give_word' }
  /** Consent refused after an SOS: keep of the case only that a person asked for help, unless an officer has the alert. */
  | { type: 'keep_bare_alert' }
  /** Forget the draft: answers, draft case, files. The language stays. */
  | { type: 'forget_draft' }
  /** A file of the draft that the reporter deleted, or that came after consent had been refused. */
  | { type: 'forget_evidence'; evidence: string }
  /** Delete what can be deleted on the reporter's phone (the "leave" clean-up). */
  | { type: 'retract_messages' }
  /** Something the officer must see, which closes nothing. */
  | {
      type: 'tell_officer';
      what: ToldOfficer;
    }
  /** The reporter asks what is true: received, paged, taken at, nobody yet and who else answers. */
  | { type: 'say_status' }
  /** The phone on which the case was before is in other hands: no other chat has it any more. */
  | { type: 'cut_other_chats' }
  /** Whether, and when, a person may be written to unasked: see `may-write.ts`. */
  | { type: 'set_contact_safety'; mayWrite: MayWrite };

/** What a reporter said or did that an officer must see. `…_before`: written before what the case is about, handled after it. */
export type ToldOfficer =
  | 'blocked'
  | 'new_phone'
  | 'unblocked'
  | 'mistake'
  | 'mistake_before'
  | 'erase_requested'
  | 'erase_before'
  | 'keep_asked'
  | ReporterRight
  | 'wants_person'
  | 'left';
