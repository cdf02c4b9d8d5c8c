import type { Answer, Answers } from '../values/answer.ts';
import { latestDay } from '../values/day.ts';
import type { CodeList, Condition } from './flow.ts';

/** What the service hears in an account, as rules name it, and what it can be: no question asks for it. */
export const HEARD = 'heard';
export const HEARD_CODES: readonly string[] = ['grave_danger', 'like_grave', 'custody', 'threat', 'under_18'];

export type Lists = ReadonlyMap<string, CodeList>;

/** What a condition is judged on besides the answers. */
export type Grounds = {
  lists: Lists;
  /** Which list a step's codes come from. */
  listOf: (step: string) => string | undefined;
  now: Date;
};

type Test = string | string[] | { within_days: number } | { [attribute: string]: string | string[] };

/**
 * Whether a condition is true of the answers. What was not asked yet is true of nothing; only `not` makes
 * something of it.
 */
export function holds(condition: Condition, answers: Answers, grounds: Grounds): boolean {
  if (isAll(condition)) return condition.all.every((each) => holds(each, answers, grounds));
  if (isAny(condition)) return condition.any.some((each) => holds(each, answers, grounds));
  if (isNot(condition)) return !holds(condition.not, answers, grounds);
  return Object.entries(condition as Record<string, Test>).every(([step, test]) =>
    passes(step, test, answers[step], grounds),
  );
}

const isAll = (c: Condition): c is { all: Condition[] } =>
  'all' in c && Array.isArray(c.all) && isNested(c.all);
const isAny = (c: Condition): c is { any: Condition[] } =>
  'any' in c && Array.isArray(c.any) && isNested(c.any);
const isNot = (c: Condition): c is { not: Condition } =>
  'not' in c && typeof c.not === 'object' && !Array.isArray(c.not);
const isNested = (list: unknown[]): boolean => list.every((each) => typeof each === 'object');

function passes(step: string, test: Test, answer: Answer | undefined, grounds: Grounds): boolean {
  if (answer === undefined) return false;
  if (typeof test === 'string') return isOneOf(answer, [test]);
  if (Array.isArray(test)) return isOneOf(answer, test);
  if (isWithinDays(test)) return isRecent(answer, test.within_days, grounds.now);
  return Object.entries(test).every(([attribute, wanted]) =>
    hasAttribute(step, answer, attribute, Array.isArray(wanted) ? wanted : [wanted], grounds),
  );
}

const isWithinDays = (test: object): test is { within_days: number } =>
  'within_days' in test && typeof test.within_days === 'number';

function isOneOf(answer: Answer, wanted: readonly string[]): boolean {
  if (wanted.includes('answered') && isAnswered(answer)) return true;
  return codesOf(answer).some((code) => wanted.includes(code));
}

/** Of an answer that says nothing of what was asked. */
export const NOTHING_SAID: readonly string[] = ['skipped', 'unknown', 'not_said', 'seen'];

/** Whether the reporter said something: neither skipped nor unknown, and it was understood. */
function isAnswered(answer: Answer | undefined): boolean {
  if (answer === undefined) return false;
  if (answer.kind === 'account') return answer.parts.length > 0;
  if (answer.kind === 'place')
    return Boolean(answer.region || answer.zone || answer.words || answer.parts?.length);
  return !codesOf(answer).some((code) => NOTHING_SAID.includes(code));
}

/** Codes of an answer, as conditions name them. */
export function codesOf(answer: Answer): string[] {
  switch (answer.kind) {
    case 'skipped':
    case 'unknown':
    case 'not_said':
    case 'seen':
      return [answer.kind];
    case 'choice':
      return [answer.value];
    case 'choices':
      return answer.values;
    case 'place':
      return [answer.zone, answer.region, answer.cercle].filter((code) => code !== undefined);
    case 'date':
      return answer.date === undefined ? ['unknown'] : [];
    default:
      return [];
  }
}

/** The last day it can have been counts: what is not known exactly never makes a case look older. */
function isRecent(answer: Answer, withinDays: number, now: Date): boolean {
  if (answer.kind !== 'date') return false;
  const latest = latestDay(answer);
  if (latest === undefined) return false;
  return now.getTime() - Date.parse(`${latest}T23:59:59Z`) <= withinDays * 86_400_000;
}

function hasAttribute(
  step: string,
  answer: Answer,
  attribute: string,
  wanted: readonly string[],
  grounds: Grounds,
): boolean {
  const name = answer.kind === 'place' ? 'regions' : grounds.listOf(step);
  const entries = name === undefined ? undefined : grounds.lists.get(name)?.entries;
  return codesOf(answer).some((code) => wanted.includes(entries?.[code]?.[attribute] ?? ''));
}
