/**
 * What the conversation does to the case: opens it, adds to it, raises it.
 *
 * Invariants: a level never falls here; an answer goes into the case once; after consent was refused nothing is
 * added; a cry for help opens a case whatever the triage rules say.
 */
import { demandsAlert, isMoreUrgent, type Level } from '../../kernel/vocabulary.ts';
import type { Answer } from '../values/answer.ts';
import type { CaseEntry, Effect } from '../values/effect.ts';
import { hoursOf, type MayWrite, whySilent } from '../values/may-write.ts';
import { unstamped } from '../values/stamp.ts';
import type { Triage } from '../values/triage.ts';
import type { BotKey } from '../words/bot-keys.ts';
import { withHeard } from './hearing.ts';
import {
  DANGER,
  forgetAnswers,
  isAtHome,
  isOfReport,
  sayFirmly,
  setAnswer,
  type Turn,
  type View,
} from './turn.ts';

/** Values of the danger answer that only the service sets. */
export const SOS_ANSWER = 'sos';
export const UNCLEAR = 'unclear';

/** Whether this chat found its case again: its old phone may be in other hands. */
export function hasComeBack({ state }: View): boolean {
  const { cameBack } = state;
  return cameBack !== undefined && [state.caseId, state.earlier?.caseId].includes(cameBack.caseId);
}

/** Runs triage on what is known now, and opens, raises or completes the case accordingly. */
export function settle(turn: Turn, reason: 'sos' | 'danger' | 'submitted' = 'danger'): void {
  if (!turn.isChanged) return;
  turn.isChanged = false;
  const { state } = turn;
  const triage = triageOf(turn);
  const isHigher = isMoreUrgent(triage.level, state.level);
  const wasQuiet = state.level !== undefined && !demandsAlert(state.level);
  const level = isHigher ? triage.level : (state.level ?? triage.level);
  state.level = level;
  state.rules = [...new Set([...state.rules, ...triage.rules])];
  if (!state.isCaseOpen) {
    if (demandsAlert(level)) openCase(turn, reason);
    return;
  }
  addEntries(turn, false);
  // What is said after the report was sent may be a new danger at the level that the case has already.
  const isAgain = state.isSubmitted && demandsAlert(triage.level);
  if (isHigher || isAgain)
    turn.effects.push({ type: 'raise_level', triage: { level: triage.level, rules: state.rules } });
  // From here on people are called. A cry for help has its own answer, and nothing of it is pushed.
  if (wasQuiet && demandsAlert(level) && reason !== 'sos' && !turn.isUnasked)
    sayFirmly(turn, reason === 'submitted' ? 'sent_alert' : received(turn));
}

/** Triage as the rules have it, and never less than what the person's own cry for help demands. */
function triageOf(turn: Turn): Triage {
  const { state, deps, now } = turn;
  const { level, rules } = deps.triage(withHeard(turn), now);
  const danger = state.answers[DANGER];
  const floor = danger?.kind === 'choice' ? FLOOR[danger.value] : undefined;
  return { level: floor && isMoreUrgent(floor, level) ? floor : level, rules };
}
const FLOOR: Readonly<Record<string, Level>> = {
  [SOS_ANSWER]: 'critical',
  duress: 'critical',
  now: 'critical',
  [UNCLEAR]: 'urgent',
  within_24h: 'urgent',
};

/** Whether this answer to the danger question demands an alert by itself. */
export const saysDanger = (code: string): boolean => code in FLOOR;

/** Opens the case with everything that is known so far. */
export function openCase(turn: Turn, reason: Extract<Effect, { type: 'open_case' }>['reason']): void {
  const { state } = turn;
  const level = state.level ?? 'medium';
  turn.effects.push({
    type: 'open_case',
    reason,
    triage: { level, rules: state.rules },
    entries: takeEntries(turn, true),
    ...whereabouts(turn),
  });
  state.isCaseOpen = true;
  recordConsents(turn);
  state.openedBy = turn.writtenAt.toISOString();
  if (state.objects) turn.effects.push({ type: 'tell_officer', what: 'objection' });
  if (reason === 'sos') sayFirmly(turn, 'sos_received');
  else if (reason === 'danger') sayFirmly(turn, received(turn));
  else if (reason === 'submitted' && demandsAlert(level)) sayFirmly(turn, 'sent_alert');
}

/** What is said to an alert that no SOS raised: whether the person spoke of danger, could not be understood, or told of it later, or nobody answered. */
function received(turn: Turn): BotKey {
  if (turn.isUnasked) return 'passed_on';
  const danger = turn.state.answers[DANGER];
  if (danger?.kind !== 'choice' || !saysDanger(danger.value)) return 'danger_in_answer';
  return danger.value === UNCLEAR ? 'danger_unclear' : 'danger_received';
}

/** What is new goes into the open case. `isFinal`: also what is only half chosen. */
export function addEntries(turn: Turn, isFinal: boolean): void {
  if (!turn.state.isCaseOpen || turn.state.isBare) return;
  recordConsents(turn);
  const entries = takeEntries(turn, isFinal);
  if (entries.length > 0) turn.effects.push({ type: 'add_to_case', entries, ...whereabouts(turn) });
}

/** What was said to questions of consent goes into the open case. */
export function recordConsents({ state, effects }: Turn): void {
  for (const consent of state.consents) effects.push({ type: 'record_consent', consent });
  state.consents = [];
}

/** Entries that are not in the case yet; marks them as sealed. */
function takeEntries(turn: Turn, isFinal: boolean): CaseEntry[] {
  const { state } = turn;
  const entries: CaseEntry[] = [];
  for (const [step, answer] of Object.entries(state.answers)) {
    if (answer.kind === 'seen' || !isOfReport(turn.deps.flows, step)) continue;
    if (answer.kind === 'account') entries.push(...takeParts(turn, step, answer));
    else if (!state.sealed.includes(step) && (isFinal || isWhole(turn, step, answer))) {
      entries.push({ step, answer });
      // What is half chosen is told, and told again when it is whole.
      if (isWhole(turn, step, answer)) state.sealed.push(step);
    }
  }
  entries.push(...state.kept);
  state.kept = [];
  return entries.map((entry) => ({ ...entry, answer: unstamped(entry.answer) }));
}

function isWhole(turn: Turn, step: string, answer: Answer): boolean {
  return turn.state.picking !== step && (answer.kind !== 'place' || answer.done);
}

/** Of a growing account only the new parts go. */
function takeParts(turn: Turn, step: string, answer: Extract<Answer, { kind: 'account' }>): CaseEntry[] {
  const { state } = turn;
  const mark = state.sealed.find((each) => each.startsWith(`${step}#`));
  const known = Number(mark?.split('#')[1] ?? 0);
  if (answer.parts.length <= known) return [];
  state.sealed = [...state.sealed.filter((each) => each !== mark), `${step}#${answer.parts.length}`];
  return [{ step, answer: { ...answer, parts: answer.parts.slice(known) } }];
}

/** Zone and region in the clear, of the first place answer that has them. */
function whereabouts(turn: Turn): { zone?: string; region?: string } {
  for (const answer of Object.values(turn.state.answers)) {
    if (answer.kind !== 'place') continue;
    return {
      ...(answer.zone ? { zone: answer.zone } : {}),
      ...(answer.region ? { region: answer.region } : {}),
    };
  }
  return {};
}

/** SOS: opens a case at once, or joins the open one. */
export function cryForHelp(turn: Turn): void {
  const { state } = turn;
  rejoin(turn);
  // Who reported calmly, or only wanted a person, has had no alert: this SOS is the first.
  const isFirst = state.sosCount === 0 && !(state.level && demandsAlert(state.level));
  state.sosCount += 1;
  const danger = state.answers[DANGER];
  const saysSo = danger?.kind === 'choice' && ['now', SOS_ANSWER, 'duress'].includes(danger.value);
  if (!saysSo) {
    if (danger && !state.sealed.includes(DANGER)) state.kept.push({ step: DANGER, answer: danger });
    setAnswer(turn, DANGER, { kind: 'choice', value: SOS_ANSWER });
  }
  turn.isChanged = true;
  if (state.isCaseOpen) {
    turn.effects.push({ type: 'sos_again' });
    sayFirmly(turn, isFirst ? 'sos_received' : 'sos_again');
  }
  settle(turn, 'sos');
}

/** Whether people were called for this report, and what is said reaches them. */
export const hasLiveAlert = ({ state: { isCaseOpen, isBare, level } }: View): boolean =>
  isCaseOpen && !isBare && level !== undefined && demandsAlert(level);

/** Whether there is a case that an officer sees: of this report, or of the one before it. */
export function hasCase({ state }: Turn): boolean {
  return state.isCaseOpen || state.earlier !== undefined;
}

/**
 * Whether this was written before what opened the case, and is only handled after it: nobody can have been forced by what
 * the case is about. In the same second it counts as after it.
 */
export function wasBeforeCase({ state, writtenAt }: Turn): boolean {
  return state.openedBy !== undefined && writtenAt.getTime() < Date.parse(state.openedBy);
}

/**
 * Within a new report, a cry for help of a reporter whose earlier case has an alert is about that one: nobody is woken
 * anew for it, and what the new report says so far goes there. Not if this report has files: they are sealed for
 * a case of their own.
 */
function rejoin(turn: Turn): void {
  const { state } = turn;
  const { earlier } = state;
  if (!earlier || state.isCaseOpen || state.caseId || !demandsAlert(earlier.level)) return;
  Object.assign(state, earlier, { isCaseOpen: true, isSubmitted: true });
  delete state.earlier;
}

/** The person sends the report. */
export function submit(turn: Turn): void {
  const { state } = turn;
  if (state.isSubmitted) return;
  // That it is sent is something that rules look at.
  turn.isChanged = true;
  settle(turn, 'submitted');
  if (state.isCaseOpen) {
    state.isBare = false;
    addEntries(turn, true);
  } else {
    openCase(turn, 'submitted');
  }
  turn.effects.push({ type: 'submit' });
  state.isSubmitted = true;
}

/** After sending, what lies in the case is forgotten here, as soon as no question hangs on it. */
export function forgetSealed(turn: Turn): void {
  if (!turn.state.isSubmitted || !isAtHome(turn)) return;
  addEntries(turn, true);
  forgetAnswers(turn);
}

/** A new report after one that was sent: another case. */
export function dropNewReportFacts(turn: Turn): void {
  const { state } = turn;
  addEntries(turn, true);
  forgetAnswers(turn);
  rememberCase(state);
  state.isCaseOpen = false;
  state.isSubmitted = false;
  state.isBare = false;
  delete state.hasAgreed;
  state.rules = [];
  state.sosCount = 0;
  delete state.caseId;
  delete state.reference;
  delete state.level;
  delete state.mayWrite;
}

/** An alert stays in mind until a later report has one of its own. */
export function rememberCase(state: Turn['state']): void {
  const { caseId, reference, level, sosCount, earlier } = state;
  if (!state.isCaseOpen || !caseId || !reference || !level) return;
  if (earlier && demandsAlert(earlier.level) && !demandsAlert(level)) return;
  state.earlier = { caseId, reference, level, sosCount };
}

const allows = (said: MayWrite | undefined): boolean => said === true || hoursOf(said) !== undefined;

/** Whether one may write to the person unasked; told to the case as soon as there is one. A "no" stands until they say yes. */
export function setContactTerms(turn: Turn, mayWrite: MayWrite): void {
  const { state } = turn;
  const isBound = whySilent(state.mayWrite) !== undefined || hoursOf(state.mayWrite) !== undefined;
  if (mayWrite === 'unclear' && isBound) return;
  if (allows(mayWrite) && !allows(state.mayWrite)) turn.effects.push({ type: 'give_word' });
  state.mayWrite = mayWrite;
  if (state.isCaseOpen) turn.effects.push({ type: 'set_contact_safety', mayWrite });
}
