/** An answer stands: it is kept, and what follows from it is done. */
import { saysDanger, setContactTerms, UNCLEAR } from '../asking/case-work.ts';
import { codesAt } from '../asking/codes.ts';
import type { PlaceAnswer } from '../asking/place.ts';
import {
  ACCOUNT,
  CONTACT_HOW,
  CONTACT_NUMBER,
  DANGER,
  leaveTrail,
  PHONE_SAFE,
  placedAt,
  putAside,
  say,
  sayFirmly,
  setAnswer,
  type Turn,
  type View,
} from '../asking/turn.ts';
import type { PlacedStep } from '../flows/compile.ts';
import { normalise } from '../reading/normalise.ts';
import type { Answer, Part } from '../values/answer.ts';
import { termsAfter } from '../values/contact-terms.ts';
import { whySilent } from '../values/may-write.ts';
import { saysOf } from '../words/heard.ts';
import { textsOfConsent, textVersion } from '../words/text-version.ts';
import type { Texts } from '../words/texts.ts';
import { wishOf } from '../words/wishes.ts';
import { goOn, goTo } from './moving.ts';
import { noteChild, pathOfMinor, WHO } from './noted.ts';

/** The answer stands: keeps it and goes on to the next question. */
export function answerAndGoOn(turn: Turn, answer: Answer): void {
  const { id } = placedAt(turn);
  if (id === ACCOUNT && answer.kind === 'account') say(turn, 'account_thanked');
  keepAnswer(turn, placedAt(turn), answer);
  const minor = (id === WHO || id === ACCOUNT) && noteChild(turn) ? pathOfMinor(turn) : undefined;
  if (minor === undefined) goOn(turn);
  else goTo(turn, minor);
}

/** The answer stands, wherever the conversation is. */
export function keepAnswer(turn: Turn, placed: PlacedStep, answer: Answer): void {
  const before = turn.state.answers[placed.id];
  setAnswer(turn, placed.id, answer);
  const isTakenBack = placed.id === DANGER && isAlarm(before) && !isAlarm(answer);
  if (isTakenBack && turn.state.isCaseOpen && !turn.state.isBare) sayFirmly(turn, 'alert_stays');
  leaveTrail(turn, placed.path);
  if (turn.state.picking === undefined || placedAt(turn).id === placed.id) delete turn.state.picking;
  noteConsequences(turn, placed, answer);
}

/** Whether this answer about danger demands an alert. */
const isAlarm = (answer: Answer | undefined): boolean =>
  answer?.kind === 'choice' && saysDanger(answer.value);

/** More words tell something, whatever they say of the phone besides. */
const MOST_WORDS_OF_A_WARNING = 12;

/**
 * "My phone is not safe any more", "do not write here", said where nobody asked: from now on nothing is written unasked, and a
 * phone that was said to be safe is not.
 */
export function heedWarning(turn: Turn, parts: readonly Part[]): void {
  const { texts } = turn.deps;
  const words = normalise(parts.map((part) => (part.kind === 'text' ? part.text : '')).join(' '));
  if (words === '' || words.split(' ').length > MOST_WORDS_OF_A_WARNING) return;
  if (saysOf(texts, words, 'stop_calling') && callNoMore(turn)) return;
  if (readsHere(texts, words) || wishOf(texts, words) === 'quiet') beQuiet(turn, words);
  else if (saysOf(texts, words, 'stop_writing') && !saysOf(texts, words, 'read_by_none'))
    beQuiet(turn, words);
}

/**
 * "Mon mari lit mes messages", told in the account: as above. What happened once ("ils ont pris mon téléphone") is the account's
 * own, and says nothing of the phone that it is written on.
 */
export function heedReading(turn: Turn, text: string): void {
  const words = normalise(text);
  if (words.split(' ').length <= MOST_WORDS_OF_A_WARNING && readsHere(turn.deps.texts, words))
    beQuiet(turn, words);
}

const readsHere = (texts: Texts, words: string): boolean =>
  saysOf(texts, words, 'reads_here') && !saysOf(texts, words, 'read_by_none');

/** They are called no more, if they were to be: where calls are being agreed on, how to be reached is open again; else it is by nothing. */
function callNoMore(turn: Turn): boolean {
  const { answers, mayWrite, isSubmitted } = turn.state;
  const how = answers[CONTACT_HOW];
  const why = isSubmitted ? whySilent(mayWrite) : how?.kind === 'choice' ? how.value : undefined;
  const isCalled = why === 'call' || why === 'trusted_person';
  if (!isCalled && !isSubmitted) return false;
  sayFirmly(turn, 'calling_stopped');
  if (!isCalled) return false;
  if (!isSubmitted) {
    for (const id of [CONTACT_HOW, CONTACT_NUMBER, CONTACT_TIMES]) putAside(turn, id);
    if (placedAt(turn).id === CONTACT_TIMES) {
      goTo(turn, `report.${CONTACT_HOW}`);
      return true;
    }
    setAnswer(turn, CONTACT_HOW, { kind: 'choice', value: 'no_contact' });
  }
  setContactTerms(turn, { no: 'no_contact' });
  return true;
}
export const CONTACT_TIMES = 'contact_hours';

/**
 * From now on nothing is written unasked. That the phone is not safe holds only if it was said of the phone: who may not be
 * written to can still have a phone that is theirs alone. `words`: normalised, with which it was said; absent: its button.
 */
export function beQuiet(turn: Turn, words = ''): void {
  const { answers, isSubmitted } = turn.state;
  const { texts } = turn.deps;
  const isOfPhone = saysOf(texts, words, 'of_phone') || saysOf(texts, words, 'reads_here');
  if (isOfPhone && answers[PHONE_SAFE] && !isSubmitted)
    setAnswer(turn, PHONE_SAFE, { kind: 'choice', value: 'no' });
  if (!isOfPhone && isToBeWrittenTo(turn) && !isSubmitted)
    setAnswer(turn, CONTACT_HOW, { kind: 'choice', value: 'no_contact' });
  setContactTerms(turn, { no: isOfPhone ? 'phone_unsafe' : 'no' });
  sayFirmly(turn, 'writing_stopped');
}

/** Here, and in no other way. */
function isToBeWrittenTo({ state }: Turn): boolean {
  const { [CONTACT_HOW]: how } = state.answers;
  return how?.kind === 'choice' && ['here_any_time', 'here_certain_hours'].includes(how.value);
}

/** What the engine itself must know of some answers. */
function noteConsequences(turn: Turn, placed: PlacedStep, answer: Answer): void {
  const { state } = turn;
  const value = answer.kind === 'choice' ? answer.value : answer.kind;
  const terms = termsAfter(placed.id, state.answers, state.mayWrite);
  if (terms !== undefined) setContactTerms(turn, terms);
  if (placed.id === 'consent' && value === 'yes') {
    state.isBare = false;
    state.hasAgreed = true;
  }
  if (answer.kind === 'choice') noteConsent(turn, placed, value);
  if (placed.id === DANGER && state.isBare && ['now', 'within_24h', UNCLEAR].includes(value)) {
    turn.effects.push({ type: 'sos_again' });
    sayFirmly(turn, 'sos_again');
  }
  for (const other of turn.deps.flows.steps.values()) dropIfUnfit(turn, other, placed.id);
}

/** Version of the words in which a consent is asked now; undefined: it is no consent. */
export function textAskedAt({ deps, state }: View, path: string): string | undefined {
  const step = deps.flows.steps.get(path)?.step;
  if (!step || !('records' in step) || !step.records) return undefined;
  return textVersion(deps.texts, state.language ?? deps.texts.defaultLanguage, textsOfConsent(path));
}

/** What was said to which text goes into the case as a record of its own: to the one that was read, whatever it is now. */
function noteConsent(turn: Turn, { path, step }: PlacedStep, said: string): void {
  const { deps, state, now } = turn;
  const records = 'records' in step ? step.records : undefined;
  if (!records) return;
  const language = state.language ?? deps.texts.defaultLanguage;
  const read = state.asked?.findLast((asked) => asked.path === path)?.text;
  const text = read ?? textAskedAt(turn, path) ?? '';
  state.consents.push({ ...records, said, text, language, at: now.toISOString() });
}

/** A code from a list that was filtered by the answer just changed may be none of the options any more. */
function dropIfUnfit(turn: Turn, other: PlacedStep, changed: string): void {
  if (!('filter' in other.step) || !Object.values(other.step.filter ?? {}).includes(changed)) return;
  const answer = turn.state.answers[other.id];
  const codes = answer?.kind === 'choice' ? [answer.value] : answer?.kind === 'choices' ? answer.values : [];
  const offered = codesAt(turn, other);
  if (codes.some((code) => !offered.includes(code))) putAside(turn, other.id);
}

/** A place grows part by part; it stands when it is done. */
export function takePlace(turn: Turn, answer: PlaceAnswer | undefined): void {
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
