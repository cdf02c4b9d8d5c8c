/**
 * One step of one contact's conversation, inside the transaction that causes it: load, step, apply, say, save.
 * Intake comes here with what a person did, the timers with what ran out.
 */
import type { OutgoingMessage } from '../../channels/channel.ts';
import { renderSay } from '../../conversation/asking/render.ts';
import { QUESTION } from '../../conversation/asking/said.ts';
import type { Quoted } from '../../conversation/steps/quoted.ts';
import { step } from '../../conversation/steps/step.ts';
import type { Effect, Say } from '../../conversation/values/effect.ts';
import type { Input } from '../../conversation/values/input.ts';
import { whySilent } from '../../conversation/values/may-write.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { saveTurn } from '../../db/turns.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { hasOwnText } from '../duty/officer-wording.ts';
import { type AnswerMark, answering } from '../ground/answer-mark.ts';
import type { Context } from '../ground/context.ts';
import { type Outgoing, toRow, wakeFor } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { sealLive } from '../keys/epochs.ts';
import { conversationContext } from '../records/conversation-record.ts';
import { applyEffects, type Outcome, visibleCase } from './reporter-effects.ts';

/** Said to a person who wants nothing on the screen: half an hour later it is not said any more. */
const GONE: Effect['type'] = 'retract_messages';

/** What these cause is answered at once, also to a person who floods. */
const NEVER_SLOWED: ReadonlySet<Effect['type']> = new Set([
  'open_case',
  'sos_again',
  'raise_level',
  'submit',
  'give_code',
  'say_status',
]);

export type Before = {
  state: ConversationState | undefined;
  languageHint?: string;
  /** A case that had to be begun to hold a file. */
  isDraftMade?: string;
  /** When an officer last asked this person something. */
  askedAt?: Date;
  /** When they did it, as the messenger tells it. */
  writtenAt?: Date;
  /** The message of ours that they replied to. */
  quoted?: Quoted;
  /** Whether the question they are at has not left yet. */
  isUnread?: boolean;
  /** The messenger's handle on what they did, if it tells when a message is deleted. */
  message?: string;
};

/** Takes one step and applies what it wants done. Nothing is saved or said yet: see `sayAndSave`. */
export async function converse(
  at: Moment,
  contact: ContactRow,
  before: Before,
  input: Input,
): Promise<Outcome & { hasUrgent: boolean }> {
  const language = contact.language ?? before.languageHint;
  const stepped = step(at.ctx.conversation, before.state, input, at.now, {
    ...(language ? { language } : {}),
    ...(before.askedAt ? { askedAt: before.askedAt } : {}),
    ...(before.writtenAt ? { writtenAt: before.writtenAt } : {}),
    ...(before.isUnread === undefined ? {} : { isUnread: before.isUnread }),
    ...(before.quoted ? { quoted: before.quoted } : {}),
    ...(before.message ? { message: before.message } : {}),
  });
  const state = before.isDraftMade
    ? { ...stepped.state, caseId: stepped.state.caseId ?? before.isDraftMade }
    : stepped.state;
  const outcome = await applyEffects(at, contact, { state, effects: stepped.effects });
  const isGone = stepped.effects.some(({ type }) => type === GONE);
  return {
    ...outcome,
    ...(isGone ? { isGone } : {}),
    hasUrgent: stepped.effects.some((effect) => NEVER_SLOWED.has(effect.type)),
  };
}

/**
 * How the says of one step leave: `hold` delays all but the last of a minute; `isUrgent`: behind nothing, neither what
 * was said before nor the channel's own pace. `isUnasked`: nobody has just written; neutral texts alone.
 */
export type Pace = { holdMs?: number; isUrgent?: boolean; isUnasked?: boolean };

/** Answers that are held back: a newer one takes the place of an older one. */
export const HELD = 'held';

/** Stores the state and puts everything that is to be said into the outbox. */
export async function sayAndSave(
  at: Moment,
  contact: ContactRow,
  outcome: Outcome,
  pace: Pace = {},
): Promise<void> {
  const { tx, ctx, now } = at;
  const { state } = outcome;
  const language = state.language ?? contact.language ?? ctx.settings.defaultLanguage;
  const mark = markOf(now, outcome, pace);
  const words = outcome.says.flatMap((say) =>
    toOutgoing(ctx, contact, language, say, outcome.facts, pace).map((each) => ({
      ...each,
      message: answering(each.message, markOfSay(mark, say, outcome)),
    })),
  );
  // What is heard is looked at again, and taken back, as its words are.
  const heard = heardAfter(ctx, contact, outcome.says, words, pace).map((each) => ({
    ...each,
    message: answering(
      each.message,
      outcome.says.reduce((marked, say) => markOfSay(marked, say, outcome), mark),
    ),
  }));
  const outgoing = [...words, ...heard];
  const live = await sealLive(ctx, tx, now, conversationContext(contact.id), state);
  await saveTurn(tx, now, {
    contactId: contact.id,
    epochId: live.epochId,
    stateSealed: live.sealed,
    language: state.language && state.language !== contact.language ? state.language : null,
    dueAt: state.due ? new Date(state.due.at) : null,
    replaces: outcome.says.flatMap(({ replaces }) => replaces ?? [])[0] ?? null,
    deliveries: await Promise.all(outgoing.map((each) => toRow(at, each))),
  });
  wakeFor(ctx, outgoing);
}

function markOf(now: Date, { state, isGone }: Outcome, { isUnasked }: Pace): AnswerMark {
  const about = visibleCase(state);
  return {
    ...(isUnasked ? { is: 'neutral' } : { since: now.toISOString(), ...(isGone ? { is: 'brief' } : {}) }),
    isSilent: whySilent(state.mayWrite) !== undefined,
    ...(about ? { about } : {}),
  };
}

function markOfSay(mark: AnswerMark, { lines }: Say, { code }: Outcome): AnswerMark {
  return code && lines.some(({ key }) => key === 'bot.code') ? { ...mark, code } : mark;
}

function toOutgoing(
  ctx: Context,
  contact: ContactRow,
  language: string,
  say: Say,
  facts: Outcome['facts'],
  pace: Pace,
): Outgoing[] {
  const channel = ctx.channels.get(contact.channel as never);
  if (!channel) return [];
  const how_to_delete = hasOwnText(ctx, channel.kind, 'delete_chat')
    ? ctx.texts.t(language, `${channel.kind}.delete_chat`)
    : '';
  const messages: OutgoingMessage[] = renderSay(
    ctx.conversation.texts,
    language,
    say,
    { ...facts, how_to_delete },
    channel.can,
  );
  const coalesce = pace.holdMs ? HELD : say.coalesce;
  return messages.map((message) => ({
    contactId: contact.id,
    class: pace.isUrgent ? CLASS.word : CLASS.reply,
    message,
    ...(coalesce ? { coalesce } : {}),
    ...(pace.holdMs ? { delayMs: pace.holdMs } : {}),
    ...(!pace.holdMs && say.delay ? { delayMs: say.delay } : {}),
  }));
}

/**
 * After all words of the turn, and never in their place: the same to be heard, in one voice note. An answer to it is one to the
 * last of them. It gives way to whatever is said next, so that no words ever wait for it.
 */
function heardAfter(
  ctx: Context,
  contact: ContactRow,
  says: readonly Say[],
  words: readonly Outgoing[],
  pace: Pace,
): Outgoing[] {
  if (!ctx.channels.get(contact.channel as never)?.can.voice) return [];
  const speaks = says.flatMap(({ spoken }) => (spoken && ctx.voices.heardOf(spoken)) ?? []);
  const last = words.at(-1);
  if (!last || speaks.length === 0) return [];
  const { numbers } = last.message;
  const delayMs = Math.max(...words.map((each) => each.delayMs ?? 0));
  return [
    {
      contactId: contact.id,
      class: last.class,
      message: { text: '', speaks, ...(numbers ? { numbers } : {}) },
      coalesce: pace.holdMs ? HELD : QUESTION,
      ...(delayMs > 0 ? { delayMs } : {}),
    },
  ];
}
