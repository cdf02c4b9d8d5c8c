/** Why a decision about an alert was refused, in words: for each reason that the service can give. */
import type { DecisionRefused } from '../../contract/refusals.ts';
import type { Refusal } from './api.ts';
import { sayTime, type T } from './words.ts';

/** Why a case is not erased, or its erasing not stopped. */
type OfErasing =
  | 'alert_open'
  | 'is_muted'
  | 'same_person'
  | 'no_key'
  | 'too_new'
  | 'invited'
  | 'being_erased'
  | 'on_hold'
  | 'not_asked'
  | 'not_yours'
  | 'too_late';
type Why = Exclude<DecisionRefused, 'already_taken'> | 'lost';

const SAID = {
  lost: 'shell.lost',
  no_such: 'case.no_such',
  no_officer: 'case.decide_problems.no_officer',
  closed: 'case.decide_problems.closed',
  not_taken: 'case.decide_problems.not_taken',
  nobody_else: 'case.decide_problems.not_offered',
  not_offered: 'case.decide_problems.not_offered',
  one_phone: 'case.decide_problems.no_such_phone',
  no_such_phone: 'case.decide_problems.no_such_phone',
  no_task: 'rights.problems.no_task',
  undecided: 'case.phones_undecided',
  unsafe: 'case.decide_problems.unsafe',
  unclear: 'case.safe_unclear',
  unknown: 'case.safe_unknown',
  blocked: 'case.decide_problems.blocked',
  alert_open: 'rights.problems.alert_open',
  is_muted: 'rights.problems.is_muted',
  same_person: 'rights.problems.same_person',
  no_key: 'rights.problems.no_key',
  too_new: 'rights.problems.too_new',
  invited: 'rights.problems.invited',
  being_erased: 'rights.problems.being_erased',
  on_hold: 'rights.problems.on_hold',
  not_asked: 'rights.problems.not_asked',
  not_yours: 'rights.problems.not_yours',
  too_late: 'rights.problems.too_late',
} as const satisfies Readonly<Record<Why | OfErasing, string>>;

export function whyRefused(t: T, language: string, { why, by, at }: Refusal): string {
  if (why === 'already_taken' && by && at) return t('case.already_taken', { by, at: sayTime(at, language) });
  return why in SAID ? t(SAID[why as keyof typeof SAID]) : t('shell.refused');
}
