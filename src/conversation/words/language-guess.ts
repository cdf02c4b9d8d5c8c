/**
 * Which language a person writes, told by the words: short messages, without accents, spelled as on a phone. Why by lists of
 * words and no library: `docs/decisions/language-by-words.md`, with the figures.
 */
import { fold } from '../../kernel/fold.ts';
import { normalise } from './normalise.ts';
import { AROUND_A_NAME, READS_SOONER, TELLING } from './telling-words.ts';

/** As words are compared that nobody may have had the letters for: "dɛmɛ" is "deme". */
export const plain = (text: string): string => fold(normalise(text));

/** More words than this tell nothing more. */
const MOST_WORDS = 60;
/** A word is told by this many characters; the longest of them are marks. */
const MOST_CHARACTERS = 1_000;

type Known = { surely: Set<string>; perhaps: Set<string>; together: Set<string>; names: Set<string> };

const wordsIn = (list: string): Set<string> => new Set(list.split(/\s/).filter((word) => word !== ''));

const KNOWN: ReadonlyMap<string, Known> = new Map(
  Object.entries(TELLING).map(([language, { surely, perhaps, together = '', names }]) => [
    language,
    {
      surely: wordsIn(surely),
      perhaps: wordsIn(perhaps),
      together: new Set(together.split('/').map((pair) => pair.trim())),
      names: wordsIn(names),
    },
  ]),
);
const AROUND = wordsIn(AROUND_A_NAME);

/** Letters that only one of the languages writes. */
const LETTERS: Readonly<Record<string, RegExp>> = { bm: /[ɛɔɲŋ]/iu, fr: /[àâçèêëîïôùûœ]/iu };
/** Endings that only one of them has: "polisiw", "menacent", "watching". */
const ENDINGS: Readonly<Record<string, RegExp>> = {
  bm: /[idlmnrsu]w$/,
  fr: /(?:ment|eur|euse|eux|ait|aient|ez|ique|ille)$/,
  en: /(?:ing|ed|th|ght)$/,
};

/** The language of these that the words are in; undefined: they do not tell. */
export function guessLanguage(text: string, languages: readonly string[]): string | undefined {
  const words = plain(text.slice(0, MOST_CHARACTERS)).split(' ').slice(0, MOST_WORDS);
  const weights = [...KNOWN]
    .map(([language, known]) => ({ language, weight: weightOf(words, text, language, known) }))
    .sort((a, b) => b.weight - a.weight);
  const [first, second] = weights;
  if (!first || first.weight === 0 || first.weight === second?.weight) return undefined;
  const meant = [first.language, READS_SOONER[first.language]];
  return meant.find((language) => language !== undefined && languages.includes(language));
}

function weightOf(words: readonly string[], text: string, language: string, known: Known): number {
  const letters = LETTERS[language]?.test(text) ? 2 : 0;
  return words.reduce((weight, word, at) => {
    const pair = known.together.has(`${words[at - 1] ?? ''} ${word}`) ? 2 : 0;
    if (known.surely.has(word)) return weight + pair + 2;
    const isLike = known.perhaps.has(word) || (word.length > 3 && ENDINGS[language]?.test(word));
    return weight + pair + (isLike ? 1 : 0);
  }, letters);
}

/** The language that is asked for by its name, with nothing else said: "fr", "francais svp", "english please". */
export function namedLanguage(text: string, languages: readonly string[]): string | undefined {
  const words = plain(text.slice(0, MOST_CHARACTERS)).split(' ');
  if (words.length > 8) return undefined;
  const named = languages.filter((language) => words.some((word) => KNOWN.get(language)?.names.has(word)));
  const [only] = named;
  // "en" is French for "in" as long as there is another word.
  const isCode = (word: string) => word === 'en' && words.length > 1;
  if (only === undefined) return undefined;
  const meant = named.find((language) =>
    words.some((word) => !isCode(word) && KNOWN.get(language)?.names.has(word)),
  );
  if (meant === undefined) return undefined;
  const isRest = (word: string) => AROUND.has(word) || KNOWN.get(meant)?.names.has(word);
  return words.every(isRest) ? meant : undefined;
}
