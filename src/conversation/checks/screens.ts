/**
 * How many screens it takes to report: journeys of adults who write about themselves, walked through the flows.
 *
 * A screen is a message that waits for an answer. The acknowledgement under an account asks nothing and is not counted.
 */
import { LEVELS } from '../../kernel/vocabulary.ts';
import { type Flows, firstStep, groundsAt, wayOn } from '../flows/compile.ts';
import { holds } from '../flows/condition.ts';
import type { Condition, TriageRules } from '../flows/flow.ts';
import type { Answer, Answers } from '../values/answer.ts';
import { type Atom, atomsOf } from './check-conditions.ts';

export type Journey = {
  who: string;
  /** What is said; what is not named is skipped. */
  says: Answers;
  /** Where it begins: with the question of language, after it, or with the word SOS. */
  from: 'language' | 'danger' | 'sos';
  /** Sends after these were asked, or when no rule of urgency could be changed by a further answer. Default: as soon as possible. */
  until?: readonly string[] | 'triage';
  /** The bound. */
  most: number;
};

const is = (value: string): Answer => ({ kind: 'choice', value });
const calm: Answers = {
  language: is('fr'),
  danger: is('none'),
  ways: is('report'),
  consent: is('yes'),
  phone_safe: is('yes'),
  who: is('self'),
  account: { kind: 'account', parts: [{ kind: 'text', text: '…' }], done: true },
  contact_how: is('here_any_time'),
};

/** What an officer needs first of a detention: is the person free, since when, where, who has seen them, who took them. */
const FIRST_OF_DETENTION = [
  'kind',
  'medical_now',
  'free_now',
  'taken_when',
  'held_place_known',
  'held_place',
  'lawyer',
  'family_access',
  'taken_from',
  'taken_by',
  'held_health',
];

export const JOURNEYS: readonly Journey[] = [
  { who: 'calm report, nothing optional, language understood', says: calm, from: 'danger', most: 8 },
  { who: 'the same, language asked', says: calm, from: 'language', most: 9 },
  {
    who: 'death threat, all that can change its urgency',
    says: { ...calm, group: is('threats'), kind: is('death_threat') },
    from: 'danger',
    until: 'triage',
    most: 16,
  },
  {
    who: 'detention, all that an officer needs first',
    says: {
      ...calm,
      group: is('arrested'),
      kind: is('arbitrary_detention'),
      free_now: is('no'),
      held_place_known: is('yes'),
      taken_from: { kind: 'place', words: '…', done: true },
    },
    from: 'danger',
    until: FIRST_OF_DETENTION,
    most: 20,
  },
  { who: 'SOS, alert by the first message', says: { go_on: is('pause') }, from: 'sos', most: 3 },
];

/** Questions that are asked on a journey, in order, as `flow.step`. */
export function screensOf(flows: Flows, triage: TriageRules, journey: Journey, now: Date): string[] {
  const answers: Record<string, Answer> = {};
  const asked: string[] = [];
  let path: string | undefined = startOf(flows, journey, now);
  while (path !== undefined && path !== 'menu.home') {
    const placed = flows.steps.get(path);
    if (!placed || asked.length > 200)
      throw new Error(`the journey "${journey.who}" does not end at ${path}`);
    const { step, id } = placed;
    const isPassed = step.when !== undefined && !holds(step.when, answers, groundsAt(flows, now));
    const isLast = step.ask === 'review' && asked.includes(path);
    if (step.ask !== 'statement' && !isPassed && !isLast) {
      asked.push(path);
      answers[id] = journey.says[id] ?? { kind: 'skipped' };
      if (step.ask === 'review') answers[id] = is('more');
      const ahead = aheadOf(flows, path, answers, now);
      if (asked.some(isReview(flows)) && isEnough(flows, triage, journey, asked, answers, ahead, now))
        return asked;
    }
    if (isLast) return asked;
    path = wayOn(flows, path, answers, now);
  }
  return asked;
}

function startOf(flows: Flows, { from }: Journey, now: Date): string | undefined {
  if (from === 'sos') return firstStep(flows, 'sos');
  return from === 'language' ? flows.entry : wayOn(flows, flows.entry, {}, now);
}

const isReview = (flows: Flows) => (path: string) => flows.steps.get(path)?.step.ask === 'review';

function isEnough(
  flows: Flows,
  triage: TriageRules,
  { until }: Journey,
  asked: readonly string[],
  answers: Answers,
  ahead: readonly string[],
  now: Date,
): boolean {
  if (until === undefined) return true;
  if (until !== 'triage') return until.every((id) => asked.includes(`report.${id}`));
  return stillUsed(flows, triage, answers, ahead, now).length === 0;
}

/** Ids of the questions between here and the read-back that would be asked now. */
function aheadOf(flows: Flows, from: string, answers: Answers, now: Date): string[] {
  const found: string[] = [];
  let path = wayOn(flows, from, answers, now);
  while (path !== undefined) {
    const placed = flows.steps.get(path);
    if (!placed || found.includes(placed.id) || placed.flow !== 'report' || placed.step.ask === 'review')
      break;
    found.push(placed.id);
    path = wayOn(flows, path, answers, now);
  }
  return found;
}

/** Questions ahead whose answer can still set off a rule of the present level or of one above it. */
function stillUsed(
  flows: Flows,
  triage: TriageRules,
  answers: Answers,
  ahead: readonly string[],
  now: Date,
): string[] {
  const grounds = groundsAt(flows, now);
  const ruled = LEVELS.map((level) => triage.rules[level] ?? []);
  const level = ruled.findIndex((rules) => rules.some(({ when }) => holds(when, answers, grounds)));
  const isOpen = (id: string) => answers[id] === undefined && ahead.includes(id) && mayBeAsked(id);
  const mayBeAsked = (id: string) => {
    const when = flows.steps.get(`report.${id}`)?.step.when;
    return when === undefined || couldHold(when);
  };
  const couldHold = (when: Condition): boolean => {
    const { all, any, not } = when as { all?: Condition[]; any?: Condition[]; not?: Condition };
    if (Array.isArray(all)) return all.every(couldHold);
    if (Array.isArray(any)) return any.some(couldHold);
    if (not !== undefined && !Array.isArray(not) && typeof not === 'object')
      return atomsOf(not).some(({ step }) => isOpen(step)) || holds(when, answers, grounds);
    return (
      holds(when, answers, grounds) ||
      atomsOf(when).every((atom) => isOpen(atom.step) && isOffered(flows, atom))
    );
  };
  return ruled
    .slice(0, level < 0 ? undefined : level + 1)
    .flat()
    .filter(({ when }) => !holds(when, answers, grounds) && couldHold(when))
    .flatMap(({ when }) => atomsOf(when).map(({ step }) => step))
    .filter(isOpen);
}

/** Not only a code that the service sets, or that is no longer asked. */
function isOffered(flows: Flows, { step, test }: Atom): boolean {
  const asked = flows.steps.get(`report.${step}`)?.step;
  const hidden = asked && 'hidden' in asked ? (asked.hidden ?? []) : [];
  return typeof test === 'object' && !Array.isArray(test)
    ? true
    : ![test].flat().every((code) => hidden.includes(code));
}

/** The journeys as a Markdown table, and whether all keep to their bounds. */
export function screensTable(
  flows: Flows,
  triage: TriageRules,
  now: Date,
): { table: string; isKept: boolean } {
  const rows = JOURNEYS.map((journey) => ({ journey, asked: screensOf(flows, triage, journey, now) }));
  const lines = rows.map(
    ({ journey: { who, most }, asked }) =>
      `| ${who} | ${asked.length} | ${most} | ${asked.map((path) => path.split('.')[1]).join(' · ')} |`,
  );
  return {
    table: ['| an adult about themselves | screens | at most | asked |', '|---|--:|--:|---|', ...lines].join(
      '\n',
    ),
    isKept: rows.every(({ journey, asked }) => asked.length <= journey.most),
  };
}
