/**
 * Consent is refused, or taken back.
 *
 * Invariants: a case loses at once only what was said before anybody agreed, in the sitting in which it was opened;
 * afterwards the phone may be in another person's hand, and its erasing is asked of the team; what was said to the
 * question is recorded, a "no" as well as a "yes".
 */
import type { Answer, Part } from '../values/answer.ts';
import { recordConsents } from './case-work.ts';
import { forgetAnswers, type Turn } from './turn.ts';

/** Whether a "no" leaves of the open case only that a person asked for help; `src/app` keeps it all the same once an officer has the alert. */
export function mayEmpty({ state }: Turn): boolean {
  const { pausedAt, openedBy } = state;
  const isLater =
    pausedAt !== undefined && (openedBy === undefined || Date.parse(pausedAt) > Date.parse(openedBy));
  return !state.hasAgreed && !state.isSubmitted && !isLater;
}

/** Consent was refused before anybody agreed: after an alert only the cry for help stays, otherwise nothing. */
export function refuse(turn: Turn): void {
  if (!turn.state.isCaseOpen) {
    forgetDraft(turn);
    return;
  }
  turn.effects.push({ type: 'keep_bare_alert' });
  stopAdding(turn);
}

/** From now on nothing is added to the case; what was written since that was said before is forgotten, with its files. */
export function stopAdding(turn: Turn): void {
  const { state } = turn;
  if (state.isBare)
    for (const evidence of filesOf(turn)) turn.effects.push({ type: 'forget_evidence', evidence });
  recordConsents(turn);
  delete state.live;
  forgetAnswers(turn);
  turn.isChanged = false;
  state.isBare = true;
}

function filesOf({ state }: Turn): string[] {
  const answers = [...Object.values(state.answers), ...state.kept.map(({ answer }) => answer)];
  const parts = [...answers.flatMap(partsOf), ...(state.tried ?? [])];
  return [...new Set(parts.flatMap((part) => (part.kind === 'file' ? [part.evidence] : [])))];
}

function partsOf(answer: Answer): readonly Part[] {
  if (answer.kind === 'not_said') return answer.tried;
  return 'parts' in answer ? (answer.parts ?? []) : [];
}

/** What is in no case goes at once, with its files; the language stays. */
export function forgetDraft(turn: Turn): void {
  const { state } = turn;
  // The draft case's id stays in the state until `src/app` has erased it.
  turn.effects.push({ type: 'forget_draft' });
  delete state.live;
  forgetAnswers(turn);
  turn.isChanged = false;
  state.rules = [];
  // What is erased must not be called noted.
  delete state.lastButton;
  delete state.level;
  delete state.mayWrite;
  delete state.objects;
  delete state.hasAgreed;
}
