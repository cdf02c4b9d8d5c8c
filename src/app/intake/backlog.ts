/**
 * Messages that come faster than anybody writes are kept first and handled when there is time, so that a contact that
 * floods stands in nobody's way: keeping costs a small part of handling.
 *
 * Invariants: of one contact one message is handled at a time, in the order in which they came, but for a cry for help,
 * which passes; what is kept lies under the day's key and leaves the backlog only once it is handled or parked; one that
 * fails, cannot be read, takes long or is suspected of a fall holds up its contact and nobody else; of one contact so
 * much is kept and no more, and a person who sends more is told that it is not kept.
 */
import PQueue from 'p-queue';
import type { IncomingMessage } from '../../channels/channel.ts';
import { isCryForHelp } from '../../conversation/words/cry.ts';
import type { Arrival } from '../../db/arrivals.ts';
import { endWaiting, firstWaiting, isKnown, keepWaiting, type Waiting, whoWaits } from '../../db/backlog.ts';
import { findContactByAddress } from '../../db/contacts.ts';
import { isUnavailable } from '../../db/failure.ts';
import { parkMessage } from '../../db/inbox.ts';
import { createBudget } from '../../kernel/budget.ts';
import { reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { openLive, sealLive } from '../ground/epochs.ts';
import { serviceSay } from '../ground/service-texts.ts';
import { transact } from '../ground/transaction.ts';
import { keyOf as messageKey } from '../ground/under-way.ts';
import { wordsIn } from './bounded.ts';

/** So many messages under way at once are much for one machine. */
const BUSY = 8;
/** What one contact may have handled at once: at most so many a minute, and fewer while much is going on. */
const A_MINUTE = 60;
const A_MINUTE_WHEN_BUSY = 3;
/** What a person who has cried for help may say, also then; milliseconds. */
const A_MINUTE_AFTER_A_CRY = 20;
const AFTER_A_CRY = seconds(600);
/** What passes from a person whose messages wait. */
const CRIES_A_MINUTE = 6;
/** What is kept of one contact: messages, and bytes of them. A phone forwards a hundred at a time. */
const MOST_WAITING = 500;
const MOST_BYTES = 2_000_000;
/** What is kept of all of them; above that only a few of each. */
const MOST_OF_ALL = 20_000;
const FEW = 20;
/** Messages handled side by side as they come, and turns of the backlog; the others of the service need connections too. */
const AT_ONCE = 8;
const TURNS_AT_ONCE = 4;
/** Rows written in one go. */
const WRITTEN_AT_ONCE = 200;
/** A turn that takes so long gives its place to another one, for as many as this; milliseconds. */
const SLOW_TURN = seconds(2);
const MOST_SLOW = 8;
/** Contacts of the backlog whose turn has begun or comes next, and messages of each. */
const TURNS = 24;
const TURNS_WHEN_BUSY = 4;
const EACH_TURN = 2;
/** After a failure a contact's messages wait; milliseconds. */
const AFTER_A_FAILURE = seconds(10);

export type Backlog = {
  /** Counts what earlier runs of the service have kept: before the first message, or it would pass what came before it. */
  begin(): Promise<void>;
  /**
   * Handles the message, or keeps it for later. Resolves once one or the other is committed (or once it is clear that
   * it is too much, and that was said).
   */
  take(message: IncomingMessage, arrival: Arrival, handle: () => Promise<void>): Promise<void>;
  /**
   * Begins with some of what waits: officers first, then those who have few, and who has waited longest since the last turn.
   * Waits for none of it: `over` says, once all that was begun is done, how many messages that were.
   */
  catchUp(handle: Handle): Promise<{ over: Promise<number> }>;
  /** Resolves when nothing that was begun is under way any more. */
  idle(): Promise<void>;
};

type Handle = (message: IncomingMessage) => Promise<void>;

type Who = Pick<Waiting, 'channel' | 'from'>;
type Pending = { message: IncomingMessage; who: Who; index: Uint8Array; done: PromiseWithResolvers<void> };

const keyOf = ({ channel, from }: Who): string => `${channel}/${Buffer.from(from).toString('hex')}`;

/** `now`: milliseconds that never jump. */
export function createBacklog(ctx: Context, now: () => number = () => performance.now()): Backlog {
  const calm = createBudget(A_MINUTE, now);
  const busy = createBudget(A_MINUTE_WHEN_BUSY, now);
  const afterCry = createBudget(A_MINUTE_AFTER_A_CRY, now);
  const cries = createBudget(CRIES_A_MINUTE, now);
  const refusals = createBudget(1, now);
  const handling = new PQueue({ concurrency: AT_ONCE });
  const catchingUp = new PQueue({ concurrency: TURNS_AT_ONCE });
  /** How many messages of a contact are being handled: the next one is not begun beside them. */
  const beingHandled = new Map<string, number>();
  const beingTold = new Set<string>();
  /** The contacts that have cried for help lately, and until when they count as such. */
  const criedUntil = new Map<string, number>();
  const waiting = new Map<string, { count: number; bytes: number }>();
  /** Of those who wait: when they had their last turn, and until when they have none. */
  const turns = new Map<string, { at: number; notBefore: number }>();
  const turnsUnderWay = new Set<Promise<number>>();
  /** Turns that have begun, and when. */
  const begun = new Set<{ at: number }>();
  /** The one message under way that may be why the service fell: it takes nobody's turn. */
  let suspect: Promise<number> | undefined;
  const pending: Pending[] = [];
  let rounds = 0;
  let underWay = 0;
  let all = 0;
  /** Writing and counting never overlap, so that no count is missed. */
  let last: Promise<unknown> = Promise.resolve();
  let isFlushing = false;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const count = (who: Who, messages: number, bytes: number): void => {
    const key = keyOf(who);
    const before = waiting.get(key) ?? { count: 0, bytes: 0 };
    const after = { count: before.count + messages, bytes: before.bytes + bytes };
    all += messages;
    if (after.count > 0) waiting.set(key, after);
    else waiting.delete(key);
  };

  async function recount() {
    const rows = await whoWaits(ctx.db);
    waiting.clear();
    all = 0;
    for (const row of rows) count(row, row.count, row.bytes);
    for (const { who, message } of pending) count(who, 1, sizeOf(message));
    for (const key of turns.keys()) if (!waiting.has(key)) turns.delete(key);
    for (const [key, until] of criedUntil) if (until < now()) criedUntil.delete(key);
    ctx.metrics.backlog(all);
    return rows;
  }

  async function flush(): Promise<void> {
    const batch = pending.splice(0, WRITTEN_AT_ONCE);
    try {
      const at = await ctx.clock.now(ctx.db);
      const rows = batch.map(async ({ message, who, index }) => ({
        ...who,
        messageIndex: index,
        ...(await sealLive(ctx, ctx.db, at, `inbox/${who.channel}`, message)),
      }));
      await keepWaiting(ctx.db, at, await Promise.all(rows));
      for (const { done } of batch) done.resolve();
    } catch (error) {
      for (const { who, message, done } of batch) {
        count(who, -1, -sizeOf(message));
        done.reject(error);
      }
    }
  }

  /** What comes while a batch is being written is the next one. */
  async function keep(message: IncomingMessage, who: Who, index: Uint8Array): Promise<void> {
    const done = Promise.withResolvers<void>();
    pending.push({ message, who, index, done });
    count(who, 1, sizeOf(message));
    if (!isFlushing) {
      isFlushing = true;
      void inTurn(async () => {
        isFlushing = false;
        while (pending.length > 0) await flush();
      });
    }
    await done.promise;
  }

  function isTooMuch(who: Who, message: IncomingMessage): boolean {
    const { count: messages, bytes } = waiting.get(keyOf(who)) ?? { count: 0, bytes: 0 };
    if (all >= MOST_OF_ALL && messages >= FEW) return true;
    return messages >= MOST_WAITING || bytes + sizeOf(message) > MOST_BYTES;
  }

  /** The person is told, once a minute; what was kept or handled before, and only comes again, is no part of it. */
  async function refuse(message: IncomingMessage, who: Who, index: Uint8Array): Promise<void> {
    ctx.metrics.refused(message.channel);
    const key = keyOf(who);
    if (beingTold.has(key) || refusals.wait(key) > 0) return;
    beingTold.add(key);
    try {
      const isTold = await transact(ctx, async (at) => {
        if (await isKnown(at.tx, message.channel, index)) return false;
        const contact = await findContactByAddress(at.tx, who.channel, [who.from]);
        if (contact) await serviceSay(at, contact, 'service.too_many', {}, message.languageHint);
        return contact !== undefined;
      });
      if (isTold) refusals.take(key);
    } finally {
      beingTold.delete(key);
    }
  }

  /** Within the last ten minutes, this message included. */
  function hasCried(key: string, isCry: boolean): boolean {
    if (isCry) criedUntil.set(key, now() + AFTER_A_CRY);
    return (criedUntil.get(key) ?? 0) > now();
  }

  /** How it may be handled at once; undefined: not now. */
  function passes(who: Who, message: IncomingMessage): 'as_usual' | 'ahead' | undefined {
    const key = keyOf(who);
    const isCry = isCryForHelp(ctx.texts, message.content);
    const isKnownInNeed = hasCried(key, isCry);
    const budget = underWay < BUSY ? calm : isKnownInNeed ? afterCry : busy;
    // What would have to stand in line is kept, so that the messenger goes on handing over what may be a cry.
    const hasRoom = isKnownInNeed || handling.size === 0;
    const isNext = !waiting.has(key) && !beingHandled.has(key);
    if (hasRoom && isNext && budget.wait(key) === 0) {
      for (const each of [calm, busy, afterCry]) each.take(key);
      return isKnownInNeed ? 'ahead' : 'as_usual';
    }
    return isCry && cries.take(key) === 0 ? 'ahead' : undefined;
  }

  async function whileHandled<T>(who: Who, work: () => Promise<T>): Promise<T> {
    const key = keyOf(who);
    beingHandled.set(key, (beingHandled.get(key) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (beingHandled.get(key) ?? 1) - 1;
      if (left > 0) beingHandled.set(key, left);
      else beingHandled.delete(key);
    }
  }

  type Row = Awaited<ReturnType<typeof firstWaiting>>[number];
  const isSuspect = (who: Who, { messageIndex }: Row): boolean =>
    (ctx.underWay?.falls(messageKey({ channel: who.channel, messageIndex })) ?? 0) > 0;

  /** A few of one contact's, in order; resolves with how many of them are done. */
  async function oneTurn(who: Who, handle: Handle): Promise<number> {
    const turn = { at: now() };
    turns.set(keyOf(who), { ...turn, notBefore: 0 });
    begun.add(turn);
    try {
      return await inOrder(who, handle);
    } finally {
      begun.delete(turn);
    }
  }

  async function inOrder(who: Who, handle: Handle): Promise<number> {
    let done = 0;
    for (const row of await firstWaiting(ctx.db, who, EACH_TURN)) {
      if (isSuspect(who, row)) {
        suspect ??= tracked(whileHandled(who, () => handleRow(who, row, handle))).finally(() => {
          suspect = undefined;
        });
        return done;
      }
      if ((await handleRow(who, row, handle)) === 0) return done;
      done += 1;
    }
    return done;
  }

  /** How many were done: none if it failed, and then its contact waits. */
  async function handleRow(who: Who, row: Row, handle: Handle): Promise<number> {
    const key = { channel: who.channel, index: row.messageIndex };
    const message = await opened(who, row);
    if (!message) {
      ctx.log.error('message_failed', { channel: who.channel, attempts: 1, error: 'CannotOpen' });
      ctx.metrics.parked(who.channel);
      await parkMessage(ctx.db, key);
    } else if (await isDone(() => handle(message))) {
      await endWaiting(ctx.db, key);
    } else {
      turns.set(keyOf(who), { at: now(), notBefore: now() + AFTER_A_FAILURE });
      return 0;
    }
    return 1;
  }

  /** Noted as long as it is under way; what goes wrong is logged. A database that is away is told by the next look. */
  function tracked(work: Promise<number>): Promise<number> {
    const turn = work
      .catch((error: unknown) => {
        if (!isUnavailable(error)) ctx.log.error('cycle_failed', { cycle: 'backlog', ...reduceError(error) });
        return 0;
      })
      .finally(() => turnsUnderWay.delete(turn));
    turnsUnderWay.add(turn);
    return turn;
  }

  async function opened(who: Who, row: Row): Promise<IncomingMessage | undefined> {
    try {
      return asMessage(await openLive(ctx, ctx.db, row, `inbox/${who.channel}`));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      return undefined;
    }
  }

  return {
    begin: () => inTurn(recount).then(() => undefined),
    async take(message, { addressIndex, messageIndex }, handle) {
      const who = { channel: message.channel, from: addressIndex };
      underWay += 1;
      try {
        const how = passes(who, message);
        const priority = how === 'ahead' ? 1 : 0;
        if (how) await whileHandled(who, () => handling.add(handle, { priority }));
        // In a group nothing is said more than once, and nothing is kept of it.
        else if (message.content.kind === 'group') ctx.metrics.refused(message.channel);
        else if (isTooMuch(who, message)) await refuse(message, who, messageIndex);
        else await keep(message, who, messageIndex);
      } finally {
        underWay -= 1;
      }
    },
    async catchUp(handle) {
      const at = now();
      const rows = (await inTurn(recount)).filter((row) => {
        const isFree = !beingHandled.has(keyOf(row));
        return isFree && (turns.get(keyOf(row))?.notBefore ?? 0) <= at;
      });
      const most = underWay < BUSY ? TURNS : TURNS_WHEN_BUSY;
      const slow = Math.min(MOST_SLOW, [...begun].filter((turn) => at - turn.at >= SLOW_TURN).length);
      catchingUp.concurrency = TURNS_AT_ONCE + slow;
      const free = Math.max(0, most - turnsUnderWay.size + slow + (suspect ? 1 : 0));
      const longest = rows.toSorted(
        (a, b) => (turns.get(keyOf(a))?.at ?? 0) - (turns.get(keyOf(b))?.at ?? 0),
      );
      rounds += 1;
      const first = Math.floor((free + (rounds % 2)) / 2);
      const chosen = new Set([...rows.slice(0, first), ...longest.slice(0, free - first)]);
      const chosenTurns = [...chosen].map((who) =>
        tracked(
          whileHandled(who, () =>
            catchingUp.add(() => oneTurn(who, handle), { priority: who.isOfficers ? 1 : 0 }),
          ),
        ),
      );
      const over = Promise.all(chosenTurns).then((done) => done.reduce((sum, handled) => sum + handled, 0));
      return { over };
    },
    async idle() {
      while (turnsUnderWay.size > 0) await Promise.all(turnsUnderWay);
    },
  };
}

/** Whether it was handled (or parked); if it failed it is tried again, and what came after it waits. */
async function isDone(handle: () => Promise<void>): Promise<boolean> {
  try {
    await handle();
    return true;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return false;
  }
}

/** What is counted of a message: the words are what can be long. */
function sizeOf({ content }: IncomingMessage): number {
  return 1_000 + 3 * (wordsIn(content)?.length ?? 0);
}

/** Undefined if this is none: its key is gone. */
function asMessage(value: unknown): IncomingMessage | undefined {
  if (value === undefined) return undefined;
  const { sentAt, ...message } = value as Omit<IncomingMessage, 'sentAt'> & { sentAt?: string };
  return { ...message, ...(sentAt ? { sentAt: new Date(sentAt) } : {}) };
}
