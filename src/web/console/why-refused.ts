/** Why a decision about an alert was refused, in words: for each reason that the service can give. */
import type { Decided } from '../../app/console/alert-actions.ts';
import type { Refusal } from './api.ts';
import { type Language, sayTime } from './words.ts';
import type { Words } from './words-fr.ts';

type Why = Exclude<Extract<Decided, { ok: false }>['reason'], 'already_taken'> | 'lost';

const problem = (why: string) => (words: Words) => words.decideProblems[why];

const SAID: Readonly<Record<Why, (words: Words) => string | undefined>> = {
  lost: problem('lost'),
  no_such: (words) => words.noSuch,
  no_officer: problem('no_officer'),
  closed: problem('closed'),
  not_taken: problem('not_taken'),
  nobody_else: problem('not_offered'),
  not_offered: problem('not_offered'),
  one_phone: problem('no_such_phone'),
  no_such_phone: problem('no_such_phone'),
  undecided: (words) => words.phonesUndecided,
  unsafe: (words) => words.safeNo,
  unclear: (words) => words.safeUnclear,
  unknown: (words) => words.safeUnknown,
  blocked: problem('blocked'),
};

export function whyRefused(words: Words, language: Language, { why, by, at }: Refusal): string {
  if (why === 'already_taken' && by && at) return words.alreadyTaken(by, sayTime(at, language));
  return SAID[why as Why]?.(words) ?? words.refused;
}
