/**
 * "I want to speak to a person", at any step.
 *
 * Invariants: danger is asked first, and nothing is kept before consent; what was answered is not asked again; where there is
 * a case already, the wish goes into it at once.
 */

import type { WhySilent } from '../../kernel/vocabulary.ts';
import { hasCase } from '../asking/case-work.ts';
import { tellWish } from '../asking/statements.ts';
import {
  DANGER,
  isOfReport,
  PERSON,
  putAside,
  say,
  sayFirmly,
  setAnswer,
  type Turn,
  WAYS,
} from '../asking/turn.ts';
import { whySilent } from '../values/may-write.ts';
import { goTo, goToFlow } from './moving.ts';

const CONTACT = 'contact_how';
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
  const { [CONTACT]: contact } = state.answers;
  // Who wants to be spoken to and said "do not contact me" is asked again.
  if (contact?.kind === 'choice' && contact.value === 'no_contact') putAside(turn, CONTACT);
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

/** The team has a case of them and nothing of another report is under way, or people are being called at this moment. */
function isKnownToTeam(turn: Turn): boolean {
  const { state, deps } = turn;
  if (!hasCase(turn) || state.isBare) return false;
  if (state.at.startsWith('sos.')) return true;
  if (state.isCaseOpen) return state.isSubmitted;
  return !Object.keys(state.answers).some((step) => isOfReport(deps.flows, step));
}
