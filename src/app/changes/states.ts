/**
 * What the changes come to: for each text what counts, what waits for a second person, who has read it, what was said of it;
 * and of its recording what counts and what waits.
 *
 * Pure. Invariant: a text about which something does not fit is said as the files say it, and its recording not heard, until a
 * person says it anew: what an intruder took away or put back is neither used nor stood for by an older one of the room.
 */
import type { TextValue } from '../../conversation/said/own-texts.ts';
import type { Change, OpenChange } from './rows.ts';
import { versionOf } from './rows.ts';
import type { Fault, TextName } from './what-holds.ts';

/** Who, and when; null: the operator. */
type By = { by: string | null; at: Date };

export type TextState = TextName & {
  /** What counts over the files; null: as the files say it. Undefined: nobody has said anything here. */
  said?: By & { seq: number; text: TextValue | null; second?: By };
  /** What waits for a second person, and the version of the text that it is to take the place of. */
  proposed?: By & { seq: number; hash: string; text: TextValue | null; version?: string };
  /** Who last read which text of it. */
  read?: By & { version: string };
  /** Undefined: nothing was ever recorded of it, by this rule. */
  voice?: VoiceState;
  /** When it came to what is said and heard now without anybody told but those who did it. */
  untoldSince?: Date;
  /** Everything that happened, newest last. */
  changes: readonly OpenChange[];
  /** Something does not fit, so that the files count. */
  isDistrusted: boolean;
};

/** What a person recorded, and its place. */
export type Recorded = By & { seq: number; hash: string; recording: NonNullable<Change['recording']> };
type VoiceState = {
  waits?: Recorded;
  counts?: Recorded & { second: By & { seq: number } };
  /** What counted before the changes said it counts no more. */
  isOver?: true;
};

export const nameOf = ({ language, key }: TextName): string => `${language} ${key}`;

export const statesOf = (changes: readonly OpenChange[], faults: readonly Fault[]): Map<string, TextState> =>
  withoutDoubtful(withChanges(new Map(), changes), faults);

/** These states, and what came since: as much work as came. What does not fit is not looked at yet. */
export function withChanges(
  before: ReadonlyMap<string, TextState>,
  changes: readonly OpenChange[],
): Map<string, TextState> {
  const states = new Map(before);
  const lists = new Map<string, OpenChange[]>();
  for (const change of changes) {
    const { language, key, lost = [] } = change;
    for (const each of lost) states.set(nameOf(each), lostOf(each, states.get(nameOf(each))));
    const name = nameOf(change);
    const state = states.get(name) ?? { language, key, changes: [], isDistrusted: false };
    // Others may hold the list of before.
    const list = lists.get(name) ?? [...state.changes];
    lists.set(name, list);
    list.push(change);
    states.set(name, told(after({ ...state, changes: list }, change), change));
  }
  return states;
}

/** Without what was said before the last fault that may be about it. */
export function withoutDoubtful(
  states: ReadonlyMap<string, TextState>,
  faults: readonly Fault[],
): Map<string, TextState> {
  const from = lastFaults(faults);
  const all = new Map(states);
  // Also where every change of it is gone.
  for (const { of = [] } of faults)
    for (const { language, key } of of) {
      const name = nameOf({ language, key });
      if (!all.has(name)) all.set(name, { language, key, changes: [], isDistrusted: true });
    }
  if (faults.length > 0)
    for (const [name, state] of all) {
      const copy = { ...state };
      distrust(copy, from(name));
      all.set(name, copy);
    }
  return all;
}

/** The place of the last fault that may be about a text; 0: none. */
function lastFaults(faults: readonly Fault[]): (name: string) => number {
  const ofAny = Math.max(0, ...faults.filter(({ of }) => of === undefined).map(({ seq }) => seq));
  const byName = new Map<string, number>();
  for (const { seq, of = [] } of faults)
    for (const each of of) byName.set(nameOf(each), Math.max(seq, byName.get(nameOf(each)) ?? 0));
  return (name) => Math.max(ofAny, byName.get(name) ?? 0);
}

/** Of it nothing is known any more: what people say anew stands behind that. */
const lostOf = ({ language, key }: TextName, before: TextState | undefined): TextState => ({
  ...{ language, key, changes: before?.changes ?? [], isDistrusted: true },
  voice: { isOver: true },
});

/** What comes into force, or ends. */
const IN_FORCE: readonly Change['is'][] = ['agree', 'voice_agreed', 'voice_withdrawn'];

function told(state: TextState, { is, at, isUntold }: Change): TextState {
  if (!IN_FORCE.includes(is)) return state;
  const { untoldSince: _, ...rest } = state;
  return isUntold ? { ...rest, untoldSince: at } : rest;
}

function after(before: TextState, change: OpenChange): TextState {
  const { is, by, at, seq, hash, text = null } = change;
  const { proposed, ...rest } = before;
  switch (is) {
    case 'set':
      return { ...rest, said: { by, at, seq, text }, isDistrusted: false };
    case 'propose':
      return { ...before, proposed: { by, at, seq, hash, text, version: change.version ?? '' } };
    case 'agree':
      if (!proposed || !isSaidTo(change, proposed)) return before;
      // It counts from the second person's yes on.
      return { ...rest, said: { ...proposed, seq, second: { by, at } }, isDistrusted: false };
    case 'refuse':
      return proposed && isSaidTo(change, proposed) ? rest : before;
    case 'review':
      return { ...before, read: { by, at, version: change.version ?? '' } };
    case 'comment':
    case 'lost':
      return before;
    default:
      return { ...before, voice: voiceAfter(before.voice ?? {}, change) };
  }
}

/** Whether a change is said to this one. Before 0036 it named only the place. */
const isSaidTo = ({ of, ofHash }: Change, { seq, hash }: { seq: number; hash: string }): boolean =>
  of === seq && (ofHash === undefined || ofHash === hash);

/** The place of what counted before the changes said it. */
export const BEFORE_ALL = 0;

/** What is said of another recording than the one that waits, or counts, says nothing. */
function voiceAfter(before: VoiceState, change: OpenChange): VoiceState {
  const { is, by, at, seq, hash, recording, of } = change;
  const { waits, counts, ...rest } = before;
  const counting = counts ? { counts } : {};
  if (is === 'voice_recorded')
    return recording ? { ...before, waits: { by, at, seq, hash, recording } } : before;
  if (is === 'voice_withdrawn')
    return of === (counts?.seq ?? BEFORE_ALL) ? { ...(waits ? { waits } : {}), isOver: true } : before;
  if (waits === undefined || !isSaidTo(change, waits)) return before;
  if (is === 'voice_refused') return { ...rest, ...counting };
  return { counts: { ...waits, second: { by, at, seq } }, isOver: true };
}

/** Whether a fault at this place or behind it may be about this text. */
export const isMeant = ({ language, key }: TextName, faults: readonly Fault[], from: number): boolean =>
  faults.some(
    ({ seq, of }) =>
      seq > 0 &&
      seq >= from &&
      (of === undefined || of.some((each) => each.language === language && each.key === key)),
  );

/** Lets go of what was said before this fault, the last that may be about it; what a person says anew stands behind that. */
function distrust(state: TextState, fault: number): void {
  const { said, proposed, voice } = state;
  const isBad = (from: number) => fault > 0 && fault >= from;
  if (isBad(said?.seq ?? 0)) {
    delete state.said;
    state.isDistrusted = true;
  }
  if (proposed && isBad(proposed.seq)) delete state.proposed;
  if (!voice) return;
  const { waits, counts, ...rest } = voice;
  state.voice = {
    ...rest,
    ...(waits && !isBad(waits.seq) ? { waits } : {}),
    ...(counts && !isBad(counts.second.seq) ? { counts } : {}),
  };
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
