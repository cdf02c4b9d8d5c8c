/** Time that passed: coming back after minutes, hours, days. */

import { hours, minutes, seconds } from '../../kernel/time.ts';
import { addEntries } from '../asking/case-work.ts';
import { forgetDraft, stopAdding } from '../asking/refusing.ts';
import {
  CONTACT_HOW,
  CONTACT_NUMBER,
  DANGER,
  forgetAnswers,
  HOME,
  HOME_PATH,
  isInRoom,
  isOfReport,
  LANGUAGE,
  OTHER_WAY,
  placedAt,
  say,
  type Turn,
} from '../asking/turn.ts';
import { heldUntil } from '../signals/live-place.ts';
import type { Answer } from '../values/answer.ts';
import type { Input } from '../values/input.ts';
import { assumeDanger } from './not-understood.ts';
import { endReading } from './reading-room.ts';

/** After this the phone may be in other hands: earlier answers are not shown again. */
export const VEIL = minutes(30);
/** A file or a word of alarm came, and the danger question has no answer. */
const DANGER_WAIT = minutes(2);
/** An unfinished report is not kept longer than this. */
const SILENCE = hours(72);
/** Photos and documents that follow each other this closely were sent in one go. */
const BURST = seconds(5);
/** Nobody reads a question and writes an answer in less. */
const TEXT_BURST = seconds(1.5);

/** Before a person's input is looked at: what the time since the last one has changed. */
export function noticeTime(turn: Turn): void {
  const { state, now } = turn;
  if (isReadingOver(turn)) endReading(turn);
  if (isOver(turn)) endSilence(turn);
  const last = state.lastAt === undefined ? undefined : Date.parse(state.lastAt);
  const isPaused = last !== undefined && now.getTime() - last > VEIL;
  if (isPaused) {
    state.pausedAt = turn.writtenAt.toISOString();
    delete state.hears;
  }
  if (isPaused && !state.ended) {
    state.veiled = true;
    if (hasTold(turn) && !state.isSubmitted) say(turn, 'welcome_back');
  }
  if (state.ended) {
    say(turn, state.ended === 'way_open' ? 'way_still_open' : 'draft_forgotten');
    delete state.ended;
  }
}

/**
 * One go of many photos is one miss, and so is a long text, which messengers cut in pieces: the question came
 * again in between, but nobody can have read it. Two voice notes are two tries of a reporter who cannot read. At
 * the danger question every text is a try: a reporter who only writes must reach a person.
 */
export function isBurst(turn: Turn, input: Input): boolean {
  const { state, now } = turn;
  if (state.lastAt === undefined || state.misses === 0) return false;
  const since = now.getTime() - Date.parse(state.lastAt);
  if (input.kind === 'text') return placedAt(turn).id !== DANGER && since < TEXT_BURST;
  if (input.kind === 'card') return since < BURST;
  if (input.kind !== 'file' || input.media === 'voice' || input.media === 'audio') return false;
  return since < BURST;
}

/** The timer may be late: what is over is over. */
function isOver(turn: Turn): boolean {
  const { state, now } = turn;
  const { due } = state;
  if (due?.what === 'silence_over') return Date.parse(due.at) <= now.getTime();
  // Its timer stood behind that of the room.
  return due === undefined && hasDraft(turn) && silenceEnds(turn) <= now.getTime();
}

const isReadingOver = ({ state, now }: Turn): boolean =>
  state.due?.what === 'room_over' && Date.parse(state.due.at) <= now.getTime();

/** Since they last wrote. */
const silenceEnds = ({ state, now }: Turn): number =>
  (state.lastAt === undefined ? now.getTime() : Date.parse(state.lastAt)) + SILENCE;

/** Anything of a report that is not only in a case. */
function hasDraft({ state, deps }: Turn): boolean {
  return (
    state.kept.length > 0 ||
    Object.entries(state.answers).some(
      ([step, answer]) => answer.kind !== 'seen' && isOfReport(deps.flows, step),
    )
  );
}

/** More than that there is no danger: who only asked what this is has begun nothing. */
function hasTold({ state, deps }: Turn): boolean {
  const isTold = (step: string, answer: Answer) =>
    !(step === DANGER && answer.kind === 'choice' && answer.value === 'none');
  return (
    state.kept.some(({ step, answer }) => isTold(step, answer)) ||
    Object.entries(state.answers).some(
      ([step, answer]) => answer.kind !== 'seen' && isOfReport(deps.flows, step) && isTold(step, answer),
    )
  );
}

/** 72 hours without a word: an unsent draft goes, a case stays a case. */
export function endSilence(turn: Turn): void {
  const { state } = turn;
  delete state.due;
  const isTold = hasTold(turn);
  if (state.isCaseOpen && state.isBare && hasDraft(turn)) {
    stopAdding(turn);
    if (isTold) state.ended = 'forgotten';
  } else if (state.isCaseOpen) {
    addEntries(turn, true);
    if (isWayOpen(turn)) state.ended = 'way_open';
    forgetAnswers(turn);
  } else if (hasDraft(turn)) {
    forgetDraft(turn);
    if (isTold) state.ended = 'forgotten';
  } else forgetAnswers(turn);
  turn.isChanged = false;
  delete state.answers[HOME];
  state.at = state.answers[LANGUAGE] ? HOME_PATH : turn.deps.flows.entry;
  state.turn += 1;
}

/** Whether they wanted another way to be reached, and have not said which. */
function isWayOpen({ state }: Turn): boolean {
  const { [OTHER_WAY]: other, [CONTACT_HOW]: how, [CONTACT_NUMBER]: number } = state.answers;
  const isWanted = other?.kind === 'choice' && other.value === 'yes';
  const isCall = how?.kind === 'choice' && ['call', 'trusted_person'].includes(how.value);
  return isWanted && (how === undefined || (isCall && number === undefined));
}

/** Two minutes without an answer to the danger question. */
export function endDangerWait(turn: Turn): void {
  const { state } = turn;
  delete state.due;
  if (state.answers[DANGER] !== undefined || state.isSubmitted) {
    turn.reply = 'none';
    return;
  }
  assumeDanger(turn);
}

/** Which timer runs after this step. */
export function setTimer(turn: Turn): void {
  const { state, now } = turn;
  const isWaiting = state.answers[DANGER] === undefined && !state.isSubmitted;
  const waits = state.due?.what === 'danger_unanswered' ? state.due : undefined;
  if (isWaiting && (turn.mayNeedHelp || waits)) {
    state.due = waits ?? {
      at: new Date(now.getTime() + DANGER_WAIT).toISOString(),
      what: 'danger_unanswered',
    };
  } else if (isInRoom(turn)) {
    state.due = { at: new Date(now.getTime() + VEIL).toISOString(), what: 'room_over' };
  } else if (turn.isUnasked && hasDraft(turn)) {
    state.due = { at: new Date(silenceEnds(turn)).toISOString(), what: 'silence_over' };
  } else if (hasDraft(turn)) {
    state.due = { at: new Date(now.getTime() + SILENCE).toISOString(), what: 'silence_over' };
  } else delete state.due;
  // Two minutes for the danger question come first: what is held goes with their end.
  const held = heldUntil(turn);
  if (held && state.due?.what !== 'danger_unanswered' && held < new Date(state.due?.at ?? held.getTime() + 1))
    state.due = { at: held.toISOString(), what: 'move_held' };
}

/** Whether a clock or a messenger did this: what is said then is pushed to a phone that nobody has just used. */
export const isByItself = ({ kind }: Input): boolean =>
  ['danger_unanswered', 'silence_over', 'move_held', 'room_over', 'blocked', 'unblocked'].includes(kind);

/** Whether this was done by the person, and not by a clock or a messenger. */
export function isFromPerson(input: Input): boolean {
  if (input.kind === 'location' && input.edited) return false;
  return input.kind !== 'deleted' && !isByItself(input);
}
