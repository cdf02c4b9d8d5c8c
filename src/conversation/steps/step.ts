/**
 * One step of a conversation: state and input in, next state and effects out. Pure: no clock, no I/O, and the
 * state that came in is not touched.
 *
 * Invariants: every input of a person is answered; what a person said is in the next state, or in an effect
 * that brings it into the case, or was taken back by that person; a level never falls.
 */

import { forgetSealed, hasCase, saysDanger, settle } from '../asking/case-work.ts';
import { noteLeft } from '../asking/prompt.ts';
import { said } from '../asking/said.ts';
import type { Conversation, Turn } from '../asking/turn.ts';
import { isPage } from '../chapters/chapters.ts';
import { isForWords } from '../meaning/command-words.ts';
import { interpret, isThumbElsewhere, type Meaning, textParts } from '../meaning/interpret.ts';
import { clean } from '../reading/normalise.ts';
import { takeDeletion } from '../signals/deleting.ts';
import { comeBack, refuseCode } from '../signals/found-case.ts';
import { keepHeld } from '../signals/live-place.ts';
import type { Part } from '../values/answer.ts';
import type { Effect } from '../values/effect.ts';
import type { Input } from '../values/input.ts';
import type { ConversationState } from '../values/state.ts';
import { actOn } from './acting.ts';
import { sos } from './commanding.ts';
import { REPLY, takeReply } from './into-case.ts';
import { beginIn, greet } from './opening.ts';
import { askedBy, noteAsked, type Quoted, takeQuoted } from './quoted.ts';
import { endReading } from './reading-room.ts';
import { replay } from './replay.ts';
import { endDangerWait, endSilence, isByItself, isFromPerson, noticeTime, setTimer } from './silence.ts';
import { addMore, isBeforeAsked, isTwice, moreOf, noteThought } from './thought.ts';

export type Stepped = { state: ConversationState; effects: Effect[] };

/** What words would mean now; nothing is changed. `isOpenQuestion`: every word is an answer there. */
export function meaningOf(
  deps: Conversation,
  state: ConversationState | undefined,
  input: Input,
  now: Date,
): { meaning: Meaning; isOpenQuestion: boolean } {
  const turn = openTurn(deps, state, now, {});
  return { meaning: interpret(turn, input), isOpenQuestion: isForWords(turn) };
}

/** What is known from outside the conversation. */
export type Hints = {
  /** As the messenger tells it. */
  language?: string;
  /** When the officer who has the case last asked the person something. */
  askedAt?: Date;
  /** When it was written, as the messenger tells it. */
  writtenAt?: Date;
  /** The message of ours that it replies to, or reacts to. */
  quoted?: Quoted;
  /** Whether the present question has not left yet: nobody can have answered it. Absent: told by the time. */
  isUnread?: boolean;
  /** The messenger's handle on the message, if it tells when one is deleted. */
  message?: string;
};

/** Takes one step. `undefined` as state is the first contact. */
export function step(
  deps: Conversation,
  state: ConversationState | undefined,
  input: Input,
  now: Date,
  hints: Hints = {},
): Stepped {
  const turn = openTurn(deps, state, now, hints);
  turn.isUnasked = isByItself(input);
  // What the new questions change is said to the person, when they write.
  if (!turn.isUnasked) replay(turn);
  if (isFromPerson(input)) noticeTime(turn);
  const isFirst = state === undefined && isFromPerson(input) && !isAboutCode(input);
  if (isFirst) beginIn(turn, input, hints.language);
  take(turn, input, hints, state === undefined);
  if (isFirst) greet(turn);
  return closeTurn(turn, input);
}

/** For the officer, to go on with what was said before, about an earlier question, or for the present one. */
function take(turn: Turn, input: Input, hints: Hints, isFirst: boolean): void {
  const { quoted } = hints;
  const isForUs = quoted !== undefined && askedBy(turn, quoted) !== undefined;
  const more = quoted ? undefined : moreOf(turn, input, hints.isUnread);
  if (isFromPerson(input)) delete turn.state.thought;
  const isReply = (isAsked(turn, hints) && !isForUs) || more?.path === REPLY;
  const reply = isReply && replyIn(turn, input);
  if (reply) takeReply(turn, reply);
  else if (more) {
    keepHeld(turn);
    addMore(turn, more.path, more.parts);
  } else {
    const left = quoted ? takeQuoted(turn, input, quoted) : input;
    if (left) act(turn, left, isFirst);
  }
}

/** A code is answered with nothing but what came of it: a refused phone learns no more than a stranger. */
const isAboutCode = (input: Input): boolean => input.kind === 'came_back' || input.kind === 'code_refused';

function openTurn(
  deps: Conversation,
  state: ConversationState | undefined,
  now: Date,
  { language: hint, writtenAt = now, message }: Hints,
): Turn {
  return {
    deps,
    now,
    state: state === undefined ? firstState(deps, hint) : structuredClone(state),
    effects: [],
    firm: [],
    light: [],
    offer: [],
    reply: 'question',
    isNewQuestion: state === undefined,
    delay: 0,
    mayNeedHelp: false,
    isChanged: false,
    isUnasked: false,
    writtenAt,
    message,
  };
}

function firstState(deps: Conversation, hint: string | undefined): ConversationState {
  const short = hint?.slice(0, 2).toLowerCase() ?? '';
  const { texts, flows } = deps;
  return {
    flows: flows.hash,
    language: texts.languages.includes(short) ? short : texts.defaultLanguage,
    at: flows.entry,
    turn: 0,
    answers: {},
    trail: [],
    kept: [],
    consents: [],
    misses: 0,
    page: 0,
    veiled: false,
    isCaseOpen: false,
    rules: [],
    sealed: [],
    isSubmitted: false,
    sosCount: 0,
    isBare: false,
  };
}

/** Whether the officer's question is the last thing that stands between the person's words and these. */
function isAsked({ state }: Turn, { askedAt }: Hints): boolean {
  if (!askedAt || !state.isCaseOpen || state.isBare) return false;
  return state.lastAt === undefined || Date.parse(state.lastAt) < askedAt.getTime();
}

/** Words, a voice note or a picture: what can be meant for a person. A button or a command is meant for us. */
function replyIn(turn: Turn, input: Input): Part[] | undefined {
  if (input.kind === 'card') return textParts(input.words);
  // A thumb under the officer's question; under ours it answers ours.
  if (input.kind === 'reaction' && isThumbElsewhere(turn, input)) return textParts(input.emoji);
  if (input.kind !== 'text' && input.kind !== 'file' && input.kind !== 'location') return undefined;
  const meaning = interpret(turn, input);
  if (meaning.kind === 'parts') return meaning.parts;
  if (input.kind !== 'text' || !['words', 'choose', 'unknown'].includes(meaning.kind)) return undefined;
  return textParts(input.text);
}

function act(turn: Turn, input: Input, isFirst: boolean): void {
  // Where they are goes with what they do.
  if (isFromPerson(input)) keepHeld(turn);
  switch (input.kind) {
    case 'blocked':
    case 'unblocked':
      if (hasCase(turn)) turn.effects.push({ type: 'tell_officer', what: reached(input) });
      turn.reply = 'none';
      return;
    case 'silence_over':
      endSilence(turn);
      turn.reply = 'none';
      return;
    case 'room_over':
      endReading(turn);
      turn.reply = 'none';
      return;
    case 'danger_unanswered':
      keepHeld(turn);
      endDangerWait(turn);
      return;
    case 'move_held':
      keepHeld(turn);
      turn.reply = 'none';
      return;
    case 'sos':
      sos(turn);
      return;
    case 'came_back':
      comeBack(turn, input.case, input.isShared === true);
      return;
    case 'code_refused':
      refuseCode(turn, input.why);
      return;
    case 'deleted':
      takeDeletion(turn, input.message);
      return;
    default:
      actOn(turn, meantNow(turn, input), input, isFirst);
  }
}

/** What it means at the present question; of what was written before that was said, only that it is no answer to it. */
function meantNow(turn: Turn, input: Input): Meaning {
  const meaning = interpret(turn, input);
  if (isTwice(turn, input, meaning)) return { kind: 'double' };
  if (!isBeforeAsked(turn, input, meaning)) return meaning;
  const hasSos = meaning.kind === 'choose' && meaning.ids.some(saysDanger);
  const saysMore = meaning.kind === 'choose' && (meaning.said ?? meaning.number) !== undefined;
  if (saysMore && input.kind === 'text') return { kind: 'words', text: clean(input.text), hasSos };
  return { kind: 'stale', hasSos };
}

/** Whether the chat reaches them. */
const reached = (input: Extract<Input, { kind: 'blocked' | 'unblocked' }>) =>
  (input.kind === 'blocked' && input.because) || input.kind;

/** Who has left the room, by whatever way, was never there. */
function forgetRoom({ deps, state }: Turn): void {
  if (!isPage(deps.flows, state.at) && !isPage(deps.flows, state.resume ?? '')) delete state.room;
}

/** So many files are known again when their captions are changed. */
const MOST_FILES = 20;

function closeTurn(turn: Turn, input: Input): Stepped {
  const { state, now } = turn;
  settle(turn);
  forgetSealed(turn);
  forgetRoom(turn);
  if (turn.isNewQuestion) state.turn += 1;
  if (isFromPerson(input)) state.lastAt = now.toISOString();
  if (input.kind === 'file' && input.source)
    state.files = [...(state.files ?? []), input.source].slice(-MOST_FILES);
  if (input.kind !== 'blocked' && input.kind !== 'unblocked') setTimer(turn);
  if (turn.reply !== 'none') {
    delete state.isUnsaid;
    noteAsked(turn);
  }
  noteThought(turn);
  const says = said(turn);
  if (turn.reply === 'question') noteLeft(turn);
  return { state, effects: [...turn.effects, ...says] };
}
