/**
 * In the room to read in: pages are turned, questions are looked for, and one comes out where one was.
 *
 * Invariants: of what is chosen or typed here nothing stays once they have left, and nothing is ever an answer; half an hour
 * without a word is leaving; a cry for help, a sign of danger and what only a person can hear come out of the room and count as
 * everywhere.
 */
import { hasCase } from '../asking/case-work.ts';
import { isReporting, OUT, pageChoices, REPORT } from '../asking/room-page.ts';
import {
  ACCOUNT,
  addParts,
  DANGER,
  HOME_PATH,
  isAtHome,
  isInRoom,
  LANGUAGE,
  languageOf,
  offerSos,
  placedAt,
  say,
  type Turn,
  type View,
  WAYS,
} from '../asking/turn.ts';
import { chapterAt, contentsOf, isPage } from '../chapters/chapters.ts';
import { searchOf } from '../chapters/search.ts';
import { type Meaning, OPTION, textParts } from '../meaning/interpret.ts';
import { normalise, plain } from '../reading/normalise.ts';
import type { Part } from '../values/answer.ts';
import type { Input } from '../values/input.ts';
import { stamped } from '../values/stamp.ts';
import { isQuestion } from '../words/asks.ts';
import type { Command } from '../words/bot-keys.ts';
import { tellsGraveDanger } from '../words/grave.ts';
import { hasDangerSign, isNameOfReport, isOnly, isWishToReport, openingOf, saysOf } from '../words/heard.ts';
import { answerAndGoOn } from './keeping.ts';
import { goToFlow, openPage } from './moving.ts';
import { wantPerson } from './wanting-person.ts';

/** Opens the room at its contents, from wherever they are. */
export function openRoom(turn: Turn, language?: string): void {
  const { state, deps } = turn;
  const contents = contentsOf(deps.flows);
  if (state.answers[LANGUAGE] === undefined && language !== undefined) {
    state.language = language;
    state.answers[LANGUAGE] = { kind: 'choice', value: language };
  }
  // Before there is a language there is nothing to read: they are asked for it, and led here.
  if (state.answers[LANGUAGE] === undefined) state.answers[WAYS] = { kind: 'choice', value: 'understand' };
  else if (contents === undefined) say(turn, 'not_understood');
  else openPage(turn, contents);
}

/** A question in plain words opens the chapter that fits; the contents if none does. */
export function openFor(turn: Turn, words: string): void {
  const [best] = find(turn, words);
  if (best === undefined) openRoom(turn);
  else openPage(turn, best);
}

const find = ({ deps, state }: Turn, words: string): string[] =>
  searchOf(deps.flows, deps.texts)(words, state.language ?? deps.texts.defaultLanguage);

/** A button of a page, however old: it leads to where it says. */
export function pageOfButton({ deps, state }: Turn, input: Input): string | undefined {
  const named = input.kind === 'button' ? OPTION.exec(input.data)?.[2] : undefined;
  if (named === undefined || !isPage(deps.flows, named)) return undefined;
  // Before there is a language there is nothing to read.
  return state.answers[LANGUAGE] === undefined ? undefined : named;
}

/** Does what the input means on a page. False: they have come out, and it means what it means there. */
export function readOn(turn: Turn, meaning: Meaning, input: Input): boolean {
  switch (meaning.kind) {
    case 'command':
      return commanded(turn, meaning.command);
    case 'choose':
      go(turn, meaning.ids[0] ?? '');
      return true;
    case 'words':
      return tell(turn, meaning.text, meaning.hasSos);
    case 'edited':
      return meaning.parts.every(({ kind }) => kind === 'text')
        ? tell(turn, input.kind === 'text' ? input.text : '', meaning.hasSos)
        : comeOutWith(turn, meaning.parts);
    case 'parts':
      return comeOutWith(turn, meaning.parts);
    case 'unknown':
      look(turn, '');
      return true;
    case 'nothing':
      // A voice note that could not be taken may have been a cry for help.
      if (input.kind === 'file_refused') {
        turn.mayNeedHelp = true;
        leaveRoom(turn);
        return false;
      }
      say(turn, meaning.notice, meaning.params);
      return true;
    default:
      return false;
  }
}

/** What is said at every step means here what it means everywhere, but these. */
function commanded(turn: Turn, name: Command): boolean {
  switch (name) {
    case 'back':
      back(turn);
      return true;
    case 'understand':
      openRoom(turn);
      return true;
    case 'start':
    case 'skip':
    case 'done':
      leaveRoom(turn);
      return true;
    case 'send':
    case 'leave':
      leaveRoom(turn);
      return false;
    default:
      return false;
  }
}

/** From a further page to the chapter, from there to the contents, from there out. */
function back(turn: Turn): void {
  const { deps, state } = turn;
  const contents = contentsOf(deps.flows);
  const chapter = chapterAt(deps.flows, state.at);
  if (state.at === contents && !state.room?.found) leaveRoom(turn);
  else if (chapter !== undefined && chapter !== state.at) openPage(turn, chapter);
  else openRoom(turn);
}

function go(turn: Turn, id: string): void {
  if (id === OUT) leaveRoom(turn);
  else if (isPage(turn.deps.flows, id)) openPage(turn, id);
  else {
    // As from the menu: a report begins there, and what was wanted before decides nothing any more.
    turn.state.at = HOME_PATH;
    delete turn.state.answers[WAYS];
    if (id === REPORT) answerAndGoOn(turn, { kind: 'choice', value: id });
    else goToFlow(turn, id);
  }
}

/** Typed on a page: a question to look for, or something that must not be lost. */
function tell(turn: Turn, words: string, hasSos: boolean): boolean {
  const { texts } = turn.deps;
  const said = normalise(words);
  if (isOnly(texts, said, 'around_yes') || isOnly(texts, said, 'around_no')) {
    say(turn, 'room_nod');
    turn.reply = 'none';
    return true;
  }
  if (hasSos || isAlarming(turn, words)) return comeOutWith(turn, textParts(words));
  if (openingOf(texts, words) === 'person') {
    // As at the menu: what they wrote goes along, and which page they read does not.
    leaveRoom(turn);
    addParts(turn, ACCOUNT, textParts(words));
    wantPerson(turn);
    return true;
  }
  if (isReporting(turn) && isNameOfReport(texts, plain(words))) {
    leaveRoom(turn);
    return true;
  }
  if (saysOf(texts, plain(words), 'for_report') && !asks(turn, words)) {
    if (!isWishToReport(texts, words)) addParts(turn, ACCOUNT, textParts(words));
    go(turn, REPORT);
    return true;
  }
  if (hasDangerSign(texts, words)) offerSos(turn);
  look(turn, words);
  return true;
}

/** "They took my husband this morning, what do I do?" tells; "what if someone is taken today?" asks. */
function isAlarming(turn: Turn, words: string): boolean {
  const { texts } = turn.deps;
  return tellsGraveDanger(texts, words) || (hasDangerSign(texts, words) && !asks(turn, words));
}

/** Up to three chapters that fit. What tells something is not kept, and that is said with the way to report it. */
function look(turn: Turn, words: string): void {
  const { deps, state } = turn;
  // A number to be called at is no question, whatever chapter has numbers in it.
  const found = isNumber(words) ? [] : find(turn, words);
  const isTold = isLong(words) || saysOf(deps.texts, plain(words), 'tells');
  const isStory =
    isNumber(words) || (openingOf(deps.texts, words) === 'story' && isTold && !asks(turn, words));
  openRoom(turn);
  state.room = { ...state.room, found };
  if (isStory) sayHowToTell(turn);
  else say(turn, found.length > 0 ? 'room_found' : 'room_not_found');
}

/** With the name of the button that stands below: to the question that was left, to the menu of who has a case, or to a report. */
function sayHowToTell(turn: Turn): void {
  const { state } = turn;
  const key = isReporting(turn)
    ? 'room_story_report'
    : state.isCaseOpen && !state.isBare
      ? 'room_story_case'
      : 'room_story';
  const label = pageChoices(turn).find(({ id }) => id === (key === 'room_story' ? REPORT : OUT))?.label ?? '';
  say(turn, key, { label });
}

/** Longer than most people ask. */
const LONG = 12;
const isLong = (words: string): boolean => words.trim().split(/\s+/).length > LONG;

/** A number to be called at: no question, and the team must not be thought to have it. */
const isNumber = (words: string): boolean => /\d(?:[^\p{L}\d]{0,3}\d){7}/u.test(words);

/** "How many days", "is it possible to …", a question mark. */
function asks(view: View, words: string): boolean {
  const said = ` ${plain(words)} `;
  const asking = [languageOf(view), view.deps.texts.defaultLanguage].flatMap((language) =>
    view.deps.texts.list(language, ASKING_WORDS),
  );
  return words.includes('?') || asking.some((each) => said.includes(` ${plain(each)} `));
}
const ASKING_WORDS = 'mechanism.asking_words';

/** A voice note, a photo, a cry: kept as everywhere, and the question that they left comes again. */
function comeOutWith(turn: Turn, parts: readonly Part[]): boolean {
  leaveRoom(turn);
  const isChoice =
    isAtHome(turn) ||
    ['choice', 'choices', 'yes_no', 'review', 'account', 'evidence'].includes(placedAt(turn).step.ask);
  if (isChoice) return false;
  // What they left asks for words: this is not its answer.
  addParts(turn, ACCOUNT, parts);
  turn.mayNeedHelp = true;
  say(turn, 'room_kept');
  return true;
}

/** To the question that was left; who left none comes to the menu, and is asked about danger first as everybody is. */
function leaveRoom(turn: Turn): void {
  const { state, deps } = turn;
  const { from = HOME_PATH, page = 0 } = state.room ?? {};
  const danger = deps.flows.pathsOf.get(DANGER)?.[0];
  const isNew = state.answers[DANGER] === undefined && !hasCase(turn) && danger !== undefined;
  delete state.room;
  state.at = from === HOME_PATH && isNew ? danger : deps.flows.steps.has(from) ? from : HOME_PATH;
  state.page = state.at === from ? page : 0;
  state.misses = 0;
  turn.isNewQuestion = true;
}

/** Half an hour without a word: which page they read is forgotten, and a number is no answer to what was not asked. */
export function endReading(turn: Turn): void {
  delete turn.state.due;
  if (!isInRoom(turn)) return;
  leaveRoom(turn);
  turn.state.isUnsaid = true;
}

/** Whether words are a question, and there is a chapter on it. A wish for a person is none. */
export function asksToUnderstand(turn: Turn, words: string): boolean {
  const { texts } = turn.deps;
  const opening = openingOf(texts, words);
  if (opening === 'person') return false;
  return (opening === 'information' || isQuestion(texts, words)) && find(turn, words).length > 0;
}

/** Asked beside a question of a report, or of the menu where there is a case: kept apart, and its chapter stands as a button. */
export function offerChapter(turn: Turn, words: string): void {
  const [best] = find(turn, words);
  const answer = stamped({ kind: 'account', parts: textParts(words), done: true }, turn.message);
  turn.state.kept.push({ step: QUESTION, answer });
  turn.isChanged = true;
  if (best === undefined) return;
  turn.state.chapter = best;
  say(turn, 'question_kept');
}
/** What the team reads it as: no part of the account. */
const QUESTION = 'asked_question';
