/** What a condition can still become, when some of what it looks at has not been answered yet. */
import type { Answers } from '../values/answer.ts';
import { type Grounds, holds } from './condition.ts';
import type { Condition } from './flow.ts';

export type Verdict = 'yes' | 'no' | 'maybe';

/** `isAhead`: whether a question without an answer may still be asked. What will never be asked is true of nothing. */
export function judge(
  condition: Condition | undefined,
  answers: Answers,
  grounds: Grounds,
  isAhead: (step: string) => boolean,
): Verdict {
  if (condition === undefined) return 'yes';
  const { all, any, not } = condition as { all?: unknown; any?: unknown; not?: unknown };
  const each = (part: Condition) => judge(part, answers, grounds, isAhead);
  if (isNested(all)) return least(all.map(each));
  if (isNested(any)) return opposite(least(any.map((part) => opposite(each(part)))));
  if (isCondition(not)) return opposite(each(not));
  return least(
    Object.entries(condition).map(([step, test]): Verdict => {
      if (isAhead(step)) return 'maybe';
      return holds({ [step]: test } as Condition, answers, grounds) ? 'yes' : 'no';
    }),
  );
}

const isNested = (value: unknown): value is Condition[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'object');
const isCondition = (value: unknown): value is Condition =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function least(all: readonly Verdict[]): Verdict {
  if (all.includes('no')) return 'no';
  return all.includes('maybe') ? 'maybe' : 'yes';
}

function opposite(verdict: Verdict): Verdict {
  if (verdict === 'maybe') return verdict;
  return verdict === 'yes' ? 'no' : 'yes';
}

/** Every question that a condition looks at. */
export function stepsIn(condition: Condition | undefined): string[] {
  if (condition === undefined) return [];
  const { all, any, not } = condition as { all?: unknown; any?: unknown; not?: unknown };
  if (isNested(all)) return all.flatMap(stepsIn);
  if (isNested(any)) return any.flatMap(stepsIn);
  return isCondition(not) ? stepsIn(not) : Object.keys(condition);
}
