/** Recorded answers on changed flows: what still fits stays, what no longer fits is kept and asked again. */
import { isCodeOf } from '../asking/codes.ts';
import {
  forgetQuestions,
  HOME_PATH,
  isOfReport,
  LANGUAGE,
  putAside,
  say,
  type Turn,
} from '../asking/turn.ts';
import { contentsOf } from '../chapters/chapters.ts';
import type { PlacedStep } from '../flows/compile.ts';
import { firstStep } from '../flows/compile.ts';
import type { Answer } from '../values/answer.ts';
import { goTo } from './moving.ts';

/** Brings a state of other flows onto these; says so once if anything of a report was at stake. */
export function replay(turn: Turn): void {
  const { state, deps } = turn;
  stayInRoom(turn);
  if (state.flows === deps.flows.hash) return;
  state.flows = deps.flows.hash;
  forgetQuestions(turn);
  state.trail = state.trail.filter((path) => deps.flows.steps.has(path));
  if (state.revisiting !== undefined && !deps.flows.steps.has(state.revisiting)) delete state.revisiting;
  if (state.resume !== undefined && !deps.flows.steps.has(state.resume)) delete state.resume;
  const unfit = Object.entries(state.answers).filter(([step, answer]) => !fits(turn, step, answer));
  for (const [step] of unfit) {
    putAside(turn, step);
    if (state.picking === step) delete state.picking;
  }
  const hasReport =
    Object.keys(state.answers).some((step) => isOfReport(deps.flows, step)) || unfit.length > 0;
  if (hasReport && !state.isSubmitted) say(turn, 'flows_changed');
  turn.isNewQuestion = true;
  state.page = 0;
  const isHere = deps.flows.steps.has(state.at);
  if (isHere && unfit.length === 0) return;
  if (state.answers[LANGUAGE] === undefined) {
    state.at = deps.flows.entry;
    return;
  }
  if (isHere && state.at === HOME_PATH) return;
  restart(turn, isHere);
}

/** A page that is there no more: its contents, and the question that was left waits on. */
function stayInRoom({ state, deps }: Turn): void {
  if (!state.room || deps.flows.steps.has(state.at)) return;
  state.at = contentsOf(deps.flows) ?? HOME_PATH;
}

/** From the first step of the flow: answered ones are passed by, the first open one is asked. */
function restart(turn: Turn, isHere: boolean): void {
  const { state, deps } = turn;
  const [flow = ''] = state.at.split('.');
  delete state.revisiting;
  if (!isHere && !deps.flows.flows.has(flow)) {
    state.at = HOME_PATH;
    return;
  }
  const first = firstStep(deps.flows, flow);
  state.at = first;
  if (flow === 'menu') state.at = HOME_PATH;
  else goTo(turn, first);
}

/** Whether an answer is one to the step of this id as it is asked now. */
function fits(turn: Turn, id: string, answer: Answer): boolean {
  const paths = turn.deps.flows.pathsOf.get(id);
  // What is written where a choice was asked belongs to the account, with or without such a step.
  if (paths === undefined) return false;
  return paths.some((path) => {
    const placed = turn.deps.flows.steps.get(path);
    return placed !== undefined && fitsStep(turn, placed, answer);
  });
}

function fitsStep(turn: Turn, placed: PlacedStep, answer: Answer): boolean {
  const { ask } = placed.step;
  switch (answer.kind) {
    case 'seen':
      return ask === 'statement';
    case 'skipped':
      return ask !== 'statement' && ask !== 'review' && (!placed.step.required || isChosenInstead(placed));
    case 'unknown':
    case 'not_said':
      return ask !== 'statement' && ask !== 'review';
    case 'choice':
      return (
        ask === 'review' ||
        ((ask === 'choice' || ask === 'yes_no') && isKnownCode(turn, placed, answer.value))
      );
    case 'choices':
      return ask === 'choices' && answer.values.every((code) => isKnownCode(turn, placed, code));
    case 'text':
    case 'code':
    case 'place':
      return ask === answer.kind;
    case 'account':
      return ['account', 'evidence', 'text', 'date', 'place'].includes(ask);
    case 'date':
      return ask === 'date';
  }
}

const isChosenInstead = ({ step }: PlacedStep): boolean => step.ask === 'account' && step.or_choose === true;

/** In the whole list, whatever it is filtered by now. */
function isKnownCode(turn: Turn, placed: PlacedStep, code: string): boolean {
  const list = 'list' in placed.step ? turn.deps.flows.lists.get(placed.step.list ?? '') : undefined;
  return list ? code in list.entries || isCodeOf(turn, placed, code) : isCodeOf(turn, placed, code);
}
