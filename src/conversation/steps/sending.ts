/** "Send": at the read-back and under every question after it; before, what is missing is named and asked. */
import { missing, wantsPerson } from '../asking/ahead.ts';
import { questionOf } from '../asking/review.ts';
import {
  isChoosingLanguage,
  isOfReport,
  leaveTrail,
  placedAt,
  REVIEW,
  say,
  setAnswer,
  type Turn,
} from '../asking/turn.ts';
import { goOn, goTo } from './moving.ts';

const REVIEW_PATH = 'report.review';

export function send(turn: Turn): void {
  const { state } = turn;
  if (state.isSubmitted && !hasBegun(turn)) {
    say(turn, 'already_sent');
    return;
  }
  if (!state.isCaseOpen) say(turn, 'not_sent');
  if (isChoosingLanguage(turn) || !(hasBegun(turn) || state.isBare)) return;
  finishAnswer(turn);
  const lacking = missing(turn);
  const [first] = lacking;
  if (first) {
    const list = lacking.map((placed) => withoutCapital(questionOf(turn, placed))).join(', ');
    say(turn, 'missing', { list });
    // After a cry for help its own questions come first.
    if (!state.at.startsWith('sos.')) goTo(turn, first.path);
    return;
  }
  turn.light = turn.light.filter(({ key }) => key !== 'bot.not_sent');
  if (wantsPerson(turn)) {
    goOn(turn);
    return;
  }
  if (!hasReadBack(turn)) {
    goTo(turn, REVIEW_PATH);
    return;
  }
  state.answers[REVIEW] = { kind: 'choice', value: 'send' };
  state.at = REVIEW_PATH;
  goOn(turn);
}

/** Whether anything of a report was said. */
function hasBegun({ state, deps }: Turn): boolean {
  return Object.keys(state.answers).some((step) => isOfReport(deps.flows, step));
}

/** "Send" after the last words of an account, or the last of several choices, ends it. */
function finishAnswer(turn: Turn): void {
  const { state } = turn;
  const { id, path } = placedAt(turn);
  const answer = state.answers[id];
  if (answer?.kind === 'account' && answer.parts.length > 0) setAnswer(turn, id, { ...answer, done: true });
  else if (state.picking === id && answer?.kind === 'choices' && answer.values.length > 0)
    delete state.picking;
  else return;
  leaveTrail(turn, path);
}

/** Nothing is sent that was not shown to be read once. */
const hasReadBack = ({ state }: Turn): boolean =>
  state.at === REVIEW_PATH || state.trail.includes(REVIEW_PATH);

const withoutCapital = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);
