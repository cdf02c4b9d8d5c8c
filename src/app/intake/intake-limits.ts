/**
 * Flood control and muting.
 *
 * Invariants: what a flooding contact says is taken in all the same and only the answers wait; an SOS and its
 * consequences are never slowed, and pass from a muted contact once an hour; what else a muted contact says is left aside, but no case of theirs
 * is erased over it.
 */
import type { IncomingMessage } from '../../channels/channel.ts';
import { normalise } from '../../conversation/reading/normalise.ts';
import { meaningOf, step } from '../../conversation/steps/step.ts';
import type { Input } from '../../conversation/values/input.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import type { Command } from '../../conversation/words/bot-keys.ts';
import { isCourtesy } from '../../conversation/words/wishes.ts';
import { type ContactRow, updateContact } from '../../db/contacts.ts';
import { replaceQueued } from '../../db/deliveries.ts';
import { hours, minutes } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { serviceSay } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import { HELD, type Pace } from '../reporters/conversing.ts';
import { stopErasuresOf } from '../reporters/erasure-stops.ts';
import type { Outcome } from '../reporters/reporter-effects.ts';

/** After an SOS got through, its follow-up ("where are you?") can be answered for this long. */
const FOLLOW_UP = minutes(10);

/** How fast answers leave: at once, or, when the contact floods, the last of them when the minute is over. */
export async function paceOf(
  at: Moment,
  contact: ContactRow,
  outcome: Outcome & { hasUrgent: boolean },
): Promise<Pace> {
  const limit = at.ctx.settings.floodPerMinute;
  if (contact.floodCount <= limit) return {};
  if (outcome.hasUrgent) {
    // What is held back would stand before the answer: order per contact is kept.
    await replaceQueued(at.tx, contact.id, HELD);
    return {};
  }
  if (contact.floodCount === limit + 1) await serviceSay(at, contact, 'service.slow_down');
  return { holdMs: minutes(1) - (at.now.getTime() % minutes(1)) };
}

/** Whether a muted contact's message is left aside: everything but an SOS once an hour and what follows it. */
export async function isMutedNow(
  { tx, ctx, now }: Moment,
  contact: ContactRow,
  state: ConversationState | undefined,
  message: IncomingMessage,
): Promise<boolean> {
  const sinceSos = contact.mutedSosAt
    ? now.getTime() - contact.mutedSosAt.getTime()
    : Number.POSITIVE_INFINITY;
  if (sinceSos < FOLLOW_UP) return false;
  if (sinceSos < hours(1) || !isSos(ctx, now, state, message)) return true;
  await updateContact(tx, contact.id, { mutedSosAt: now });
  return false;
}

/** Asks the engine, which is pure: would this message ask for help at once? */
function isSos(
  ctx: Context,
  now: Date,
  state: ConversationState | undefined,
  { content }: IncomingMessage,
): boolean {
  const input = asSaid(content);
  if (!input) return false;
  const { effects } = step(ctx.conversation, state, input, now, {});
  return effects.some(
    (effect) => effect.type === 'sos_again' || (effect.type === 'open_case' && effect.reason === 'sos'),
  );
}

/** Words, a button, or what stands beside a file or a place. */
function asSaid(content: IncomingMessage['content']): Input | undefined {
  if (content.kind === 'text' || content.kind === 'button' || content.kind === 'location') return content;
  if (content.kind !== 'file' || !content.caption) return undefined;
  return { kind: 'file', evidence: '', media: content.file.kind, caption: content.caption };
}

/**
 * A muted contact's message is left aside: they are told, once a minute at most, that only an SOS gets through. Nobody
 * reads it, and so no case of theirs is erased over it.
 */
export async function leaveAside(
  at: Moment,
  contact: ContactRow,
  state: ConversationState | undefined,
  { content }: IncomingMessage,
): Promise<void> {
  if (mayBeNew(at, state, content)) await stopErasuresOf(at, contact.id);
  if (contact.floodCount === 1) await serviceSay(at, contact, 'service.muted');
}

/** Commands that tell the team nothing new: that it be erased, where things stand, that they leave. */
const NOTHING_NEW: ReadonlySet<Command> = new Set(['erase', 'status', 'leave', 'start', 'help']);

/** Whether a person of the team might have to see it. */
function mayBeNew(
  { ctx, now }: Moment,
  state: ConversationState | undefined,
  content: IncomingMessage['content'],
): boolean {
  if (content.kind === 'file' || content.kind === 'card') return true;
  const input = asSaid(content);
  if (!input) return false;
  const { texts } = ctx.conversation;
  const { meaning } = meaningOf(ctx.conversation, state, input, now);
  if (meaning.kind === 'words') return !isCourtesy(texts, normalise(meaning.text));
  return meaning.kind !== 'nothing' && (meaning.kind !== 'command' || !NOTHING_NEW.has(meaning.command));
}
