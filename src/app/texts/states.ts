/**
 * What the changes come to: for each text what counts, what waits for a second person, who has read it, what was said of it.
 *
 * Pure. Invariant: a text about which something does not fit is said as the files say it, until a person says it anew: what
 * an intruder took away or put back is neither used nor stood for by an older text of the room.
 */
import type { TextValue } from '../../conversation/said/own-texts.ts';
import type { Change } from './rows.ts';
import { versionOf } from './rows.ts';
import type { Fault, TextName } from './what-holds.ts';

/** Who, and when; null: the operator. */
type By = { by: string | null; at: Date };

export type TextState = TextName & {
  /** What counts over the files; null: as the files say it. Undefined: nobody has said anything here. */
  said?: By & { seq: number; text: TextValue | null; second?: By };
  /** What waits for a second person, and the version of the text that it is to take the place of. */
  proposed?: By & { seq: number; text: TextValue | null; version?: string };
  /** Who last read which text of it. */
  read?: By & { version: string };
  /** Everything that happened, newest last. */
  changes: readonly Change[];
  /** Something does not fit, so that the files count. */
  isDistrusted: boolean;
};

export const nameOf = ({ language, key }: TextName): string => `${language} ${key}`;

export function statesOf(changes: readonly Change[], faults: readonly Fault[]): Map<string, TextState> {
  const states = new Map<string, TextState>();
  for (const change of changes) {
    const { language, key } = change;
    const before = states.get(nameOf(change)) ?? { language, key, changes: [], isDistrusted: false };
    states.set(nameOf(change), after(before, change));
  }
  for (const state of states.values()) if (isDistrusted(state, faults)) distrust(state);
  return states;
}

function after(before: TextState, change: Change): TextState {
  const { is, by, at, seq, text = null } = change;
  const changes = [...before.changes, change];
  const { proposed, ...rest } = before;
  switch (is) {
    case 'set':
      return { ...rest, changes, said: { by, at, seq, text } };
    case 'propose':
      return { ...before, changes, proposed: { by, at, seq, text, version: change.version ?? '' } };
    case 'agree':
      if (proposed?.seq !== change.of) return { ...before, changes };
      // It counts from the second person's yes on.
      return proposed ? { ...rest, changes, said: { ...proposed, seq, second: { by, at } } } : before;
    case 'refuse':
      return proposed?.seq === change.of ? { ...rest, changes } : { ...before, changes };
    case 'review':
      return { ...before, changes, read: { by, at, version: change.version ?? '' } };
    case 'comment':
      return { ...before, changes };
  }
}

function isDistrusted({ said, language, key }: TextState, faults: readonly Fault[]): boolean {
  return faults.some(
    ({ seq, of }) =>
      seq > 0 &&
      seq >= (said?.seq ?? 0) &&
      (of === undefined || of.some((each) => each.language === language && each.key === key)),
  );
}

function distrust(state: TextState): void {
  delete state.said;
  delete state.proposed;
  state.isDistrusted = true;
}

/** What is laid over the files: by language, the texts by key. */
export function laidOver(states: Iterable<TextState>): Map<string, [key: string, text: TextValue][]> {
  const laid = new Map<string, [string, TextValue][]>();
  for (const { language, key, said } of states) {
    if (!said || said.text === null) continue;
    laid.set(language, [...(laid.get(language) ?? []), [key, said.text]]);
  }
  return laid;
}

/** Whether the text that counts now is the one that was read. */
export const isRead = ({ read }: Pick<TextState, 'read'>, text: TextValue | undefined): boolean =>
  read !== undefined && text !== undefined && read.version === versionOf(text);
