/**
 * How many questions can still come after the present one, among those that are asked of a reporter who goes on.
 *
 * Invariants: never more come than `most`, and never fewer than `least`, as long as the answers stay and nothing is sent;
 * `most` falls with each question. A place counts as the questions it is asked in. What can be known of the flows alone is
 * found once for them, and bounds once for the same answers.
 */
import { type Flows, groundsAt, type PlacedStep, wayOn } from '../flows/compile.ts';
import { codesOf } from '../flows/condition.ts';
import { judge, stepsIn, type Verdict } from '../flows/judging.ts';
import type { Answer, Answers } from '../values/answer.ts';
import { codesAt } from './codes.ts';
import { partOf } from './place.ts';
import { REVIEW, type View } from './turn.ts';

/** `isSettled`: no answer that decides between whole groups of questions is open. */
export type Ahead = { least: number; most: number; isSettled: boolean };

type Outline = {
  /** The further questions, in their order. */
  further: readonly PlacedStep[];
  /** Choices that other further questions hang on: each of their answers is gone through. */
  turning: ReadonlySet<string>;
  /** Questions whose answers matter here. */
  looked: readonly string[];
  known: Map<string, Ahead>;
};

const outlines = new WeakMap<Flows, Outline>();
/** Seconds that one more question takes, read and answered on a phone: `test/conversation/ahead.test.ts` holds it against the words of the screens. */
export const SECONDS_EACH = 40;
/** Bounds for so many kinds of answers are kept. */
const MOST_KNOWN = 2_000;
/** A question that is asked in more than one screen: zone, region, cercle, words. */
const PARTS_AFTER = { zone: 3, region: 2, cercle: 1, words: 0 } as const;
const NOTHING: readonly Answer[] = [
  { kind: 'skipped' },
  { kind: 'unknown' },
  { kind: 'not_said' as const, tried: [] },
];

/** What lies ahead of the present question; none: it is not the read-back, and none of the further questions. */
export function foresee(view: View): Ahead {
  const outline = outlineOf(view.deps.flows);
  const { further, known } = outline;
  const { at, answers } = view.state;
  const more: Answers = { ...answers, [REVIEW]: { kind: 'choice', value: 'more' } };
  const here = further.findIndex(({ path }) => path === at);
  const isReview = view.deps.flows.steps.get(at)?.step.ask === 'review';
  const next = isReview ? wayOn(view.deps.flows, at, more, view.now) : undefined;
  const from = isReview ? further.findIndex(({ path }) => path === next) : here;
  if (from < 0) return { least: 0, most: 0, isSettled: true };
  const key = keyOf(view, outline);
  const found = known.get(key) ?? bounds({ view, outline, here }, { at: from, answers: more });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

export const minutesFor = (questions: number): number => Math.ceil((questions * SECONDS_EACH) / 60);

/** The same for everybody who stands here with answers that decide the same. */
function keyOf({ state, now }: View, { further, looked }: Outline): string {
  const { answers, at, picking, revisiting } = state;
  const place = answers[at.split('.')[1] ?? ''];
  const said = looked.map((id) => sortOf(answers[id]));
  const open = further.map(({ id }) => (isDone(answers[id]) ? 0 : 1));
  return [at, picking, revisiting, partHere(place), now.toISOString().slice(0, 10), ...said, ...open].join(
    '|',
  );
}

/** What conditions can tell of an answer; no words of anybody's. */
function sortOf(answer: Answer | undefined): string {
  if (answer === undefined) return '';
  const day = answer.kind === 'date' ? answer.date : '';
  const hasMore = (answer.kind === 'place' && answer.words !== undefined) || 'parts' in answer;
  return [answer.kind, codesOf(answer), day, hasMore].join();
}

function outlineOf(flows: Flows): Outline {
  const known = outlines.get(flows);
  if (known) return known;
  const report = [...flows.steps.values()].filter(({ flow }) => flow === 'report');
  const further = report.slice(report.findIndex(({ step }) => step.ask === 'review') + 1);
  const looked = new Set(
    further.flatMap(({ step }) => [
      ...stepsIn(step.when),
      ...(Array.isArray(step.next) ? step.next : []).flatMap((way) =>
        typeof way === 'string' ? [] : stepsIn(way.when),
      ),
      ...('filter' in step ? Object.values(step.filter ?? {}) : []),
    ]),
  );
  const turning = further
    .filter(({ id, step }) => step.ask === 'choice' && looked.has(id))
    .map(({ id }) => id);
  const outline = {
    further,
    turning: new Set(turning),
    looked: [...looked],
    known: new Map<string, Ahead>(),
  };
  outlines.set(flows, outline);
  return outline;
}

type Looking = { view: View; outline: Outline; here: number };
/** `open`: questions before `at` that may still get an answer. */
type Standing = {
  at: number;
  answers: Answers;
  open?: ReadonlySet<string>;
  least?: number;
  most?: number;
  /** Every question from here on is come to. */
  isSure?: boolean;
};

/** Goes through the questions in order; where a turning choice is open, through each of its answers. */
function bounds(looking: Looking, standing: Standing): Ahead {
  const { further, turning } = looking.outline;
  const open = new Set(standing.open);
  let { least = 0, most = 0, isSure = true } = standing;
  for (let at = standing.at; at < further.length; at++) {
    const placed = further[at];
    if (!placed) break;
    const asked = isComing(looking, placed, standing.answers, open, at);
    if (asked === 'no') continue;
    const [fewest, many] = screensOf(looking, placed, at);
    if (asked === 'yes' && isSure) least += fewest;
    most += many;
    // A way that leads elsewhere can pass what follows.
    if (placed.step.next !== undefined) isSure = false;
    if (turning.has(placed.id) && asked === 'yes') {
      const each = answersTo(looking.view, placed, standing.answers).map((answer) =>
        bounds(looking, {
          at: at + 1,
          answers: { ...standing.answers, [placed.id]: answer },
          open,
          least,
          most,
          isSure,
        }),
      );
      return {
        least: Math.min(...each.map((ahead) => ahead.least)),
        most: Math.max(...each.map((ahead) => ahead.most)),
        isSettled: false,
      };
    }
    open.add(placed.id);
  }
  return { least, most, isSettled: true };
}

/** Whether it is asked, after all that stands before it; the present question is. */
function isComing(
  { view, here }: Looking,
  placed: PlacedStep,
  answers: Answers,
  open: ReadonlySet<string>,
  at: number,
): Verdict {
  const { step, id } = placed;
  if (step.ask === 'statement') return 'no';
  if (at === here) return view.state.revisiting === placed.path && isDone(answers[id]) ? 'no' : 'yes';
  if (isDone(answers[id])) return 'no';
  const isAhead = (other: string) => open.has(other);
  const verdict = judge(step.when, answers, groundsAt(view.deps.flows, view.now), isAhead);
  if (verdict === 'no' || !('filter' in step) || !step.filter) return verdict;
  if (Object.values(step.filter).some(isAhead)) return 'maybe';
  return codesAt(view, placed, answers).length === 0 ? 'no' : verdict;
}

const isDone = (answer: Answer | undefined): boolean =>
  answer !== undefined && (!(answer.kind === 'account' || answer.kind === 'place') || answer.done);

/** How many screens a question is asked in, at least and at most; of the present one those that come after it. */
function screensOf({ view, here }: Looking, placed: PlacedStep, at: number): [number, number] {
  if (at === here) return [0, partsAhead(view, placed)];
  return [1, placed.step.ask === 'place' ? 1 + PARTS_AFTER.zone : 1];
}

function partsAhead({ state }: View, { id, step }: PlacedStep): number {
  return step.ask === 'place' ? PARTS_AFTER[partHere(state.answers[id])] : 0;
}

const partHere = (answer: Answer | undefined) =>
  answer?.kind === 'place' && !answer.done ? partOf(answer) : 'zone';

function answersTo(view: View, placed: PlacedStep, answers: Answers): readonly Answer[] {
  const codes = codesAt(view, placed, answers).map((value): Answer => ({ kind: 'choice', value }));
  return placed.step.required ? codes : [...codes, ...NOTHING];
}
