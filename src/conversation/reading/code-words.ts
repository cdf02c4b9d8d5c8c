/** What people say in place of the label of an option. The words stand in `locales/<language>/small_words.yaml`. */
import { plain } from './normalise.ts';
import type { SmallWordsByLanguage } from './small-words.ts';

/** By list, or by `flow.step`: phrases, and the code that each means. */
export type CodeWords = ReadonlyMap<string, readonly (readonly [phrase: string, code: string])[]>;

export function codeWords(all: SmallWordsByLanguage): CodeWords {
  const found = new Map<string, (readonly [string, string])[]>();
  for (const { codes } of all.values())
    for (const [list, byCode] of Object.entries(codes))
      for (const [code, phrases] of Object.entries(byCode))
        found.set(list, [...(found.get(list) ?? []), ...phrases.map((each) => [plain(each), code] as const)]);
  return found;
}
