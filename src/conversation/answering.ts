/** Taking what was said as the answer to the present question, or keeping it where it is none. */
import type { Answer, Part } from './answer.ts';
import type { BotKey } from './bot-keys.ts';
import { addEntries, setContactSafety, UNCLEAR } from './case-work.ts';
import type { PlacedStep } from './compile.ts';
import { DATE_CHOICES, dateOfChoice, readDate } from './dates.ts';
import { textParts } from './interpret.ts';
import { goOn, goToFlow, revisit } from './moving.ts';
import { codesAt, isCodeOf, PAGE_NEXT, PAGE_PREVIOUS } from './options.ts';
import { finished, namedPlace, type PlaceAnswer, placeSoFar, withPart } from './place.ts';
import { CORRECT, RETURN, reviewedSteps, SEND } from './review.ts';
import {
  ACCOUNT,
  addParts,
  DANGER,
  sayFirmly as firmly,
  HOME,
  isAtHome,
  isChoosingLanguage,
  LANGUAGE,
  leaveTrail,
  placedAt,
  putAside,
  say,
  setAnswer,
  type Turn,
} from './turn.ts';

/** The answer stands: keeps it and goes on to the next question. */
export function answerAndGoOn(turn: Turn, answer: Answer): void {
  const placed = placedAt(turn);
  setAnswer(turn, placed.id, answer);
  leaveTrail(turn, placed.path);
  delete turn.state.picking;
  noteConsequences(turn, placed, answer);
  goOn(turn);
}

/** What the engine itself must know of some answers. */
function noteConsequences(turn: Turn, placed: PlacedStep, answer: Answer): void {
  const { state } = turn;
  const value = answer.kind === 'choice' ? answer.value : answer.kind;
  // Unasked messages go out only after a plain yes.
  if (placed.id === 'safe') setContactSafety(turn, value === 'yes');
  if (placed.id === 'contact_how' && value !== 'unknown') setContactSafety(turn, value === 'here_any_time');
  if (placed.id === 'consent' && value === 'yes') state.isBare = false;
  if (placed.id === DANGER && state.isBare && ['now', 'within_24h', UNCLEAR].includes(value)) {
    turn.effects.push({ type: 'sos_again' });
    firmly(turn, 'sos_again');
  }
  for (const other of turn.deps.flows.steps.values()) dropIfUnfit(turn, other, placed.id);
}

/** A code from a list that was filtered by the answer just changed may be none of the options any more. */
function dropIfUnfit(turn: Turn, other: PlacedStep, changed: string): void {
  if (!('filter' in other.step) || !Object.values(other.step.filter ?? {}).includes(changed)) return;
  const answer = turn.state.answers[other.id];
  const codes = answer?.kind === 'choice' ? [answer.value] : answer?.kind === 'choices' ? answer.values : [];
  const offered = codesAt(turn, other);
  if (codes.some((code) => !offered.includes(code))) putAside(turn, other.id);
}

/** Options were chosen, by button, number or name. */
export function choose(turn: Turn, ids: readonly string[]): void {
  const placed = placedAt(turn);
  const [id = ''] = ids;
  if (id === PAGE_NEXT || id === PAGE_PREVIOUS) {
    turnPage(turn, id === PAGE_NEXT ? 1 : -1);
    return;
  }
  switch (placed.step.ask) {
    case 'choices':
      toggle(turn, placed, ids);
      return;
    case 'date': {
      const picked = DATE_CHOICES.find((each) => each === id);
      if (picked) answerAndGoOn(turn, dateOfChoice(picked, turn.now, turn.deps.timeZone));
      return;
    }
    case 'place':
      takePlace(turn, withPart(turn, id));
      return;
    case 'review':
      review(turn, id);
      return;
    default:
      if (isChoosingLanguage(turn)) {
        chooseLanguage(turn, id);
        return;
      }
      if (isCodeOf(turn, placed, id)) answerAndGoOn(turn, { kind: 'choice', value: id });
  }
}

function turnPage(turn: Turn, by: number): void {
  turn.state.page = Math.max(placedAt(turn).step.ask === 'review' ? 1 : 0, turn.state.page + by);
  turn.isNewQuestion = true;
}

/** One button on or off; several numbers in one message are all meant. */
function toggle(turn: Turn, placed: PlacedStep, ids: readonly string[]): void {
  const { state } = turn;
  const codes = ids.filter((id) => isCodeOf(turn, placed, id));
  const before = state.answers[placed.id];
  const isGoingOn = state.picking === placed.id && before?.kind === 'choices';
  const chosen = isGoingOn ? before.values : [];
  const [only] = codes;
  const values =
    codes.length === 1 && only !== undefined && chosen.includes(only)
      ? chosen.filter((code) => code !== only)
      : [...new Set([...chosen, ...codes])];
  const max = placed.step.ask === 'choices' ? placed.step.max : undefined;
  if (max !== undefined && values.length >= max) {
    answerAndGoOn(turn, { kind: 'choices', values });
    return;
  }
  state.picking = placed.id;
  setAnswer(turn, placed.id, { kind: 'choices', values });
  turn.isNewQuestion = true;
}

function takePlace(turn: Turn, answer: PlaceAnswer | undefined): void {
  if (answer === undefined) return;
  if (answer.done) {
    answerAndGoOn(turn, isEmpty(answer) ? { kind: 'skipped' } : answer);
    return;
  }
  setAnswer(turn, placedAt(turn).id, answer);
  turn.state.page = 0;
  turn.isNewQuestion = true;
}

const isEmpty = (answer: PlaceAnswer): boolean =>
  !answer.zone && !answer.region && !answer.cercle && !answer.words && !answer.parts?.length;

function review(turn: Turn, id: string): void {
  turn.isNewQuestion = true;
  if (id === SEND) {
    goOn(turn);
    return;
  }
  if (id === CORRECT || id === RETURN) {
    turn.state.page = id === CORRECT ? 1 : 0;
    return;
  }
  const placed = reviewedSteps(turn).find((each) => each.id === id);
  if (placed) revisit(turn, placed.path);
}

/** The language is chosen, at the question or by its name: the conversation goes on where it was. */
export function chooseLanguage(turn: Turn, language: string): void {
  const { state } = turn;
  state.language = language;
  state.answers[LANGUAGE] = { kind: 'choice', value: language };
  const { resume } = state;
  delete state.resume;
  turn.isNewQuestion = true;
  if (!isChoosingLanguage(turn)) {
    say(turn, 'language_changed');
    return;
  }
  leaveTrail(turn, state.at);
  if (resume === undefined) {
    goOn(turn);
    return;
  }
  state.at = resume;
  say(turn, 'language_changed');
}

/** Words that are no option and no command. */
export function takeWords(turn: Turn, words: string): void {
  const placed = placedAt(turn);
  switch (placed.step.ask) {
    case 'account':
    case 'evidence':
      takeParts(turn, textParts(words), 'account_text_kept');
      return;
    case 'text':
      answerAndGoOn(turn, { kind: 'text', text: words });
      return;
    case 'code':
      answerAndGoOn(turn, { kind: 'code', text: words });
      return;
    case 'date':
      answerAndGoOn(
        turn,
        readDate(words, turn.now, turn.deps.timeZone) ?? { kind: 'date', precision: 'unknown', words },
      );
      return;
    case 'place':
      takePlace(turn, namedPlace(turn, words) ?? finished({ ...placeSoFar(turn), words }));
      return;
    default:
      keepAside(turn, textParts(words), 'words_kept');
  }
}

/** Files, captions, locations. */
export function takeFiles(turn: Turn, parts: Part[], isBurst: boolean): void {
  const placed = placedAt(turn);
  const notice: BotKey = parts.some((part) => part.kind === 'point') ? 'point_kept' : 'file_kept';
  if (turn.state.answers[DANGER] === undefined) turn.hasFiles = true;
  switch (placed.step.ask) {
    case 'account':
    case 'evidence':
      takeParts(turn, parts, 'account_file_received');
      return;
    case 'text':
    case 'date':
      answerAndGoOn(turn, { kind: 'account', parts, done: true });
      return;
    case 'place':
      takePlace(turn, finished({ ...placeSoFar(turn), parts }));
      return;
    case 'code':
      addParts(turn, ACCOUNT, parts);
      say(turn, 'code_words_only');
      return;
    default:
      turn.delay = 1500;
      keepAside(turn, parts, notice, isBurst);
  }
}

function takeParts(turn: Turn, parts: Part[], notice: BotKey): void {
  addParts(turn, placedAt(turn).id, parts);
  say(turn, notice);
  turn.reply = 'ack';
  turn.delay = 1500;
}

/** Said where a choice was asked: kept as part of the account. */
function keepAside(turn: Turn, parts: Part[], notice: BotKey, isBurst = false): void {
  if (isAtHome(turn)) {
    takeAtHome(turn, parts, notice);
    return;
  }
  addParts(turn, ACCOUNT, parts);
  miss(turn, notice, isBurst);
}

/** Written at the menu: added to the open case, or the beginning of a report. */
function takeAtHome(turn: Turn, parts: Part[], notice: BotKey): void {
  const { state } = turn;
  if (state.isCaseOpen && !state.isBare) {
    addEntries(turn, true);
    turn.effects.push({
      type: 'add_to_case',
      entries: [{ step: ACCOUNT, answer: { kind: 'account', parts, done: true } }],
    });
    firmly(turn, 'added_to_case');
    return;
  }
  addParts(turn, ACCOUNT, parts);
  say(turn, notice);
  goToFlow(turn, 'report');
}

/** A try that was not understood. The question comes again; nobody is kept at it for ever. */
export function miss(turn: Turn, notice: BotKey, isBurst = false): void {
  const { state } = turn;
  const placed = placedAt(turn);
  if (!isBurst) state.misses += 1;
  say(turn, notice);
  if (state.misses < 2) return;
  if (placed.id === DANGER) {
    assumeDanger(turn);
    return;
  }
  if (isChoosingLanguage(turn) && state.resume === undefined) {
    chooseLanguage(turn, guessed(turn));
    return;
  }
  const isChoice = ['choice', 'choices', 'yes_no'].includes(placed.step.ask);
  if (!isChoice || placed.step.required || placed.id === HOME) return;
  say(turn, 'goes_on_unknown');
  answerAndGoOn(turn, { kind: 'unknown' });
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

/** An edited message: what is new in it is kept as an addition, for we cannot know what it was the answer to. */
export function takeEdit(turn: Turn, words: string): void {
  const parts = textParts(words);
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
  if (id === 'consent' || step.ask === 'review' || isAtHome(turn) || isChoosingLanguage(turn)) {
    miss(turn, 'not_understood');
    return;
  }
  if (id === DANGER) {
    assumeDanger(turn);
    return;
  }
  answerAndGoOn(turn, { kind: 'unknown' });
}
