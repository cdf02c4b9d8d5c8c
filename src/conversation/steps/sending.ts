/** "Send": at the read-back and under every question after it; before, what is missing is named and asked. */
import { demandsAlert } from '../../kernel/vocabulary.ts';
import { missing, wantsPerson } from '../asking/ahead.ts';
import { questionOf } from '../asking/review.ts';
import {
  isAtHome,
  isChoosingLanguage,
  isOfReport,
  leaveTrail,
  placedAt,
  REVIEW,
  say,
  setAnswer,
  type Turn,
} from '../asking/turn.ts';
import { answerAndGoOn, CONTACT_TIMES } from './keeping.ts';
import { goOn, goTo } from './moving.ts';

const REVIEW_PATH = 'report.review';

export function send(turn: Turn): void {
  const { state } = turn;
  if (state.isSubmitted && !hasBegun(turn)) {
    say(turn, 'already_sent');
    return;
  }
  sayWhatIsSent(turn);
  if (isChoosingLanguage(turn) || !(hasBegun(turn) || state.isBare)) return;
  // Who cried for help is asked that flow's own questions first, and may begin a report from the menu.
  if (isAlarmed(turn) && (isAtHome(turn) || state.at.startsWith('sos.'))) return;
  finishAnswer(turn);
  const lacking = missing(turn);
  const [first] = lacking;
  if (first) {
    const names = lacking.filter(({ id }) => !isTold(turn, id)).map((placed) => questionOf(turn, placed));
    if (names.length > 0) say(turn, 'missing', { list: names.map(withoutCapital).join(', ') });
    goTo(turn, first.path);
    return;
  }
  turn.light = turn.light.filter(({ key }) => key !== 'bot.not_sent' && key !== 'bot.alert_already');
  if (wantsPerson(turn)) {
    goOn(turn);
    return;
  }
  // "Send" where it is asked when: that no hours are noted is said before what is read back.
  if (leavesHoursOpen(turn)) {
    answerAndGoOn(turn, { kind: 'skipped' });
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

/** Nothing yet, the alert, or what was sent as a case without one. */
function sayWhatIsSent(turn: Turn): void {
  if (!turn.state.isCaseOpen) say(turn, 'not_sent');
  else if (isAlarmed(turn)) say(turn, 'alert_already');
  else if (!hasBegun(turn) && !turn.state.isBare) say(turn, 'already_sent');
}

/** An alert of theirs is out, and they go on with it. */
const isAlarmed = ({ state }: Turn): boolean =>
  state.isCaseOpen && !state.isBare && state.level !== undefined && demandsAlert(state.level);

/** Something of the account is there: it may grow, but is not missing. */
function isTold({ state }: Turn, id: string): boolean {
  const answer = state.answers[id];
  return answer?.kind === 'account' && answer.parts.length > 0;
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

const leavesHoursOpen = (turn: Turn): boolean =>
  placedAt(turn).id === CONTACT_TIMES && turn.state.answers[CONTACT_TIMES] === undefined;

/** Nothing is sent that was not shown to be read once. */
const hasReadBack = ({ state }: Turn): boolean =>
  state.at === REVIEW_PATH || state.trail.includes(REVIEW_PATH);

const withoutCapital = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);
