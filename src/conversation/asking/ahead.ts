/** What lies ahead in the report: what is missing before it can be sent, and whether more may still be answered. */
import { firstStep, groundsAt, type PlacedStep, wayOn } from '../flows/compile.ts';
import { holds } from '../flows/condition.ts';
import { codesAt } from './codes.ts';
import { ACCOUNT, isChoosingLanguage, PERSON, REVIEW, type View, WAYS } from './turn.ts';

/** More steps than this without an end is a circle in the flow files. */
const MOST = 500;

/** Whether a step's own condition holds. */
export function isAsked(view: View, placed: PlacedStep): boolean {
  const { when } = placed.step;
  return when === undefined || holds(when, view.state.answers, groundsAt(view.deps.flows, view.now));
}

/** Whether a question has no (whole) answer yet. */
export function isOpen(view: View, placed: PlacedStep): boolean {
  const { state } = view;
  const answer = state.answers[placed.id];
  if (placed.path === state.at && isChoosingLanguage(view))
    return answer === undefined || state.resume !== undefined;
  const isChoice = placed.step.ask === 'choice' || placed.step.ask === 'choices';
  if (isChoice && codesAt(view, placed).length === 0) return false;
  if (answer === undefined || state.picking === placed.id) return true;
  return (answer.kind === 'account' || answer.kind === 'place') && !answer.done;
}

/** What must be answered before the report can be sent and is not, in the order of the file. */
export function missing(view: View): PlacedStep[] {
  const steps = wantsPerson(view) ? stepsToPerson(view) : stepsOfReport(view).slice(0, placeOfReview(view));
  return steps.filter((placed) => placed.step.required && isAsked(view, placed) && isOpen(view, placed));
}

/** Whether they are on the way to a person, who needs no report. */
export const wantsPerson = ({ state }: View): boolean => {
  const way = state.answers[WAYS];
  return way?.kind === 'choice' && way.value === PERSON;
};

/** What the way to a person passes. */
function stepsToPerson({ deps, state, now }: View): PlacedStep[] {
  const found: PlacedStep[] = [];
  let path: string | undefined = firstStep(deps.flows, PERSON);
  while (path !== undefined && found.length < MOST) {
    const placed = deps.flows.steps.get(path);
    if (!placed || found.includes(placed)) break;
    found.push(placed);
    path = wayOn(deps.flows, path, state.answers, now);
  }
  return found.filter(({ flow }) => flow === 'report');
}

/** Whether a question still follows the present one before the read-back comes (again), as far as is known now. */
export function isMoreAhead(view: View): boolean {
  const { deps, state, now } = view;
  const answers = { ...state.answers, [REVIEW]: { kind: 'choice', value: 'more' } as const };
  let path = state.at;
  for (let passed = 0; passed < MOST; passed++) {
    path = wayOn(deps.flows, path, answers, now) ?? '';
    const placed = deps.flows.steps.get(path);
    if (placed?.flow !== 'report' || placed.step.ask === 'review') return false;
    const { step } = placed;
    if (step.ask === 'statement') {
      if (step.does === 'submit') return false;
    } else if (isAsked(view, placed) && isOpen(view, placed)) return true;
  }
  return false;
}

/** Whether this is one of the questions that are only asked of those who want to go on. */
export function isFurther(view: View, placed: PlacedStep): boolean {
  return stepsOfReport(view).findIndex(({ path }) => path === placed.path) > placeOfReview(view);
}

/** Whether the reporter may send from where they are, and without the read-back. */
export function maySend(view: View): boolean {
  const { state } = view;
  if (!state.at.startsWith('report.') || state.isSubmitted) return false;
  return state.answers[ACCOUNT] !== undefined && missing(view).length === 0;
}

const stepsOfReport = ({ deps }: View): PlacedStep[] =>
  [...deps.flows.steps.values()].filter(({ flow }) => flow === 'report');

const placeOfReview = (view: View): number =>
  stepsOfReport(view).findIndex(({ step }) => step.ask === 'review');
