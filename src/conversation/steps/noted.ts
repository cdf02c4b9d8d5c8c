/**
 * What is noted beside an answer: who says that they are a child is asked no more than one, no age is asked twice, and a number
 * at which to call is read back at once, as it was understood.
 */
import { wordsTold } from '../asking/hearing.ts';
import { CONTACT_NUMBER, NEW_NUMBER, placedAt, say, setAnswer, type Turn } from '../asking/turn.ts';
import { numbersIn } from '../meaning/reaching.ts';
import { UNDER_18 } from '../meaning/whom.ts';
import { saidAge, tellsUnder18 } from '../reading/ages.ts';
import { isPhoneUnsafe } from '../values/contact-terms.ts';

export const WHO = 'who';
const OF_OTHERS = ['other_defender', 'family_of_defender', 'other_person'];
/** What a child is told. */
const MINOR = 'minor';

/** The report is about themselves, and in what they told they say that they are a child. Returns whether that is new. */
export function noteChild(turn: Turn): boolean {
  const { answers } = turn.state;
  const who = answers[WHO];
  if (who?.kind !== 'choice' || who.value !== 'self') return false;
  if (!tellsUnder18(turn.deps.texts.reading.ages, wordsTold(answers))) return false;
  setAnswer(turn, WHO, { kind: 'choice', value: 'self_under_18' });
  return true;
}

/** "Ma fille, elle a 15 ans", where it is asked whom it is about. */
export function noteAgeOf(turn: Turn, chosen: string | undefined, said: string | undefined): void {
  if (placedAt(turn).id !== WHO || said === undefined || !OF_OTHERS.includes(chosen ?? '')) return;
  const age = saidAge(turn.deps.texts.reading.ages, said);
  if (age) setAnswer(turn, UNDER_18, { kind: 'choice', value: age === 'under_18' ? 'yes' : 'no' });
}

/** Where a child is told who goes on with it, unless they were. */
export const pathOfMinor = ({ deps, state }: Turn): string | undefined =>
  state.answers[MINOR] === undefined ? deps.flows.pathsOf.get(MINOR)?.[0] : undefined;

/** Says the number that was given to this question. On a phone that others may read it is not shown once more. */
export function noteNumber(turn: Turn, id: string): void {
  const { answers } = turn.state;
  const answer = answers[id];
  if ((id !== CONTACT_NUMBER && id !== NEW_NUMBER) || answer?.kind !== 'text') return;
  if (isPhoneUnsafe(answers)) return;
  const numbers = numbersIn(answer.text);
  if (numbers.length > 0) say(turn, 'number_noted', { number: numbers.join(' / ') });
}
