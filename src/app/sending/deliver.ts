/**
 * The deliver cycle: claims what is due, sends it outside any transaction, records its fate.
 *
 * Invariants: a claim ends with its lease (30 seconds) and a send with its time-out before that, so no message
 * is sent by two at once, also by a process that was cut off from the database, slept or waited meanwhile: it counts from
 * before it asked for the claim, and sends nothing once that is over; the fate is written only by the process that holds the claim; pages have lanes of their own
 * and never wait for replies.
 */
import { lockContactById, updateContact } from '../../db/contacts.ts';
import { findConversation } from '../../db/conversations.ts';
import { type ClaimedDelivery, claimDeliveries, settleDelivery } from '../../db/deliveries.ts';
import type { AlertId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { machineTime } from '../../kernel/machine-time.ts';
import { after, seconds } from '../../kernel/time.ts';
import { CLASS, isPageClass } from '../../kernel/vocabulary.ts';
import { doMarked } from '../alerts/marked-work.ts';
import { pageFailed } from '../alerts/page-failure.ts';
import { sayChatLost } from '../duty/lost-chat.ts';
import { bodyOf, tellsOf, tellWordFate, wordFateOf } from '../duty/word-fate.ts';
import type { Context } from '../ground/context.ts';
import { laneOf } from '../ground/outbox.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { converse, sayAndSave } from '../reporters/conversing.ts';
import { type Fate, failureKept } from './after-a-try.ts';
import { ageOf, tryOnce } from './one-try.ts';
import { couldNotTell } from './other-number.ts';
import { createSettler, type Settler } from './settler.ts';
import { tellsOfNumber } from './which-number.ts';

const LEASE = seconds(30);

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
 * `size`: sends at the same time. `elapsed`: milliseconds of a clock that never jumps and does not sleep.
 */
export function createLane(
  ctx: Context,
  classes: readonly [least: number, most: number],
  size: number,
  freed: () => void,
  elapsed: () => number = machineTime,
): Lane {
  const underWay = new Set<Promise<void>>();
  const settler = createSettler(ctx);
  return {
    async run() {
      const free = size - underWay.size;
      if (free <= 0) return 0;
      const others = [...ctx.channels.values()].filter((each) => each.maySend?.() === false);
      const kinds = others.map(({ kind }) => kind);
      const until = elapsed() + LEASE;
      const left = () => until - elapsed();
      const claimed = await claimDeliveries(ctx.db, ctx.clock.stated(), free, LEASE, classes, kinds);
      for (const delivery of claimed) {
        const work = deliver(ctx, delivery, settler, left)
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

/** `left`: milliseconds of the claim that are left. */
async function deliver(
  ctx: Context,
  delivery: ClaimedDelivery,
  settler: Settler,
  left: () => number,
): Promise<void> {
  const began = performance.now();
  const fate = await doMarked(ctx, 'send', String(delivery.id), {
    do: () => tryOnce(ctx, delivery, left),
    park: async () => PARKED,
    // A fall is mostly none of theirs, and pages do not wait for each other.
    from: 2,
  });
  if (fate.state === 'sent') {
    ctx.metrics.delivered(delivery.channel, delivery.class, 'sent');
    if (delivery.action === 'send' && isPageClass(delivery.class))
      ctx.metrics.paged((ageOf(delivery) + performance.now() - began) / 1_000);
    return settler(delivery, fate.messageRef, await tellsOfWord(ctx, delivery));
  }
  if (fate.state === 'waits') return settleWaits(ctx, delivery, fate);
  ctx.metrics.delivered(delivery.channel, delivery.class, fate.failure);
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
    ctx.nudge(laneOf(delivery.class), fate.inMs);
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

/** Waiting is no failure; what an earlier try did is not forgotten for it. */
async function settleWaits(
  ctx: Context,
  delivery: ClaimedDelivery,
  { until, failure }: Extract<Fate, { state: 'waits' }>,
): Promise<void> {
  const tells = await tellsOfWord(ctx, delivery);
  const waits = { state: 'queued', dueAt: until, waits: true } as const;
  await transact(ctx, async (at) => {
    const kept = failureKept(delivery, failure);
    if (!(await settleDelivery(at.tx, delivery, { ...waits, failure: kept }))) return;
    if (tells && failure === 'outside_hours') await tellWordFate(at, tells, 'waits', { until });
  });
}

async function settleFailed(ctx: Context, delivery: ClaimedDelivery, failure: string): Promise<void> {
  const tells = await tellsOfWord(ctx, delivery);
  const untold = await untoldAlert(ctx, delivery, failure);
  await transact(ctx, async (at) => {
    if (!(await settleDelivery(at.tx, delivery, { state: 'failed', failure }))) return;
    // The contact before the alert: the order in which intake locks them.
    if (failure === 'blocked') await noteBlocked(at, delivery);
    if (delivery.action === 'send' && isPageClass(delivery.class)) await pageFailed(at, delivery.id, failure);
    if (tells) await tellWordFate(at, tells, wordFateOf(failure), { failure });
    if (untold) await couldNotTell(at, untold);
  });
}

/** The alert of a person who could not be told of another number of ours; what was withheld was their own choice. */
async function untoldAlert(
  ctx: Context,
  delivery: ClaimedDelivery,
  failure: string,
): Promise<AlertId | undefined> {
  if (delivery.class !== CLASS.word || delivery.action !== 'send') return undefined;
  if (wordFateOf(failure) === 'withheld') return undefined;
  const { unasked } = (await bodyOf(ctx, ctx.db, delivery)) ?? {};
  return unasked && tellsOfNumber({ unasked }) ? unasked.alert : undefined;
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
