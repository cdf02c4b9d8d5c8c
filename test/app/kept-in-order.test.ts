/** What one person writes is kept in the order in which it was written, also when the database is lost in the middle. */
import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Backlog, createBacklog } from '../../src/app/intake/backlog.ts';
import { arrivalOf } from '../../src/app/keys/addresses.ts';
import type { IncomingMessage } from '../../src/channels/channel.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let backlog: Backlog;
beforeEach(async () => {
  house = await openHouse();
  backlog = createBacklog(house.ctx);
  await backlog.begin();
});
afterEach(() => house.close());

/** Hands a message of Awa over; `handle` does what is done with one that is handled as it comes. */
function hands(text: string, handle: () => Promise<void>): Promise<'taken' | 'comes again'> {
  const message: IncomingMessage = {
    channel: 'telegram',
    id: text,
    address: 'Awa',
    content: { kind: 'text', text },
  };
  return backlog.take(message, arrivalOf(house.ctx, message), handle).then(
    () => 'taken',
    () => 'comes again',
  );
}

const waiting = async (): Promise<number> =>
  (await house.database.sql`select 1 from inbox where waiting_from is not null`).length;

/** A message that is handed over and worked on: `first` says how that ends, `one` what becomes of the message. */
async function isBeingHandled(text: string) {
  const first = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const one = hands(text, () => {
    begun.resolve();
    return first.promise;
  });
  await begun.promise;
  return { first, one };
}

let wasBeside = false;
const never = async (): Promise<void> => {
  wasBeside = true;
};
/** Until what was handed over is looked at. */
const isLookedAt = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await nextTurnOfTheLoop();
};

test('what comes behind a message that is lost is not kept before it: the messenger brings both again, in order', async () => {
  const { first, one } = await isBeingHandled('mot 1');
  const two = hands('mot 2', never);
  const three = hands('mot 3', never);
  await isLookedAt();
  first.reject(Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' }));
  expect(await Promise.all([one, two, three])).toEqual(['comes again', 'comes again', 'comes again']);
  expect(await waiting()).toBe(0);
  expect(wasBeside).toBe(false);
  // Nothing counts as waiting any more: the first one is handled as it comes again.
  expect(await hands('mot 1', async () => undefined)).toBe('taken');
});

test('what comes behind a message that is handled is kept, in order', async () => {
  const { first, one } = await isBeingHandled('mot 1');
  const others = [hands('mot 2', never), hands('mot 3', never)];
  await isLookedAt();
  first.resolve();
  expect(await Promise.all([one, ...others])).toEqual(['taken', 'taken', 'taken']);
  expect(await waiting()).toBe(2);
});

test('what comes behind a message that fails by itself is kept: no try of its own is counted', async () => {
  const { first, one } = await isBeingHandled('mot 1');
  const two = hands('mot 2', never);
  await isLookedAt();
  first.reject(new Error('the program is wrong'));
  expect(await Promise.all([one, two])).toEqual(['comes again', 'taken']);
  expect(await waiting()).toBe(1);
});
