/** What is wrong with a flow or a text, and where staff mend it. */
import type { PlacedStep } from '../flows/compile.ts';

/** One thing to mend, said so that staff who know no TypeScript can mend it. */
export type Problem = {
  /** `flows/report.yaml`, `locales/fr/report.yaml`. */
  file: string;
  /** Step, rule or text key. */
  key: string;
  problem: string;
  mend: string;
};

/** One line for a terminal. */
export function problemLine({ file, key, problem, mend }: Problem): string {
  return `${file}, ${key}: ${problem}; ${mend}`;
}

export const fileOf = (placed: Pick<PlacedStep, 'flow'>): string => `flows/${placed.flow}.yaml`;

export const fileOfKey = (language: string, key: string): string =>
  `locales/${language}/${key.split('.')[0]}.yaml`;
