/**
 * The closed lists of words that the parts of the house share, each defined here and nowhere else. What people read for them
 * stands in `locales/`.
 *
 * Nothing of Node here: the browser's programs use the same lists.
 */

/** How urgent a case is, most urgent first. */
export const LEVELS = ['critical', 'urgent', 'high', 'medium', 'low'] as const;
export type Level = (typeof LEVELS)[number];

/** Levels at which a person must be found at once: officers are paged. */
export const ALERT_LEVELS = ['critical', 'urgent'] as const satisfies Level[];
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** Levels of which nobody is paged: they are taken in the room, and stand in the digest. */
export const QUIET_LEVELS = LEVELS.filter((level) => !demandsAlert(level));

/** Whether `a` is more urgent than `b`; no level at all is less urgent than any. */
export function isMoreUrgent(a: Level, b: Level | undefined): boolean {
  return b === undefined || LEVELS.indexOf(a) < LEVELS.indexOf(b);
}

/** Whether it is a level at which a person must be found at once. */
export function demandsAlert(level: string): level is AlertLevel {
  return (ALERT_LEVELS as readonly string[]).includes(level);
}

/** Outcomes with which an officer closes an alert. */
export const OUTCOMES = ['reached', 'resolved', 'transferred', 'false_alarm', 'not_reached'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What stands as the outcome of an alert whose case was ended as what it is no report of its own. */
export type EndedAs = Outcome | 'duplicate' | 'rejected';

/**
 * How far a case is that goes on. `new`: nobody of the team has looked at it. Who sets what, and what follows by itself:
 * `src/cases/status.ts`.
 */
export const GOING_ON = ['new', 'assessing', 'active', 'waiting_for_us', 'waiting_for_person'] as const;
export type GoingOn = (typeof GOING_ON)[number];
/** Those that people set: that nobody has looked at it is not theirs to say. */
export const SET_BY_PEOPLE = ['assessing', 'active', 'waiting_for_us', 'waiting_for_person'] as const;

/** How a case ends, and why, of a closed list: it lies in the clear, so there is no room for anybody's words. */
export const END_REASONS = {
  closed: ['reached', 'resolved', 'not_reached', 'false_alarm'],
  duplicate: ['same_report', 'same_event', 'same_person'],
  transferred: ['partner', 'authority', 'other_office'],
  rejected: ['not_for_us', 'no_report', 'no_facts'],
} as const;
export type CaseEnd = keyof typeof END_REASONS;
export const CASE_ENDS = Object.keys(END_REASONS) as readonly CaseEnd[];
export type EndReason = (typeof END_REASONS)[CaseEnd][number];

export const CASE_STATUSES = [...GOING_ON, ...CASE_ENDS] as const;
export type CaseStatus = GoingOn | CaseEnd;

/** Whether a case with this status has ended. */
export const hasEnded = (status: string): status is CaseEnd => Object.hasOwn(END_REASONS, status);

/** Outcomes with which an exercise ends by itself; a supervisor may call one off, and then it shows nothing. */
export const DRILL_OUTCOMES = ['drill_passed', 'drill_failed'] as const;
export type DrillOutcome = (typeof DRILL_OUTCOMES)[number];

/** What an officer is: a supervisor is one who also hears what goes wrong. */
export const OFFICER_ROLES = ['officer', 'supervisor'] as const;
export type OfficerRole = (typeof OFFICER_ROLES)[number];

/** How far an alert is. */
export const ALERT_STATES = ['open', 'taken', 'closed'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What a page may carry besides reference and level: nothing more, or the region. */
export const PAGE_DETAILS = ['level', 'region'] as const;
export type PageDetail = (typeof PAGE_DETAILS)[number];

/** How far a delivery is. */
export const DELIVERY_STATES = ['queued', 'sending', 'sent', 'failed', 'replaced'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What a delivery does: `edit` and `retract` are about a message that another one sent. */
export const DELIVERY_ACTIONS = ['send', 'edit', 'retract'] as const;
export type DeliveryAction = (typeof DELIVERY_ACTIONS)[number];

/** How a thing is that `doctor` looks at; `unseen`: it cannot be seen from where it is asked. */
export const CHECK_STATES = ['ok', 'warn', 'fail', 'unseen'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** Whether a service is tried out, or is there for people. */
export const MODES = ['trial', 'live'] as const;
export type Mode = (typeof MODES)[number];

/** As coordinators and operators write them: in the duty plan, in the settings. */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** What a member of the console is there. */
export const ROLES = ['officer', 'coordinator', 'administrator', 'auditor', 'translator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether members of a role are given the team's key. An auditor sees who looked at what, a translator what is said to all. */
export const mayHoldKey = (role: Role): boolean => role !== 'auditor' && role !== 'translator';

/**
 * What happens to a text in the room: it counts at once (`set`), or waits for a second person (`propose`), who agrees or
 * refuses; it was read by a speaker of the language (`review`); something was said of it (`comment`).
 */
export const TEXT_CHANGES = ['set', 'propose', 'agree', 'refuse', 'review', 'comment'] as const;

/** What happens to a recording of a text: it waits for a second person, who agrees or refuses; it counts no more. */
export const VOICE_CHANGES = ['voice_recorded', 'voice_agreed', 'voice_refused', 'voice_withdrawn'] as const;

/** Why a change of a text is not taken for the server's own. */
export const TEXT_FAULTS = ['changed', 'replaced', 'missing', 'not_noted', 'foreign'] as const;
export type TextFault = (typeof TEXT_FAULTS)[number];

/** Texts by what is to be done about their recordings. */
export const VOICE_FILTERS = ['to_record', 'stale_voice', 'voice_waits'] as const;

/** Which of the texts are listed in the room; `safety`: a second person's yes is needed. */
export const TEXT_FILTERS = [
  'all',
  'missing',
  'draft',
  'unread',
  'changed',
  'proposed',
  'safety',
  'commented',
  'unchecked',
  ...VOICE_FILTERS,
] as const;
export type TextFilter = (typeof TEXT_FILTERS)[number];

/** Ready-made phrases that an officer sends to a reporter. */
export const PHRASES = ['call', 'safe', 'talk'] as const;
export type Phrase = (typeof PHRASES)[number];

/** When a reporter may be written to. What hours these are: `src/cases/contact-hours.ts`. */
export const CONTACT_HOURS = ['morning', 'midday', 'afternoon', 'evening', 'night'] as const;
export type ContactHours = (typeof CONTACT_HOURS)[number];

/** What a reporter chose by which nothing is written to them unasked. */
export const WHY_SILENT = [
  /** "No" to the question after SOS. */
  'no',
  'no_contact',
  'call',
  'trusted_person',
  'phone_unsafe',
  'phone_unknown',
  /** At certain hours, and none were named. */
  'hours_unsaid',
] as const;
export type WhySilent = (typeof WHY_SILENT)[number];

/**
 * Order in which deliveries leave: pages before everything else, then words that wait behind nothing (what an officer
 * writes to a person, the answer to an SOS or to "status"), then what else is answered.
 */
export const CLASS = { criticalPage: 0, page: 1, word: 2, reply: 3 } as const;

/** Whether what is of this class pages an officer. */
export const isPageClass = (of: number): boolean => of < CLASS.word;

/** Channels that only carry pages to officers, at an address that is noted for them. */
export const WAYS = ['email', 'ntfy', 'webhook', 'sms', 'call'] as const;
export type Way = (typeof WAYS)[number];

/** Channels on which nobody writes to us. A push is the way to a browser, which asks for it itself. */
export const ONE_WAY_KINDS = [...WAYS, 'push'] as const;

/** One of those, the simulator of trial mode, or a messenger: these are listed in `src/messengers/list.ts` alone. */
export type ChannelKind = string;

/** Kinds of files that a messenger brings. */
export const FILE_KINDS = ['voice', 'audio', 'photo', 'video', 'document'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** Rights that the consent names, each asked for by its word. */
export const REPORTER_RIGHTS = ['access', 'correction', 'objection'] as const;
export type ReporterRight = (typeof REPORTER_RIGHTS)[number];

/** What a person can ask for at any time, and what a person of the team then does by hand. */
export const TASKS = ['person', 'erase', ...REPORTER_RIGHTS, 'code'] as const;
export type Task = (typeof TASKS)[number];

/** How far a task is. `granted`: a new code may be fetched, once and for a time. */
export const TASK_STATES = ['open', 'granted', 'done', 'declined'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** How far the erasing of a case is. `asked`: one person has; `waiting`: a second one agreed, and the days run. */
export const ERASURE_STATES = ['asked', 'waiting', 'stopped', 'done'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

/** What wraps a member's own key: what their device computes (WebAuthn PRF), or a passphrase. */
export const WRAPPED_BY = ['prf', 'passphrase'] as const;
export type WrappedBy = (typeof WRAPPED_BY)[number];

/** Parts of a place, the largest first. */
export const PLACE_PARTS = ['zone', 'region', 'cercle'] as const;

/** Why a case is erased: it outlives the case, so there is no room for anybody's words. */
export const ERASE_REASONS = ['person_asked', 'no_report', 'twice', 'ordered'] as const;
export type EraseReason = (typeof ERASE_REASONS)[number];

/** Why a case is held: it lies in the clear, so there is no room for anybody's words. */
export const HOLD_REASONS = ['court', 'inquiry', 'complaint', 'person_asked'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** What is decided of a case that is held: the first lets it go (`lift`), the second agrees; or it is not let go after all. */
export const HOLD_DECISIONS = ['lift', 'agree', 'keep'] as const;
export type HoldDecision = (typeof HOLD_DECISIONS)[number];

/** Why a case that is due to be erased is not erased yet; `due`: nothing is known of it but that. */
export const POSTPONED = ['outage', 'messages', 'file', 'messenger', 'clock', 'failed', 'due'] as const;
export type PostponedBecause = Exclude<(typeof POSTPONED)[number], 'due'>;
