/** What must be true of every step of every conversation, whatever a person does. */
import { expect } from 'vitest';
import type { Answer } from '../../src/conversation/answer.ts';
import type { Say } from '../../src/conversation/effect.ts';
import type { Input } from '../../src/conversation/input.ts';
import { isMoreUrgent } from '../../src/conversation/level.ts';
import { renderSay } from '../../src/conversation/render.ts';
import type { ConversationState } from '../../src/conversation/state.ts';
import { facts, type Person, phone } from './person.ts';

const QUIET: readonly Input['kind'][] = ['blocked', 'unblocked', 'silence_over', 'danger_unanswered'];

/** After one input: something was said that can be read, and nothing was lost. */
export function expectPromises(person: Person, before: ConversationState | undefined, input: Input): void {
  expectAnswer(person, input);
  for (const say of person.says) expectReadable(person, say);
  if (before && person.state) {
    expectNothingLost(person, before, person.state);
    expect(person.state.turn).toBeGreaterThanOrEqual(before.turn);
    if (before.caseId === person.state.caseId && before.level && person.state.level && before.isCaseOpen) {
      expect(isMoreUrgent(before.level, person.state.level)).toBe(false);
    }
  }
}

function expectAnswer(person: Person, input: Input): void {
  const isTold = person.effects.some((effect) => effect.type === 'say' || effect.type === 'say_status');
  if (!isTold) expect(QUIET).toContain(input.kind);
}

function expectReadable(person: Person, say: Say): void {
  const language = person.state?.language ?? 'fr';
  for (const can of [phone, { ...phone, buttons: false }]) {
    const messages = renderSay(person.deps.texts, language, say, facts, can);
    if (say.lines.length > 0) expect(messages.length).toBeGreaterThan(0);
    for (const { text, rows } of messages) {
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(can.maxTextLength);
      for (const { data, label } of (rows ?? []).flat()) {
        expect(new TextEncoder().encode(data).length).toBeLessThanOrEqual(64);
        expect(label.length).toBeGreaterThan(0);
      }
    }
    if (can.buttons) {
      const wanted = (say.choices?.length ?? 0) + (say.commands?.length ?? 0);
      expect((messages.at(-1)?.rows ?? []).flat()).toHaveLength(wanted);
    }
  }
}

/** An answer is in the state, put by, or in the case, unless the person took it back or changed it. */
function expectNothingLost(person: Person, before: ConversationState, after: ConversationState): void {
  const isForgotten = person.did('forget_draft').length + person.did('keep_bare_alert').length > 0;
  if (isForgotten) return;
  for (const [step, answer] of Object.entries(before.answers)) {
    if (step === 'home' || step === 'language' || answer.kind === 'seen') continue;
    if (before.at.split('.')[1] === step || covers(after.answers[step], answer)) continue;
    const elsewhere = [...after.kept, ...person.cases.flatMap((each) => each.entries)].filter(
      (entry) => entry.step === step,
    );
    const isThere =
      answer.kind === 'account'
        ? answer.parts.every((part) => elsewhere.some(({ answer: kept }) => holdsPart(kept, part)))
        : elsewhere.some((entry) => covers(entry.answer, answer));
    if (!isThere)
      expect.fail(`the answer to ${step} is lost (${answer.kind}) after ${before.at} -> ${after.at}`);
  }
}

function holdsPart(answer: Answer, part: unknown): boolean {
  return (
    answer.kind === 'account' && answer.parts.some((each) => JSON.stringify(each) === JSON.stringify(part))
  );
}

function covers(after: Answer | undefined, before: Answer): boolean {
  if (before.kind === 'account')
    return before.parts.every((part) => after !== undefined && holdsPart(after, part));
  return JSON.stringify(after) === JSON.stringify(before);
}
