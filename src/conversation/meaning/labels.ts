/** Options that are chosen by their labels: typed whole, or a part of one that tells it from the others. Decides nothing else. */

import { labelsInAllLanguages, shownChoices } from '../asking/options.ts';
import { placedAt, type View } from '../asking/turn.ts';
import { normalise, plainOf } from '../reading/normalise.ts';
import { COMMANDS } from '../words/bot-keys.ts';
import { isOnly } from '../words/heard.ts';
import { namesNobody } from './meant-option.ts';

export type Label = { id: string; label: string };

export function labelsAt(view: View): Label[] {
  const shown = shownChoices(view).map(({ id, label }) => ({ id, label }));
  return [...labelsInAllLanguages(view), ...shown].map(({ id, label }) => ({ id, label: normalise(label) }));
}

/** Labels of which a part is enough: not of the chapter that stands beneath them, which only its number or its whole name choose. */
const partlyKnown = (view: View, labels: readonly Label[]): Label[] =>
  labels.filter(({ id }) => id !== view.state.chapter);

/** The one option that fits; several: none. */
function only(labels: readonly Label[], fits: (label: string) => boolean): string | undefined {
  const ids = new Set(labels.filter(({ label }) => fits(label)).map(({ id }) => id));
  return ids.size === 1 ? [...ids][0] : undefined;
}

/** The option whose label was typed, whole or enough of its beginning to know it. */
export function labelled(view: View, words: string, labels: readonly Label[]): string | undefined {
  const whole = labels.find(({ label }) => label === words);
  if (whole) return whole.id;
  if (words.length < 4 || isHalf(view, words) || ['review', 'place'].includes(placedAt(view).step.ask))
    return undefined;
  // "Back" turns a page, whatever "Back to the menu" begins with.
  if (COMMANDS.some((name) => isWordOf(view, name, words))) return undefined;
  return only(partlyKnown(view, labels), (label) => label.startsWith(`${words} `));
}

/** "Violence", "militaires": of what is so called there are several, or it means something else alone. */
const isHalf = (view: View, words: string): boolean =>
  namesNobody(view, words) || isOnly(view.deps.texts, words, 'no_part');

/** Without the small words before it. */
function core({ deps }: View, words: string): string {
  const { before } = deps.texts.reading.answers;
  const tokens = words.split(' ');
  const from = tokens.findIndex((token) => !before.has(plainOf(token)));
  return from < 0 ? '' : tokens.slice(from).join(' ');
}

/** A part of one label: "appel" of "Par un appel", "ici demain" of "Oui, d'ici demain". Of one that says no, only with its no. */
export function inLabel(view: View, words: string, labels: readonly Label[]): string | undefined {
  const { ask } = placedAt(view).step;
  if ((ask !== 'choice' && ask !== 'choices') || isHalf(view, words)) return undefined;
  const { saysNo } = view.deps.texts.reading.answers;
  const part = core(view, words);
  // "partir" is leaving, whatever label has it in it.
  if (part.length < 3 || COMMANDS.some((name) => isWordOf(view, name, words))) return undefined;
  const isNo = saysNo(plainOf(words));
  const known = partlyKnown(view, labels).filter(({ label }) => isNo || !saysNo(plainOf(label)));
  // "Une femme" is the whole of "À une femme", and a part of "À une femme ou à un homme".
  return (
    only(known, (label) => core(view, label) === part) ??
    only(known, (label) => ` ${label} `.includes(` ${part} `) && (part.length >= 5 || label.startsWith(part)))
  );
}

/** "Ici", where it may be at any time or at certain hours: which, only they can say, and it tells nothing of what happened. */
export function beginsSeveral(view: View, words: string, labels: readonly Label[]): boolean {
  const { ask } = placedAt(view).step;
  if (ask !== 'choice' || words.length < 3 || COMMANDS.some((name) => isWordOf(view, name, words)))
    return false;
  const begun = partlyKnown(view, labels).filter(({ label }) => label.startsWith(`${words} `));
  return new Set(begun.map(({ id }) => id)).size > 1;
}

export function isWordOf(view: View, name: string, words: string): boolean {
  const { texts } = view.deps;
  return texts.languages.some((language) => texts.commandWords(language).get(name)?.includes(words));
}
