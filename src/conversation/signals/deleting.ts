/**
 * A message that the person deleted on their phone: what came of it goes here too, unless it lies in a case. What was
 * answered to a question that must be answered stays (it is no words of theirs, and without it the report cannot go
 * on), and so does whether one may write to them: erased, a "no" would be none any more.
 */
import { hasCase } from '../asking/case-work.ts';
import { isOfReport, placedAt, say, type Turn } from '../asking/turn.ts';
import type { Answer, Part } from '../values/answer.ts';
import { CONTACT_STEPS } from '../values/contact-terms.ts';

/** Erases what came with this message, and says so, or says how to ask for it. */
export function takeDeletion(turn: Turn, message: string): void {
  turn.reply = 'none';
  const { state } = turn;
  let isErased = false;
  for (const [step, answer] of Object.entries(state.answers)) {
    const isKept = state.sealed.includes(step) || (isChoice(answer) && mustStay(turn, step));
    const left = without(answer, message, sealedParts(turn, step), isKept);
    if (left === answer) continue;
    isErased = true;
    forgetFiles(turn, answer, left);
    if (left) state.answers[step] = left;
    // What was answered at its question is not asked again; what came aside, or is being asked, still is.
    else if (wasAsked(turn, step)) state.answers[step] = { kind: 'skipped' };
    else delete state.answers[step];
  }
  state.tried = state.tried?.filter((part) => part.from !== message);
  state.kept = state.kept.flatMap(({ step, answer }) => {
    const left = without(answer, message, 0, false);
    if (left === answer) return [{ step, answer }];
    isErased = true;
    forgetFiles(turn, answer, left);
    return left ? [{ step, answer: left }] : [];
  });
  if (isErased) say(turn, 'deleted');
  else say(turn, hasCase(turn) ? 'deleted_in_case' : 'deleted_choice');
}

const wasAsked = (turn: Turn, step: string): boolean =>
  placedAt(turn).id !== step && turn.state.trail.some((path) => path.split('.')[1] === step);

const isChoice = ({ kind }: Answer): boolean => kind === 'choice' || kind === 'choices';

function mustStay({ deps: { flows } }: Turn, step: string): boolean {
  const paths = flows.pathsOf.get(step) ?? [];
  const isRequired = paths.some((path) => flows.steps.get(path)?.step.required);
  return isRequired || CONTACT_STEPS.includes(step) || !isOfReport(flows, step);
}

/** How many parts of an account lie in the case. */
function sealedParts({ state }: Turn, step: string): number {
  return Number(state.sealed.find((each) => each.startsWith(`${step}#`))?.split('#')[1] ?? 0);
}

/** The answer without what came with this message; undefined if nothing is left, the same if nothing was in it. */
function without(answer: Answer, message: string, sealed: number, isKept: boolean): Answer | undefined {
  if (answer.kind === 'account') {
    const parts = answer.parts.filter((part, index) => index < sealed || part.from !== message);
    if (parts.length === answer.parts.length) return answer;
    return parts.length > 0 ? { ...answer, parts } : undefined;
  }
  if (isKept) return answer;
  if (answer.kind === 'not_said') {
    const tried = answer.tried.filter((part) => part.from !== message);
    return tried.length === answer.tried.length ? answer : { ...answer, tried };
  }
  if (answer.kind === 'place') return placeWithout(answer, message);
  const isFrom = 'from' in answer && answer.from === message;
  return isFrom ? undefined : answer;
}

function placeWithout(place: Extract<Answer, { kind: 'place' }>, message: string): Answer {
  const { words, parts = [], from, ...rest } = place;
  const left = parts.filter((part) => part.from !== message);
  if (from !== message && left.length === parts.length) return place;
  return {
    ...rest,
    ...(words !== undefined && from !== message ? { words, ...(from ? { from } : {}) } : {}),
    ...(left.length > 0 ? { parts: left } : {}),
  };
}

/** Files that are in no answer any more. */
function forgetFiles(turn: Turn, before: Answer, after: Answer | undefined): void {
  const kept = new Set(filesOf(after));
  for (const evidence of filesOf(before))
    if (!kept.has(evidence)) turn.effects.push({ type: 'forget_evidence', evidence });
}

function filesOf(answer: Answer | undefined): string[] {
  const parts: readonly Part[] = (answer && 'parts' in answer && answer.parts) || [];
  return parts.flatMap((part) => (part.kind === 'file' ? [part.evidence] : []));
}
