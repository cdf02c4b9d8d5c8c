/** The options of a question: which codes, what they are called, which page of them is shown. */
import { entryCodes } from '../flows/code-lists.ts';
import type { PlacedStep } from '../flows/compile.ts';
import { codesOf, NOTHING_SAID } from '../flows/condition.ts';
import type { CodeList, Step } from '../flows/flow.ts';
import type { Answers } from '../values/answer.ts';
import type { Choice } from '../values/effect.ts';
import { DATE_CHOICES } from '../words/dates.ts';
import { labelOf } from './option-label.ts';
import { placeChoices } from './place.ts';
import { reviewChoices } from './review.ts';
import { choice, LANGUAGE, languageOf, placedAt, text, type View } from './turn.ts';

/** Not codes: they move the page or the read-back. */
export const PAGE_NEXT = '+next';
export const PAGE_PREVIOUS = '+prev';
/** In the place of an account: a list to choose from. */
export const CHOOSE_INSTEAD = '+choose';
/** The second screen of a question that has more to read. */
export const READ_MORE = '+more';
/** As many options as fit on one screen of a small phone; longer lists are paged. */
const MOST_ON_A_PAGE = 10;
const PAGE = 8;

/** Codes that a choice step offers, in order. */
export function codesAt(view: View, placed: PlacedStep, answers: Answers = view.state.answers): string[] {
  const { step, id } = placed;
  if (step.ask === 'yes_no') return step.unknown ? ['yes', 'no', 'unknown'] : ['yes', 'no'];
  if (step.ask !== 'choice' && step.ask !== 'choices') return [];
  if (id === LANGUAGE && placed.flow === 'menu') return [...view.deps.texts.languages];
  if (step.options) return step.options;
  const list = view.deps.flows.lists.get(step.list ?? '');
  return (list ? filtered(list, step.filter, answers) : []).filter((code) => !step.hidden?.includes(code));
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

/** Every option of the present question, all pages. */
function allChoices(view: View): Choice[] {
  const placed = placedAt(view);
  switch (placed.step.ask) {
    case 'yes_no':
      return [
        ...codesAt(view, placed).map((code) => choice(code, labelOf(view, placed, code))),
        ...(placed.step.more && view.state.page === 0
          ? [choice(READ_MORE, text(view, 'bot.read_more'))]
          : []),
      ];
    case 'choice':
    case 'choices':
      return codesAt(view, placed).map((code) => choice(code, labelOf(view, placed, code)));
    case 'date':
      return DATE_CHOICES.map((id) =>
        choice(id, text(view, id === 'unknown' ? 'commands.unknown.label' : `bot.date_${id}`)),
      );
    case 'place':
      return placeChoices(view);
    case 'review':
      return reviewChoices(view);
    case 'account':
      return placed.step.or_choose && !hasTold(view.state.answers[placed.id])
        ? [choice(CHOOSE_INSTEAD, text(view, 'bot.account_choose'))]
        : [];
    default:
      return [];
  }
}

const hasTold = (answer: Answers[string] | undefined): boolean =>
  answer?.kind === 'account' && answer.parts.length > 0;

/** What is shown now, numbered from 1: one page, with the ways to the others. */
export function shownChoices(view: View): Choice[] {
  const all = allChoices(view);
  const fixed = all.filter((each) => each.id.startsWith('+'));
  const listed = all.filter((each) => !each.id.startsWith('+'));
  if (listed.length <= MOST_ON_A_PAGE) return [...listed, ...fixed].map((each) => marked(view, each));
  const pages = Math.ceil(listed.length / PAGE);
  const page = Math.min(pageOf(view), pages - 1);
  return [
    ...listed.slice(page * PAGE, (page + 1) * PAGE).map((each) => marked(view, each)),
    ...(page + 1 < pages ? [choice(PAGE_NEXT, text(view, 'bot.page_next'))] : []),
    ...(page > 0 ? [choice(PAGE_PREVIOUS, text(view, 'bot.page_previous'))] : []),
    ...fixed,
  ];
}

/** The read-back is page 0 of a review, so its list of answers begins at 1. */
function pageOf(view: View): number {
  return placedAt(view).step.ask === 'review' ? Math.max(0, view.state.page - 1) : view.state.page;
}

/** What is already chosen is ticked, unless earlier answers are veiled. */
function marked(view: View, each: Choice): Choice {
  const placed = placedAt(view);
  const answer = view.state.answers[placed.id];
  const isChosen =
    placed.step.ask === 'choices' && answer?.kind === 'choices' && answer.values.includes(each.id);
  return isChosen && !view.state.veiled ? { ...each, label: `✓ ${each.label}` } : each;
}

/** Labels of all options in every language, for people who type them. */
export function labelsInAllLanguages(view: View): { id: string; label: string }[] {
  const first = languageOf(view);
  const others = view.deps.texts.languages.filter((language) => language !== first);
  return [first, ...others].flatMap((language) =>
    allChoices({ ...view, state: { ...view.state, language } }).filter((each) => !each.id.startsWith('+')),
  );
}

/** Whether a code is an answer to this step: offered, or hidden. */
export function isCodeOf(view: View, placed: PlacedStep, code: string): boolean {
  return codesAt(view, placed).includes(code) || hiddenOf(placed.step).includes(code);
}

function hiddenOf(step: Step): readonly string[] {
  return 'hidden' in step ? (step.hidden ?? []) : [];
}
