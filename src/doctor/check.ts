import { inEnglish, type Line, nameLine, sayInRoom } from '../app/ground/lines.ts';
import type { SaidProblem } from '../config-keys.ts';
import type { CheckState } from '../kernel/vocabulary.ts';

/**
 * One line of `doctor`, as the operator reads it. `warn`: works, but the operator should look. `fail`: does not work. `unseen`:
 * cannot be seen from where it is asked; the mend says from where it can.
 */
export type Check = {
  name: string;
  state: CheckState;
  detail: string;
  mend?: string;
  /** The same as values, to be said in another language; not printed. */
  readonly lines: Lines;
};
type Lines = { name: Line; detail: Line; mend?: Line };

/** `name`: of the locales, or a setting; what is called by more than one word of theirs is a line. */
function check(state: CheckState, name: string | Line, detail: Line, mend?: Line): Check {
  const lines = {
    name: typeof name === 'string' ? nameLine(name) : name,
    detail,
    ...(mend ? { mend } : {}),
  };
  const words = {
    name: inEnglish(lines.name),
    state,
    detail: inEnglish(detail),
    ...(mend ? { mend: inEnglish(mend) } : {}),
  };
  return Object.defineProperty({ ...words, lines }, 'lines', { enumerable: false });
}

export const ok = (name: string | Line, detail: Line): Check => check('ok', name, detail);
export const warn = (name: string | Line, detail: Line, mend: Line): Check =>
  check('warn', name, detail, mend);
export const fail = (name: string | Line, detail: Line, mend: Line): Check =>
  check('fail', name, detail, mend);
export const unseen = (name: string | Line, detail: Line, mend: Line): Check =>
  check('unseen', name, detail, mend);

/** What is wrong with a setting, as a line of `doctor`. */
export const problemCheck = (state: 'warn' | 'fail', { setting, lines }: SaidProblem): Check =>
  check(state, setting, lines.problem, lines.mend);

/** The words of a check for a member in the room. */
export function checkInRoom({ state, lines }: Check, language: string): Omit<Check, 'lines'> {
  const { name, detail, mend } = lines;
  return {
    name: sayInRoom(name, language),
    state,
    detail: sayInRoom(detail, language),
    ...(mend ? { mend: sayInRoom(mend, language) } : {}),
  };
}
