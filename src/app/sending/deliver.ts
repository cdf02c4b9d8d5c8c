/**
 * The deliver cycle: claims what is due, sends it outside any transaction, records its fate.
 *
 * Invariants: a claim ends with its lease (30 seconds) and a send with its time-out before that, so no message
 * is sent by two at once; the fate is written only by the process that holds the claim; pages have lanes of their own
 * and never wait for replies.
 */
import type { Channel, OutgoingMessage, SendResult } from '../../channels/channel.ts';
import { lockContactById, updateContact } from '../../db/contacts.ts';
import { findConversation } from '../../db/conversations.ts';
import { isUnavailable } from '../../db/database.ts';
import { type ClaimedDelivery, claimDeliveries, settleDelivery } from '../../db/deliveries.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, minutes, seconds } from '../../kernel/time.ts';
import { type ChannelKind, CLASS, isPageClass } from '../../kernel/vocabulary.ts';
import { doMarked } from '../alerts/marked-work.ts';
import { pageFailed } from '../alerts/page-failure.ts';
import { sayChatLost } from '../duty/lost-chat.ts';
import { noteContact } from '../duty/noted-contacts.ts';
import { type Body, tellsOf, tellWordFate, wordFateOf } from '../duty/word-fate.ts';
import { openAddress } from '../ground/addresses.ts';
import type { Context } from '../ground/context.ts';
import { openLive } from '../ground/epochs.ts';
import { bodyContext, messageRefContext } from '../ground/outbox.ts';
import { languageOf } from '../ground/service-texts.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { converse, sayAndSave } from '../reporters/conversing.ts';
import { type Fate, failureKept, fateOf, mayHaveArrived, type Tried } from './after-a-try.ts';
import { createSettler, type Settler } from './settler.ts';

const LEASE = seconds(30);
const SEND_TIMEOUT = seconds(20);
/** From so many minutes on a page says that it is late. */
const LATE_MINUTES = 2;

/** It made the service fall three times. */
const PARKED: Fate = { state: 'failed', failure: 'service_fell' };

export type Lane = {
  /** One run of the cycle: claims as much as is free and begins to send it; returns how much. */
  run(): Promise<number>;
  /** Resolves when everything that was begun has its fate. */
  idle(): Promise<void>;
};

/**
 * A lane of deliveries. `freed` is called when a send is over: the contact's next one can be claimed now.
 * `size`: sends at the same time.
 */
export function createLane(
  ctx: Context,
  classes: readonly [least: number, most: number],
  size: number,
  freed: () => void,
): Lane {
  const underWay = new Set<Promise<void>>();
  const settler = createSettler(ctx);
  return {
    async run() {
      const free = size - underWay.size;
      if (free <= 0) return 0;
      const others = [...ctx.channels.values()].filter((each) => each.maySend?.() === false);
      const kinds = others.map(({ kind }) => kind);
      const claimed = await claimDeliveries(ctx.db, ctx.clock.stated(), free, LEASE, classes, kinds);
      for (const delivery of claimed) {
        const work = deliver(ctx, delivery, settler)
          // The lease puts it back.
          .catch((error) =>
            ctx.log.error('send_crashed', { channel: delivery.channel, ...reduceError(error) }),
          )
          .finally(() => {
            underWay.delete(work);
            freed();
          });
        underWay.add(work);
      }
      return underWay.size < size ? claimed.length : 0;
    },
    async idle() {
      await Promise.allSettled([...underWay]);
    },
  };
}

async function deliver(ctx: Context, delivery: ClaimedDelivery, settler: Settler): Promise<void> {
  const began = performance.now();
  const fate = await doMarked(ctx, 'send', String(delivery.id), {
    do: () => tryOnce(ctx, delivery),
    park: async () => PARKED,
    // A fall is mostly none of theirs, and pages do not wait for each other.
    from: 2,
  });
  ctx.metrics.delivered(delivery.channel, delivery.class, fate.state === 'sent' ? 'sent' : fate.failure);
  if (fate.state === 'sent') {
    if (delivery.action === 'send' && isPageClass(delivery.class))
      ctx.metrics.paged((ageOf(delivery) + performance.now() - began) / 1_000);
    return settler(delivery, fate.messageRef, await tellsOfWord(ctx, delivery));
  }
  ctx.log.warn('send_failed', {
    channel: delivery.channel,
    reason: fate.state,
    attempts: delivery.attempts,
    code: fate.failure,
  });
  if (fate.state === 'queued') {
    const dueAt = after(await ctx.clock.now(ctx.db), fate.inMs);
    const failure = failureKept(delivery, fate.failure);
    const isSettled = await settleDelivery(ctx.db, delivery, { state: 'queued', dueAt, failure });
    if (isSettled && delivery.attempts === 1) await tellNotYet(ctx, delivery);
  } else await settleFailed(ctx, delivery, fate.failure);
}

/** Whom to tell what became of it, if an officer wrote it. */
async function tellsOfWord(ctx: Context, delivery: ClaimedDelivery): ReturnType<typeof tellsOf> {
  const isWord = delivery.class === CLASS.word && delivery.action === 'send';
  return isWord ? tellsOf(ctx, ctx.db, delivery) : undefined;
}

async function tellNotYet(ctx: Context, delivery: ClaimedDelivery): Promise<void> {
  const tells = await tellsOfWord(ctx, delivery);
  if (tells) await transact(ctx, (at) => tellWordFate(at, tells, 'not_yet'));
}

/** Milliseconds from the commit that caused a delivery to its claim. */
function ageOf({ createdAt, claimedAt }: ClaimedDelivery): number {
  return claimedAt.getTime() - createdAt.getTime();
}

/** One try. What breaks the program each time must not keep its contact's line waiting for ever. */
async function tryOnce(ctx: Context, delivery: ClaimedDelivery): Promise<Fate> {
  const channel = ctx.channels.get(delivery.channel as ChannelKind);
  const tried = {
    class: delivery.class,
    attempts: delivery.attempts,
    ageMs: ageOf(delivery),
    mayHaveArrived: mayHaveArrived(delivery),
    isOneMessage: channel?.can.sendsOnce ?? false,
  };
  if (!channel) return fateOf({ ok: false, reason: 'unreachable', code: 'no_channel' }, tried);
  try {
    return await tryToSend(ctx, channel, delivery, tried);
  } catch (error) {
    // Nothing was sent; the lease puts it back.
    if (isUnavailable(error)) throw error;
    ctx.log.error('send_crashed', { channel: delivery.channel, ...reduceError(error) });
    // Not for ever: what breaks the program each time would keep its contact's line waiting.
    return fateOf({ ok: false, reason: 'ambiguous', code: 'crashed' }, { ...tried, isOneMessage: false });
  }
}

async function tryToSend(
  ctx: Context,
  channel: Channel,
  delivery: ClaimedDelivery,
  tried: Tried,
): Promise<Fate> {
  if (delivery.addressSealed.length === 0) return { state: 'failed', failure: 'address_gone' };
  const address = openAddress(ctx, { id: delivery.contactId, addressSealed: delivery.addressSealed });
  const signal = AbortSignal.timeout(SEND_TIMEOUT);
  if (delivery.action !== 'send') {
    const isNotThereYet = delivery.targetState === 'queued' || delivery.targetState === 'sending';
    if (isNotThereYet) return { state: 'queued', failure: 'target_not_sent', inMs: seconds(1) };
    const targetRef = await openTarget(ctx, delivery);
    if (targetRef === undefined) return { state: 'failed', failure: 'no_target' };
    if (delivery.action === 'retract')
      return fateOf(await channel.retract(address, targetRef, signal), tried);
    const message = await openBody(ctx, delivery);
    if (!message) return { state: 'failed', failure: 'body_gone' };
    return fateOf(await channel.edit(address, targetRef, message, signal), tried);
  }
  const message = await openBody(ctx, delivery);
  if (!message) return { state: 'failed', failure: 'body_gone' };
  const urgent = delivery.class < CLASS.reply ? { urgent: true } : {};
  const key = Buffer.from(ctx.keyring.index('delivery', String(delivery.id))).toString('hex');
  const outgoing = { ...marked(ctx, delivery, message), ...urgent, key };
  const result: SendResult = await channel.send(address, outgoing, signal);
  if (channel.can.isOneWay || result.ok) await noteContact(ctx, delivery, result);
  return fateOf(result, tried);
}

async function openBody(ctx: Context, delivery: ClaimedDelivery): Promise<OutgoingMessage | undefined> {
  const live = { epochId: delivery.epochId, sealed: delivery.bodySealed };
  const body = (await openLive(ctx, ctx.db, live, bodyContext(delivery.contactId))) as Body | undefined;
  if (!body) return undefined;
  const { tells: _, ...message } = body;
  return message;
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

async function settleFailed(ctx: Context, delivery: ClaimedDelivery, failure: string): Promise<void> {
  const tells = await tellsOfWord(ctx, delivery);
  await transact(ctx, async (at) => {
    if (!(await settleDelivery(at.tx, delivery, { state: 'failed', failure }))) return;
    // The contact before the alert: the order in which intake locks them.
    if (failure === 'blocked') await noteBlocked(at, delivery);
    if (delivery.action === 'send' && isPageClass(delivery.class)) await pageFailed(at, delivery.id, failure);
    if (tells) await tellWordFate(at, tells, wordFateOf(failure));
  });
}

/**
 * A contact that cannot be written to any more: of a reporter, the officer who has their case must see it; of an
 * officer, the team.
 */
async function noteBlocked(at: Moment, delivery: ClaimedDelivery): Promise<void> {
  const { tx, now } = at;
  const contact = await lockContactById(tx, delivery.contactId);
  if (!contact || contact.blockedAt) return;
  await updateContact(tx, contact.id, { blockedAt: now });
  await sayChatLost(at, contact.id, 'blocked');
  const row = await findConversation(tx, contact.id);
  const state = await loadConversation(at, contact.id, row);
  if (!state) return;
  const outcome = await converse(at, contact, { state }, { kind: 'blocked' });
  await sayAndSave(at, contact, { ...outcome, says: [] });
}
