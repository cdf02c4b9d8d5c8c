/** What must be true of every step of every conversation, whatever a person does. */
import { isDeepStrictEqual } from 'node:util';
import { renderSay } from '../../src/conversation/asking/render.ts';
import type { Answer, Part } from '../../src/conversation/values/answer.ts';
import type { Say } from '../../src/conversation/values/effect.ts';
import type { Input } from '../../src/conversation/values/input.ts';
import { unstamped } from '../../src/conversation/values/stamp.ts';
import type { ConversationState } from '../../src/conversation/values/state.ts';
import type { Texts } from '../../src/conversation/words/texts.ts';
import { UNASKED } from '../../src/conversation/words/unasked-keys.ts';
import { remembered } from '../../src/kernel/remembered.ts';
import { isMoreUrgent } from '../../src/kernel/vocabulary.ts';
import { facts, type Person, phone } from './person.ts';

const QUIET: readonly Input['kind'][] = [
  'blocked',
  'unblocked',
  'silence_over',
  'room_over',
  'danger_unanswered',
];

function must(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}

/** Done by a clock or a messenger, not by the person: what is said then is said unasked. */
const NOT_THEIRS: readonly Input['kind'][] = [
  'blocked',
  'unblocked',
  'silence_over',
  'danger_unanswered',
  'room_over',
  'move_held',
];

/** After one input, which may have replied to an earlier question: something was said that can be read, and nothing was lost. */
export function expectPromises(
  person: Person,
  before: ConversationState | undefined,
  input: Input,
  replied?: string,
): void {
  expectAnswer(person, input);
  for (const say of person.says) expectReadable(person, say);
  if (NOT_THEIRS.includes(input.kind)) for (const say of person.says) expectNeutral(say);
  if (before && person.state) {
    if (input.kind !== 'deleted') expectNothingLost(person, before, person.state, replied);
    must(person.state.turn >= before.turn, 'the turn went back');
    if (before.caseId === person.state.caseId && before.level && person.state.level && before.isCaseOpen) {
      must(!isMoreUrgent(before.level, person.state.level), 'the level of an open case fell');
    }
  }
}

function expectAnswer(person: Person, input: Input): void {
  const isTold = person.effects.some((effect) => effect.type === 'say' || effect.type === 'say_status');
  must(isTold || QUIET.includes(input.kind), `no answer to ${input.kind}`);
}

/** What was found to be readable already, in the same texts: thousands of steps say the same. */
const readable = remembered((_texts: Texts) => new Set<string>());

function expectReadable(person: Person, say: Say): void {
  const language = person.state?.language ?? 'fr';
  const found = readable(person.deps.texts);
  const said = `${language} ${JSON.stringify(say)}`;
  if (found.has(said)) return;
  for (const can of [phone, { ...phone, buttons: false }]) {
    const messages = renderSay(person.deps.texts, language, say, facts, can);
    must(say.lines.length === 0 || messages.length > 0, 'nothing is left of a say');
    for (const { text, rows } of messages) {
      must(text.length > 0, 'an empty message');
      must(
        !/\{\{|\bundefined\b/.test(text) || text.includes('drop table') || text.includes('$t('),
        `unfilled: ${text}`,
      );
      must(text.length <= can.maxTextLength, 'too long for the channel');
      for (const { data, label } of (rows ?? []).flat()) {
        must(new TextEncoder().encode(data).length <= can.maxButtonData, `too long a button: ${data}`);
        must(label.length > 0, 'a button without a label');
      }
    }
    if (can.buttons) {
      const wanted = (say.choices?.length ?? 0) + (say.commands?.length ?? 0);
      must((messages.at(-1)?.rows ?? []).flat().length === wanted, 'a button is missing');
    }
  }
  found.add(said);
}

/** Nothing is pushed but what `flows check` looks through, and no button says what this is about. */
function expectNeutral({ lines, choices = [], commands = [] }: Say): void {
  for (const { key } of lines) must(key in UNASKED, `pushed unasked: ${key}`);
  must(choices.length + commands.length === 0, 'a button is pushed unasked');
}

/** Erased, refused or forgotten after silence; of a case to which nothing is added, what is not in it. */
export function hasForgotten(person: Person): boolean {
  if (person.did('forget_draft').length + person.did('keep_bare_alert').length > 0) return true;
  const isAsked = person
    .did('tell_officer')
    .some((effect) => 'what' in effect && /^erase_/.test(effect.what));
  const isOver = person.state?.ended !== undefined || person.keys.includes('bot.draft_forgotten');
  return person.state?.isBare === true && (isAsked || isOver);
}

/** An answer is in the state, put by, or in the case, unless the person took it back or changed it. */
function expectNothingLost(
  person: Person,
  before: ConversationState,
  after: ConversationState,
  replied: string | undefined,
): void {
  if (hasForgotten(person)) return;
  for (const [step, answer] of Object.entries(before.answers)) {
    // Finding one's way is nothing that is told.
    if (['home', 'language', 'ways', 'review'].includes(step) || answer.kind === 'seen') continue;
    // Beside a case to which nothing is added, that there is no danger is all of a draft that silence ends without a word.
    const isNoDanger = step === 'danger' && answer.kind === 'choice' && answer.value === 'none';
    if (isNoDanger && after.isBare) continue;
    if (before.at.split('.')[1] === step || step === replied || covers(after.answers[step], answer)) continue;
    const elsewhere = [...after.kept, ...person.cases.flatMap((each) => each.entries)].filter(
      (entry) => entry.step === step,
    );
    const isThere =
      answer.kind === 'account'
        ? answer.parts.every((part) => elsewhere.some(({ answer: kept }) => holdsPart(kept, part)))
        : elsewhere.some((entry) => covers(entry.answer, answer));
    must(isThere, `the answer to ${step} is lost (${answer.kind}) after ${before.at} -> ${after.at}`);
  }
}

/** Without the message that it came with, and without the question, which never go into a case. */
const bare = <T extends { from?: string | undefined; apart?: true | undefined }>({
  from: _,
  apart: __,
  ...rest
}: T) => rest;

function holdsPart(answer: Answer, part: Part): boolean {
  return answer.kind === 'account' && answer.parts.some((each) => isDeepStrictEqual(bare(each), bare(part)));
}

function covers(after: Answer | undefined, before: Answer): boolean {
  if (before.kind === 'account')
    return before.parts.every((part) => after !== undefined && holdsPart(after, part));
  return (
    after !== undefined && (isDeepStrictEqual(unstamped(after), unstamped(before)) || hasGrown(before, after))
  );
}

/** An answer in words to which more was added. */
function hasGrown(before: Answer, after: Answer): boolean {
  const words = (answer: Answer) =>
    ('words' in answer ? answer.words : 'text' in answer ? answer.text : '') ?? '';
  if (before.kind === 'unknown') return words(after) !== '' || after.kind === 'account';
  // Who chose from a list in the place of an account, and told of it after all.
  if (before.kind === 'skipped') return after.kind === 'account' && after.parts.length > 0;
  if (after.kind === 'account') return JSON.stringify(after).includes(JSON.stringify(words(before)));
  return before.kind === after.kind && words(before) !== '' && words(after).startsWith(words(before));
}
