/** A person has proved that a case is theirs, or has tried to. */
import { hasComeBack, rememberCase } from '../asking/case-work.ts';
import { sayStatus } from '../asking/statements.ts';
import { HOME_PATH, isAtHome, isOfReport, LANGUAGE, say, sayFirmly, type Turn } from '../asking/turn.ts';
import type { Input } from '../values/input.ts';
import type { BotKey } from '../words/bot-keys.ts';

type Found = Extract<Input, { kind: 'came_back' }>['case'];
type Why = Extract<Input, { kind: 'code_refused' }>['why'];

/** The case is open here too. A report that is being made goes on; the case then is the one before it. */
export function comeBack(turn: Turn, found: Found, isShared: boolean): void {
  const { state } = turn;
  if (state.answers[LANGUAGE] === undefined && state.language !== undefined)
    state.answers[LANGUAGE] = { kind: 'choice', value: state.language };
  if (state.caseId !== found.caseId && state.earlier?.caseId !== found.caseId) takeOver(turn, found);
  sayFirmly(turn, isShared ? 'came_back_too' : 'came_back', { reference: found.reference });
  if (hasComeBack(turn) && isShared) turn.offer.push('taken');
  sayStatus(turn);
}

/** Cut at once: the person who holds the old phone learns nothing more from it. Officers see that it was said. */
export function oldPhoneTaken(turn: Turn): void {
  if (!hasComeBack(turn)) {
    say(turn, 'old_phone_none');
    return;
  }
  turn.effects.push({ type: 'cut_other_chats' });
  sayFirmly(turn, 'old_phone_cut');
}

function takeOver(turn: Turn, found: Found): void {
  const { state } = turn;
  // When that one was opened, and by what, is not known here.
  delete state.openedBy;
  state.cameBack = { caseId: found.caseId, at: turn.now.toISOString() };
  if (isReporting(turn)) {
    state.earlier = { ...found, sosCount: 0 };
    return;
  }
  rememberCase(state);
  Object.assign(state, found, { isCaseOpen: true, isSubmitted: true, isBare: false, sosCount: 0 });
  if (isAtHome(turn)) return;
  state.at = HOME_PATH;
  turn.isNewQuestion = true;
}

function isReporting({ state, deps }: Turn): boolean {
  if (state.isCaseOpen) return !state.isSubmitted;
  return (
    state.caseId !== undefined || Object.keys(state.answers).some((step) => isOfReport(deps.flows, step))
  );
}

const ANSWER: Readonly<Record<Why, BotKey>> = {
  wrong: 'code_wrong',
  too_many: 'code_too_many',
  busy: 'code_busy',
  needs_reference: 'code_needs_reference',
};

/** What was typed is no answer to the question, and is kept nowhere. */
export function refuseCode(turn: Turn, why: Why): void {
  say(turn, ANSWER[why]);
}
