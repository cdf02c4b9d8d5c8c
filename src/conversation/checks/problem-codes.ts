/**
 * What the check says, as a word and what is filled in, so that it can be said in other languages than the operator's: for
 * people who work on texts in the room (`texts.checks.<code>` of `console.yaml`).
 *
 * What is not here is said as the check says it.
 */
import type { Problem } from './problem.ts';

/** As the check words them; `{name}` is what is filled in. */
const WORDED = {
  missing: 'this text is missing',
  empty: 'this text is empty',
  elsewhere: 'another language has this text',
  unasked_for: 'nobody asks for this text',
  not_filled: '{{{name}}} is not filled in here',
  placeholders: 'its placeholders differ from those in {language}',
  no_letter: '"{word}" has no letter or digit',
  means_already: '"{word}" already means {other}',
  form_missing: 'its form _{form} is missing',
  form_strange: 'this language has no form _{form}',
  reasons: 'asks for reasons',
  makes_little: 'makes little of what happened',
  promises: 'promises what nobody can keep',
  calls_secure: 'calls the messenger secure',
  guilt: 'speaks of guilt',
  our_people: 'calls us what many take for the State',
  one_gender: 'is said to men only',
  first_person: 'speaks as one person',
  familiar: 'is too familiar',
  emoji: 'holds an emoji',
  long_sentence: 'has a sentence of {number} words, more than {most}',
  telling: 'is sent unasked, and "{word}" tells who writes, or why',
  screen: 'with its options it has {number} characters, more than {most}',
  screen_and_help: 'with the question it is longer than {most}',
  button: '{number} characters do not fit a button of {most}',
  command: 'is also the word for {other}',
  twice: 'two options read the same',
  too_long: 'longer than {most} characters',
  unseen: 'has a sign that nobody sees ({sign})',
  markup: 'holds markup ({sign})',
} as const;

export type ProblemCode = keyof typeof WORDED;
export const PROBLEM_CODES = Object.keys(WORDED) as ProblemCode[];

/** Of each its words, between which something is filled in: every second part is a name. */
const WORDINGS = Object.entries(WORDED).map(([code, words]) => ({
  code: code as ProblemCode,
  parts: words.split(/\{(\w+)\}/),
}));

/** What stands between the words, by name; undefined: it is worded otherwise. */
function between(
  [first = '', ...parts]: readonly string[],
  said: string,
): Record<string, string> | undefined {
  if (!said.startsWith(first)) return undefined;
  const found: Record<string, string> = {};
  let at = first.length;
  for (let n = 0; n < parts.length; n += 2) {
    const [name = '', next = ''] = parts.slice(n, n + 2);
    const isLast = n + 2 >= parts.length;
    const end = isLast ? said.length - next.length : said.indexOf(next, at);
    if (end < at || !said.startsWith(next, end)) return undefined;
    found[name] = said.slice(at, end);
    at = end + next.length;
  }
  return at === said.length ? found : undefined;
}

/** Undefined: only the check itself has words for it. */
export function codeOf({
  problem,
}: Pick<Problem, 'problem'>): { code: ProblemCode; params: Record<string, string> } | undefined {
  for (const { code, parts } of WORDINGS) {
    const params = between(parts, problem);
    if (params) return { code, params };
  }
  return undefined;
}
