/**
 * The turns of those whose messages wait.
 *
 * Invariants: of one contact messages are handled in the order in which they came; one that fails, cannot be read, takes
 * long or is suspected of a fall holds up its contact and nobody else.
 */
import PQueue from 'p-queue';
import type { IncomingMessage } from '../../channels/channel.ts';
import { endWaiting, firstWaiting } from '../../db/backlog.ts';
import { isUnavailable } from '../../db/failure.ts';
import { parkMessage } from '../../db/inbox.ts';
import { reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { keyOf as messageKey } from '../ground/under-way.ts';
import { openLive } from '../keys/epochs.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { contactKey, type WaitingMessages, type Who } from './waiting.ts';

/** Turns at the same time; the others of the service need connections too. */
const TURNS_AT_ONCE = 4;
/** A turn that takes so long gives its place to another one, for as many as this; milliseconds. */
const SLOW_TURN = seconds(2);
const MOST_SLOW = 8;
/** Contacts whose turn has begun or comes next, and messages of each. */
const TURNS = 24;
const TURNS_WHEN_BUSY = 4;
const EACH_TURN = 2;
/** After a failure a contact's messages wait; milliseconds. */
const AFTER_A_FAILURE = seconds(10);

export type Handle = (message: IncomingMessage) => Promise<void>;
type Rows = Awaited<ReturnType<WaitingMessages['recount']>>;
type Row = Awaited<ReturnType<typeof firstWaiting>>[number];

export type Turns = {
  /** Begins with some of these; resolves, once all that was begun is done, with how many messages that were. */
  begin(rows: Rows, handle: Handle, isBusy: boolean): Promise<number>;
  /** Resolves when none is under way any more. */
  idle(): Promise<void>;
};

export function createTurns(ctx: Context, now: () => number, { isHandled, whileHandled }: OneAtATime): Turns {
  const queue = new PQueue({ concurrency: TURNS_AT_ONCE });
  /** Of those who wait: when they had their last turn, and until when they have none. */
  const lastOf = new Map<string, { at: number; notBefore: number }>();
  const underWay = new Set<Promise<number>>();
  /** Turns that have begun, and when. */
  const begun = new Set<{ at: number }>();
  /** The one message under way that may be why the service fell: it takes nobody's turn. */
  let suspect: Promise<number> | undefined;
  let rounds = 0;

  const lastTurn = (who: Who) => lastOf.get(contactKey(who)) ?? { at: 0, notBefore: 0 };

  /** Noted as long as it is under way; what goes wrong is logged. A database that is away is told by the next look. */
  function tracked(work: Promise<number>): Promise<number> {
    const turn = work
      .catch((error: unknown) => {
        if (!isUnavailable(error)) ctx.log.error('cycle_failed', { cycle: 'backlog', ...reduceError(error) });
        return 0;
      })
      .finally(() => underWay.delete(turn));
    underWay.add(turn);
    return turn;
  }

  /** Half of the free places go to those who have few, half to those who have waited longest since their last turn. */
  function chosen(rows: Rows, isBusy: boolean): Set<Rows[number]> {
    const at = now();
    const ready = rows.filter((row) => !isHandled(contactKey(row)) && lastTurn(row).notBefore <= at);
    const slow = Math.min(MOST_SLOW, [...begun].filter((turn) => at - turn.at >= SLOW_TURN).length);
    queue.concurrency = TURNS_AT_ONCE + slow;
    const most = isBusy ? TURNS_WHEN_BUSY : TURNS;
    const free = Math.max(0, most - underWay.size + slow + (suspect ? 1 : 0));
    const longest = ready.toSorted((a, b) => lastTurn(a).at - lastTurn(b).at);
    rounds += 1;
    const first = Math.floor((free + (rounds % 2)) / 2);
    return new Set([...ready.slice(0, first), ...longest.slice(0, free - first)]);
  }

  /** A few of one contact's, in order; resolves with how many of them are done. */
  async function oneTurn(who: Who, handle: Handle): Promise<number> {
    const turn = { at: now() };
    lastOf.set(contactKey(who), { ...turn, notBefore: 0 });
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
      if (isSuspect(ctx, who, row)) {
        suspect ??= tracked(whileHandled(who, () => oneRow(who, row, handle))).finally(() => {
          suspect = undefined;
        });
        return done;
      }
      if ((await oneRow(who, row, handle)) === 0) return done;
      done += 1;
    }
    return done;
  }

  /** How many were done: none if it failed, and then its contact waits. */
  async function oneRow(who: Who, row: Row, handle: Handle): Promise<number> {
    if (await isOver(ctx, who, row, handle)) return 1;
    lastOf.set(contactKey(who), { at: now(), notBefore: now() + AFTER_A_FAILURE });
    return 0;
  }

  return {
    async begin(rows, handle, isBusy) {
      const keys = new Set(rows.map(contactKey));
      for (const key of lastOf.keys()) if (!keys.has(key)) lastOf.delete(key);
      const turns = [...chosen(rows, isBusy)].map((who) => {
        const turn = () => queue.add(() => oneTurn(who, handle), { priority: who.isOfficers ? 1 : 0 });
        return tracked(whileHandled(who, turn));
      });
      return (await Promise.all(turns)).reduce((sum, handled) => sum + handled, 0);
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function isSuspect(ctx: Context, { channel }: Who, { messageIndex }: Row): boolean {
  return (ctx.underWay?.falls(messageKey({ channel, messageIndex })) ?? 0) > 0;
}

/** Handled or parked, and off the list. False: it failed, and is tried again. */
async function isOver(ctx: Context, { channel }: Who, row: Row, handle: Handle): Promise<boolean> {
  const key = { channel, index: row.messageIndex };
  const message = await opened(ctx, channel, row);
  if (!message) {
    ctx.log.error('message_failed', { channel, attempts: 1, error: 'CannotOpen' });
    ctx.metrics.parked(channel);
    await parkMessage(ctx.db, key);
    return true;
  }
  if (!(await isDone(() => handle(message)))) return false;
  await endWaiting(ctx.db, key);
  return true;
}

async function opened(ctx: Context, channel: Who['channel'], row: Row): Promise<IncomingMessage | undefined> {
  try {
    return asMessage(await openLive(ctx, ctx.db, row, `inbox/${channel}`));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return undefined;
  }
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

/** Undefined if this is none: its key is gone. */
function asMessage(value: unknown): IncomingMessage | undefined {
  if (value === undefined) return undefined;
  const { sentAt, ...message } = value as Omit<IncomingMessage, 'sentAt'> & { sentAt?: string };
  return { ...message, ...(sentAt ? { sentAt: new Date(sentAt) } : {}) };
}
