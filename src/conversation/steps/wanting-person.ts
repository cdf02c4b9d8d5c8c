/**
 * "I want to speak to a person", at any step.
 *
 * Invariants: danger is asked first, and nothing is kept before consent; what was answered is not asked again; where there is
 * a case already, the wish goes into it at once.
 */

import type { WhySilent } from '../../kernel/vocabulary.ts';
import { hasCase } from '../asking/case-work.ts';
import { doStatement, tellWish } from '../asking/statements.ts';
import {
  CONTACT_HOW,
  CONTACT_NUMBER,
  DANGER,
  isAtHome,
  isOfReport,
  NEW_NUMBER,
  NUMBER,
  OTHER_WAY,
  PERSON,
  placedAt,
  putAside,
  say,
  sayFirmly,
  setAnswer,
  type Turn,
  WAYS,
} from '../asking/turn.ts';
import { givesNumber } from '../meaning/reaching.ts';
import { normalise } from '../reading/normalise.ts';
import { whySilent } from '../values/may-write.ts';
import { hasDangerSign, openingOf, saysOf } from '../words/heard.ts';
import { soundsLike } from '../words/wishes.ts';
import { answerAndGoOn, keepAnswer } from './keeping.ts';
import { goTo, goToFlow } from './moving.ts';
import { noteNumber } from './noted.ts';

/** Nothing is written here, but they said another way. */
const REACHED_ELSEWHERE: readonly WhySilent[] = ['call', 'trusted_person'];

export function wantPerson(turn: Turn): void {
  const { state, deps } = turn;
  if (isKnownToTeam(turn)) {
    const why = whySilent(state.mayWrite);
    // Nobody can reach them as things are: they are told, and how to change it.
    if (why !== undefined && !REACHED_ELSEWHERE.includes(why)) sayFirmly(turn, 'person_cannot_reach');
    tellWish(turn);
    return;
  }
  const { [CONTACT_HOW]: contact } = state.answers;
  // Who wants to be spoken to and said "do not contact me" is asked again.
  if (contact?.kind === 'choice' && contact.value === 'no_contact') putAside(turn, CONTACT_HOW);
  // A new wish is asked anew whether there is another way.
  for (const id of Object.keys(deps.flows.flows.get(PERSON)?.steps ?? {})) putAside(turn, id);
  setAnswer(turn, WAYS, { kind: 'choice', value: PERSON });
  delete state.revisiting;
  const danger = deps.flows.pathsOf.get(DANGER)?.[0];
  if (state.answers[DANGER] === undefined && danger !== undefined) {
    say(turn, 'question_first');
    if (state.at !== danger && state.at !== deps.flows.entry) goTo(turn, danger);
    return;
  }
  goToFlow(turn, PERSON);
}

/**
 * "76 12 34 56" in place of a yes to another way: by a call to it, and the one who answers there is asked for no more. What was said
 * of the way before lies in the case.
 */
export function reachThere(turn: Turn, how: string, number: string | undefined): void {
  const { state, deps } = turn;
  const [asked, wanted] = [OTHER_WAY, CONTACT_HOW].map((id) => deps.flows.pathsOf.get(id)?.[0] ?? '');
  keepAnswer(turn, placedAt(turn, asked), { kind: 'choice', value: 'yes' });
  doStatement(turn, 'ask_how_again');
  for (const { id, step } of deps.flows.steps.values())
    if (step.ask === 'statement' && step.does === 'ask_how_again') state.answers[id] = { kind: 'seen' };
  if (number !== undefined) setAnswer(turn, CONTACT_NUMBER, { kind: 'text', text: number });
  delete state.revisiting;
  state.at = wanted ?? state.at;
  turn.isNewQuestion = true;
  answerAndGoOn(turn, { kind: 'choice', value: how });
}

/**
 * Told at the menu where there is a case: "I want to speak to a woman", "call me at 76 …", "change my number". What they say
 * goes into the case; a number counts once they say that it is safe.
 */
export function wishesContact(turn: Turn, words: string): 'person' | 'number' | 'both' | undefined {
  const { state, deps } = turn;
  const said = normalise(words);
  if (!isAtHome(turn) || !state.isCaseOpen || state.isBare || hasDangerSign(deps.texts, words))
    return undefined;
  const isShort = said.split(' ').length <= MOST_WORDS_OF_A_WISH;
  const isRefusal = saysOf(deps.texts, said, 'stop_calling');
  const wantsPerson =
    isShort &&
    !isRefusal &&
    (openingOf(deps.texts, words) === 'person' || soundsLike(deps.texts, said, 'for_person'));
  const isOfNumber = isShort && saysOf(deps.texts, said, 'asks_number');
  const isTheirs = wantsPerson || isOfNumber || isBare(said) || saysOf(deps.texts, said, 'number_given');
  const isGiven = isTheirs && givesNumber(turn, said);
  if (isGiven || isOfNumber) return wantsPerson ? 'both' : 'number';
  return wantsPerson ? 'person' : undefined;
}

/** More words tell something. */
const MOST_WORDS_OF_A_WISH = 16;

/** "76 12 34 56", and hardly a word with it. */
const isBare = (said: string): boolean => said.split(' ').filter((word) => !/^\d+$/.test(word)).length <= 1;

/** Whether the number that they write is safe is asked; without one, which it is. */
export function askNewNumber(turn: Turn, words: string): void {
  for (const id of Object.keys(turn.deps.flows.flows.get(NUMBER)?.steps ?? {})) putAside(turn, id);
  if (givesNumber(turn, normalise(words))) setAnswer(turn, NEW_NUMBER, { kind: 'text', text: words });
  goToFlow(turn, NUMBER);
  noteNumber(turn, NEW_NUMBER);
}

/** The team has a case of them and nothing of another report is under way, or people are being called at this moment. */
function isKnownToTeam(turn: Turn): boolean {
  const { state, deps } = turn;
  if (!hasCase(turn) || state.isBare) return false;
  if (state.at.startsWith('sos.')) return true;
  if (state.isCaseOpen) return state.isSubmitted;
  return !Object.keys(state.answers).some((step) => isOfReport(deps.flows, step));
}
