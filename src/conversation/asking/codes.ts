/** Which codes can be the answer to a question, and what they are called. */
import { entryCodes } from '../flows/code-lists.ts';
import { groundsAt, type PlacedStep } from '../flows/compile.ts';
import { codesOf, holds, NOTHING_SAID } from '../flows/condition.ts';
import type { CodeList, Condition, Step } from '../flows/flow.ts';
import type { Answers } from '../values/answer.ts';
import type { Choice } from '../values/effect.ts';
import { ANSWER_WORDS } from '../words/bot-keys.ts';
import { hasText, LANGUAGE, languageOf, pieceOf, type View } from './turn.ts';

/** Codes that a choice step offers, in order. */
export function codesAt(view: View, placed: PlacedStep, answers: Answers = view.state.answers): string[] {
  const { step, id } = placed;
  if (step.ask === 'yes_no') return step.unknown ? [...ANSWER_WORDS] : ['yes', 'no'];
  if (step.ask !== 'choice' && step.ask !== 'choices') return [];
  if (id === LANGUAGE && placed.flow === 'menu') return [...view.deps.texts.languages];
  if (step.options) return step.options.filter((code) => isOffered(view, step.offered_when?.[code], answers));
  const list = view.deps.flows.lists.get(step.list ?? '');
  return (list ? filtered(list, step.filter, answers) : []).filter((code) => !step.hidden?.includes(code));
}

function isOffered(view: View, when: Condition | undefined, answers: Answers): boolean {
  return when === undefined || holds(when, answers, groundsAt(view.deps.flows, view.now));
}

function filtered(
  list: CodeList,
  filter: Readonly<Record<string, string>> | undefined,
  answers: Answers,
): string[] {
  const codes = entryCodes(list);
  return Object.entries(filter ?? {}).reduce((left, [attribute, step]) => {
    const answer = answers[step];
    const wanted = answer ? codesOf(answer) : [];
    // Nothing to filter by: everything is offered rather than nothing.
    const fitting = left.filter((code) => wanted.includes(list.entries[code]?.[attribute] ?? ''));
    return fitting.length > 0 ? fitting : wanted.length > 0 && !isOpen(wanted) ? fitting : left;
  }, codes);
}

const isOpen = (codes: readonly string[]): boolean => codes.every((code) => NOTHING_SAID.includes(code));

/** Whether a code is an answer to this step: offered, or hidden. */
export function isCodeOf(view: View, placed: PlacedStep, code: string): boolean {
  return codesAt(view, placed).includes(code) || hiddenOf(placed.step).includes(code);
}

function hiddenOf(step: Step): readonly string[] {
  return 'hidden' in step ? (step.hidden ?? []) : [];
}

/** What one code is called in the reporter's language. */
export function labelOf(view: View, placed: PlacedStep, code: string): string {
  const { language, key } = labelled(view, placed, code);
  return view.deps.texts.t(language, key);
}

/** An option of a question. */
export function optionOf(view: View, placed: PlacedStep, code: string): Choice {
  const { language, key } = labelled(view, placed, code);
  return { id: code, label: view.deps.texts.t(language, key), piece: pieceOf(language, key) };
}

/** A language is called as it calls itself. */
function labelled(view: View, placed: PlacedStep, code: string): { language: string; key: string } {
  if (placed.id === LANGUAGE && placed.flow === 'menu') return { language: code, key: 'language.name' };
  const language = languageOf(view);
  const own = `${placed.path}.options.${code}`;
  if (hasText(view, own)) return { language, key: own };
  if ('list' in placed.step && placed.step.list)
    return { language, key: `lists.${placed.step.list}.${code}` };
  return { language, key: `commands.${code}.label` };
}
