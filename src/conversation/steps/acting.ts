/** What a person did is done: each meaning has its part. */
import {
  ACCOUNT,
  addParts,
  CONTACT_NUMBER,
  DANGER,
  HOME_PATH,
  isAtHome,
  isChoosingLanguage,
  isInRoom,
  isOfContact,
  mentionSos,
  offerSos,
  PERSON,
  placedAt,
  say,
  sayFirmly,
  setAnswer,
  type Turn,
  text,
} from '../asking/turn.ts';
import { isPage } from '../chapters/chapters.ts';
import { type Meaning, textParts } from '../meaning/interpret.ts';
import { clean, isBlank } from '../reading/normalise.ts';
import { takeMove } from '../signals/live-place.ts';
import type { Input } from '../values/input.ts';
import { whySilent } from '../values/may-write.ts';
import { stampedParts } from '../values/stamp.ts';
import { isQuestion } from '../words/asks.ts';
import type { Command } from '../words/bot-keys.ts';
import { tellsOfCustody } from '../words/custody.ts';
import { tellsGraveDanger } from '../words/grave.ts';
import { hasDangerSign, tellsHarm } from '../words/heard.ts';
import { takeCard, takeFiles, takeUnknown, takeWords } from './answering.ts';
import { takeEdit } from './beside.ts';
import { choose, chooseLanguage } from './choosing.ts';
import { command, sos, urge } from './commanding.ts';
import { openPage } from './moving.ts';
import { answerShortly, askedBy } from './no-answer.ts';
import { miss } from './not-understood.ts';
import { noteAgeOf, noteNumber } from './noted.ts';
import { noticeLanguage, wordsOf } from './opening.ts';
import { pageOfButton, readOn } from './reading-room.ts';
import { isBurst } from './silence.ts';
import { reachThere, wantPerson } from './wanting-person.ts';

/** "1", "oui" or the name of a language before anything was asked is no answer: the person is greeted. */
function meant(meaning: Meaning, input: Input, isFirst: boolean): Meaning {
  if (isFirst && meaning.kind === 'choose' && meaning.said !== undefined)
    return { kind: 'words', text: meaning.said, hasSos: false };
  const isAnswer = ['choose', 'unknown', 'switch'].includes(meaning.kind);
  return isFirst && isAnswer && input.kind === 'text' ? { kind: 'command', command: 'start' } : meaning;
}

/** Whether it was done in the room to read in, or leads there by a button of a page that lies further up. */
function isReading(turn: Turn, meaning: Meaning, input: Input): boolean {
  const page = meaning.kind === 'stale' ? pageOfButton(turn, input) : undefined;
  if (page !== undefined) openPage(turn, page);
  return page !== undefined || (isInRoom(turn) && readOn(turn, meaning, input));
}

/** Does what the input means. `isFirst`: nothing was asked before it. */
export function actOn(turn: Turn, read: Meaning, input: Input, isFirst: boolean): void {
  const meaning = meant(read, input, isFirst);
  delete turn.state.chapter;
  const asked = askedBy(turn, meaning, input);
  if (asked) answerShortly(turn, asked);
  if (isReading(turn, meaning, input)) return;
  if (isAlarming(turn, meaning, input)) offerSos(turn);
  else if (soundsAlarming(turn, meaning, input)) mentionSos(turn);
  delete turn.state.offered;
  const wasChoosing = isChoosingLanguage(turn);
  if (tellsLanguage(turn, meaning, input)) return;
  keepBeside(turn, meaning);
  switch (meaning.kind) {
    case 'command':
      command(turn, meaning.command, meaning.language, meaning.said);
      return;
    case 'switch':
      chooseLanguage(turn, meaning.language);
      return;
    case 'urging':
      urge(turn);
      return;
    case 'choose':
      choiceMade(turn, meaning, input);
      return;
    case 'unknown':
      takeUnknown(turn, input.kind === 'text' ? input.text : '');
      return;
    case 'words':
      if (meaning.isCard) takeCard(turn, meaning.text, meaning.isCard, isBurst(turn, input));
      else takeWords(turn, meaning.text, isBurst(turn, input));
      if (meaning.maybe && !isDone(turn, meaning.maybe)) offerToo(turn, meaning.maybe);
      // Nothing had been asked yet: what a person writes first is no miss.
      if (isFirst || (wasChoosing && !isChoosingLanguage(turn))) forgetTries(turn);
      return;
    case 'parts':
      takeFiles(turn, meaning.parts, isBurst(turn, input));
      if (isFirst) forgetTries(turn);
      return;
    case 'edited':
      takeEdit(turn, meaning.parts);
      return;
    case 'moved':
      takeMove(turn, meaning.part);
      return;
    case 'stale':
      say(turn, 'stale_button');
      return;
    case 'double':
      say(turn, 'double_tap');
      return;
    case 'nothing':
      if (meaning.isMiss && !isFirst) {
        miss(turn, meaning.notice, false, triedWords(input), meaning.params);
        return;
      }
      turn.light.push({
        key: `bot.${meaning.notice}`,
        ...(meaning.params ? { params: meaning.params } : {}),
      });
  }
}

/** "15" where there are six answers: what was tried, and not understood. */
const triedWords = (input: Input) =>
  input.kind === 'text' && !isBlank(input.text) ? textParts(clean(input.text)) : [];

/** What came with a command or with an answer, and is neither. */
function keepBeside(turn: Turn, meaning: Meaning): void {
  if ('said' in meaning && meaning.said !== undefined) keepSaid(turn, meaning.said, meaning);
  if ('beside' in meaning && meaning.beside) addParts(turn, ACCOUNT, meaning.beside);
}

/** "Not in danger" is no account: what is kept of it does not choose the way of a report. */
function keepSaid(turn: Turn, said: string, meaning: Meaning): void {
  const isNoDanger = placedAt(turn).id === DANGER && meaning.kind === 'choose' && meaning.ids[0] === 'none';
  if (!isNoDanger) {
    addParts(turn, ACCOUNT, textParts(said));
    if (isAtHome(turn) && turn.state.isCaseOpen && !turn.state.isBare) sayFirmly(turn, 'added_to_case');
    return;
  }
  const parts = stampedParts(textParts(said), turn.message);
  turn.state.kept.push({ step: DANGER, answer: { kind: 'account', parts, done: true } });
}

/** The language that the words are in. "Non", where it is asked, tells that and nothing else: true then. */
function tellsLanguage(turn: Turn, meaning: Meaning, input: Input): boolean {
  const wasChoosing = isChoosingLanguage(turn);
  if (saysWords(meaning, input) || (wasChoosing && saysAnswer(meaning, input)))
    noticeLanguage(turn, input.text);
  return wasChoosing && !isChoosingLanguage(turn) && ['nothing', 'unknown'].includes(meaning.kind);
}

const saysAnswer = (meaning: Meaning, input: Input): input is Extract<Input, { kind: 'text' }> =>
  input.kind === 'text' && ['nothing', 'unknown'].includes(meaning.kind);

const saysWords = (meaning: Meaning, input: Input): input is Extract<Input, { kind: 'text' }> =>
  input.kind === 'text' && ['words', 'command'].includes(meaning.kind);

/** An SOS word among others, or what tells of danger; in an answer in words only what is grave. */
function isAlarming(turn: Turn, meaning: Meaning, input: Input): boolean {
  const { deps, state } = turn;
  if (!('hasSos' in meaning) || state.at.startsWith('sos.')) return false;
  const isAnswer =
    state.answers[DANGER] !== undefined &&
    ['text', 'date', 'place', 'code'].includes(placedAt(turn).step.ask);
  const words = wordsOf(input);
  if (meaning.hasSos) return true;
  if (isAnswer) return tellsGraveDanger(deps.texts, words);
  // Before the danger question is answered, what would call people once they may be called does not wait for days in silence.
  const isAsked = state.answers[DANGER] === undefined;
  if (hasDangerSign(deps.texts, words)) return true;
  return isAsked && (tellsGraveDanger(deps.texts, words) || tellsOfCustody(deps.texts, words) === 'now');
}

/** Words that tell, and sound like grave accounts: nobody is called for it, but the way to SOS stands above. */
function soundsAlarming(turn: Turn, meaning: Meaning, input: Input): boolean {
  const { deps, state } = turn;
  if (meaning.kind === 'choose') return isHarmAtList(turn, meaning.said);
  if (meaning.kind !== 'words' || state.at.startsWith('sos.') || isHeard(turn, meaning.text)) return false;
  const isAnswer = ['text', 'date', 'place', 'code'].includes(placedAt(turn).step.ask);
  const isTold = !isAnswer && !isQuestion(deps.texts, meaning.text);
  const words = wordsOf(input);
  // "Le soir quand mon mari dort" is when to call, and only sounds like it.
  const isLike = !isOfContact(turn) && deps.flows.soundsGrave?.(words) === true;
  const isHeld = tellsOfCustody(deps.texts, words) !== undefined;
  return isTold && (isLike || isHeld || tellsHarm(deps.texts, words) || tellsGraveDanger(deps.texts, words));
}

/** "Ils ont un fusil" chooses an answer of a list, and is no less a sign of danger. */
function isHarmAtList(turn: Turn, said: string | undefined): boolean {
  const { step } = placedAt(turn);
  const isList = step.ask === 'choice' || step.ask === 'choices';
  if (said === undefined || !isList || isOfContact(turn) || placedAt(turn).id === DANGER) return false;
  return !isHeard(turn, said) && tellsHarm(turn.deps.texts, said);
}

/** Whether people are called for it, or have been. */
function isHeard({ deps, state }: Turn, words: string): boolean {
  const { consent } = state.answers;
  const isAgreed = consent?.kind === 'choice' && consent.value === 'yes';
  const isOut = state.isCaseOpen && (state.level === 'critical' || state.level === 'urgent');
  return isOut || (isAgreed && tellsGraveDanger(deps.texts, words));
}

/** What the words ask for has been done with them. */
const isDone = ({ state }: Turn, command: Command): boolean =>
  command === 'quiet' && whySilent(state.mayWrite) !== undefined;

/** The words are kept; the command that they could be stands beneath them. */
function offerToo(turn: Turn, command: Command): void {
  say(turn, 'maybe_command', { label: text(turn, `commands.${command}.label`) });
  turn.offer.push(command);
  turn.state.offered = [command];
}

function forgetTries({ state }: Turn): void {
  state.misses = 0;
  delete state.tried;
}

/** An option; with it may come where to call, and who answers there. */
function choiceMade(
  turn: Turn,
  { ids, number, how, said, hours }: Extract<Meaning, { kind: 'choose' }>,
  input: Input,
): void {
  if (how !== undefined) {
    reachThere(turn, how, number);
    noteNumber(turn, CONTACT_NUMBER);
    return;
  }
  if (number !== undefined) setAnswer(turn, CONTACT_NUMBER, { kind: 'text', text: number });
  if (hours) setAnswer(turn, 'contact_hours', { kind: 'choices', values: [...hours] });
  // "Après 21h" is held by no part of the day; which will do is asked next.
  else if (ids[0] === 'here_certain_hours' && said !== undefined) say(turn, 'hours_whole');
  noteAgeOf(turn, ids[0], said);
  chosen(turn, ids, input);
  if (number !== undefined) noteNumber(turn, CONTACT_NUMBER);
}

function chosen(turn: Turn, ids: readonly string[], input: Input): void {
  const page = ids.find((id) => isPage(turn.deps.flows, id));
  if (page !== undefined) {
    openPage(turn, page);
    return;
  }
  const isSos = turn.state.at === HOME_PATH && ids[0] === 'sos';
  if (isSos) turn.state.answers.home = { kind: 'choice', value: 'sos' };
  if (isSos) sos(turn);
  else if (turn.state.at === HOME_PATH && ids[0] === PERSON) wantPerson(turn);
  else choose(turn, ids);
  if (input.kind === 'button') turn.state.lastButton = input.data;
}
