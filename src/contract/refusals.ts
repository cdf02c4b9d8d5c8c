/** Why the console does not do what was asked: a closed list, each reason with the status of its answer. */

/** Of a decision about an alert; the page has a sentence for each. */
const OF_DECISIONS = {
  no_such: 404,
  no_officer: 409,
  closed: 409,
  not_taken: 409,
  already_taken: 409,
  not_offered: 409,
  nobody_else: 409,
  one_phone: 409,
  no_such_phone: 409,
  no_task: 409,
  undecided: 409,
  unsafe: 409,
  unclear: 409,
  unknown: 409,
  blocked: 409,
} as const;

export const REFUSALS = {
  ...OF_DECISIONS,
  no_invitation: 404,
  no_right: 403,
  not_yours: 409,
  moved_on: 409,
  other_waits: 409,
  unproved_key: 409,
  no_key: 409,
  no_reason: 400,
  last_one: 409,
  alert_open: 409,
  is_muted: 409,
  same_person: 409,
  too_new: 409,
  invited: 409,
  being_erased: 409,
  on_hold: 409,
  not_asked: 409,
  too_late: 409,
  not_all: 409,
  bad_key: 400,
  last_key: 409,
  officer_taken: 409,
  officer_invited: 409,
  bad_device: 409,
  wrong_word: 409,
  no_public_url: 409,
  not_opus: 400,
  not_mono: 400,
  too_long: 400,
  too_big: 400,
  too_many: 429,
  translator_paged: 409,
} as const;

export type Reason = keyof typeof REFUSALS;
export type DecisionRefused = keyof typeof OF_DECISIONS;
