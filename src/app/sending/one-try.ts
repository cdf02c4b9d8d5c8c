/**
 * One try at sending one delivery: its address and body are opened, the channel is asked, and its answer becomes a fate.
 *
 * Invariants: nothing is written here but what became of a contact; a try ends before the lease of its claim does, and what
 * has waited until then does not leave: another process may be sending it; a page that is late, or a repeat, says so itself.
 */
import type { Channel, OutgoingMessage, SendResult } from '../../channels/channel.ts';
import type { UnaskedKey } from '../../conversation/words/unasked-keys.ts';
import { nowKnows } from '../../db/channel-numbers.ts';
import type { ClaimedDelivery } from '../../db/deliveries.ts';
import { isUnavailable } from '../../db/failure.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { reduceError } from '../../kernel/log.ts';
import { minutes, seconds } from '../../kernel/time.ts';
import { CLASS, isPageClass } from '../../kernel/vocabulary.ts';
import { noteContact } from '../duty/noted-contacts.ts';
import { sayTime } from '../duty/officer-wording.ts';
import { type Body, bodyOf, failureOf } from '../duty/word-fate.ts';
import type { Context } from '../ground/context.ts';
import { messageRefContext } from '../ground/outbox.ts';
import { languageOf } from '../ground/service-texts.ts';
import { openAddress } from '../keys/addresses.ts';
import { openLive } from '../keys/epochs.ts';
import { type Fate, fateOf, mayHaveArrived, type Tried, VOICE_AGE } from './after-a-try.ts';
import { lookAtLeaving } from './leaving.ts';
import { type AnswerLeaving, lookAtAnswer } from './leaving-answer.ts';
import { chooseNumber, tellsOfNumber } from './which-number.ts';

/** Shorter than the lease of a claim. */
const SEND_TIMEOUT = seconds(20);
/** So long before a claim ends nothing of it leaves any more, and what is under way is given up. */
const LETS_GO = seconds(2);
const CLAIM_OVER = 'claim_over';
/** So soon after it was decided to say it nothing can have come in between. */
const A_MOMENT = seconds(10);
/** From so many minutes on a page says that it is late. */
const LATE_MINUTES = 2;

/** Milliseconds from the commit that caused a delivery to its claim. */
export function ageOf({ createdAt, claimedAt }: ClaimedDelivery): number {
  return claimedAt.getTime() - createdAt.getTime();
}

/** Milliseconds of the claim that are left. */
type Left = () => number;

/**
 * One try. What breaks the program each time must not keep its contact's line waiting for ever. Throws `claim_over` if nothing
 * left in time.
 */
export async function tryOnce(ctx: Context, delivery: ClaimedDelivery, left: Left): Promise<Fate> {
  const channel = ctx.channels.get(delivery.channel);
  const tried = {
    class: delivery.class,
    attempts: delivery.attempts,
    ageMs: ageOf(delivery),
    mayHaveArrived: mayHaveArrived(delivery),
    isOneMessage: channel?.can.sendsOnce ?? false,
  };
  if (!channel) return fateOf({ ok: false, reason: 'unreachable', code: 'no_channel' }, tried);
  try {
    return await tryToSend(ctx, inTime(channel, left), delivery, { tried, signal: signalOf(left) });
  } catch (error) {
    // Nothing was sent; the lease puts it back.
    if (isUnavailable(error) || isOver(error)) throw error;
    ctx.log.error('send_crashed', { channel: delivery.channel, ...reduceError(error) });
    // Not for ever: what breaks the program each time would keep its contact's line waiting.
    return fateOf({ ok: false, reason: 'ambiguous', code: 'crashed' }, { ...tried, isOneMessage: false });
  }
}

const signalOf = (left: Left): AbortSignal =>
  AbortSignal.timeout(Math.max(0, Math.min(SEND_TIMEOUT, left() - LETS_GO)));
const isOver = (error: unknown): boolean => error instanceof LakanaError && error.code === CLAIM_OVER;

/** The channel as long as the claim is ours: looked at when something is about to leave. */
function inTime(channel: Channel, left: Left): Leaving {
  const ours = (): Channel => {
    if (left() > LETS_GO) return channel;
    throw new LakanaError(CLAIM_OVER, 'the claim is over, another process may have it');
  };
  return {
    can: channel.can,
    send: (...given) => ours().send(...given),
    edit: (...given) => ours().edit(...given),
    retract: (...given) => ours().retract(...given),
  };
}
type Leaving = Pick<Channel, 'can' | 'send' | 'edit' | 'retract'>;

async function tryToSend(
  ctx: Context,
  channel: Leaving,
  delivery: ClaimedDelivery,
  { tried, signal }: { tried: Tried; signal: AbortSignal },
): Promise<Fate> {
  if (delivery.addressSealed.length === 0) return { state: 'failed', failure: 'address_gone' };
  const address = openAddress(ctx, { id: delivery.contactId, addressSealed: delivery.addressSealed });
  const way: Way = { channel, address, signal };
  return delivery.action === 'send'
    ? tryToSay(ctx, way, delivery, tried)
    : tryToChange(ctx, way, delivery, tried);
}

/** Where it goes, and for how long at most. */
type Way = { channel: Leaving; address: string; signal: AbortSignal };

/** Takes back or edits what was sent before. */
async function tryToChange(
  ctx: Context,
  { channel, address, signal }: Way,
  delivery: ClaimedDelivery,
  tried: Tried,
): Promise<Fate> {
  const isNotThereYet = delivery.targetState === 'queued' || delivery.targetState === 'sending';
  if (isNotThereYet) return { state: 'queued', failure: 'target_not_sent', inMs: seconds(1) };
  const targetRef = await openTarget(ctx, delivery);
  if (targetRef === undefined) return { state: 'failed', failure: 'no_target' };
  if (delivery.action === 'retract') return fateOf(await channel.retract(address, targetRef, signal), tried);
  const body = await bodyOf(ctx, ctx.db, delivery);
  if (!body) return { state: 'failed', failure: 'body_gone' };
  return fateOf(await channel.edit(address, targetRef, body, signal), tried);
}

/** Sends something new, after a last look at whether it still may be said. */
async function tryToSay(
  ctx: Context,
  { channel, address, signal }: Way,
  delivery: ClaimedDelivery,
  tried: Tried,
): Promise<Fate> {
  const body = await bodyOf(ctx, ctx.db, delivery);
  if (!body) return { state: 'failed', failure: 'body_gone' };
  const { unasked: _, tells: __, answers: ___, speaks, ...said } = body;
  if (speaks && tried.ageMs > VOICE_AGE) return { state: 'failed', failure: 'too_late' };
  const leaving = await lookBefore(ctx, delivery, body);
  if (leaving.is === 'waits') return { state: 'waits', failure: 'outside_hours', until: leaving.until };
  if (leaving.is === 'withheld') return { state: 'failed', failure: failureOf(leaving.why) };
  const chosen = await chooseNumber(ctx, delivery, body);
  if (chosen.is === 'waits') return { state: 'waits', failure: 'not_told', until: chosen.until };
  if (chosen.is === 'withheld') return { state: 'failed', failure: failureOf(chosen.why) };
  const { since } = leaving;
  const instead = 'instead' in leaving && leaving.instead ? leaving.instead : undefined;
  // The words beside it say what there is to say in its place.
  if (speaks && instead) return { state: 'failed', failure: 'too_late' };
  const number = chosen.number === undefined ? {} : { from: chosen.number };
  if (speaks)
    return trySpeaking(ctx, channel, delivery, {
      address,
      speaks,
      message: { ...said, ...number },
      signal,
      tried,
    });
  const message = { ...(instead ? inPlace(ctx, delivery, instead) : said), ...number };
  const outgoing = { ...marked(ctx, delivery, message), ...howOf(ctx, delivery) };
  const result: SendResult = await channel.send(address, outgoing, signal);
  if (channel.can.isOneWay || result.ok) await noteContact(ctx, delivery, result);
  const told = tellsOfNumber(body);
  if (result.ok && told) await nowKnows(ctx.db, delivery.contactId, delivery.number, told);
  // While it waited for hours it did not grow old.
  return fateOf(result, { ...tried, ageMs: delivery.claimedAt.getTime() - since.getTime() });
}

/** A page and the answer to a cry for help wait for nothing; each try of one delivery has the same key. */
function howOf(ctx: Context, delivery: ClaimedDelivery): Pick<OutgoingMessage, 'urgent' | 'key'> {
  const key = Buffer.from(ctx.keyring.index('delivery', String(delivery.id))).toString('hex');
  return { ...(delivery.class < CLASS.reply ? { urgent: true } : {}), key };
}

/** Made of its recordings now. The words have been sent before it: if it cannot be made or sent they stand alone. */
async function trySpeaking(
  ctx: Context,
  channel: Leaving,
  delivery: ClaimedDelivery,
  { address, speaks, message, signal, tried }: Speaking,
): Promise<Fate> {
  const voice = await ctx.voices.note(speaks);
  if (!voice) return { state: 'failed', failure: 'body_gone' };
  const outgoing = { ...message, ...howOf(ctx, delivery), voice };
  const result = await channel.send(address, outgoing, signal);
  if (result.ok) await noteContact(ctx, delivery, result);
  return fateOf(result, { ...tried, isVoice: true });
}

type Speaking = {
  address: string;
  speaks: readonly string[];
  message: OutgoingMessage;
  signal: AbortSignal;
  tried: Tried;
};

/** Whether it may leave now, and what of it. */
async function lookBefore(
  ctx: Context,
  delivery: ClaimedDelivery,
  { unasked, tells, answers }: Body,
): Promise<AnswerLeaving> {
  if (unasked) return lookAtLeaving(ctx, delivery, { ...unasked, isByOfficer: tells !== undefined });
  const isAtOnce = delivery.attempts === 1 && ageOf(delivery) <= A_MOMENT;
  if (!answers || isAtOnce) return { is: 'now', since: delivery.createdAt };
  return lookAtAnswer(ctx, delivery, answers);
}

/** What is said in the place of an answer that came too late. */
function inPlace(ctx: Context, { createdAt, claimedAt, language }: ClaimedDelivery, key: UnaskedKey) {
  const at = sayTime(createdAt, claimedAt, ctx.settings.timeZone);
  return { text: ctx.texts.t(languageOf(ctx, { language }), key, { at }) };
}

async function openTarget(ctx: Context, delivery: ClaimedDelivery): Promise<string | undefined> {
  const live = { epochId: delivery.targetEpoch, sealed: delivery.targetRef };
  const ref = await openLive(ctx, ctx.db, live, messageRefContext(delivery.contactId));
  return typeof ref === 'string' ? ref : undefined;
}

/** A page that leaves late says how late it is; one that may have arrived already, or
 * went elsewhere meanwhile, says that it is a repeat. */
function marked(ctx: Context, delivery: ClaimedDelivery, message: OutgoingMessage): OutgoingMessage {
  if (!isPageClass(delivery.class)) return message;
  const language = languageOf(ctx, { language: delivery.language });
  const minutesLate = Math.floor(lateBy(delivery) / minutes(1));
  const marks = [
    ...(minutesLate >= LATE_MINUTES ? [ctx.texts.t(language, 'service.late', { minutes: minutesLate })] : []),
    ...(mayHaveArrived(delivery) > 0 || delivery.wasMoved
      ? [ctx.texts.t(language, 'service.repeat', {})]
      : []),
  ];
  return marks.length === 0 ? message : { ...message, text: [...marks, message.text].join('\n') };
}

/** Milliseconds after its time at which a page leaves; of one that was tried before, since it was made. */
function lateBy({ attempts, createdAt, dueAt, claimedAt }: ClaimedDelivery): number {
  return claimedAt.getTime() - (attempts > 1 ? createdAt : dueAt).getTime();
}
