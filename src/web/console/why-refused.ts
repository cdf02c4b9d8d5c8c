/** Why a decision about an alert was refused, in words: for each reason that the service can give. */
import type { DecisionRefused } from '../../contract/refusals.ts';
import type { Refusal } from './api.ts';
import { sayTime, type T } from './words.ts';

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
  undecided: 'case.phones_undecided',
  unsafe: 'case.decide_problems.unsafe',
  unclear: 'case.safe_unclear',
  unknown: 'case.safe_unknown',
  blocked: 'case.decide_problems.blocked',
} as const satisfies Readonly<Record<Why, string>>;

export function whyRefused(t: T, language: string, { why, by, at }: Refusal): string {
  if (why === 'already_taken' && by && at) return t('case.already_taken', { by, at: sayTime(at, language) });
  return why in SAID ? t(SAID[why as Why]) : t('shell.refused');
}
