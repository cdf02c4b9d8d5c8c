/**
 * A reply to an earlier question, as messengers mark it.
 *
 * Invariants: what quotes an old question never answers the new one. It answers the old one as long as that can be changed,
 * and is said to be about an old question otherwise; words and files are kept either way.
 */

import { isAsked } from '../asking/ahead.ts';
import { SOS_ANSWER, saysDanger } from '../asking/case-work.ts';
import { isCodeOf } from '../asking/codes.ts';
import { fresh, type Grown, grown } from '../asking/growing.ts';
import { shownChoices } from '../asking/options.ts';
import {
  ACCOUNT,
  addParts,
  CONTACT_NUMBER,
  isAtHome,
  isInRoom,
  LANGUAGE,
  offerSos,
  say,
  setAnswer,
  type Turn,
  type View,
  withdrawSos,
} from '../asking/turn.ts';
import { isPage } from '../chapters/chapters.ts';
import type { PlacedStep } from '../flows/compile.ts';
import { interpret, type Meaning, OPTION, partsOf, textParts } from '../meaning/interpret.ts';
import type { Answer, Part } from '../values/answer.ts';
import { DATE_CHOICES, dateOfChoice } from '../values/day.ts';
import type { Input } from '../values/input.ts';
import type { ConversationState } from '../values/state.ts';
import { chooseLanguage } from './choosing.ts';
import { keepAnswer, textAskedAt } from './keeping.ts';
import { goOn, revisit } from './moving.ts';
import { pageOfButton } from './reading-room.ts';
import { reachThere } from './wanting-person.ts';

/** A message of ours that a person replied to. `saidAt`: when it was said; undefined: no one knows any more. */
export type Quoted = { saidAt: Date | undefined };

type Asked = NonNullable<ConversationState['asked']>[number];

/** So many questions are known again when a person replies to them. */
const MOST_ASKED = 40;

/** Notes which question is said now, and of a consent in which words. */
export function noteAsked(view: Turn): void {
  const { state, now } = view;
  const { at: path, turn, page } = state;
  const text = textAskedAt(view, path);
  // Which page was read is kept nowhere.
  const asked = isInRoom(view)
    ? { at: now.getTime(), turn }
    : { at: now.getTime(), turn, path, ...(page > 0 ? { page } : {}), ...(text ? { text } : {}) };
  state.asked = [...(state.asked ?? []), asked].slice(-MOST_ASKED);
  if (state.room && isInRoom(view)) {
    const { found } = state.room;
    const page = { at: now.getTime(), path, ...(found ? { found } : {}) };
    state.room.said = [...(state.room.said ?? []), page].slice(-MOST_ASKED);
  }
}

/** The question of ours that was replied to, if that is what it was. */
export function askedBy({ state }: View, { saidAt }: Quoted): Asked | undefined {
  return saidAt && state.asked?.find(({ at }) => at === saidAt.getTime());
}

/** Does what a reply to an old question asks for. Returns what is still to be done, as if nothing had been quoted. */
export function takeQuoted(turn: Turn, input: Input, quoted: Quoted): Input | undefined {
  const asked = askedBy(turn, quoted);
  if (input.kind === 'reaction') return onQuestion(turn, input, asked, quoted);
  if (isOfPages(turn, input, asked)) return ofPages(turn, input, asked);
  const isNotice = quoted.saidAt !== undefined && !asked;
  if (isNotice || asked?.turn === turn.state.turn || !canAnswer(input)) return input;
  if (asked && isAskedAnew(turn, asked)) return ofThisTurn(turn, input);
  const view = asked?.path === undefined ? turn : viewAt(turn, asked);
  const meaning = meaningAt(view, input);
  // However old the menu is on which a reporter finds SOS.
  if (meaning.kind === 'choose' && meaning.ids[0] === SOS_ANSWER) return { kind: 'sos' };
  if (!['choose', 'words', 'parts', 'unknown', 'stale'].includes(meaning.kind)) return input;
  const isDanger = meaning.kind === 'choose' && meaning.ids.some(saysDanger);
  if (isDanger || ('hasSos' in meaning && meaning.hasSos)) offerSos(turn);
  const placed = asked?.path === undefined ? undefined : turn.deps.flows.steps.get(asked.path);
  if (placed && answersOld(turn, placed, meaning, input)) return doneWith(turn);
  if (placed && meaning.kind === 'choose' && isConsent(placed)) {
    say(turn, 'old_consent');
    return undefined;
  }
  return keepOld(turn, meaning, input);
}

/** Whom the answer has called people for is not offered that. */
function doneWith(turn: Turn): undefined {
  if (turn.state.at.startsWith('sos.')) withdrawSos(turn);
}

/** Said to a page, or a button of one. */
function isOfPages(turn: Turn, input: Input, asked: Asked | undefined): boolean {
  const isOfReport = asked?.path !== undefined && !asked.path.startsWith('menu.');
  return (isInRoom(turn) && !isOfReport) || pageOfButton(turn, input) !== undefined;
}

/**
 * Nothing is kept there. A button leads to where it says, and so does the number of one as long as they are in the room: after
 * that nobody knows which page it was.
 */
function ofPages(turn: Turn, input: Input, asked: Asked | undefined): Input | undefined {
  const isOld = asked !== undefined && asked.turn !== turn.state.turn;
  if (!isOld || input.kind !== 'text') return input;
  const said = turn.state.room?.said?.find(({ at }) => at === asked.at);
  const meaning = interpret(said ? viewOnPage(turn, said) : turn, input);
  if (meaning.kind !== 'choose') return input;
  const [id = ''] = meaning.ids;
  if (said && isPage(turn.deps.flows, id)) return { kind: 'button', data: `r:${asked.turn}:${id}` };
  say(turn, 'stale_button');
  return undefined;
}

/** The page as it was said. */
function viewOnPage(turn: Turn, { path, found }: { path: string; found?: string[] | undefined }): View {
  const { found: _, ...room } = turn.state.room ?? {};
  const view = viewAt(turn, { at: 0, turn: 0, path });
  return { ...view, state: { ...view.state, room: { ...room, ...(found ? { found } : {}) } } };
}

const canAnswer = ({ kind, ...more }: Input): boolean =>
  ['text', 'button', 'file', 'location', 'card'].includes(kind) && !('edited' in more && more.edited);

/** A thumb says where it stands: which turn, and what its first option is. */
function onQuestion(
  turn: Turn,
  input: Extract<Input, { kind: 'reaction' }>,
  asked: Asked | undefined,
  { saidAt }: Quoted,
): Input {
  if (input.on !== undefined || saidAt === undefined) return input;
  const [first] = asked?.path === undefined ? [] : shownChoices(viewAt(turn, asked));
  return { ...input, on: asked ? `r:${asked.turn}:${first?.id ?? '-'}` : '' };
}

const viewAt = (turn: Turn, { path = '', page = 0 }: Asked): View => {
  const { picking: _, ...state } = turn.state;
  return { deps: turn.deps, now: turn.now, state: { ...state, at: path, page } };
};

/** The same options as now, said earlier. Parts of a place and read-backs are not the same each time. */
function isAskedAnew({ state, deps }: Turn, { path, page = 0 }: Asked): boolean {
  const ask = deps.flows.steps.get(path ?? '')?.step.ask;
  return path === state.at && page === state.page && ask !== 'place' && ask !== 'review';
}

function ofThisTurn({ state }: Turn, input: Input): Input {
  if (input.kind !== 'button') return input;
  const named = OPTION.exec(input.data)?.[2];
  return named === undefined ? input : { ...input, data: `r:${state.turn}:${named}` };
}

/** What it means at the question that it quotes. A button is a number, where messengers have none. */
function meaningAt(view: View, input: Input): Meaning {
  const named = input.kind === 'button' ? OPTION.exec(input.data)?.[2] : undefined;
  if (named === undefined) return interpret(view, input);
  const number = /^#(\d+)$/.exec(named)?.[1];
  const shown = shownChoices(view).map(({ id }) => id);
  const id = number === undefined ? named : shown[Number(number) - 1];
  return id !== undefined && shown.includes(id)
    ? { kind: 'choose', ids: [id] }
    : { kind: 'stale', hasSos: saysDanger(named) };
}

/** False: this question cannot be changed any more, or not by this. */
function answersOld(turn: Turn, placed: PlacedStep, meaning: Meaning, input: Input): boolean {
  if (placed.flow === 'menu' && placed.id === LANGUAGE && meaning.kind === 'choose') {
    chooseLanguage(turn, meaning.ids[0] ?? '');
    return true;
  }
  // It stays open after its yes, though it would not be asked any more.
  if (meaning.kind === 'choose' && meaning.how !== undefined && isAnswered(turn, placed)) {
    say(turn, 'old_answer_taken');
    reachThere(turn, meaning.how, meaning.number);
    return true;
  }
  if (!mayChange(turn, placed)) return false;
  const parts = partsOf(meaning, input);
  if (placed.step.ask === 'account' || placed.step.ask === 'evidence') {
    addParts(turn, placed.id, parts);
    say(turn, 'old_answer_taken');
    return true;
  }
  const taken = answerOf(turn, placed, meaning, parts);
  if (!taken) return false;
  say(turn, 'old_answer_taken');
  if (taken.aside) addParts(turn, ACCOUNT, taken.aside);
  if (meaning.kind === 'choose' && meaning.said !== undefined)
    addParts(turn, ACCOUNT, textParts(meaning.said));
  if (meaning.kind === 'choose' && meaning.number !== undefined)
    setAnswer(turn, CONTACT_NUMBER, { kind: 'text', text: meaning.number });
  answerOld(turn, placed, taken.answer);
  return true;
}

/** It was answered, would still be asked, and the report has not left. A consent hangs on no reply: a "no" erases all. */
function mayChange(turn: Turn, placed: PlacedStep): boolean {
  if (isConsent(placed)) return false;
  return isAnswered(turn, placed) && placed.flow !== 'menu' && isAsked(turn, placed);
}

const isAnswered = ({ state }: Turn, { path, id }: PlacedStep): boolean =>
  state.trail.includes(path) && state.answers[id] !== undefined && !state.isSubmitted;

const isConsent = ({ step }: PlacedStep): boolean => 'records' in step && step.records !== undefined;

function answerOf(
  turn: Turn,
  placed: PlacedStep,
  meaning: Meaning,
  parts: readonly Part[],
): Grown | undefined {
  const { ask } = placed.step;
  if (meaning.kind === 'choose') return chosenOf(turn, placed, meaning.ids);
  if (ask === 'choice' || ask === 'choices' || ask === 'yes_no' || ask === 'review') {
    const isOpen = meaning.kind === 'unknown' && !placed.step.required;
    return isOpen ? { answer: { kind: 'unknown' } } : undefined;
  }
  return grown(turn, turn.state.answers[placed.id], parts) ?? fresh(turn, ask, parts);
}

function chosenOf(turn: Turn, placed: PlacedStep, ids: readonly string[]): { answer: Answer } | undefined {
  const [id = ''] = ids;
  switch (placed.step.ask) {
    case 'choice':
    case 'yes_no':
      return isCodeOf(turn, placed, id) ? { answer: { kind: 'choice', value: id } } : undefined;
    case 'choices': {
      const values = ids.filter((each) => isCodeOf(turn, placed, each));
      return values.length > 0 ? { answer: { kind: 'choices', values } } : undefined;
    }
    case 'date': {
      const picked = DATE_CHOICES.find((each) => each === id);
      return picked && { answer: dateOfChoice(picked, turn.now, turn.deps.timeZone) };
    }
    default:
      return undefined;
  }
}

/** The old answer is changed, and the conversation goes on where it was, or where the new answer leads. */
function answerOld(turn: Turn, placed: PlacedStep, answer: Answer): void {
  const { state } = turn;
  const { at, picking } = state;
  const stays = isAtHome(turn) || state.revisiting === at;
  if (!stays) revisit(turn, placed.path);
  keepAnswer(turn, placed, answer);
  if (stays) return;
  if (picking !== undefined && picking !== placed.id) state.picking = picking;
  goOn(turn);
}

/** Words, files and where to call are kept for the team; the number of an option says nothing without its question. */
function keepOld(turn: Turn, meaning: Meaning, input: Input): Input | undefined {
  const parts = partsOf(meaning, input);
  const saysMore = meaning.kind === 'choose' && (meaning.number ?? meaning.said) !== undefined;
  if ((meaning.kind === 'choose' && !saysMore) || meaning.kind === 'stale' || parts.length === 0) {
    say(turn, 'stale_button');
    return undefined;
  }
  // At the menu words are added to the case, or begin a report.
  if (isAtHome(turn)) return input;
  addParts(turn, ACCOUNT, parts);
  say(turn, 'old_words_kept');
  return undefined;
}
