/**
 * Messages that come faster than anybody writes are kept first and handled when there is time, so that a contact that
 * floods stands in nobody's way: keeping costs a small part of handling.
 *
 * Invariants: of one contact one message is handled at a time, in the order in which they came, but for a cry for help,
 * which passes; what is kept lies under the day's key and leaves the backlog only once it is handled or parked; of one
 * contact so much is kept and no more, and a person who sends more is told that it is not kept.
 */
import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { IncomingMessage } from '../../channels/channel.ts';
import type { Arrival } from '../../db/arrivals.ts';
import type { Context } from '../ground/context.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { createRefusals } from './refusals.ts';
import { createTurns, type Handle } from './turns.ts';
import { contactKey, createWaiting } from './waiting.ts';
import { BUSY, createWhoPasses } from './who-passes.ts';

/** Messages handled side by side as they come, cries among them; the others of the service need connections too. */
const AT_ONCE = 8;

export type Backlog = {
  /** Counts what earlier runs of the service have kept: before the first message, or it would pass what came before it. */
  begin(): Promise<void>;
  /**
   * Handles the message, or keeps it for later. Resolves once one or the other is committed (or once it is clear that
   * it is too much, and that was said).
   */
  take(message: IncomingMessage, arrival: Arrival, handle: () => Promise<void>): Promise<void>;
  /**
   * The same for one that was under way when the service fell: with nothing of its contact before it, it is handled
   * however busy it is, and what its contact wrote after it waits for it. `isCry`: it passes all the same.
   */
  takeSuspect(
    message: IncomingMessage,
    arrival: Arrival,
    suspect: { isCry: boolean; handle: () => Promise<void> },
  ): Promise<void>;
  /**
   * Begins with some of what waits: officers first, then those who have few, and who has waited longest since the last turn.
   * Waits for none of it: `over` says, once all that was begun is done, how many messages that were.
   */
  catchUp(handle: Handle): Promise<{ over: Promise<number> }>;
  /** Resolves when nothing that was begun is under way any more. */
  idle(): Promise<void>;
};

/** `now`: milliseconds that never jump. */
export function createBacklog(ctx: Context, now: () => number = () => performance.now()): Backlog {
  const waiting = createWaiting(ctx);
  const oneAtATime = createOneAtATime();
  const gate = createWhoPasses(ctx, now);
  const turns = createTurns(ctx, now, oneAtATime);
  const refuse = createRefusals(ctx, now);
  const handling = new PQueue({ concurrency: AT_ONCE });
  /** Of each contact what is handled as it came and not committed yet. */
  const asTheyCome = new Map<string, Promise<unknown>>();
  let underWay = 0;

  const isNext = (key: string) => !waiting.has(key) && !oneAtATime.isHandled(key);

  function passes(key: string, message: IncomingMessage) {
    return gate.passes(key, message, isNext(key), { underWay, handled: handling.pending + handling.size });
  }

  /** Notes the work as long as it lasts. */
  function asItComes(key: string, work: Promise<unknown>): Promise<unknown> {
    const all = Promise.all([asTheyCome.get(key), work]);
    asTheyCome.set(key, all);
    const isOver = () => {
      if (asTheyCome.get(key) === all) asTheyCome.delete(key);
    };
    // Told to those behind it by what they wait for, and to the messenger by the work itself.
    all.then(isOver, isOver);
    return work;
  }

  return {
    async begin() {
      await waiting.recount();
    },
    async take(message, { addressIndex, messageIndex }, handle) {
      const who = { channel: message.channel, from: addressIndex };
      underWay += 1;
      try {
        // All that the messenger hands over at once is counted before any of it is begun.
        await nextTurnOfTheLoop();
        const key = contactKey(who);
        const how = passes(key, message);
        const priority = how === 'ahead' ? 1 : 0;
        if (how)
          await asItComes(
            key,
            oneAtATime.whileHandled(who, () => handling.add(handle, { priority })),
          );
        // In a group nothing is said more than once, and nothing is kept of it.
        else if (message.content.kind === 'group') ctx.metrics.refused(message.channel);
        else if (waiting.isTooMuch(who, message)) await refuse(message, who, messageIndex);
        else await waiting.keep(message, who, messageIndex, asTheyCome.get(key));
      } finally {
        underWay -= 1;
      }
    },
    async takeSuspect(message, { addressIndex, messageIndex }, { isCry, handle }) {
      const who = { channel: message.channel, from: addressIndex };
      await nextTurnOfTheLoop();
      const key = contactKey(who);
      if (isNext(key) || isCry) await asItComes(key, oneAtATime.whileHandled(who, handle));
      else await waiting.keep(message, who, messageIndex, asTheyCome.get(key));
    },
    async catchUp(handle) {
      const rows = await waiting.recount();
      gate.forget();
      return { over: turns.begin(rows, handle, underWay >= BUSY) };
    },
    idle: () => turns.idle(),
  };
}
