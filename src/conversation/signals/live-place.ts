/**
 * A position that is shared live: a phone tells a new place every few seconds, for hours.
 *
 * Invariants: the newest place is in the case after the pause at the latest, also when no further one comes; how many
 * are kept hangs on the time that passes and not on how often the phone tells, so that nobody fills a case with them.
 */
import { minutes } from '../../kernel/time.ts';
import { ACCOUNT, addParts, type Turn } from '../asking/turn.ts';
import type { Part } from '../values/answer.ts';

/** Between two places that are kept: often at first, when it matters most. */
const PAUSES: readonly { upTo: number; ms: number }[] = [
  { upTo: 10, ms: minutes(1) },
  { upTo: 200, ms: minutes(3) },
];
const LAST_PAUSE = minutes(15);

const pauseAfter = (kept: number): number => PAUSES.find(({ upTo }) => kept < upTo)?.ms ?? LAST_PAUSE;

/** Kept without a word where something is being reported: a phone that buzzes at each step betrays its owner. */
export function takeMove(turn: Turn, part: Extract<Part, { kind: 'point' }>): void {
  const { state } = turn;
  turn.reply = 'none';
  if (state.due === undefined && !(state.isCaseOpen && !state.isBare)) return;
  const { latitude, longitude } = part;
  state.live = { kept: 0, keptAt: new Date(0).toISOString(), ...state.live, held: { latitude, longitude } };
  if (isDue(turn)) keepHeld(turn);
}

/** The newest place goes into the case now: its pause is over, or the person does something. */
export function keepHeld(turn: Turn): void {
  const { live } = turn.state;
  if (!live?.held) return;
  const { held, kept } = live;
  turn.state.live = { kept: kept + 1, keptAt: turn.now.toISOString() };
  if (turn.state.isBare) return;
  addParts(turn, ACCOUNT, [{ kind: 'point', ...held }]);
}

const isDue = (turn: Turn): boolean => Number(heldUntil(turn) ?? 0) <= turn.now.getTime();

/** When the place that waits has waited long enough; undefined if none waits. */
export function heldUntil({ state: { live } }: Turn): Date | undefined {
  if (!live?.held) return undefined;
  return new Date(Date.parse(live.keptAt) + pauseAfter(live.kept));
}
