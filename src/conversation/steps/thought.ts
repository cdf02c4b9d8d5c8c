/**
 * A thought in two messages: what follows words within a few seconds belongs to the same answer, and the question after it
 * waits for that.
 *
 * Invariant: what was written before a question was said is never its answer.
 */
import { minutes, seconds } from '../../kernel/time.ts';
import { isAsked } from '../asking/ahead.ts';
import { fresh, grown } from '../asking/growing.ts';
import { ACCOUNT, addParts, offerSos, placedAt, type Turn, type View } from '../asking/turn.ts';
import { interpret, type Meaning, partsOf } from '../meaning/interpret.ts';
import { normalise } from '../reading/normalise.ts';
import type { Part } from '../values/answer.ts';
import type { Input } from '../values/input.ts';
import type { Command } from '../words/bot-keys.ts';
import { keepAnswer } from './keeping.ts';
import { goOn } from './moving.ts';
import { noteNumber } from './noted.ts';

/** How long the next question waits for more of an answer in words. */
const PATIENCE = seconds(3);
/** A message that is handled so late was kept somewhere: then counts when it was written. */
const LATE = minutes(1);

/** What has been answered in words may go on: the next question waits. */
export function awaitMore(turn: Turn, path: string): void {
  turn.thought = path;
  turn.delay = Math.max(turn.delay, turn.deps.patience ?? PATIENCE);
}

/** What came before the next question was said. Undefined: nothing waits for it; the present question is meant. */
export function moreOf(
  turn: Turn,
  input: Input,
  isUnread?: boolean,
): { path: string; parts: Part[] } | undefined {
  const { thought } = turn.state;
  if (!thought || !canGoOn(input) || !isBeforeQuestion(turn, thought.until, isUnread)) return undefined;
  const meaning = interpret(viewAt(turn, thought.path), input);
  if (!isSaid(meaning)) return undefined;
  if (thought.isAlarm || ('hasSos' in meaning && meaning.hasSos)) offerSos(turn);
  const parts = partsOf(meaning, input);
  return parts.length > 0 ? { path: thought.path, parts } : undefined;
}

/** Adds it to the answer that it goes on with, and has the next question wait again. */
export function addMore(turn: Turn, path: string, parts: readonly Part[]): void {
  const placed = placedAt(turn, path);
  const more = grown(turn, turn.state.answers[placed.id], parts) ?? fresh(turn, placed.step.ask, parts);
  if (more.aside) addParts(turn, ACCOUNT, more.aside);
  keepAnswer(turn, placed, more.answer);
  if (!isAsked(turn, placedAt(turn))) goOn(turn);
  noteNumber(turn, placed.id);
  awaitMore(turn, path);
}

/**
 * A number, a yes, "skip", "send", written before the present question was said for the first time, and handled only now: a
 * phone without a network sends all at once. Nobody can have meant this question.
 */
export function isBeforeAsked(
  { state, now, writtenAt }: Turn,
  input: Input,
  { kind, ...meant }: Meaning,
): boolean {
  if (input.kind !== 'text' || input.edited || now.getTime() - writtenAt.getTime() < LATE) return false;
  const isAnswer =
    kind === 'choose' ||
    kind === 'unknown' ||
    (kind === 'command' && 'command' in meant && GOING_ON.includes(meant.command));
  const first = state.asked?.find(({ turn }) => turn === state.turn);
  return isAnswer && first !== undefined && writtenAt.getTime() < first.at;
}
const GOING_ON: readonly Command[] = ['skip', 'done', 'send', 'back'];

/** Nobody reads the next question and gives the same answer to it so soon. */
const TWICE = seconds(2);
/** Longer words tell something. */
const LONGEST_ANSWER = 20;

/**
 * The same short answer again within a moment: typed twice on a bad network, or by an impatient thumb. It answers neither the next
 * question, nor takes back what it has just chosen. Remembers what was answered.
 */
export function isTwice(turn: Turn, input: Input, meaning: Meaning): boolean {
  const { state, writtenAt, deps } = turn;
  const { last } = state;
  delete state.last;
  if (input.kind !== 'text' || input.edited || (meaning.kind === 'command' && !isGoingOn(meaning)))
    return false;
  const words = sameWords(input.text);
  const moment = deps.twice ?? TWICE;
  if (last?.words === words && Math.abs(writtenAt.getTime() - Date.parse(last.at)) < moment) {
    state.last = last;
    return true;
  }
  const isAnswer = meaning.kind === 'choose' || meaning.kind === 'unknown' || meaning.kind === 'command';
  if (isAnswer && words.length <= LONGEST_ANSWER) state.last = { words, at: writtenAt.toISOString() };
  return false;
}

/** A sign alone is compared as it is. */
const sameWords = (text: string): string => normalise(text) || text.trim();

/** Going back twice goes back twice. */
const isGoingOn = ({ command }: Extract<Meaning, { kind: 'command' }>): boolean =>
  GOING_ON.includes(command) && command !== 'back';

/** At the end of the turn: remembers what may go on, until when. */
export function noteThought({ state, thought, delay, offer, now }: Turn): void {
  if (thought === undefined) return;
  const until = new Date(now.getTime() + delay).toISOString();
  state.thought = { path: thought, until, ...(offer.includes('sos') ? { isAlarm: true } : {}) };
}

/** `isUnread`: whether the next question has not left yet, from who knows. */
function isBeforeQuestion({ now, writtenAt }: Turn, until: string, isUnread?: boolean): boolean {
  const isWrittenBefore =
    now.getTime() - writtenAt.getTime() >= LATE && writtenAt.getTime() < Date.parse(until);
  return isWrittenBefore || (isUnread ?? now.getTime() < Date.parse(until));
}

const canGoOn = ({ kind, ...more }: Input): boolean =>
  ['text', 'file', 'location', 'card'].includes(kind) && !('edited' in more && more.edited);

/** Commands are meant for now. */
const isSaid = ({ kind }: Meaning): boolean => ['words', 'parts', 'unknown', 'choose'].includes(kind);

const viewAt = (turn: Turn, at: string): View => ({
  deps: turn.deps,
  now: turn.now,
  state: turn.deps.flows.steps.has(at) ? { ...turn.state, at, page: 0 } : turn.state,
});
