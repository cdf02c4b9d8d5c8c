/** A number at which to call is read back at once, as it was understood: who mistyped it sees so, and how to change it. */
import { CONTACT_NUMBER, NEW_NUMBER, say, type Turn } from '../asking/turn.ts';
import { numbersIn } from '../meaning/meant.ts';
import { isPhoneUnsafe } from '../values/contact-terms.ts';

/** Says the number that was given to this question. On a phone that others may read it is not shown once more. */
export function noteNumber(turn: Turn, id: string): void {
  const { answers } = turn.state;
  const answer = answers[id];
  if ((id !== CONTACT_NUMBER && id !== NEW_NUMBER) || answer?.kind !== 'text') return;
  if (isPhoneUnsafe(answers)) return;
  const numbers = numbersIn(answer.text);
  if (numbers.length > 0) say(turn, 'number_noted', { number: numbers.join(' / ') });
}
