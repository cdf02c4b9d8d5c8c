/**
 * How urgent a report is, by the rules of `flows/triage.yaml`.
 *
 * Invariants: an answer "I don't know" or a skipped question never lowers a level (no rule may become false by
 * it; `test/cases/triage.test.ts` proves it); SOS and present danger are critical. Triage only ever proposes:
 * the caller that applies it raises, and lowering is a person's decision.
 */
import { type Grounds, holds } from '../conversation/flows/condition.ts';
import type { TriageRules } from '../conversation/flows/flow.ts';
import type { Answers } from '../conversation/values/answer.ts';
import type { Triage } from '../conversation/values/triage.ts';
import { LEVELS } from '../kernel/vocabulary.ts';

/** What rules are judged on besides the answers: the code lists, and which list a step's codes come from. */
export type TriageGrounds = Omit<Grounds, 'now'>;

/** Why each rule is there, in the words of its author, by id: for officers, who read what fired. */
export function whysOf({ rules }: TriageRules): ReadonlyMap<string, string> {
  return new Map(LEVELS.flatMap((level) => (rules[level] ?? []).map(({ id, why }) => [id, why] as const)));
}

/**
 * Builds triage from its rules; `grounds` is what the flows were compiled to. The level is that of the first
 * level with a rule that holds, `low` if none does; `rules` are the ids of all that hold, most urgent first.
 */
export function createTriage(
  rules: TriageRules,
  grounds: TriageGrounds,
): (answers: Answers, now: Date) => Triage {
  return (answers, now) => {
    const at: Grounds = { lists: grounds.lists, listOf: grounds.listOf, now };
    const fired = LEVELS.map((level) => ({
      level,
      ids: (rules.rules[level] ?? []).filter((rule) => holds(rule.when, answers, at)).map((rule) => rule.id),
    }));
    return {
      level: fired.find(({ ids }) => ids.length > 0)?.level ?? 'low',
      rules: fired.flatMap(({ ids }) => ids),
    };
  };
}
