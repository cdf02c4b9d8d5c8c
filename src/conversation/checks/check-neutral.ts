/**
 * Words that must not stand in what goes to a reporter unasked: whoever holds the phone learns from it neither who wrote, nor
 * why. A net, not a judge: people read the texts too.
 */
import type { Flows } from '../flows/compile.ts';
import { OUTSIDE } from '../flows/outside-contacts.ts';
import type { TextFiles } from '../words/texts.ts';
import { UNASKED } from '../words/unasked-keys.ts';
import { stemOf } from './check-plurals.ts';
import { flatten } from './check-texts.ts';
import { fileOfKey, type Problem } from './problem.ts';

/** In every language; what else tells in one stands in its `wording.yaml`. Beginnings of words; `=` before one: the whole word. */
const EVERYWHERE: readonly string[] = [
  ...['=cndh', '=mnpddh', 'lakana', '=sos', 'polic', 'alert', '=onu', '=ong', '=ngo'],
];

/** Looks through every text that goes out unasked, in every language. */
export function checkNeutral(flows: Flows, files: TextFiles): Problem[] {
  const named = Object.values(flows.lists.get(OUTSIDE)?.entries ?? {}).flatMap((entry) => entry?.name ?? []);
  return Object.keys(files).flatMap((language) => {
    const texts = flatten(files[language]);
    const telling = [...EVERYWHERE, ...[texts.get('wording.telling') ?? []].flat()];
    return [...texts].flatMap(([key, text]): Problem[] => {
      if (!isUnasked(stemOf(key, texts) ?? key)) return [];
      const found = tellingWord(String(text), telling, named);
      if (found === undefined) return [];
      const problem = `is sent unasked, and "${found}" tells who writes, or why`;
      const mend = 'say it without; who asks with "status" may read more';
      return [{ file: fileOfKey(language, key), key, problem, mend }];
    });
  });
}

const isUnasked = (key: string): boolean => key in UNASKED;

/** The first word of a text that gives something away; undefined: none does. */
function tellingWord(text: string, telling: readonly string[], names: readonly string[]): string | undefined {
  const plain = text.toLowerCase();
  const words = plain.split(/[^\p{L}\p{N}]+/u);
  const tells = (word: string) =>
    telling.some((each) => (each.startsWith('=') ? word === each.slice(1) : word.startsWith(each)));
  return words.find(tells) ?? names.find((name) => plain.includes(name.toLowerCase()));
}
