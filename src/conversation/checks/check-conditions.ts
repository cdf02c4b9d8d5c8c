/**
 * Whether every condition, of flows and of triage, can be made true by an answer that can be given. A rule
 * that waits for an answer nobody can give is a person nobody is woken for.
 */

import { LEVELS } from '../../kernel/vocabulary.ts';
import { PLACE_LISTS } from '../flows/code-lists.ts';
import type { Flows, PlacedStep } from '../flows/compile.ts';
import { HEARD, HEARD_CODES } from '../flows/condition.ts';
import type { Condition, TriageRules } from '../flows/flow.ts';
import { codesOfStep } from './check-flows.ts';
import type { Problem } from './problem.ts';
import { fileOf } from './problem.ts';

const RULES = 'flows/triage.yaml';

type Test = string | string[] | { within_days: number } | { [attribute: string]: string | string[] };
/** One test of one answer. */
export type Atom = { step: string; test: Test };

/** Every atom of a condition, also below `not`. */
export function atomsOf(condition: Condition): Atom[] {
  const { all, any, not } = condition as { all?: unknown; any?: unknown; not?: unknown };
  if (isNested(all)) return all.flatMap(atomsOf);
  if (isNested(any)) return any.flatMap(atomsOf);
  if (typeof not === 'object' && not !== null && !Array.isArray(not)) return atomsOf(not as Condition);
  return Object.entries(condition as Record<string, Test>).map(([step, test]) => ({ step, test }));
}

const isNested = (value: unknown): value is Condition[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'object');

export function checkConditions(flows: Flows, triage: TriageRules): Problem[] {
  return [...ofFlows(flows), ...ofRules(flows, triage)];
}

function ofFlows(flows: Flows): Problem[] {
  return [...flows.steps.values()].flatMap((placed): Problem[] => {
    const { step, id } = placed;
    const next = Array.isArray(step.next) ? step.next : [];
    const ways = next.flatMap((way) => (typeof way === 'string' ? [] : [way.when]));
    const asked = step.when ? atomsOf(step.when) : [];
    const offers = 'offered_when' in step ? Object.values(step.offered_when ?? {}) : [];
    const file = fileOf(placed);
    return [
      ...[...asked, ...[...ways, ...offers].flatMap(atomsOf)].flatMap((atom) =>
        unsettable(flows, atom, file, id),
      ),
      ...asked
        .filter((atom) => isLater(flows, placed, atom))
        .map((atom) => ({
          file,
          key: id,
          problem: `"when" looks at "${atom.step}", which is asked later`,
          mend: 'change the order of the questions, or the condition',
        })),
    ];
  });
}

/** Whether a condition looks at a question that comes after the one it decides about. */
function isLater(flows: Flows, placed: PlacedStep, atom: Atom): boolean {
  const order = Object.keys(flows.flows.get(placed.flow)?.steps ?? {});
  return order.includes(atom.step) && order.indexOf(atom.step) >= order.indexOf(placed.id);
}

function ofRules(flows: Flows, triage: TriageRules): Problem[] {
  const file = RULES;
  const seen = new Set<string>();
  return LEVELS.flatMap((level) =>
    (triage.rules[level] ?? []).flatMap((rule): Problem[] => {
      const isTwice = seen.has(rule.id);
      seen.add(rule.id);
      const wrong = rule.id[0]?.toLowerCase() !== level[0];
      return [
        ...(isTwice
          ? [{ file, key: rule.id, problem: 'two rules have this id', mend: 'take the next free number' }]
          : []),
        ...(wrong
          ? [
              {
                file,
                key: rule.id,
                problem: `stands under ${level}`,
                mend: `its id must begin with ${level[0]?.toUpperCase()}`,
              },
            ]
          : []),
        ...atomsOf(rule.when).flatMap((atom) => unsettable(flows, atom, file, rule.id)),
        ...lowersOnUnknown(rule.when, file, rule.id),
      ];
    }),
  );
}

/** What is not known never lowers a level: nothing may depend on an answer being absent. */
function lowersOnUnknown(when: Condition, file: string, key: string): Problem[] {
  return negated(when)
    .filter(({ test }) =>
      (Array.isArray(test) ? test : [test]).some((code) =>
        ['unknown', 'skipped', 'not_said'].includes(String(code)),
      ),
    )
    .map(({ step }) => ({
      file,
      key,
      problem: `becomes false when "${step}" is unknown, skipped or not said`,
      mend: 'unknown never lowers a level: name the answers that lower it instead',
    }));
}

function negated(condition: Condition, isNegated = false): Atom[] {
  const { all, any, not } = condition as { all?: unknown; any?: unknown; not?: unknown };
  if (isNested(all)) return all.flatMap((each) => negated(each, isNegated));
  if (isNested(any)) return any.flatMap((each) => negated(each, isNegated));
  if (typeof not === 'object' && not !== null && !Array.isArray(not))
    return negated(not as Condition, !isNegated);
  return isNegated ? atomsOf(condition) : [];
}

/** Why an atom can never be true, if so. */
function unsettable(flows: Flows, { step, test }: Atom, file: string, key: string): Problem[] {
  const paths = flows.pathsOf.get(step);
  const placed = flows.steps.get(paths?.[0] ?? '');
  // No question: the service hears it in what was told. Rules alone may look at it.
  if (step === HEARD && file === RULES && [test].flat().every((code) => HEARD_CODES.includes(String(code))))
    return [];
  if (!placed) {
    return [
      { file, key, problem: `there is no question "${step}"`, mend: 'correct the name, or add the question' },
    ];
  }
  const cannot = (what: string, mend: string): Problem => ({
    file,
    key,
    problem: `"${step}" can never be ${what}`,
    mend,
  });
  if (typeof test === 'string' || Array.isArray(test)) {
    const known = answersTo(flows, placed);
    return [test]
      .flat()
      .filter((code) => !known.includes(code))
      .map((code) => cannot(`"${code}"`, `write one of: ${known.join(', ')}`));
  }
  if (typeof test.within_days === 'number') {
    return placed.step.ask === 'date' ? [] : [cannot('a date', 'use within_days with a date question only')];
  }
  return Object.entries(test).flatMap(([attribute, wanted]) => {
    const list = flows.lists.get(placed.step.ask === 'place' ? 'regions' : (flows.listOf(step) ?? ''));
    const values = new Set(Object.values(list?.entries ?? {}).map((attributes) => attributes?.[attribute]));
    return [wanted]
      .flat()
      .filter((value) => !values.has(String(value)))
      .map((value) => cannot(`an entry with ${attribute} "${value}"`, 'correct the attribute, or the list'));
  });
}

/** Every word that a condition may name for a step. */
function answersTo(flows: Flows, placed: PlacedStep): string[] {
  const { step } = placed;
  if (step.ask === 'statement') return ['seen'];
  const places = PLACE_LISTS.flatMap((name) => Object.keys(flows.lists.get(name)?.entries ?? {}));
  return [
    ...codesOfStep(flows, placed),
    ...(step.ask === 'place' ? places : []),
    'answered',
    'unknown',
    'not_said',
    ...(step.required && !(step.ask === 'account' && step.or_choose) ? [] : ['skipped']),
  ];
}
