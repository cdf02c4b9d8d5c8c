/**
 * Words that must not stand in what goes to a reporter unasked: any holder of the phone learns from it neither who wrote, nor
 * why. A net, not a judge: people read the texts too.
 */
import type { FlowValues } from '../flows/compile.ts';
import { OUTSIDE } from '../flows/outside-contacts.ts';
import { tellingWord } from '../words/telling.ts';
import type { TextFiles } from '../words/texts.ts';
import { UNASKED } from '../words/unasked-keys.ts';
import { stemOf } from './check-plurals.ts';
import { flatten } from './check-texts.ts';
import { fileOfKey, type Problem } from './problem.ts';

/** Looks through every text that goes out unasked, in every language. */
export function checkNeutral(flows: FlowValues, files: TextFiles): Problem[] {
  const named = Object.values(flows.lists.get(OUTSIDE)?.entries ?? {}).flatMap((entry) => entry?.name ?? []);
  return Object.keys(files).flatMap((language) => {
    const texts = flatten(files[language]);
    const telling = [texts.get('wording.telling') ?? []].flat();
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
