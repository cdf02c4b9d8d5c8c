/**
 * What one step of a conversation works on: its own copy of the state, and what it has decided so far.
 *
 * The turn is private to one call of `step` and is changed in place; outside of it nothing is.
 */
import { isPage, type Unchecked } from '../chapters/chapters.ts';
import type { Flows, PlacedStep } from '../flows/compile.ts';
import type { Lists } from '../flows/condition.ts';
import type { Answer, Answers, Part } from '../values/answer.ts';
import type { Choice, Effect, Line } from '../values/effect.ts';
import { stamped } from '../values/stamp.ts';
import type { ConversationState } from '../values/state.ts';
import type { Triage } from '../values/triage.ts';
import type { BotKey } from '../words/bot-keys.ts';
import type { Texts } from '../words/texts.ts';

/** What `step` is given besides state and input. */
export type Conversation = {
  flows: Flows;
  texts: Texts;
  lists: Lists;
  triage: (answers: Answers, now: Date) => Triage;
  /** IANA name; dates in words are of this zone. */
  timeZone: string;
  /** How many days a contact outside counts as verified; absent: the usual (`outside-contacts.ts`). */
  contactsFreshDays?: number;
  /** Whether a language has recordings of all that is asked until a report can be sent; absent: none has. */
  isSpoken?: (language: string) => boolean;
  /** How long a question waits for more of the answer before it, in milliseconds; only tests bring their own. */
  patience?: number;
  /** How long an answer waits for more of a burst, in milliseconds; only tests bring their own. */
  burst?: number;
  /** Within how long the same answer is one that came twice, in milliseconds; only tests bring their own. */
  twice?: number;
  /** What becomes of facts that nobody checked; default `hidden`. */
  unchecked?: Unchecked;
};

export type View = { deps: Conversation; state: ConversationState; now: Date };

export type Turn = View & {
  effects: Effect[];
  /** Lines that must arrive: a later message of a burst never replaces them. */
  firm: Line[];
  /** Lines that a later message of the burst may replace together with the question. */
  light: Line[];
  /** Commands to show before the usual ones. */
  offer: string[];
  /** `question`: ask (again); `ack`: only acknowledge; `none`: say nothing or only lines. */
  reply: 'question' | 'ack' | 'none';
  /** The question is a new one: buttons of the one before are stale. */
  isNewQuestion: boolean;
  /** Wait for more of a burst. */
  delay: number;
  /** An answer in words was given here (`flow.step`, or to the officer), which may go on. */
  thought?: string;
  /** Files, a location or a word of alarm came: with the danger question unanswered, an officer is paged in the end. */
  mayNeedHelp: boolean;
  /** What was said for the open case, and stands in no answer. */
  told?: readonly Part[];
  /** Triage must look again. */
  isChanged: boolean;
  /** Nobody has just written: what is said is pushed to the phone (`unasked-keys.ts`). */
  isUnasked: boolean;
  /** When what is handled was written, as the messenger tells it; else now. */
  writtenAt: Date;
  /** The message that is being handled, where the messenger tells when one is deleted. */
  message: string | undefined;
};

/** Steps with a meaning the engine itself knows; everything else is only in the flow files. */
export const DANGER = 'danger';
/** Where they are, asked after an SOS. */
export const WHERE = 'where';
/** After SOS: may the team write first? */
export const MAY_WRITE = 'safe';
export const PHONE_SAFE = 'phone_safe';
export const LANGUAGE = 'language';
export const HOME = 'home';
export const ACCOUNT = 'account';
export const CONSENT = 'consent';
export const REVIEW = 'review';
/** Which of the three ways on a person wants, and the one that leads to a person. */
export const WAYS = 'ways';
export const PERSON = 'person';
/** Asked of who wants a person and can be reached by nobody. */
export const OTHER_WAY = 'other_way';
export const CONTACT_HOW = 'contact_how';
/** The question for the number at which to call. */
export const CONTACT_NUMBER = 'contact_number';
/** Written from the menu after the report was sent; its flow. */
export const NEW_NUMBER = 'new_number';
export const NUMBER = 'number';
export const HOME_PATH = 'menu.home';

export const say = (turn: Turn, key: BotKey, params?: Line['params']): void => {
  turn.light.push(bot(key, params));
};
export const sayFirmly = (turn: Turn, key: BotKey, params?: Line['params']): void => {
  turn.firm.push(bot(key, params));
};

/** "If you need help right now, reply SOS". */
export function offerSos(turn: Turn): void {
  turn.mayNeedHelp = true;
  mentionSos(turn);
}

/** The same, and nobody is called where it goes unanswered. */
export function mentionSos(turn: Turn): void {
  say(turn, 'sos_offer');
  turn.offer.push('sos');
}

/** People are called already: the way to that is offered no more. */
export function withdrawSos(turn: Turn): void {
  turn.light = turn.light.filter(({ key }) => key !== 'bot.sos_offer');
  turn.offer = turn.offer.filter((command) => command !== 'sos');
}

export function bot(key: BotKey, params?: Line['params']): Line {
  return params ? { key: `bot.${key}`, params } : { key: `bot.${key}` };
}

export function languageOf(view: View): string {
  return view.state.language ?? view.deps.texts.defaultLanguage;
}

export function text(view: View, key: string, params?: Line['params']): string {
  return view.deps.texts.t(languageOf(view), key, params);
}

/** Whether any language has this text (the others fall back to it). */
export function hasText(view: View, key: string): boolean {
  const { texts } = view.deps;
  return texts.has(languageOf(view), key) || texts.has(texts.defaultLanguage, key);
}

export function placedAt(view: View, path: string = view.state.at): PlacedStep {
  const placed = view.deps.flows.steps.get(path) ?? view.deps.flows.steps.get(HOME_PATH);
  if (!placed) throw new Error('flows have a home');
  return placed;
}

/** Whether the questions are about another person, for whom the reporter speaks; who did not say about whom is not asked as if it were themselves. */
function isAboutOther({ deps, state }: View): boolean {
  const who = state.answers.who;
  if (who?.kind === 'unknown' || who?.kind === 'not_said') return true;
  if (who?.kind !== 'choice') return false;
  return deps.flows.lists.get(deps.flows.listOf('who') ?? '')?.entries[who.value]?.asked_as === 'other';
}

/** The question of a step: of its second screen, or about another person, where there are such words. */
export function askKey(view: View, placed: PlacedStep): string {
  const { path, step } = placed;
  if (step.ask === 'yes_no' && step.more && view.state.page > 0) return `${path}.more`;
  const ofOther = `${path}.ask_other`;
  return isAboutOther(view) && hasText(view, ofOther) ? ofOther : `${path}.ask`;
}

export function isAtHome(view: View): boolean {
  return view.state.at === HOME_PATH;
}

/** Whether they read in the room of which nothing is kept. */
export function isInRoom({ state, deps }: View): boolean {
  return isPage(deps.flows, state.at);
}

/** Whether the question is the choice of language: its options are the enabled languages. */
export function isChoosingLanguage(view: View): boolean {
  const { flow, id } = placedAt(view);
  return flow === 'menu' && id === LANGUAGE;
}

/** Whether an answer belongs to the report (and so into the case), not to finding one's way. */
export function isOfReport(flows: Flows, step: string): boolean {
  if (step === REVIEW) return false;
  const paths = flows.pathsOf.get(step);
  return paths === undefined || paths.some((path) => !path.startsWith('menu.'));
}

/** Keeps an answer: goes into the case at the end of the turn if one is open. */
export function setAnswer(turn: Turn, step: string, given: Answer): void {
  const { state } = turn;
  const answer = stamped(given, turn.message, state.answers[step]);
  // Of an account that grows the first parts are in the case already; another account goes there whole.
  const isGrowing = extendsAccount(state.answers[step], answer);
  state.answers[step] = answer;
  state.sealed = state.sealed.filter((each) => each !== step && (isGrowing || !each.startsWith(`${step}#`)));
  turn.isChanged = true;
}

function extendsAccount(before: Answer | undefined, after: Answer): boolean {
  if (before?.kind !== 'account' || after.kind !== 'account') return false;
  return before.parts.every((part, index) => JSON.stringify(part) === JSON.stringify(after.parts[index]));
}

/** Notes that the person answered here, for "back" and the read-back. */
export function leaveTrail(turn: Turn, path: string): void {
  const { state } = turn;
  if (!state.trail.includes(path) && path !== HOME_PATH) state.trail.push(path);
  if (state.revisiting === path) delete state.revisiting;
}

/** Where it is asked how and when to reach them: a time there tells nothing of what happened. */
const OF_CONTACT: readonly string[] = [
  ...[MAY_WRITE, 'safe_hours', CONTACT_HOW, CONTACT_NUMBER, 'contact_hours', OTHER_WAY],
  ...['contact_answers', 'contact_cover', 'contact_code', 'spoken', 'talk_to'],
];
export const isOfContact = (view: View): boolean => OF_CONTACT.includes(placedAt(view).id);

/** By whom, what is needed, what was done: words there tell nothing of what happened, beside a "this morning" of the account. */
const BESIDE_EVENTS: readonly string[] = [
  'suspect',
  'perpetrator',
  'needs',
  'steps_taken',
  'work',
  'situation',
];
const isBesideEvents = (view: View): boolean => BESIDE_EVENTS.includes(placedAt(view).id);

/** Adds to a free account; what was there before stays. */
export function addParts(turn: Turn, step: string, added: readonly Part[]): void {
  const isApart = step === ACCOUNT && (isOfContact(turn) || isBesideEvents(turn));
  const parts = added.map(
    (part): Part => (isApart && part.kind === 'text' ? { ...part, apart: true } : part),
  );
  const before = turn.state.answers[step];
  const isOpen = before === undefined || ['account', 'skipped', 'unknown', 'not_said'].includes(before.kind);
  if (!isOpen) {
    const answer = stamped({ kind: 'account', parts: [...parts], done: true }, turn.message);
    turn.state.kept.push({ step, answer });
    turn.isChanged = true;
    return;
  }
  const known = before?.kind === 'account' ? before : undefined;
  setAnswer(turn, step, {
    kind: 'account',
    parts: [...(known?.parts ?? []), ...parts],
    done: known?.done ?? false,
  });
}

/** Drops an answer so that its question is asked again. */
function dropAnswer(turn: Turn, step: string): void {
  const { state } = turn;
  delete state.answers[step];
  state.sealed = state.sealed.filter((each) => each !== step && !each.startsWith(`${step}#`));
  state.trail = state.trail.filter((path) => path.split('.')[1] !== step);
}

/** Asks a question again one day: what was answered is kept for the case, unless it lies there already. */
export function putAside(turn: Turn, step: string): void {
  const { state } = turn;
  const answer = state.answers[step];
  if (answer === undefined) return;
  if (answer.kind === 'account') {
    const known = Number(state.sealed.find((each) => each.startsWith(`${step}#`))?.split('#')[1] ?? 0);
    const parts = answer.parts.slice(known);
    if (parts.length > 0) state.kept.push({ step, answer: { ...answer, parts } });
  } else if (!state.sealed.includes(step) && answer.kind !== 'seen') {
    state.kept.push({ step, answer });
  }
  dropAnswer(turn, step);
  turn.isChanged = true;
}

/** Everything that belongs to the report goes; language, case and place in the flows stay. */
export function forgetAnswers(turn: Turn): void {
  const { state } = turn;
  const language = state.answers[LANGUAGE];
  state.answers = language ? { [LANGUAGE]: language } : {};
  state.trail = [];
  state.kept = [];
  state.consents = [];
  state.sealed = [];
  state.misses = 0;
  delete state.tried;
  state.page = 0;
  state.veiled = false;
  delete state.revisiting;
  delete state.picking;
  delete state.resume;
  delete state.thought;
  delete state.last;
  delete state.left;
  forgetQuestions(turn);
}

/** Which questions were asked tells what was answered; the menu and that of danger are asked of everybody. */
const isOfOne = (path: string): boolean => !path.startsWith('menu.') && !path.endsWith(`.${DANGER}`);

/** Questions that were asked are known as such, and can be changed no more. */
export function forgetQuestions({ state }: Turn, which = isOfOne): void {
  state.asked = state.asked?.map((asked) =>
    which(asked.path ?? '') ? { at: asked.at, turn: asked.turn } : asked,
  );
  if (!state.asked) delete state.asked;
}

export function choice(id: string, label: string): Choice {
  return { id, label };
}

/** A recording's name: of a text in a language. */
export const pieceOf = (language: string, key: string): string => `${language}/${key}`;

/** An option that is called by a text. */
export function choiceOf(view: View, id: string, key: string, params?: Line['params']): Choice {
  return { id, label: text(view, key, params), piece: pieceOf(languageOf(view), key) };
}
