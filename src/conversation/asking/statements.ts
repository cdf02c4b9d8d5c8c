/** What the service does when a statement with `does` is reached. */
import type { ReporterRight } from '../../kernel/vocabulary.ts';
import type { PlacedStep } from '../flows/compile.ts';
import type { Step } from '../flows/flow.ts';
import { stepsIn } from '../flows/judging.ts';
import { isPhoneUnsafe } from '../values/contact-terms.ts';
import type { Effect } from '../values/effect.ts';
import { whySilent } from '../values/may-write.ts';
import {
  addEntries,
  hasCase,
  openCase,
  setContactTerms,
  settle,
  submit,
  wasBeforeCase,
} from './case-work.ts';
import { outsideLines } from './outside-lines.ts';
import { forgetDraft, mayEmpty, refuse, stopAdding } from './refusing.ts';
import { heard } from './spoken.ts';
import {
  CONTACT_HOW,
  CONTACT_NUMBER,
  forgetQuestions,
  LANGUAGE,
  NEW_NUMBER,
  putAside,
  sayFirmly,
  setAnswer,
  type Turn,
  WAYS,
} from './turn.ts';

type Does = Extract<Step, { ask: 'statement' }>['does'];

/** What is said of how to be reached. */
const CONTACT_ANSWERS: readonly string[] = ['contact_how', 'contact_number', 'contact_hours'];

/** Does it; the statement's own text stands among the firm lines already. */
export function doStatement(turn: Turn, does: Does): void {
  switch (does) {
    case 'submit': {
      if (turn.state.isSubmitted) return;
      submit(turn);
      giveCode(turn, 'sent');
      return;
    }
    case 'give_code':
      if (hasCase(turn)) giveCode(turn, 'sos');
      return;
    case 'ask_for_person':
      askForPerson(turn);
      return;
    case 'ask_how_again':
      askHowAgain(turn);
      return;
    case 'take_number':
      takeNumber(turn);
      return;
    case 'forget_draft':
    case 'keep_bare_alert':
      if (turn.state.isCaseOpen && !mayEmpty(turn)) takeBack(turn);
      else refuse(turn);
      return;
    case 'say_status':
      sayStatus(turn);
      return;
    case 'retract_messages':
      turn.effects.push({ type: 'retract_messages' });
      return;
    case 'erase':
      erase(turn);
      return;
    case 'name_outside':
      turn.firm.push(...outsideLines(turn));
      return;
    case undefined:
      return;
  }
}

/** What is true of the case, told by `src/app`; it comes after the lines said so far. */
export function sayStatus(turn: Turn): void {
  settle(turn);
  if (!hasCase(turn)) {
    sayFirmly(turn, 'status_none');
    return;
  }
  flush(turn);
  turn.effects.push({ type: 'say_status' });
}

/** The secret code in a message of its own, after what was said so far. */
export function giveCode(turn: Turn, why: Extract<Effect, { type: 'give_code' }>['why']): void {
  flush(turn);
  const { veiled, pausedAt, answers } = turn.state;
  turn.effects.push({
    type: 'give_code',
    why,
    isVeiled: veiled || pausedAt !== undefined,
    ...(isPhoneUnsafe(answers) ? { isUnsafe: true } : {}),
  });
}

/** A right that the consent names, asked for by its word: the team sees it, and does it by hand. */
export function claimRight(turn: Turn, right: ReporterRight): void {
  if (right === 'objection') turn.state.objects = true;
  if (hasCase(turn)) {
    turn.effects.push({ type: 'tell_officer', what: right });
    sayFirmly(turn, `${right}_noted`);
  } else sayFirmly(turn, `${right}_none`);
}

/** That it be kept after all: the team sees it, and an erasing that runs is stopped (`erasure-stops.ts`). */
export function keep(turn: Turn): void {
  if (!hasCase(turn)) {
    sayFirmly(turn, 'keep_none');
    return;
  }
  turn.effects.push({ type: 'tell_officer', what: 'keep_asked' });
  sayFirmly(turn, 'keep_noted');
}

/** The wish to speak to a person goes into the case with all that was said; without one a case is opened for it. */
function askForPerson(turn: Turn): void {
  const { state } = turn;
  settle(turn);
  state.isBare = false;
  if (state.isCaseOpen) addEntries(turn, true);
  else openCase(turn, 'person');
  tellWish(turn);
}

/** How to be reached is asked once more, and what follows from it is said anew. */
function askHowAgain(turn: Turn): void {
  const { flows } = turn.deps;
  const followsFrom = ({ step, id }: PlacedStep) =>
    CONTACT_ANSWERS.includes(id) ||
    (step.ask === 'statement' && stepsIn(step.when).some((each) => CONTACT_ANSWERS.includes(each)));
  for (const placed of flows.steps.values()) if (followsFrom(placed)) putAside(turn, placed.id);
  // The numbers of its options may be others now: a reply to the question as it was says nothing any more.
  const isOld = (path: string) => CONTACT_ANSWERS.some((id) => path.endsWith(`.${id}`));
  forgetQuestions(turn, isOld);
}

/** They say that it is safe: it is where to call. Who said that nothing is to be written is called from now on. */
function takeNumber(turn: Turn): void {
  const { answers, mayWrite } = turn.state;
  const number = answers[NEW_NUMBER];
  if (number === undefined) return;
  setAnswer(turn, CONTACT_NUMBER, number);
  const why = whySilent(mayWrite);
  if (why === undefined || why === 'call' || why === 'trusted_person') return;
  setAnswer(turn, CONTACT_HOW, { kind: 'choice', value: 'call' });
  setContactTerms(turn, { no: 'call' });
}

/** The team sees that the person of this case wants to speak to an officer; the person hears what is true of when. */
export function tellWish(turn: Turn): void {
  turn.effects.push({ type: 'tell_officer', what: 'wants_person' });
  sayStatus(turn);
}

/** Says the firm lines now, so that what follows stands beneath them. */
function flush(turn: Turn): void {
  if (turn.firm.length === 0) return;
  const lines = turn.firm;
  turn.effects.push({ type: 'say', lines, turn: turn.state.turn, ...heard(turn, { before: lines }) });
  turn.firm = [];
}

/** Of a case the team decides, and sees that it is asked for. */
function askErasing(turn: Turn): void {
  const what = wasBeforeCase(turn) ? 'erase_before' : 'erase_requested';
  turn.effects.push({ type: 'tell_officer', what });
  sayFirmly(turn, 'erase_requested');
}

/** A "no" after a "yes", or after a pause: it may be another person who types, so the case stays until the team decides. */
function takeBack(turn: Turn): void {
  stopAdding(turn);
  sayFirmly(turn, 'refused_later');
  askErasing(turn);
}

/** "Erase": a draft goes at once; of a case, also of one before it, a person decides, for it may be another person who types. */
export function erase(turn: Turn): void {
  if (turn.state.isCaseOpen) {
    // What was written after consent had been refused never was part of the case.
    if (turn.state.isBare) stopAdding(turn);
    askErasing(turn);
    return;
  }
  const isBesideCase = hasCase(turn);
  if (!isBesideCase && hasSaidNothing(turn)) {
    sayFirmly(turn, 'erase_nothing');
    return;
  }
  forgetDraft(turn);
  if (isBesideCase) {
    sayFirmly(turn, 'erased_beside_case');
    askErasing(turn);
  } else sayFirmly(turn, 'erased');
}

/** Nothing but a language is known of them. */
const hasSaidNothing = ({ state }: Turn): boolean =>
  state.kept.length === 0 &&
  (state.tried ?? []).length === 0 &&
  Object.keys(state.answers).every((step) => step === LANGUAGE || step === WAYS);
