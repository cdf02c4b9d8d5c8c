/**
 * Words and files that are no answer to the question that waits: a wish, a question to us, a way to take, the beginning of a
 * story.
 *
 * Invariant: what tells something is kept, in the account or in the open case, and the question comes again.
 */

import { seconds } from '../../kernel/time.ts';
import { CONTACT_HOURS } from '../../kernel/vocabulary.ts';
import {
  ACCOUNT,
  addParts,
  isAtHome,
  isChoosingLanguage,
  PERSON,
  placedAt,
  say,
  sayFirmly,
  type Turn,
} from '../asking/turn.ts';
import type { Step } from '../flows/flow.ts';
import { textParts } from '../meaning/interpret.ts';
import { normalise } from '../reading/normalise.ts';
import type { Part } from '../values/answer.ts';
import { askedOfUs } from '../words/asks.ts';
import type { BotKey } from '../words/bot-keys.ts';
import { isOnly, isWishToReport, openingOf } from '../words/heard.ts';
import { addPartsToCase, sayAdded } from './into-case.ts';
import { answerAndGoOn, heedWarning } from './keeping.ts';
import { goToFlow } from './moving.ts';
import { isThanks } from './no-answer.ts';
import { miss } from './not-understood.ts';
import { isOpening, takeOpening, wayMeant } from './opening.ts';
import { asksToUnderstand, offerChapter, openFor } from './reading-room.ts';
import { askNewNumber, wantPerson, wishesContact } from './wanting-person.ts';

/** How long an answer waits for more of a burst. */
const BURST_DELAY = seconds(1.5);

export function awaitBurst(turn: Turn): void {
  turn.delay = turn.deps.burst ?? BURST_DELAY;
}

/** Where options are chosen from, words are something else, or kept. */
export function takeBeside(turn: Turn, words: string, isBurst: boolean): void {
  const { step } = placedAt(turn);
  if (isBurst) awaitBurst(turn);
  if (isOpening(turn)) open(turn, words, isBurst);
  else if (isNod(turn, words) || isThanks(turn, words)) return;
  else if (wishes(turn, words)) return;
  else if (isAskedBeside(turn) && (isOfUs(turn, words) || asksToUnderstand(turn, words)))
    offerChapter(turn, words);
  else if (goesWay(turn, words) || isOfUs(turn, words)) return;
  else if (isWishToReport(turn.deps.texts, words)) miss(turn, noNotice(step), isBurst, textParts(words));
  else keepAside(turn, textParts(words), asideNotice(step), isBurst);
}

/** In a report, on the way to a person, and at the menu of a person with an open case a question waits, or a case. */
function isAskedBeside(turn: Turn): boolean {
  const { flow } = placedAt(turn);
  if (isAtHome(turn)) return turn.state.isCaseOpen && !turn.state.isBare;
  return flow === 'report' || flow === PERSON;
}

/** What was answered in one line already. */
export const isOfUs = ({ deps }: Turn, words: string): boolean => askedOfUs(deps.texts, words) !== undefined;

/** "Ok", "merci" at the menu: no beginning of a report. The menu again is answer enough. */
function isNod(turn: Turn, text: string): boolean {
  if (!isAtHome(turn) || (turn.state.isCaseOpen && !turn.state.isBare)) return false;
  const words = normalise(text);
  return isOnly(turn.deps.texts, words, 'around_yes') || isOnly(turn.deps.texts, words, 'around_no');
}

/** Whom they want to speak to, or at which number: for the team, with the words that say it. */
function wishes(turn: Turn, words: string): boolean {
  const wish = wishesContact(turn, words);
  if (wish === undefined) return false;
  addPartsToCase(turn, textParts(words));
  sayFirmly(turn, 'added_to_case');
  if (wish !== 'number') wantPerson(turn);
  if (wish !== 'person') askNewNumber(turn, words);
  return true;
}

/** Where only a yes or a no will do, or whole parts of the day, that is said. */
function asideNotice(step: Step): BotKey {
  if (step.ask === 'choices' && CONTACT_HOURS.every((hours) => step.options?.includes(hours)))
    return 'hours_whole';
  return step.ask === 'yes_no' && step.required ? 'kept_yes_or_no' : 'words_kept';
}

/** Nothing to keep: they report already. */
const noNotice = (step: Step): BotKey =>
  step.ask === 'yes_no' && step.required ? 'yes_or_no' : 'not_understood';

/** Said before there is any answer: a wish is no try to answer. */
function open(turn: Turn, words: string, isBurst: boolean): void {
  // Nothing is asked of who only wants to know: SOS stands on every page.
  const asks = openingOf(turn.deps.texts, words) === 'information' || asksToUnderstand(turn, words);
  if (asks && !isChoosingLanguage(turn)) {
    openFor(turn, words);
    // "Who can help me": SOS is offered, and nobody is paged for asking.
    turn.mayNeedHelp = false;
    return;
  }
  if (isOfUs(turn, words)) return;
  const { kept, notice } = takeOpening(turn, words);
  if (kept) miss(turn, notice, isBurst, kept);
  else say(turn, notice);
}

/** A story, a question about the mechanism or a wish for a person, told where the ways to them stand as buttons. */
function goesWay(turn: Turn, words: string): boolean {
  const way = wayMeant(turn, words);
  if (way === undefined) return false;
  if (way.isKept) addParts(turn, ACCOUNT, textParts(words));
  if (way.leadsTo === PERSON) wantPerson(turn);
  else if (way.leadsTo === 'understand') openFor(turn, words);
  else answerAndGoOn(turn, { kind: 'choice', value: way.leadsTo });
  return true;
}

/** Said where a choice was asked: kept as part of the account. */
export function keepAside(turn: Turn, parts: Part[], notice: BotKey, isBurst = false): void {
  if (isAtHome(turn)) {
    takeAtHome(turn, parts, notice);
    return;
  }
  addParts(turn, ACCOUNT, parts);
  heedWarning(turn, parts);
  miss(turn, notice, isBurst, parts);
}

/** Written at the menu: added to the open case, or the beginning of a report. */
function takeAtHome(turn: Turn, parts: Part[], notice: BotKey): void {
  const { state } = turn;
  if (state.isCaseOpen && !state.isBare) {
    addPartsToCase(turn, parts);
    sayAdded(turn, parts);
    heedWarning(turn, parts);
    return;
  }
  addParts(turn, ACCOUNT, parts);
  say(turn, notice);
  goToFlow(turn, 'report');
}

/** An edited message: what is new in it is kept as an addition, for we cannot know what it was the answer to. */
export function takeEdit(turn: Turn, parts: Part[]): void {
  if (isAtHome(turn)) {
    takeAtHome(turn, parts, 'edit_kept');
    return;
  }
  addParts(turn, ACCOUNT, parts);
  say(turn, 'edit_kept');
}
