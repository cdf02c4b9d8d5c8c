/**
 * Which language a person writes, told by the words: short messages, without accents, spelled as on a phone. Why by lists of
 * words and no library: `docs/decisions/language-by-words.md`, with the figures. The words stand under `telling` in
 * `locales/<language>/small_words.yaml`; a language is told before it is on offer.
 */
import { plain } from './normalise.ts';
import type { SmallWords, SmallWordsByLanguage } from './small-words.ts';

/** More words than this tell nothing more. */
const MOST_WORDS = 60;
/** A word is told by this many characters; the longest of them are marks. */
const MOST_CHARACTERS = 1_000;

type Words = ReadonlySet<string>;
type Known = {
  surely: Words;
  perhaps: Words;
  together: Words;
  names: Words;
  namesAlone: Words;
  /** Letters that only this language writes. */
  letters: ReadonlySet<string>;
  /** Endings that only it has: "polisiw", "menacent", "watching". */
  endings: readonly string[];
  readsSooner: string | undefined;
};
export type LanguageWords = { known: ReadonlyMap<string, Known>; aroundAName: Words };

export function languageWords(all: SmallWordsByLanguage): LanguageWords {
  return {
    known: new Map([...all].map(([language, { telling }]) => [language, knownOf(telling)])),
    aroundAName: new Set([...all.values()].flatMap(({ telling }) => [...wordsIn(telling.around_a_name)])),
  };
}

function knownOf(telling: SmallWords['telling']): Known {
  const { letters, endings, together, reads_sooner } = telling;
  return {
    surely: wordsIn(telling.surely),
    perhaps: wordsIn(telling.perhaps),
    together: new Set(
      together
        .split('/')
        .map(plain)
        .filter((pair) => pair !== ''),
    ),
    names: wordsIn(telling.names),
    namesAlone: wordsIn(telling.names_alone),
    letters: new Set(letters),
    endings,
    readsSooner: reads_sooner,
  };
}

const wordsIn = (list: string): Words =>
  new Set(
    list
      .split(/\s/)
      .map(plain)
      .filter((word) => word !== ''),
  );

/** The language of these that the words are in; undefined: they do not tell. */
export function guessLanguage(
  { known }: LanguageWords,
  text: string,
  languages: readonly string[],
): string | undefined {
  const words = plain(text.slice(0, MOST_CHARACTERS)).split(' ').slice(0, MOST_WORDS);
  const weights = [...known]
    .map(([language, its]) => ({ language, weight: weightOf(words, text, its), ...its }))
    .sort((a, b) => b.weight - a.weight);
  const [first, second] = weights;
  if (!first || first.weight === 0 || first.weight === second?.weight) return undefined;
  return [first.language, first.readsSooner].find(
    (language) => language !== undefined && languages.includes(language),
  );
}

function weightOf(words: readonly string[], text: string, known: Known): number {
  return words.reduce(
    (weight, word, at) => {
      const pair = known.together.has(`${words[at - 1] ?? ''} ${word}`) ? 2 : 0;
      if (known.surely.has(word)) return weight + pair + 2;
      const isLike =
        known.perhaps.has(word) || (word.length > 3 && known.endings.some((end) => word.endsWith(end)));
      return weight + pair + (isLike ? 1 : 0);
    },
    [...text.slice(0, MOST_CHARACTERS).toLowerCase()].some((letter) => known.letters.has(letter)) ? 2 : 0,
  );
}

/** The language that is asked for by its name, with nothing else said: "fr", "francais svp", "english please". */
export function namedLanguage(
  { known, aroundAName }: LanguageWords,
  text: string,
  languages: readonly string[],
): string | undefined {
  const words = plain(text.slice(0, MOST_CHARACTERS)).split(' ');
  if (words.length > 8) return undefined;
  const isNamed = (language: string, word: string) => known.get(language)?.names.has(word) === true;
  // "en" is French for "in" as long as there is another word.
  const isOtherWord = (language: string, word: string) =>
    words.length > 1 && known.get(language)?.namesAlone.has(word) === true;
  const meant = languages.find((language) =>
    words.some((word) => isNamed(language, word) && !isOtherWord(language, word)),
  );
  if (meant === undefined) return undefined;
  return words.every((word) => aroundAName.has(word) || isNamed(meant, word)) ? meant : undefined;
}
