/**
 * Phrases that are looked for in what people write. They are found by their first word: a message is gone through once,
 * however many phrases there are.
 *
 * Invariant: a phrase stands only between spaces or at an end, never in the middle of a word.
 */
import { remembered } from '../../kernel/remembered.ts';
import type { HeardWord } from './bot-keys.ts';
import type { Texts } from './texts.ts';

export type Place = { from: number; to: number };

/** Of one language: by the first word, then by the list they stand in; and those that mask others, in the order of their list. */
type Known = {
  byFirst: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  harmless: readonly string[];
};

export type Phrases = {
  /** Whether a phrase of the list stands in what was said, in one of the languages; by default those on offer. */
  stands(texts: Texts, said: string, what: HeardWord, languages?: readonly string[]): boolean;
  /** Where the phrases of each list begin and end, in order of their beginnings: with the space before them, without that behind. */
  places(texts: Texts, said: string): (...what: HeardWord[]) => Place[];
  /** What was said with names and things masked that sound like a sign and are none: "groupe armé", "pris mon téléphone". */
  withoutHarmless(texts: Texts, said: string, languages?: readonly string[]): string;
};

/** `as`: how the phrases are compared; what is said comes in the same form. */
export function createPhrases(as: (phrase: string) => string): Phrases {
  const knownOf = remembered(
    (heard: ReadonlyMap<string, readonly string[]>): Known => ({
      byFirst: byFirstWord(heard, as),
      harmless: (heard.get('no_sign') ?? []).map(as),
    }),
  );
  const of = (texts: Texts, languages: readonly string[] = texts.languages): Known[] =>
    languages.map((language) => knownOf(texts.heard(language)));
  return {
    stands: (texts, said, what, languages) => {
      const words = wordsOf(said);
      return of(texts, languages).some(({ byFirst }) =>
        words.some(({ word, at }) =>
          byFirst
            .get(word)
            ?.get(what)
            ?.some((phrase) => isWholeAt(said, phrase, at)),
        ),
      );
    },
    places(texts, said) {
      const found = new Map<string, Place[]>();
      const words = wordsOf(said);
      for (const { byFirst } of of(texts))
        for (const { word, at } of words) note(found, byFirst.get(word), said, at);
      const inOrder = (all: Place[]) => all.sort((one, other) => one.from - other.from);
      return (...what) => inOrder(what.flatMap((each) => inOrder(found.get(each) ?? [])));
    },
    withoutHarmless(texts, said, languages = texts.languages) {
      const words = said.split(' ');
      const known = of(texts, languages);
      const asked = new Set<string>();
      for (const { byFirst } of known)
        for (const word of words)
          for (const phrase of byFirst.get(word)?.get('no_sign') ?? []) asked.add(phrase);
      if (asked.size === 0) return said;
      const inOrder = known.flatMap(({ harmless }) => harmless.filter((phrase) => asked.has(phrase)));
      return inOrder.reduce(
        (rest, phrase) => rest.replaceAll(` ${phrase} `, ` ${'.'.repeat(phrase.length)} `),
        said,
      );
    },
  };
}

function byFirstWord(
  heard: ReadonlyMap<string, readonly string[]>,
  as: (phrase: string) => string,
): Known['byFirst'] {
  const found = new Map<string, Map<string, string[]>>();
  for (const [what, phrases] of heard)
    for (const phrase of phrases.map(as)) {
      const [first = ''] = phrase.split(' ', 1);
      const lists = found.get(first) ?? new Map<string, string[]>();
      found.set(first, lists);
      lists.set(what, [...(lists.get(what) ?? []), phrase]);
    }
  return found;
}

function note(
  found: Map<string, Place[]>,
  lists: ReadonlyMap<string, readonly string[]> | undefined,
  said: string,
  at: number,
): void {
  for (const [what, phrases] of lists ?? [])
    for (const phrase of phrases) {
      if (!isWholeAt(said, phrase, at)) continue;
      const places = found.get(what) ?? [];
      found.set(what, places);
      places.push({ from: at - 1, to: at + phrase.length });
    }
}

const isWholeAt = (said: string, phrase: string, at: number): boolean =>
  said.startsWith(phrase, at) && [' ', ''].includes(said.charAt(at + phrase.length));

function wordsOf(said: string): { word: string; at: number }[] {
  const words: { word: string; at: number }[] = [];
  let at = 0;
  for (const word of said.split(' ')) {
    if (word !== '') words.push({ word, at });
    at += word.length + 1;
  }
  return words;
}
