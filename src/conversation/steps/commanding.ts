/** What can be said at every step: SOS, back, skip, help, language, leave, done, send, status, person, erase, keep, quiet, a right, mistake. */

import { isAsked } from '../asking/ahead.ts';
import { cryForHelp, hasCase, wasBeforeCase } from '../asking/case-work.ts';
import { finished, partBack, partOf, placeSoFar, withoutPart } from '../asking/place.ts';
import { claimRight, erase, giveCode, keep, sayStatus } from '../asking/statements.ts';
import {
  HOME_PATH,
  hasText,
  isAtHome,
  isChoosingLanguage,
  LANGUAGE,
  placedAt,
  putAside,
  say,
  sayFirmly,
  setAnswer,
  type Turn,
} from '../asking/turn.ts';
import { normalise } from '../reading/normalise.ts';
import { oldPhoneTaken } from '../signals/found-case.ts';
import type { Command } from '../words/bot-keys.ts';
import { chooseLanguage, toggleHearing } from './choosing.ts';
import { answerAndGoOn, beQuiet } from './keeping.ts';
import { goOn, goToFlow, revisit } from './moving.ts';
import { openRoom } from './reading-room.ts';
import { send } from './sending.ts';
import { wantPerson } from './wanting-person.ts';

/** `said`: the words that say more than the command. */
export function command(turn: Turn, name: Command, language: string | undefined, said = ''): void {
  switch (name) {
    case 'sos':
      sos(turn, language);
      return;
    case 'back':
      back(turn);
      return;
    case 'skip':
      skip(turn);
      return;
    case 'help':
      help(turn);
      return;
    case 'language':
      askLanguage(turn);
      return;
    case 'leave':
      leave(turn);
      return;
    case 'done':
      done(turn);
      return;
    case 'send':
      send(turn);
      return;
    case 'status':
      sayStatus(turn);
      return;
    case 'person':
      wantPerson(turn);
      return;
    case 'understand':
      openRoom(turn, language);
      return;
    case 'erase':
      erase(turn);
      if (!turn.state.isCaseOpen) goHome(turn);
      return;
    case 'keep':
      keep(turn);
      return;
    case 'quiet':
      beQuiet(turn, normalise(said));
      return;
    case 'access':
    case 'correction':
    case 'objection':
      claimRight(turn, name);
      return;
    case 'code':
      if (hasCase(turn)) giveCode(turn, 'asked');
      else say(turn, 'status_none');
      return;
    case 'mistake':
      mistake(turn);
      return;
    case 'taken':
      oldPhoneTaken(turn);
      return;
    case 'voice':
      toggleHearing(turn, language);
      return;
    case 'start':
      // A greeting: the question again is answer enough.
      return;
  }
}

/** Alert first, questions after: at any step, before any language was chosen. */
export function sos(turn: Turn, language?: string): void {
  const { state, deps } = turn;
  if (state.answers[LANGUAGE] === undefined) {
    state.language = language ?? state.language ?? deps.texts.defaultLanguage;
    state.answers[LANGUAGE] = { kind: 'choice', value: state.language };
  }
  delete state.resume;
  delete state.ended;
  cryForHelp(turn);
  const isBeingAsked = state.at.startsWith('sos.');
  if (isBeingAsked) return;
  // Where they are and whether one may write to them can have changed since the last cry for help.
  for (const id of Object.keys(deps.flows.flows.get('sos')?.steps ?? {})) putAside(turn, id);
  delete state.revisiting;
  goToFlow(turn, 'sos');
}

/** "Venez vite": the officer is told again, and nothing is asked anew. What they wrote is in the case. */
export const urge = (turn: Turn): void => cryForHelp(turn);

function back(turn: Turn): void {
  const { state } = turn;
  const placed = placedAt(turn);
  if (state.resume !== undefined) {
    resume(turn);
    return;
  }
  const isSecondScreen = placed.step.ask === 'review' || placed.step.ask === 'yes_no';
  if (isSecondScreen && state.page > 0) {
    state.page = 0;
    turn.isNewQuestion = true;
    return;
  }
  if (placed.step.ask === 'place') {
    const before = partBack(turn);
    if (before) {
      setAnswer(turn, placed.id, before);
      state.page = 0;
      turn.isNewQuestion = true;
      return;
    }
  }
  const from = state.trail.indexOf(placed.path);
  const earlier = state.trail.slice(0, from < 0 ? state.trail.length : from).reverse();
  const path = earlier.find((each) => {
    const other = turn.deps.flows.steps.get(each);
    return other !== undefined && isAsked(turn, other);
  });
  if (path === undefined || isAtHome(turn)) {
    say(turn, 'nothing_before');
    return;
  }
  revisit(turn, path);
}

function resume(turn: Turn): void {
  const { state } = turn;
  state.at = state.resume ?? HOME_PATH;
  delete state.resume;
  turn.isNewQuestion = true;
}

function skip(turn: Turn): void {
  const { state } = turn;
  const { id, path, step } = placedAt(turn);
  if (state.resume !== undefined) {
    resume(turn);
    return;
  }
  if (state.revisiting === path && state.answers[id] !== undefined) {
    delete state.revisiting;
    delete state.picking;
    goOn(turn);
    return;
  }
  const answer = state.answers[id];
  if (answer?.kind === 'account' && answer.parts.length > 0 && !answer.done) {
    done(turn);
    return;
  }
  if (state.picking === id && answer?.kind === 'choices' && answer.values.length > 0) {
    done(turn);
    return;
  }
  if (step.ask === 'place') {
    skipPlace(turn);
    return;
  }
  if (step.required) {
    say(turn, step.ask === 'yes_no' ? 'yes_or_no' : 'cannot_skip');
    return;
  }
  answerAndGoOn(turn, { kind: 'skipped' });
}

/** One part of a place is passed; who does not say in which zone says nothing of it. */
function skipPlace(turn: Turn): void {
  const { id, step } = placedAt(turn);
  const without = partOf(placeSoFar(turn)) === 'zone' ? finished(placeSoFar(turn)) : withoutPart(turn);
  const isNothing = without.done && !without.zone && !without.words && !without.parts?.length;
  if (isNothing && step.required) say(turn, 'cannot_skip');
  else if (isNothing) answerAndGoOn(turn, { kind: 'skipped' });
  else if (without.done) answerAndGoOn(turn, without);
  else {
    setAnswer(turn, id, without);
    turn.state.page = 0;
    turn.isNewQuestion = true;
  }
}

function done(turn: Turn): void {
  const { id, step } = placedAt(turn);
  const answer = turn.state.answers[id];
  switch (step.ask) {
    case 'account':
    case 'evidence':
      if (answer?.kind === 'account' && answer.parts.length > 0) {
        answerAndGoOn(turn, { ...answer, done: true });
        return;
      }
      if (step.required) say(turn, 'account_empty');
      else answerAndGoOn(turn, { kind: 'skipped' });
      return;
    case 'choices':
      if (answer?.kind === 'choices' && answer.values.length > 0) {
        answerAndGoOn(turn, answer);
        return;
      }
      if (step.required) say(turn, 'choose_one');
      else answerAndGoOn(turn, { kind: 'skipped' });
      return;
    case 'place': {
      const soFar = finished(placeSoFar(turn));
      if (soFar.zone || soFar.words) {
        answerAndGoOn(turn, soFar);
        return;
      }
      skip(turn);
      return;
    }
    default:
      say(turn, 'nothing_to_finish');
  }
}

function help(turn: Turn): void {
  const key = `${placedAt(turn).path}.help`;
  if (hasText(turn, key)) turn.light.push({ key });
  else say(turn, 'help');
  turn.offer.push('sos', 'person');
}

/** With two languages the other one is meant; with more the question is asked and the present one comes back. */
function askLanguage(turn: Turn): void {
  const { state, deps } = turn;
  if (isChoosingLanguage(turn)) return;
  const { languages } = deps.texts;
  const other = languages.find((language) => language !== state.language);
  if (languages.length === 2 && other !== undefined) {
    chooseLanguage(turn, other);
    return;
  }
  state.resume = state.at;
  state.at = deps.flows.entry;
  turn.isNewQuestion = true;
}

/** Neutral, and nothing to see on the screen; what was said is kept. */
function leave(turn: Turn): void {
  turn.state.veiled = true;
  delete turn.state.hears;
  turn.state.pausedAt = turn.writtenAt.toISOString();
  if (hasCase(turn)) turn.effects.push({ type: 'tell_officer', what: 'left' });
  turn.effects.push({ type: 'retract_messages' });
  sayFirmly(turn, 'left');
  turn.reply = 'none';
}

/** "False alarm" closes nothing: it may be another person who types. */
function mistake(turn: Turn): void {
  if (!hasCase(turn)) {
    say(turn, 'mistake_nothing');
    return;
  }
  turn.effects.push({ type: 'tell_officer', what: wasBeforeCase(turn) ? 'mistake_before' : 'mistake' });
  sayFirmly(turn, 'mistake_noted');
}

function goHome(turn: Turn): void {
  turn.state.at = HOME_PATH;
  turn.isNewQuestion = true;
}
