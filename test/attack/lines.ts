/** Both messengers without a network: what comes from a phone goes through the adapter as it is, to the receiver. */
import { type Receive, UNMARKED } from '../../src/channels/channel.ts';
import type { Calls } from '../../src/channels/telegram/calls.ts';
import { createChatQueues } from '../../src/channels/telegram/chat-queues.ts';
import { createHealth } from '../../src/channels/telegram/health.ts';
import { DEFAULT_TIMING, Polling } from '../../src/channels/telegram/polling.ts';
import { readUpdate } from '../../src/channels/telegram/update.ts';
import { createArrivals } from '../../src/channels/whatsapp/arrivals.ts';
import type { Staged } from '../../src/channels/whatsapp/session-store.ts';
import { createLog } from '../../src/kernel/log.ts';
import { type House, until } from '../app/house.ts';
import { memoryStore } from '../channels/whatsapp/memory-store.ts';
import { BOT_ID } from './mutations.ts';

export const SELF = { botId: BOT_ID, username: 'lakana_test_bot' };

const log = createLog('silent');

/**
 * Polls updates until the last one is confirmed. They lie with the server in this order, whatever ids they say: what
 * is before the offset is not given again, and no more than a hundred at once.
 */
export async function poll(updates: readonly unknown[], receive: Receive): Promise<void> {
  const { promise: confirmed, resolve } = Promise.withResolvers<void>();
  const calls = (async (method: string, { offset = 1 }: { offset?: number }) => {
    if (method !== 'getUpdates') return { ok: true, result: true };
    if (offset > updates.length) resolve();
    return { ok: true, result: updates.slice(offset - 1, offset + 99) };
  }) as unknown as Calls;
  const polling = new Polling({
    calls,
    queues: createChatQueues(16),
    health: createHealth(Date.now),
    lease: { isHeld: () => true },
    log,
    timing: { ...DEFAULT_TIMING, straggler: 20, firstBackOff: 10, maxBackOff: 40 },
    now: Date.now,
    read: (raw) => readUpdate(raw, SELF),
    handle: async ({ message }) => {
      if (message) await receive(message);
    },
  });
  polling.start();
  await confirmed;
  await polling.stop();
}

/** Messages that were decrypted, in this order; resolves when none waits. */
export async function arrive(
  messages: readonly { raw: Uint8Array; person: string }[],
  receive: Receive,
): Promise<void> {
  const waiting = new Map(
    messages.map(({ raw, person }, n): [string, Staged] => [
      String(n),
      { hash: String(n), attrs: { id: `M${n}`, from: person, t: '1772352000' }, plain: raw },
    ]),
  );
  const { promise: handled, resolve } = Promise.withResolvers<void>();
  const store = memoryStore();
  const arrivals = createArrivals({
    people: store,
    storeOf: () => store,
    numberOf: async () => undefined,
    staged: {
      find: async () => undefined,
      waiting: async (limit) => [...waiting.values()].slice(0, limit),
      handled: async (hash) => {
        waiting.delete(hash);
        if (waiting.size === 0) resolve();
      },
    },
    arriving: UNMARKED,
    log,
    whoIs: async (jids) => jids,
    mayRun: () => true,
    receive,
    onBegun: () => undefined,
    onHandled: () => undefined,
  });
  arrivals.start();
  await handled;
  await arrivals.stop();
}

/** A question waits so long for what else may come with a file. */
const BURST = 2_000;

/** Sends until nothing is due any more. */
export async function sendAll({ clock, database, deliver }: House): Promise<void> {
  clock.advance(BURST);
  await until(async () => {
    await deliver();
    const due = await database.sql`select 1 from deliveries
      where state = 'sending' or (state = 'queued' and due_at <= ${clock.at()}) limit 1`;
    return due.length === 0;
  });
}
