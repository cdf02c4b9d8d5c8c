/** Ages that were told before they are asked: who says that they are a child is asked no more than one, and no age is asked twice. */
import { wordsTold } from '../asking/hearing.ts';
import { placedAt, setAnswer, type Turn } from '../asking/turn.ts';
import { UNDER_18 } from '../meaning/meant.ts';
import { saidAge, tellsUnder18 } from '../reading/ages.ts';

export const WHO = 'who';
const OF_OTHERS = ['other_defender', 'family_of_defender'];
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
