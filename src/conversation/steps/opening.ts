/**
 * What a person begins with: the language it is in, and whether it is a story, a question about the mechanism, or a wish for a
 * person. Nothing of it is an answer: nothing was asked yet.
 */
import { hasCase } from '../asking/case-work.ts';
import {
  ACCOUNT,
  addParts,
  bot,
  DANGER,
  isAtHome,
  isChoosingLanguage,
  isInRoom,
  LANGUAGE,
  PERSON,
  placedAt,
  say,
  type Turn,
  WAYS,
} from '../asking/turn.ts';
import { textParts } from '../meaning/interpret.ts';
import { guessLanguage, namedLanguage } from '../reading/language-guess.ts';
import type { Part } from '../values/answer.ts';
import type { Input } from '../values/input.ts';
import type { BotKey } from '../words/bot-keys.ts';
import { isWishToReport, type Opening, openingOf } from '../words/heard.ts';
import { goOn } from './moving.ts';
import { asksToUnderstand } from './reading-room.ts';

/** Which of the three ways on an opening means. */
const WAY: Readonly<Record<Opening, string | undefined>> = {
  story: 'report',
  information: 'understand',
  person: PERSON,
  few: undefined,
};

/** Sets the language by the words, else as the phone is set; the question for it is asked only if neither tells. */
export function beginIn(turn: Turn, input: Input, hint: string | undefined): void {
  const { state, deps } = turn;
  const { languages, reading } = deps.texts;
  const words = wordsOf(input);
  const byWords =
    namedLanguage(reading.languages, words, languages) ?? guessLanguage(reading.languages, words, languages);
  const short = hint?.slice(0, 2).toLowerCase();
  const language = byWords ?? languages.find((each) => each === short);
  if (language === undefined) return;
  state.language = language;
  state.languageBy = byWords ? 'words' : 'phone';
  state.answers[LANGUAGE] = { kind: 'choice', value: language };
  goOn(turn);
}

/** Above the danger question, or the page that answers theirs: who this is for. Only the way to SOS and the answer to what they asked stand before it. */
export function greet(turn: Turn): void {
  // Who leaves at once is told nothing of what this is.
  if ((placedAt(turn).id !== DANGER && !isInRoom(turn)) || turn.reply === 'none') return;
  const isBefore = (key: string) => key === 'bot.sos_offer' || key.startsWith('bot.answer_');
  const first = turn.light.findIndex(({ key }) => !isBefore(key));
  turn.light.splice(first < 0 ? turn.light.length : first, 0, bot('greeting'));
}

/** As the phone is set is a weak sign: the first words in another language count more. */
export function noticeLanguage(turn: Turn, text: string): void {
  const { state, deps } = turn;
  const isGuess = state.languageBy === 'phone' || isChoosingLanguage(turn);
  const language = isGuess
    ? guessLanguage(deps.texts.reading.languages, text, deps.texts.languages)
    : undefined;
  if (language === undefined) return;
  state.languageBy = 'words';
  if (state.resume !== undefined) return;
  const isOther = language !== state.language;
  state.language = language;
  state.answers[LANGUAGE] = { kind: 'choice', value: language };
  if (isChoosingLanguage(turn)) goOn(turn);
  else if (isOther) {
    turn.isNewQuestion = true;
    say(turn, 'language_changed');
  }
}

/** Whether words said now are what a person begins with: nothing is asked that words could answer. */
export const isOpening = (turn: Turn): boolean => placedAt(turn).id === DANGER || isChoosingLanguage(turn);

/** Keeps what a person begins with. `kept`: what was no answer to the question that stands; a wish is no try at one. */
export function takeOpening(turn: Turn, text: string): { notice: BotKey; kept?: Part[] } {
  if (isWishToReport(turn.deps.texts, text)) {
    setWay(turn, WAY.story);
    return { notice: 'question_first' };
  }
  const opening = openingOf(turn.deps.texts, text);
  const parts = textParts(text);
  setWay(turn, WAY[opening]);
  if (opening !== 'information') addParts(turn, ACCOUNT, parts);
  return opening === 'information' || opening === 'person'
    ? { notice: 'question_first' }
    : { notice: 'story_kept', kept: parts };
}

/**
 * The way that words mean where the ways stand as buttons: at their question, and in the menu for a person who has no case that the
 * words would be added to. `isKept`: the words are the account, or its beginning.
 */
export function wayMeant(turn: Turn, words: string): { leadsTo: string; isKept: boolean } | undefined {
  const { id } = placedAt(turn);
  if (isWishToReport(turn.deps.texts, words))
    return id === WAYS || isAtHome(turn) ? { leadsTo: 'report', isKept: false } : undefined;
  const opening = asksToUnderstand(turn, words) ? 'information' : openingOf(turn.deps.texts, words);
  if (id === WAYS) {
    const way = WAY[opening];
    return way === undefined ? undefined : { leadsTo: way, isKept: opening !== 'information' };
  }
  if (!isAtHome(turn)) return undefined;
  if (opening === 'information' && !turn.state.isCaseOpen) return { leadsTo: 'understand', isKept: false };
  if (hasCase(turn)) return undefined;
  if (opening === 'information') return { leadsTo: 'understand', isKept: false };
  return opening === 'person' ? { leadsTo: PERSON, isKept: true } : undefined;
}

function setWay(turn: Turn, way: string | undefined): void {
  const { state, deps } = turn;
  const step = deps.flows.steps.get(`menu.${WAYS}`)?.step;
  const isOption = step?.ask === 'choice' && step.options?.includes(way ?? '');
  if (way && isOption) state.answers[WAYS] = { kind: 'choice', value: way };
}

/** What a message says in words, wherever in it they stand. */
export function wordsOf(input: Input): string {
  if (input.kind === 'text') return input.text;
  if (input.kind === 'file') return input.caption ?? '';
  return input.kind === 'location' || input.kind === 'card' ? (input.words ?? '') : '';
}
