/** Going through the flows: on to the next open question, to another place, back. */
import { isAsked, isMoreAhead, isOpen } from '../asking/ahead.ts';
import { dropNewReportFacts } from '../asking/case-work.ts';
import { mayEmpty } from '../asking/refusing.ts';
import { doStatement } from '../asking/statements.ts';
import {
  DANGER,
  HOME,
  HOME_PATH,
  hasText,
  isAtHome,
  isInRoom,
  placedAt,
  putAside,
  REVIEW,
  sayFirmly,
  type Turn,
  text,
  WAYS,
} from '../asking/turn.ts';
import { isPage } from '../chapters/chapters.ts';
import { firstStep, nextPath, type PlacedStep } from '../flows/compile.ts';

/** More steps than this without a question is a circle in the flow files: better the menu than no answer. */
const MOST_PASSED = 500;
/** The option, in the menu and among the ways, that leads into the room to read in. */
const UNDERSTAND = 'understand';

/** Leaves the present step and goes on to the next question that is still open. */
export function goOn(turn: Turn): void {
  const { state, deps, now } = turn;
  let turning: string | undefined;
  for (let passed = 0; passed < MOST_PASSED; passed++) {
    if (isTurning(turn, state.at)) turning = state.at;
    enter(turn, nextPath(deps.flows, state.at, state.answers, now));
    if (isAtHome(turn)) askTurningAgain(turn, turning);
    if (stops(turn)) return;
  }
  enter(turn, HOME_PATH);
}

/** Goes to a step, and from there to the next open question if this one needs no answer. */
export function goTo(turn: Turn, path: string): void {
  enter(turn, path);
  if (!stops(turn)) goOn(turn);
}

/** To the first step of a flow that still wants an answer. */
export function goToFlow(turn: Turn, flow: string): void {
  goTo(turn, firstStep(turn.deps.flows, flow));
}

/** Asks a step again although it has an answer; the answer stays until there is another. */
export function revisit(turn: Turn, path: string): void {
  place(turn, path);
  turn.state.revisiting = path;
}

function enter(turn: Turn, wanted: string): void {
  const from = turn.state.at;
  const to = redirected(turn, from, refusedAt(turn, wanted));
  if (from.startsWith('menu.') && to.startsWith('report.') && turn.state.isSubmitted)
    dropNewReportFacts(turn);
  if (to === HOME_PATH) arriveHome(turn);
  if (from === HOME_PATH && to.startsWith('report.')) askDangerAgain(turn);
  if (isPage(turn.deps.flows, to)) openPage(turn, to);
  else place(turn, to);
}

/** To a page of the room to read in: that they chose it is forgotten, and the question that they left waits. */
export function openPage(turn: Turn, path: string): void {
  const { state } = turn;
  if (!isInRoom(turn)) comeIn(turn);
  delete state.room?.found;
  place(turn, path);
}

function comeIn(turn: Turn): void {
  const { at, page, answers } = turn.state;
  const [flow, id] = at.split('.');
  // A menu is no question that waits; that of danger comes on the way out by itself.
  const isOpen = flow === 'menu' || (id === DANGER && answers[DANGER] === undefined);
  turn.state.room = isOpen ? {} : { from: at, ...(page > 0 ? { page } : {}) };
  // What else was chosen stands: who wanted a person, or reports, still does when they come out.
  for (const step of [HOME, WAYS]) {
    const chosen = answers[step];
    if (chosen?.kind === 'choice' && chosen.value === UNDERSTAND) delete answers[step];
  }
}

function place(turn: Turn, path: string): void {
  turn.state.at = path;
  turn.state.page = 0;
  turn.state.misses = 0;
  delete turn.state.tried;
  turn.isNewQuestion = true;
}

/** Consent refused: while a case stands nothing is called erased, whatever it was opened for. */
function refusedAt({ state, deps }: Turn, wanted: string): string {
  if (!state.isCaseOpen || doesOf(deps.flows.steps.get(wanted)) !== 'forget_draft') return wanted;
  const bare = [...deps.flows.steps.values()].find((placed) => doesOf(placed) === 'keep_bare_alert');
  return bare?.path ?? wanted;
}

const doesOf = (placed: PlacedStep | undefined) =>
  placed?.step.ask === 'statement' ? placed.step.does : undefined;

/** A report that is sent is not asked again after an SOS: only the menu begins a new one. */
function redirected(turn: Turn, from: string, to: string): string {
  const comesFromElsewhere = !from.startsWith('menu.') && !from.startsWith('report.');
  return turn.state.isSubmitted && comesFromElsewhere && to.startsWith('report.') ? HOME_PATH : to;
}

/** A person who said long ago that there is no danger, and only now begins to report, is asked first as everybody is. */
function askDangerAgain(turn: Turn): void {
  const { veiled, isCaseOpen, answers } = turn.state;
  if (veiled && !isCaseOpen && answers.consent === undefined) putAside(turn, DANGER);
}

/** The menu is asked anew each time, and what was chosen in it before decides nothing any more. */
function arriveHome(turn: Turn): void {
  delete turn.state.answers[HOME];
  delete turn.state.answers[WAYS];
  delete turn.state.revisiting;
}

/** Whether the answer here decided which way to go. */
function isTurning(turn: Turn, path: string): boolean {
  const ways = turn.deps.flows.ways.get(path) ?? [];
  return !path.startsWith('menu.') && ways.some((way) => way.when);
}

/**
 * The last answer that led away from the questions ("not now") is kept, but asked again when the person comes
 * back, or they could never go on.
 */
function askTurningAgain(turn: Turn, path: string | undefined): void {
  if (path !== undefined && !turn.state.isSubmitted) putAside(turn, path.split('.')[1] ?? '');
}

/** Whether the step where we are waits for an answer. Says statements on the way. */
function stops(turn: Turn): boolean {
  const { state } = turn;
  const placed = placedAt(turn);
  if (isAtHome(turn) || state.revisiting === placed.path) return true;
  if (!isAsked(turn, placed)) return false;
  if (placed.step.ask === 'statement') {
    passStatement(turn, placed);
    return false;
  }
  if (placed.step.ask === 'review') return !state.isSubmitted && !isGoingOn(turn);
  return isOpen(turn, placed);
}

/** A reporter who chose to go on is not read back to again before the questions are over. */
function isGoingOn(turn: Turn): boolean {
  const chosen = turn.state.answers[REVIEW];
  return chosen?.kind === 'choice' && chosen.value === 'more' && isMoreAhead(turn);
}

/** A statement is said once in a report; in the menu each time. */
function passStatement(turn: Turn, placed: PlacedStep): void {
  const { state } = turn;
  const does = doesOf(placed);
  const isMenu = placed.flow === 'menu';
  const isOnce = !isMenu && (!does || does === 'ask_how_again');
  if (isOnce && state.answers[placed.id]?.kind === 'seen') return;
  // What was refused is the new report; the one before it stays.
  const isBesideCase = does === 'forget_draft' && state.earlier !== undefined;
  if (isBesideCase) sayFirmly(turn, 'refused_beside_case');
  else if (does !== 'keep_bare_alert' || mayEmpty(turn)) sayText(turn, `${placed.path}.say`);
  doStatement(turn, does);
  if (isOnce) state.answers[placed.id] = { kind: 'seen' };
}

function sayText(turn: Turn, key: string): void {
  if (hasText(turn, key) && text(turn, key) !== '') turn.firm.push({ key });
}
