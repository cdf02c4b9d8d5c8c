/**
 * Words and files where a question asks for them: taken as its answer, or asked for again where they say nothing.
 *
 * Invariant: a question to us, a wish and a bare "oui" answer no question of ours; nothing that was written is lost.
 */

import { finished, namedPlace, placeSoFar } from '../asking/place.ts';
import {
  ACCOUNT,
  addParts,
  CONTACT_HOW,
  CONTACT_NUMBER,
  DANGER,
  HOME_PATH,
  isAtHome,
  isChoosingLanguage,
  NEW_NUMBER,
  placedAt,
  putAside,
  say,
  sayFirmly,
  type Turn,
  WHERE,
} from '../asking/turn.ts';
import { isForWords } from '../meaning/command-words.ts';
import { textParts } from '../meaning/interpret.ts';
import { cannotWrite, saysNone } from '../meaning/meant-option.ts';
import { hasNoNumber } from '../meaning/reaching.ts';
import { readDate } from '../reading/dates.ts';
import { normalise } from '../reading/normalise.ts';
import type { Answer, Part } from '../values/answer.ts';
import { stampedParts } from '../values/stamp.ts';
import type { BotKey } from '../words/bot-keys.ts';
import { isOnly, isWishToReport, openingOf, saysBarely } from '../words/heard.ts';
import { maybeWish, wishOf } from '../words/wishes.ts';
import { awaitBurst, isOfUs, keepAside, takeBeside } from './beside.ts';
import { addPartsToCase } from './into-case.ts';
import { answerAndGoOn, heedReading, heedWarning, takePlace } from './keeping.ts';
import { goTo } from './moving.ts';
import { endEvidence, isNoPlace, isThanks } from './no-answer.ts';
import { assumeDanger, miss } from './not-understood.ts';
import { noteNumber } from './noted.ts';
import { offerChapter } from './reading-room.ts';
import { awaitMore } from './thought.ts';

/** Words that are no option and no command. A question to us was answered, and answers no question of ours. */
export function takeWords(turn: Turn, words: string, isBurst = false): void {
  const placed = placedAt(turn);
  if (FOR_WORDS.includes(placed.step.ask) && isOfUs(turn, words) && !isNoPlace(turn, words)) {
    offerChapter(turn, words);
    return;
  }
  if (isBare(turn, words)) {
    missBare(turn, words, isBurst);
    return;
  }
  const isNone = saysNone(turn, normalise(words));
  switch (placed.step.ask) {
    case 'account':
      if (isNoAccount(turn, words, isBurst)) return;
      takeParts(turn, textParts(words), 'account_text_kept');
      heedReading(turn, words);
      return;
    case 'evidence':
      if (isNone) endEvidence(turn);
      else takeParts(turn, textParts(words), 'account_text_kept');
      return;
    case 'text':
      takeText(turn, words, isBurst);
      return;
    case 'code':
      if (isNone) answerAndGoOn(turn, { kind: 'skipped' });
      else answerInWords(turn, { kind: 'code', text: words });
      return;
    case 'date':
      answerInWords(
        turn,
        readDate(turn.deps.texts.reading.dates, words, turn.now, turn.deps.timeZone) ?? {
          kind: 'date',
          precision: 'unknown',
          words,
        },
      );
      return;
    case 'place':
      takePlace(turn, namedPlace(turn, words) ?? finished({ ...placeSoFar(turn), words }));
      if (turn.state.at !== placed.path) awaitMore(turn, placed.path);
      return;
    default:
      takeBeside(turn, words, isBurst);
  }
}

/** Of an account every word is a part. */
const FOR_WORDS: readonly string[] = ['text', 'date', 'place', 'code'];

/**
 * "Oui", "ok", "moi", where words are asked for: no answer, and it is asked again with an example. A bare yes to evidence says
 * that there is some. A no is an answer where it may be, or has its own meaning.
 */
function isBare(turn: Turn, words: string): boolean {
  const { step, id } = placedAt(turn);
  const answer = turn.state.answers[id];
  if (!isForWords(turn) || (answer?.kind === 'account' && answer.parts.length > 0)) return false;
  const said = normalise(words);
  const { texts, timeZone } = turn.deps;
  if (step.ask === 'date' && readDate(texts.reading.dates, words, turn.now, timeZone)) return false;
  // Thanks after an SOS are thanked for, however often; "no number" has its own answer.
  if ((id === WHERE && isOnly(texts, said, 'thanks')) || hasNoNumber(turn, words)) return false;
  const isNo = saysNone(turn, said);
  if (isNo && (step.ask === 'evidence' || step.ask === 'code' || (step.ask === 'text' && step.may_be_no)))
    return false;
  return isNo || saysBarely(texts, said);
}

/** Asked again once, kindly; then it stays unsaid, with what came, or how to be reached is asked anew. */
function missBare(turn: Turn, words: string, isBurst: boolean): void {
  const { step, id, path } = placedAt(turn);
  if (step.ask === 'account' || step.ask === 'evidence') {
    if (turn.state.misses > 0 && step.ask === 'account')
      takeParts(turn, textParts(words), 'account_text_kept');
    else miss(turn, step.ask === 'account' ? 'account_empty' : 'evidence_awaited', isBurst, textParts(words));
    return;
  }
  if (turn.state.misses === 0) {
    miss(turn, 'words_wanted', isBurst, textParts(words));
    turn.light.push({ key: `${path}.help` });
    return;
  }
  if (id === CONTACT_NUMBER || id === NEW_NUMBER) {
    giveNoNumber(turn, words);
    return;
  }
  const tried = [...(turn.state.tried ?? []), ...stampedParts(textParts(words), turn.message)];
  say(turn, 'goes_on_not_said');
  answerAndGoOn(turn, { kind: 'not_said', tried });
}

function takeText(turn: Turn, words: string, isBurst: boolean): void {
  if (placedAt(turn).id === WHERE && isThanks(turn, words)) return;
  if (isNoPlace(turn, words)) {
    addParts(turn, ACCOUNT, textParts(words));
    if (turn.state.isCaseOpen) sayFirmly(turn, 'added_to_case');
    return;
  }
  if (isNoNumberButWish(turn, words)) miss(turn, 'words_kept', isBurst, keptAside(turn, words));
  else if (hasNoNumber(turn, words)) giveNoNumber(turn, words);
  else answerInWords(turn, { kind: 'text', text: words });
}

/** "Je veux signaler quelque chose", "je sais pas écrire": what happened is still to be told, and how else it can be. */
function isNoAccount(turn: Turn, words: string, isBurst: boolean): boolean {
  const cannot = cannotWrite(turn, normalise(words));
  if (!cannot && !isWishToReport(turn.deps.texts, words)) return false;
  miss(turn, cannot ? 'speak_instead' : 'account_empty', isBurst, textParts(words));
  return true;
}

/** "Effacez tout", "ne m'écrivez pas", where a number is asked for: no number, and what they ask for is offered. */
function isNoNumberButWish(turn: Turn, text: string): boolean {
  const { id } = placedAt(turn);
  if ((id !== CONTACT_NUMBER && id !== NEW_NUMBER) || /\d/.test(text)) return false;
  const { texts } = turn.deps;
  const words = normalise(text);
  const wish = wishOf(texts, words) ?? maybeWish(texts, words);
  // Who is to be contacted by nobody, or not here, has no number to give, and is asked how.
  if (wish === 'quiet') return false;
  return wish !== undefined || openingOf(texts, text) === 'person';
}

function keptAside(turn: Turn, words: string): Part[] {
  const parts = textParts(words);
  addParts(turn, ACCOUNT, parts);
  return parts;
}

function giveNoNumber(turn: Turn, words: string): void {
  if (placedAt(turn).id !== NEW_NUMBER) {
    askHowAgain(turn, words);
    return;
  }
  const parts = textParts(words);
  if (turn.state.isCaseOpen) addPartsToCase(turn, parts);
  else addParts(turn, ACCOUNT, parts);
  heedWarning(turn, parts);
  sayFirmly(turn, 'added_to_case');
  goTo(turn, HOME_PATH);
}

/** No number to call: how to reach them is open again, and what they wrote is kept as words. */
function askHowAgain(turn: Turn, words: string): void {
  addParts(turn, ACCOUNT, textParts(words));
  heedWarning(turn, textParts(words));
  say(turn, 'words_kept');
  putAside(turn, CONTACT_HOW);
  goTo(turn, `report.${CONTACT_HOW}`);
}

/**
 * A contact card, or what a poll asks: an answer only where any words are one. Its number answers "at which number?"; a
 * date, a place or a secret word it is not.
 */
export function takeCard(turn: Turn, words: string, what: 'contact' | 'other', isBurst: boolean): void {
  const { ask } = placedAt(turn).step;
  if (ask === 'text' || ask === 'account' || ask === 'evidence') {
    takeWords(turn, words);
    return;
  }
  if (isBurst) awaitBurst(turn);
  keepAside(turn, textParts(words), what === 'contact' ? 'card_kept' : 'words_kept', isBurst);
}

/** The answer stands; what follows within a few seconds is part of it. */
function answerInWords(turn: Turn, answer: Answer): void {
  const { path, id } = placedAt(turn);
  answerAndGoOn(turn, answer);
  noteNumber(turn, id);
  awaitMore(turn, path);
}

/** Files, captions, locations. */
export function takeFiles(turn: Turn, parts: Part[], isBurst: boolean): void {
  const placed = placedAt(turn);
  const notice: BotKey = parts.some((part) => part.kind === 'point') ? 'point_kept' : 'file_kept';
  turn.mayNeedHelp = true;
  switch (placed.step.ask) {
    case 'account':
    case 'evidence':
      takeParts(turn, parts, 'account_file_received');
      return;
    case 'text':
    case 'date':
      answerInWords(turn, { kind: 'account', parts, done: true });
      return;
    case 'place':
      takePlace(turn, finished({ ...placeSoFar(turn), parts }));
      awaitMore(turn, placed.path);
      return;
    case 'code':
      addParts(turn, ACCOUNT, parts);
      miss(turn, 'code_words_only', isBurst, parts);
      return;
    default:
      awaitBurst(turn);
      keepAside(turn, parts, notice, isBurst);
  }
}

function takeParts(turn: Turn, parts: Part[], notice: BotKey): void {
  addParts(turn, placedAt(turn).id, parts);
  say(turn, notice);
  turn.reply = 'ack';
  awaitBurst(turn);
}

/** "I don't know" where it is no option: an answer too, but for what must be known to go on at all. */
export function takeUnknown(turn: Turn, words: string): void {
  const { id, step } = placedAt(turn);
  const isOpen = step.ask === 'account' || step.ask === 'evidence';
  if (isOpen) {
    takeWords(turn, words);
    return;
  }
  if (step.ask === 'yes_no' && step.required) {
    miss(turn, 'yes_or_no');
    return;
  }
  if (step.ask === 'review' || isAtHome(turn) || isChoosingLanguage(turn)) {
    miss(turn, 'not_understood');
    return;
  }
  if (id === DANGER) {
    assumeDanger(turn);
    return;
  }
  if (['text', 'code', 'date', 'place'].includes(step.ask)) answerInWords(turn, { kind: 'unknown' });
  else answerAndGoOn(turn, { kind: 'unknown' });
}
