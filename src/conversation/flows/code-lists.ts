/** The lists of `flows/lists/`. */
import type { CodeList } from './flow.ts';

/** Codes of a list in the order of its file; JavaScript would put "10" before "01". */
export function entryCodes(list: CodeList): string[] {
  const codes = Object.keys(list.entries);
  return codes.every((code) => /^\d+$/.test(code)) ? codes.sort() : codes;
}
