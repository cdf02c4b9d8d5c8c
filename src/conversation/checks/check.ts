/**
 * Checks everything that staff can change: flows, lists, triage rules and texts of every language.
 *
 * Pure: `./lakana flows check`, the tests and the start of the service hand over what they read. What zod and the
 * compiler already refuse (a `next` that leads nowhere, an unknown list) is not repeated here.
 */
import type { Flows, FlowValues } from '../flows/compile.ts';
import type { TriageRules } from '../flows/flow.ts';
import type { TextFiles } from '../words/texts.ts';
import { checkConditions } from './check-conditions.ts';
import { checkContacts } from './check-contacts.ts';
import { checkFlowGraph } from './check-flows.ts';
import { checkNeutral } from './check-neutral.ts';
import { checkRoom } from './check-room.ts';
import { checkScreens, LIMITS, type Limits } from './check-screens.ts';
import { checkSigns } from './check-signs.ts';
import { checkTexts } from './check-texts.ts';
import { checkWording } from './check-wording.ts';
import type { Problem } from './problem.ts';

export type Content = {
  flows: Flows;
  /** Parsed files of `locales/`: by language, then by file name without ending. */
  texts: TextFiles;
  triage: TriageRules;
  /** The day on which it is looked at, `YYYY-MM-DD`: a contact is verified neither tomorrow nor next year. */
  today: string;
  limits?: Limits;
};

/** Every problem of the content; an empty list means that it may go live. */
export function checkContent({ flows, texts, triage, today, limits }: Content): Problem[] {
  return [
    ...checkFlowGraph(flows),
    ...checkConditions(flows, triage),
    ...checkContacts(flows, today),
    ...checkSaid({ flows, texts, limits }),
  ];
}

/** Every problem that a text can make: all others are as they are whatever is said. */
export function checkSaid({
  flows,
  texts,
  limits = LIMITS,
}: {
  flows: FlowValues;
  texts: TextFiles;
  limits?: Limits | undefined;
}): Problem[] {
  return [
    ...checkTexts(flows, texts),
    ...checkWording(flows, texts),
    ...checkNeutral(flows, texts),
    ...checkScreens(flows, texts, limits),
    ...checkRoom(flows, texts),
    ...checkSigns(texts, limits.text),
  ];
}
