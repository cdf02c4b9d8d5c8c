/**
 * What is said to an open case and answers no question: to the officer, or at the menu.
 *
 * Invariant: whatever goes into the case here is heard for signs of danger all the same.
 */
import { addEntries } from '../asking/case-work.ts';
import { sayStatus } from '../asking/statements.ts';
import { ACCOUNT, sayFirmly, type Turn } from '../asking/turn.ts';
import { normalise } from '../reading/normalise.ts';
import type { Part } from '../values/answer.ts';
import { isQuestion } from '../words/asks.ts';
import { isCourtesy } from '../words/wishes.ts';
import { awaitMore } from './thought.ts';

/** In a case: an answer to the officer, and to no question of a flow. */
export const REPLY = 'reply_to_officer';

/** What is said next after the officer asked something is for the officer, whatever the conversation was asking. */
export function takeReply(turn: Turn, parts: Part[]): void {
  const answer = { kind: 'account' as const, parts, done: true };
  turn.effects.push({ type: 'add_to_case', entries: [{ step: REPLY, answer }], ...courtesy(turn, parts) });
  listen(turn, parts);
  sayFirmly(turn, 'reply_passed_on');
  awaitMore(turn, REPLY);
}

export function addPartsToCase(turn: Turn, parts: Part[]): void {
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

/** Thanks get thanks; a question is passed on, and where it stands is told; what else comes is added. */
export function sayAdded(turn: Turn, parts: readonly Part[]): void {
  const words = parts.map((part) => (part.kind === 'text' ? part.text : '')).join(' ');
  const isWords = parts.every(({ kind }) => kind === 'text');
  const isPolite = isWords && isCourtesy(turn.deps.texts, normalise(words));
  const asks = isWords && !isPolite && isQuestion(turn.deps.texts, words);
  sayFirmly(turn, isPolite ? 'thanked_case' : asks ? 'question_passed' : 'added_to_case');
  if (asks) sayStatus(turn);
}
