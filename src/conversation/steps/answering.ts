/** Words and files: taken as the answer to the present question, or kept where they are none. */
import { seconds } from '../../kernel/time.ts';
import { CONTACT_HOURS } from '../../kernel/vocabulary.ts';
import { addEntries, UNCLEAR } from '../asking/case-work.ts';
import { finished, namedPlace, placeSoFar } from '../asking/place.ts';
import { sayStatus } from '../asking/statements.ts';
import {
  ACCOUNT,
  addParts,
  CONTACT_HOW,
  CONTACT_NUMBER,
  DANGER,
  HOME,
  HOME_PATH,
  isAtHome,
  isChoosingLanguage,
  LANGUAGE,
  NEW_NUMBER,
  PERSON,
  placedAt,
  putAside,
  say,
  sayFirmly,
  type Turn,
  WHERE,
} from '../asking/turn.ts';
import type { PlacedStep } from '../flows/compile.ts';
import type { Step } from '../flows/flow.ts';
import { isForWords } from '../meaning/command-words.ts';
import { textParts } from '../meaning/interpret.ts';
import { cannotWrite, saysNone } from '../meaning/meant-option.ts';
import { hasNoNumber } from '../meaning/reaching.ts';
import { readDate } from '../reading/dates.ts';
import { normalise } from '../reading/normalise.ts';
import type { Answer, Part } from '../values/answer.ts';
import type { Line } from '../values/effect.ts';
import { stampedParts } from '../values/stamp.ts';
import { askedOfUs, isQuestion } from '../words/asks.ts';
import type { BotKey } from '../words/bot-keys.ts';
import { isOnly, isWishToReport, openingOf, saysBarely } from '../words/heard.ts';
import { isCourtesy, maybeWish, wishOf } from '../words/wishes.ts';
import { chooseLanguage } from './choosing.ts';
import { answerAndGoOn, heedReading, heedWarning, takePlace } from './keeping.ts';
import { goTo, goToFlow } from './moving.ts';
import { endEvidence, isNoPlace, isThanks } from './no-answer.ts';
import { noteNumber } from './noted.ts';
import { isOpening, takeOpening, wayMeant } from './opening.ts';
import { asksToUnderstand, offerChapter, openFor } from './reading-room.ts';
import { awaitMore } from './thought.ts';
import { askNewNumber, wantPerson, wishesContact } from './wanting-person.ts';

/** In a case: an answer to the officer, and to no question of a flow. */
export const REPLY = 'reply_to_officer';
/** How long an answer waits for more of a burst. */
const BURST_DELAY = seconds(1.5);

function awaitBurst(turn: Turn): void {
  turn.delay = turn.deps.burst ?? BURST_DELAY;
}

/** Of an account every word is a part. */
const FOR_WORDS: readonly string[] = ['text', 'date', 'place', 'code'];

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

/** What was answered in one line already. */
const isOfUs = ({ deps }: Turn, words: string): boolean => askedOfUs(deps.texts, words) !== undefined;

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

/** Where options are chosen from, words are something else, or kept. */
function takeBeside(turn: Turn, words: string, isBurst: boolean): void {
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

/** In a report, on the way to a person, and at the menu of a person with an open case a question waits, or a case. */
function isAskedBeside(turn: Turn): boolean {
  const { flow } = placedAt(turn);
  if (isAtHome(turn)) return turn.state.isCaseOpen && !turn.state.isBare;
  return flow === 'report' || flow === PERSON;
}

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
function keepAside(turn: Turn, parts: Part[], notice: BotKey, isBurst = false): void {
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

/** Thanks get thanks; a question is passed on, and where it stands is told; what else comes is added. */
function sayAdded(turn: Turn, parts: readonly Part[]): void {
  const words = parts.map((part) => (part.kind === 'text' ? part.text : '')).join(' ');
  const isWords = parts.every(({ kind }) => kind === 'text');
  const isPolite = isWords && isCourtesy(turn.deps.texts, normalise(words));
  const asks = isWords && !isPolite && isQuestion(turn.deps.texts, words);
  sayFirmly(turn, isPolite ? 'thanked_case' : asks ? 'question_passed' : 'added_to_case');
  if (asks) sayStatus(turn);
}

function addPartsToCase(turn: Turn, parts: Part[]): void {
  addEntries(turn, true);
  const answer = { kind: 'account' as const, parts, done: true };
  turn.effects.push({ type: 'add_to_case', entries: [{ step: ACCOUNT, answer }], ...courtesy(turn, parts) });
  listen(turn, parts);
}

/** Whether there is nothing in it that the team would have to read. */
const courtesy = ({ deps }: Turn, parts: readonly Part[]): { isCourtesy?: true } =>
  parts.every((part) => part.kind === 'text' && isCourtesy(deps.texts, normalise(part.text)))
    ? { isCourtesy: true }
    : {};

/** What goes into the case and into no answer is heard all the same. */
function listen(turn: Turn, parts: readonly Part[]): void {
  turn.told = parts;
  turn.isChanged = true;
}

/**
 * A try that was not understood. The question comes again; nobody is kept at it for ever, and no answer is put into
 * anybody's mouth: it stays unsaid, with what came.
 */
export function miss(
  turn: Turn,
  notice: BotKey,
  isBurst = false,
  parts: readonly Part[] = [],
  params?: Line['params'],
): void {
  const { state } = turn;
  const placed = placedAt(turn);
  if (!isBurst) state.misses += 1;
  if (parts.length > 0) state.tried = [...(state.tried ?? []), ...stampedParts(parts, turn.message)];
  say(turn, notice, params);
  if (state.misses < 2) return;
  if (placed.id === DANGER) {
    assumeDanger(turn);
    return;
  }
  if (isChoosingLanguage(turn) && state.resume === undefined) {
    chooseLanguage(turn, guessed(turn));
    return;
  }
  const isNarrow = ['choice', 'choices', 'yes_no', 'code'].includes(placed.step.ask);
  if (!isNarrow || placed.id === HOME || (placed.step.required && !mayStayOpen(turn, placed))) return;
  const chosen = state.picking === placed.id ? state.answers[placed.id] : undefined;
  if (chosen?.kind === 'choices' && chosen.values.length > 0) {
    say(turn, 'goes_on_chosen');
    answerAndGoOn(turn, chosen);
    return;
  }
  say(turn, 'goes_on_not_said');
  answerAndGoOn(turn, { kind: 'not_said', tried: state.tried ?? [] });
}

/**
 * Nobody who writes is kept for ever at a choice of the report: a person of the team reads what came, and nobody's yes is made up.
 * What was only said aloud waits, unless they hear the questions and may not read them; a consent then waits too.
 */
function mayStayOpen({ state }: Turn, { step, flow }: PlacedStep): boolean {
  if (step.ask !== 'choice') return false;
  const tried = state.tried ?? [];
  const isVoice = (part: Part) => part.kind === 'file' && (part.media === 'voice' || part.media === 'audio');
  if ((flow === 'report' || flow === 'told') && tried.some(({ kind }) => kind === 'text')) return true;
  return state.hears === true && !step.records && tried.length > 0 && tried.every(isVoice);
}

const guessed = (turn: Turn): string => turn.state.language ?? turn.deps.texts.defaultLanguage;

/** No understood answer to the danger question counts as "we do not know": at least urgent. */
export function assumeDanger(turn: Turn): void {
  const path = turn.deps.flows.pathsOf.get(DANGER)?.[0];
  if (path === undefined) return;
  if (turn.state.answers[LANGUAGE] === undefined) {
    turn.state.answers[LANGUAGE] = { kind: 'choice', value: guessed(turn) };
  }
  turn.state.at = path;
  answerAndGoOn(turn, { kind: 'choice', value: UNCLEAR });
}

/** What is said next after the officer asked something is for the officer, whatever the conversation was asking. */
export function takeReply(turn: Turn, parts: Part[]): void {
  const answer = { kind: 'account' as const, parts, done: true };
  turn.effects.push({ type: 'add_to_case', entries: [{ step: REPLY, answer }], ...courtesy(turn, parts) });
  listen(turn, parts);
  sayFirmly(turn, 'reply_passed_on');
  awaitMore(turn, REPLY);
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
