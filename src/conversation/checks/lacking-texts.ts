/**
 * What languages lack that nobody has signed yet (`reviewed: false` in their `language.yaml`): no mistake, but counted. It is
 * said in their fallback, else in the default language. A signed language lacks nothing, or the check refuses it.
 */
import type { Flows } from '../flows/compile.ts';
import { isReviewed, type TextFiles } from '../words/texts.ts';
import { isSaid, keysEverywhere, neededKeys, signedOf, textsOf, wantedOf } from './check-texts.ts';
import { fileOfKey } from './problem.ts';

export type Lacking = {
  language: string;
  /** How many texts it should have, and how many it lacks. */
  wanted: number;
  missing: number;
  /** How many are missing, by file. */
  files: Readonly<Record<string, number>>;
};

export function lackingTexts(flows: Flows, files: TextFiles): Lacking[] {
  const all = new Map(Object.keys(files).map((language) => [language, textsOf(files, language)]));
  const everywhere = keysEverywhere(signedOf(files, all), neededKeys(flows));
  return [...all].flatMap(([language, texts]): Lacking[] => {
    if (isReviewed(files, language)) return [];
    const wanted = wantedOf(texts, everywhere);
    const missing = wanted.filter((key) => !isSaid(texts, key));
    const byFile = Map.groupBy(missing, (key) => fileOfKey(language, key));
    const counts = [...byFile].map(([file, keys]) => [file, keys.length] as const);
    return [{ language, wanted: wanted.length, missing: missing.length, files: Object.fromEntries(counts) }];
  });
}

/** One line for a terminal. */
export function lackingLine({ language, wanted, missing, files }: Lacking): string {
  const where = Object.entries(files).map(([file, count]) => `${file} ${count}`);
  return [
    `  ${language}: a draft, ${missing} of ${wanted} texts missing`,
    ...(missing > 0 ? [where.join(', ')] : []),
  ].join(': ');
}
