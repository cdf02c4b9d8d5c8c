/** A page of the room to read in, as it is put: its lines, and its buttons. */
import { contentsOf, isPage, linesOf, titleKey } from '../chapters/chapters.ts';
import type { Choice, Line } from '../values/effect.ts';
import { outsideLines } from './outside-lines.ts';
import { bot, choiceOf, HOME_PATH, placedAt, type View } from './turn.ts';

/** Out of the room, to the question that was left or to the menu. */
export const OUT = '+out';
/** The way to a report, as the menu calls it. */
export const REPORT = 'report';

/** What the page says; where chapters were looked for, what was found is said by others. */
export function pageLines(view: View): Line[] {
  const placed = placedAt(view);
  if (placed.step.ask !== 'screen' || view.state.room?.found) return [];
  const unchecked = view.deps.unchecked ?? 'hidden';
  const { texts } = view.deps;
  const language = view.state.language ?? texts.defaultLanguage;
  const written = (key: string) => texts.template(language, key);
  const lines = linesOf(view.deps.flows, placed, unchecked, written).flatMap(({ key, fact }): Line[] => {
    const line: Line = { key, isClose: true };
    return fact && !fact.isChecked ? [line, { ...bot('unchecked'), isClose: true }] : [line];
  });
  const [first, ...rest] = lines;
  return [
    { key: titleKey(placed.path) },
    ...(first ? [{ key: first.key }, ...rest] : []),
    ...(placed.step.does === 'name_outside' ? outsideLines(view) : []),
  ];
}

/** Its buttons: pages by their titles, a report, and the way out. */
export function pageChoices(view: View): Choice[] {
  const { step, flow } = placedAt(view);
  if (step.ask !== 'screen') return [];
  const ids =
    shownPages(view) ??
    step.leads_to.map((to) => (isPage(view.deps.flows, `${flow}.${to}`) ? `${flow}.${to}` : to));
  return [
    ...ids
      .filter((id) => !(isReporting(view) && id === REPORT))
      .map((id) => choiceOf(view, id, labelKey(view, id))),
    choiceOf(view, OUT, isReporting(view) || hasLeft(view) ? 'bot.room_back' : 'bot.room_out'),
  ];
}

/** Who left a question of the report goes back to it: that is the way to report. */
export const isReporting = ({ state }: View): boolean => state.room?.from?.startsWith('report.') === true;

/** Chapters that were looked for, and how to go on from there. */
function shownPages(view: View): string[] | undefined {
  const found = view.state.room?.found?.filter((path) => isPage(view.deps.flows, path));
  const contents = contentsOf(view.deps.flows);
  return found && [...found, ...(contents === undefined ? [] : [contents]), REPORT];
}

const labelKey = (view: View, id: string): string =>
  isPage(view.deps.flows, id) ? titleKey(id) : `menu.home.options.${id}`;

/** Whether a question waits that was put to them. */
const hasLeft = ({ state }: View): boolean => state.room?.from !== undefined && state.room.from !== HOME_PATH;
