/** The lists of `flows/lists/`. */
import { PLACE_PARTS } from '../../kernel/vocabulary.ts';
import type { CodeList } from './flow.ts';

/** Those that a place is chosen from, the largest parts first. */
export const PLACE_LISTS = PLACE_PARTS.map((part) => `${part}s` as const);

/** Codes of a list in the order of its file; JavaScript would put "10" before "01". */
export function entryCodes(list: CodeList): string[] {
  const codes = Object.keys(list.entries);
  return codes.every((code) => /^\d+$/.test(code)) ? codes.sort() : codes;
}
