/**
 * What the service hears in what a person tells, as an answer that no question asks for: rules name it `heard`.
 *
 * Invariants: nothing is heard before they agreed to go on; it is stored nowhere, and follows from the words.
 */
import { HEARD } from '../flows/condition.ts';
import { tellsOfChild, tellsUnder18 } from '../reading/ages.ts';
import type { Answer, Answers, Part } from '../values/answer.ts';
import { tellsOfCustody, tellsOfThreat } from '../words/custody.ts';
import { tellsGraveDanger } from '../words/grave.ts';
import type { Texts } from '../words/texts.ts';
import { ACCOUNT, type Turn } from './turn.ts';

/** The answers, and what is heard in the account or in what was just said for the case. */
export function withHeard(turn: Turn): Answers {
  const { answers } = turn.state;
  const { texts } = turn.deps;
  const isAgreed = answers.consent?.kind === 'choice' && answers.consent.value === 'yes';
  const parts = [...(isAgreed ? partsOf(answers[ACCOUNT]) : []), ...(turn.told ?? [])];
  const words = wordsOf(parts.filter((part) => !isApart(part)));
  const apart = parts.filter(isApart).map((part) => part.text);
  const isHeld = tellsOfCustody(texts, words) !== undefined;
  const isThreatened = tellsOfThreat(texts, words);
  const grave = graveIn(turn, words, apart);
  const isHarmed = isHeld || isThreatened || grave.length > 0;
  const isChild =
    [words, ...apart].some((each) => tellsUnder18(texts.reading.ages, each)) ||
    (isHarmed && tellsOfChild(texts.reading.ages, words, peopleOf(texts)));
  const values = [
    ...grave,
    ...(isHeld ? ['custody'] : []),
    ...(isThreatened ? ['threat'] : []),
    ...(isChild ? ['under_18'] : []),
  ];
  return values.length > 0 ? { ...answers, [HEARD]: { kind: 'choices', values } } : answers;
}

/** What people of theirs are called. */
const peopleOf = (texts: Texts): ReadonlySet<string> =>
  new Set(texts.languages.flatMap((language) => texts.heard(language).get('person_near') ?? []));

/** Phrases that say so wake people; what only sounds so beside accounts that are known is looked at first in the morning. */
function graveIn({ deps }: Turn, words: string, apart: readonly string[]): string[] {
  if ([words, ...apart].some((each) => tellsGraveDanger(deps.texts, each))) return ['grave_danger'];
  return deps.flows.soundsGrave?.(words) ? ['like_grave'] : [];
}

/** The words of the account. */
export const wordsTold = (answers: Answers): string => wordsOf(partsOf(answers[ACCOUNT]));

/** When to reach them: heard by itself, or "not now" would make what they told be of now. */
const isApart = (part: Part): part is Extract<Part, { kind: 'text' }> =>
  part.kind === 'text' && part.apart === true;

const wordsOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.kind === 'text' ? part.text : '')).join('\n');

const partsOf = (answer: Answer | undefined): readonly Part[] =>
  answer?.kind === 'account' ? answer.parts : [];
