/**
 * Checks everything that staff can change: flows, lists, triage rules and texts of every language.
 *
 * Pure: `./lakana flows check`, the tests and the start of the service hand over what they read. What zod and the
 * compiler already refuse (a `next` that leads nowhere, an unknown list) is not repeated here.
 */
import { checkConditions } from './check-conditions.ts';
import { checkFlowGraph } from './check-flows.ts';
import { checkScreens, LIMITS, type Limits } from './check-screens.ts';
import { checkTexts } from './check-texts.ts';
import { checkWording } from './check-wording.ts';
import type { Flows } from './compile.ts';
import type { TriageRules } from './flow.ts';
import type { TextFiles } from './texts.ts';

/** One thing to mend, said so that staff who know no TypeScript can mend it. */
export type Problem = {
  /** `flows/report.yaml`, `locales/fr/report.yaml`. */
  file: string;
  /** Step, rule or text key. */
  key: string;
  problem: string;
  mend: string;
};

export type Content = {
  flows: Flows;
  /** Parsed files of `locales/`: by language, then by file name without ending. */
  texts: TextFiles;
  triage: TriageRules;
  limits?: Limits;
};

/** Every problem of the content; an empty list means that it may go live. */
export function checkContent({ flows, texts, triage, limits = LIMITS }: Content): Problem[] {
  return [
    ...checkFlowGraph(flows),
    ...checkConditions(flows, triage),
    ...checkTexts(flows, texts),
    ...checkWording(flows, texts),
    ...checkScreens(flows, texts, limits),
  ];
}

/** One line for a terminal. */
export function problemLine({ file, key, problem, mend }: Problem): string {
  return `${file}, ${key}: ${problem}; ${mend}`;
}
