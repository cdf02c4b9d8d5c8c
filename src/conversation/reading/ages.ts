/** How old people say that they are. The words stand in `locales/<language>/small_words.yaml`. */
import { plain } from './normalise.ts';
import { type SmallWordsByLanguage, setOf } from './small-words.ts';

export type AgeWords = {
  years: ReadonlySet<string>;
  /** Behind the years: "15 ans d'expérience" is no age. */
  ofSomething: ReadonlySet<string>;
  /** What stands before a person's own age. */
  own(words: readonly string[]): boolean;
  ownWithoutYears(words: readonly string[]): boolean;
};

export function ageWords(all: SmallWordsByLanguage): AgeWords {
  return {
    years: setOf(all, ({ ages }) => ages.years),
    ofSomething: setOf(all, ({ ages }) => ages.of_something),
    own: endingIn([...all.values()].flatMap(({ ages }) => ages.own)),
    ownWithoutYears: endingIn([...all.values()].flatMap(({ ages }) => ages.own_without_years)),
  };
}

/** Whether words end in one of the phrases; `…` in one is a word or two. */
function endingIn(phrases: readonly string[]): (words: readonly string[]) => boolean {
  const wanted = phrases.map((phrase) => phrase.split('…').map((part) => plain(part).split(' ')));
  const endsIn = (words: readonly string[], end: readonly string[]) =>
    end.every((word, at) => words[words.length - end.length + at] === word);
  return (words) =>
    wanted.some(([first = [], last]) => {
      if (last === undefined) return endsIn(words, first);
      const before = words.slice(0, words.length - last.length);
      return endsIn(words, last) && [1, 2].some((between) => endsIn(before.slice(0, -between), first));
    });
}

/** Whether a person says of themselves that they are a child: "j'ai 15 ans", "je suis une fille de 15 ans". */
export function tellsUnder18({ years, ofSomething, own, ownWithoutYears }: AgeWords, text: string): boolean {
  const words = plain(text).split(' ');
  return words.some((word, at) => {
    const age = /^\d{1,2}$/.test(word) ? Number(word) : 0;
    if (age < 6 || age > 17) return false;
    const before = words.slice(Math.max(0, at - 6), at);
    if (ownWithoutYears(before)) return !ofSomething.has(words[at + 1] ?? '');
    if (!years.has(words[at + 1] ?? '') || ofSomething.has(words[at + 2] ?? '')) return false;
    return own(before);
  });
}
