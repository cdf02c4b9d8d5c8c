/** Numbers that people choose by. The words stand in `locales/<language>/small_words.yaml`. */
import { plain } from './normalise.ts';
import { type SmallWordsByLanguage, setOf, valuesOf } from './small-words.ts';

/** Numbers in words, and what may stand around numbers without changing what is meant. */
export type NumberWords = {
  values: ReadonlyMap<string, number>;
  around: ReadonlySet<string>;
  between: ReadonlySet<string>;
};

export function numberWords(all: SmallWordsByLanguage): NumberWords {
  return {
    values: valuesOf(all, ({ numbers }) => numbers),
    around: setOf(all, (words) => words.around_numbers),
    between: setOf(all, (words) => words.between_numbers),
  };
}

/**
 * The numbers a message consists of ("1", "1️⃣", "un", "n°2", "1 et 3", "1,3"); nothing if it says anything
 * else. Order kept, each once.
 */
export function readNumbers({ values, around, between }: NumberWords, text: string): number[] | undefined {
  const found = new Set<number>();
  for (const token of plain(text).split(' ')) {
    if (around.has(token) || (found.size > 0 && between.has(token))) continue;
    const value = /^\d{1,3}$/.test(token) ? Number(token) : (values.get(token) ?? prefixed(token));
    if (value === undefined) return undefined;
    found.add(value);
  }
  return found.size > 0 ? [...found] : undefined;
}

function prefixed(token: string): number | undefined {
  const match = /^(?:n|no|num)(\d{1,3})$/.exec(token);
  return match ? Number(match[1]) : undefined;
}
