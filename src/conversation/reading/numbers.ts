/** Numbers that people choose by, and those that they dictate. The words stand in `locales/<language>/small_words.yaml`. */
import { fold } from '../../kernel/fold.ts';
import { plain } from './normalise.ts';
import { type SmallWordsByLanguage, setOf, valuesOf } from './small-words.ts';

/** Numbers in words, and what may stand around numbers without changing what is meant. */
export type NumberWords = {
  values: ReadonlyMap<string, number>;
  around: ReadonlySet<string>;
  between: ReadonlySet<string>;
  /** "Les deux", "all three": what is counted, and no option's number. */
  together: ReadonlySet<string>;
};

export function numberWords(all: SmallWordsByLanguage): NumberWords {
  return {
    values: valuesOf(all, ({ numbers }) => numbers),
    around: setOf(all, (words) => words.around_numbers),
    between: setOf(all, (words) => words.between_numbers),
    together: setOf(all, (words) => words.together),
  };
}

/**
 * Words for numbers as people dictate a telephone number, and what may stand between two of them; and `address`, what they say
 * for the signs of an address.
 */
export type DictatedWords = {
  words: ReadonlySet<string>;
  between: ReadonlySet<string>;
  address: readonly string[];
};

export function dictatedWords(all: SmallWordsByLanguage): DictatedWords {
  const every = [...all.values()];
  const words = every.flatMap(({ numbers, dictated }) => [
    ...Object.keys(numbers),
    ...dictated.words.split(/\s+/).filter(Boolean),
  ]);
  const between = every.flatMap(({ dictated }) => dictated.between);
  const address = every.flatMap(({ dictated }) => dictated.address);
  return { words: new Set(words.map(fold)), between: new Set(between.map(fold)), address: address.map(fold) };
}

/**
 * The numbers a message consists of ("1", "1️⃣", "un", "n°2", "1 et 3", "1,3"); nothing if it says anything
 * else. Order kept, each once.
 */
export function readNumbers(
  { values, around, between, together }: NumberWords,
  text: string,
): number[] | undefined {
  const words = plain(text);
  if (together.has(words)) return undefined;
  const found = new Set<number>();
  const tokens = words.split(' ');
  for (const [at, token] of tokens.entries()) {
    // "No one" is nobody: only digits have a sign before them.
    if (SIGNS.has(token) && !/^\d/.test(tokens[at + 1] ?? '')) return undefined;
    if (around.has(token) || (found.size > 0 && between.has(token))) continue;
    const value = /^\d{1,3}$/.test(token) ? Number(token) : (values.get(token) ?? prefixed(token));
    if (value === undefined) return undefined;
    found.add(value);
  }
  return found.size > 0 ? [...found] : undefined;
}

/** "N° 2", "no 2": words of a no as well. */
const SIGNS: ReadonlySet<string> = new Set(['n', 'no']);

/** "No 1", "no1": may be "no one", where a no is an answer; "n° 1" is a number everywhere. */
export const mayBeNo = (text: string): boolean => /^\s*no?[.,]?\s*\d/iu.test(text) && !/[°º№]/u.test(text);

function prefixed(token: string): number | undefined {
  const match = /^(?:n|no|num)(\d{1,3})$/.exec(token);
  return match ? Number(match[1]) : undefined;
}
