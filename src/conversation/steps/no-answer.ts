/** Words that answer nothing where a question waits: thanks, that there is none of what is asked for, a question to us. */
import { hasCase } from '../asking/case-work.ts';
import { outsideLines } from '../asking/outside-lines.ts';
import { sayStatus } from '../asking/statements.ts';
import { DANGER, isAtHome, isChoosingLanguage, placedAt, say, type Turn, WHERE } from '../asking/turn.ts';
import type { Meaning } from '../meaning/interpret.ts';
import { normalise } from '../reading/normalise.ts';
import type { Input } from '../values/input.ts';
import { type AskedOfUs, askedOfUs, isAsked } from '../words/asks.ts';
import { isOnly, saysOf } from '../words/heard.ts';
import { isCourtesy } from '../words/wishes.ts';
import { answerAndGoOn } from './keeping.ts';

/** There is no evidence, or no more of it. */
export function endEvidence(turn: Turn): void {
  const answer = turn.state.answers[placedAt(turn).id];
  const isGiven = answer?.kind === 'account' && answer.parts.length > 0;
  answerAndGoOn(turn, isGiven ? { ...answer, done: true } : { kind: 'skipped' });
}

/** "Merci" where a question waits: nothing to keep, and no try to answer it. */
export function isThanks(turn: Turn, text: string): boolean {
  if (isAtHome(turn) || isChoosingLanguage(turn) || placedAt(turn).id === DANGER) return false;
  const { step } = placedAt(turn);
  // What binds wants a yes or a no, and says so.
  if (step.ask === 'yes_no' && step.required) return false;
  // "C bon ?" asks, and is for the officer to read.
  if (isAsked(turn.deps.texts, text)) return false;
  const words = normalise(text);
  // "Salam" may be where they are.
  const { texts } = turn.deps;
  if (placedAt(turn).id === WHERE ? !isOnly(texts, words, 'thanks') : !isCourtesy(texts, words)) return false;
  say(turn, 'thanked');
  return true;
}

/** "Ça va aller ?", "vous venez quand" where it is asked where they are: for the officer to read, and no place. */
export function isNoPlace(turn: Turn, text: string): boolean {
  const { texts } = turn.deps;
  const words = normalise(text);
  return (
    placedAt(turn).id === WHERE &&
    saysOf(texts, words, 'waits') &&
    isOnly(texts, words, 'waits', 'courtesy', 'urges_alone')
  );
}

/** What of us a message asks, that no option and no command takes; "c'est la CNDH ?" is greeted besides. */
export function askedBy(turn: Turn, meaning: Meaning, input: Input): AskedOfUs | undefined {
  const isOpen = meaning.kind === 'words' || (meaning.kind === 'command' && meaning.command === 'start');
  return isOpen && input.kind === 'text' && !input.edited
    ? askedOfUs(turn.deps.texts, input.text)
    : undefined;
}

/** The answer, before everything else that is said. */
export function answerShortly(turn: Turn, asked: AskedOfUs): void {
  if (asked === 'elsewhere') turn.firm.push({ key: 'menu.outside.say' }, ...outsideLines(turn));
  else if (asked === 'when' && hasCase(turn)) sayStatus(turn);
  else say(turn, `answer_${asked}`);
}
