/** Whether words are a cry for help, at whatever question. */
import { normalise } from '../reading/normalise.ts';
import { isOnly, saysOf } from './heard.ts';
import { calmed, isChainOf, isStammeredSos } from './sos-words.ts';
import type { Texts } from './texts.ts';
import { isCourtesy } from './wishes.ts';

/** The whole message is an SOS word of any language, or SOS itself however it is stammered. `words`: normalised. */
export function isSosWord(texts: Texts, words: string): boolean {
  if (words === '') return false;
  const isWord = (part: string) => isSos(texts, part);
  // "Au secours svp": who asks politely is in no less danger.
  const isWordOrPolite = (part: string) => isWord(part) || isOnly(texts, part, 'pleads');
  const isCry = (said: string) =>
    isStammeredSos(said) ||
    isWord(said) ||
    isChainOf(isWord, said) ||
    (holdsSos(texts, said) && (isUrging(texts, said) || isChainOf(isWordOrPolite, said)));
  const calm = calmed(words);
  return isCry(words) || (calm !== words && isCry(calm));
}

/** "Venez vite", "vite svp", "au secours vite": that help come soon, and nothing else. `words`: normalised. */
export function isUrging(texts: Texts, words: string): boolean {
  const said = calmed(words);
  const isKnown = (part: string) => isSos(texts, part) || isCourtesy(texts, part) || presses(texts, part);
  return isPressing(texts, said) && isChainOf(isKnown, said);
}

/** The same, where words are an answer: "vite" alone may be a name. */
export const isUrgingAmongWords = (texts: Texts, words: string): boolean =>
  isUrging(texts, words) && (saysOf(texts, calmed(words), 'urges') || holdsSos(texts, words));

const isSos = (texts: Texts, part: string): boolean =>
  texts.languages.some((language) => texts.commandWords(language).get('sos')?.includes(part));

const presses = (texts: Texts, part: string): boolean => isOnly(texts, part, 'urges', 'urges_alone');

const isPressing = (texts: Texts, said: string): boolean =>
  saysOf(texts, said, 'urges') || saysOf(texts, said, 'urges_alone');

/**
 * Words beside a file or a place that are a cry for help, or begin with one: "SOS ils sont devant la porte". Of the words
 * that people also use otherwise ("urgences") nothing may follow.
 */
export function isCryBeside(texts: Texts, text: string): boolean {
  const words = normalise(text);
  if (isSosWord(texts, words) || /^s+ ?o+ ?s+ /.test(words)) return true;
  return texts.languages.some((language) =>
    (texts.commandWords(language).get('sos') ?? []).some(
      (word) => word.includes(' ') && words.startsWith(`${word} `),
    ),
  );
}

/** Whether an SOS word stands somewhere in a longer text. */
export function holdsSos(texts: Texts, text: string): boolean {
  const words = ` ${normalise(text)} `;
  return texts.languages.some((language) =>
    (texts.commandWords(language).get('sos') ?? []).some((word) => words.includes(` ${word} `)),
  );
}

/** Longer texts are read when their turn comes. */
const SHORT = 1_000;

/** What a person did, as channels tell it: words, also those beside a file or a place, a button's data, or neither. */
type Did = { kind: string; text?: string; data?: string; caption?: string; words?: string };

/** Whether a message asks for help at once, told without knowing the conversation and at little cost. */
export function isCryForHelp(texts: Texts, { kind, data, ...said }: Did): boolean {
  if (kind === 'button') return data === 'c:sos';
  if (kind === 'card') return false;
  const text = said.text ?? said.caption ?? said.words ?? '';
  if (text === '' || text.length > SHORT) return false;
  return isSosWord(texts, normalise(text)) || holdsSos(texts, text);
}
