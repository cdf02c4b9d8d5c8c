/** The options of a question: what they are called, which page of them is shown. */
import { isPage, titleKey } from '../chapters/chapters.ts';
import type { Answers } from '../values/answer.ts';
import { DATE_CHOICES } from '../values/day.ts';
import type { Choice } from '../values/effect.ts';
import { codesAt, optionOf } from './codes.ts';
import { placeChoices } from './place.ts';
import { reviewChoices } from './review.ts';
import { pageChoices } from './room-page.ts';
import { choiceOf, isInRoom, languageOf, placedAt, text, type View } from './turn.ts';

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

/** Every option of the present question, all pages. */
function allChoices(view: View): Choice[] {
  const placed = placedAt(view);
  switch (placed.step.ask) {
    case 'yes_no':
      return [
        ...codesAt(view, placed).map((code) => optionOf(view, placed, code)),
        ...(placed.step.more && view.state.page === 0 ? [choiceOf(view, READ_MORE, 'bot.read_more')] : []),
      ];
    case 'choice':
    case 'choices':
      return codesAt(view, placed).map((code) => optionOf(view, placed, code));
    case 'date':
      return DATE_CHOICES.map((id) =>
        choiceOf(view, id, id === 'unknown' ? 'commands.unknown.label' : `bot.date_${id}`),
      );
    case 'place':
      return placeChoices(view);
    case 'review':
      return reviewChoices(view);
    case 'screen':
      return pageChoices(view);
    case 'account':
      return placed.step.or_choose && !hasTold(view.state.answers[placed.id])
        ? [choiceOf(view, CHOOSE_INSTEAD, 'bot.account_choose')]
        : [];
    default:
      return [];
  }
}

const hasTold = (answer: Answers[string] | undefined): boolean =>
  answer?.kind === 'account' && answer.parts.length > 0;

/** What is shown now, numbered from 1: one page, with the ways to the others; and the chapter on what they asked beside it. */
export function shownChoices(view: View): Choice[] {
  const { state, deps } = view;
  const own = shownOptions(view);
  if (state.chapter === undefined || !isPage(deps.flows, state.chapter) || isInRoom(view)) return own;
  const title = text(view, titleKey(state.chapter));
  return [...own, { id: state.chapter, label: text(view, 'bot.your_question', { title }) }];
}

function shownOptions(view: View): Choice[] {
  const all = allChoices(view);
  const fixed = all.filter((each) => each.id.startsWith('+'));
  const listed = all.filter((each) => !each.id.startsWith('+'));
  // The chapters stand on one page: a number is one chapter.
  const isWhole = placedAt(view).step.ask === 'screen';
  if (isWhole || listed.length <= MOST_ON_A_PAGE)
    return [...listed, ...fixed].map((each) => marked(view, each));
  const pages = Math.ceil(listed.length / PAGE);
  const page = Math.min(pageOf(view), pages - 1);
  return [
    ...listed.slice(page * PAGE, (page + 1) * PAGE).map((each) => marked(view, each)),
    ...(page + 1 < pages ? [choiceOf(view, PAGE_NEXT, 'bot.page_next')] : []),
    ...(page > 0 ? [choiceOf(view, PAGE_PREVIOUS, 'bot.page_previous')] : []),
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
