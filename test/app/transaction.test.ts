/** Two who want the same rows at the same moment. */
import { expect, test } from 'vitest';
import { type Moment, transact } from '../../src/app/ground/transaction.ts';
import { lockContactById } from '../../src/db/contacts.ts';
import { openRoom } from './room.ts';

test('of two that wait for each other none fails: the one that is ended begins again', async () => {
  const room = await openRoom();
  const [one, other] = [await room.newContact(), await room.newContact()];
  const both = Promise.withResolvers<void>();
  let there = 0;
  let runs = 0;
  const nudged: string[] = [];
  const ctx = {
    ...room.ctx,
    nudge: (cycle: string, inMs?: number) => void nudged.push(inMs ? `${cycle} ${inMs}` : cycle),
  };
  const locks = (first: typeof one, second: typeof one) =>
    transact(ctx, async ({ tx, ctx }) => {
      runs += 1;
      await lockContactById(tx, first);
      there += 1;
      if (there === 2) both.resolve();
      await both.promise;
      await lockContactById(tx, second);
      ctx.nudge('pages');
      ctx.nudge('pages', 1_500);
    });
  await Promise.all([locks(one, other), locks(other, one)]);
  // On a busy machine they may meet again.
  expect(runs).toBeGreaterThanOrEqual(3);
  expect(nudged).toEqual(['pages', 'pages 1500', 'pages', 'pages 1500']);
  await room.close();
});

test('what a use case is given is the transaction’s own: nothing put together by hand compiles in its place', async () => {
  const room = await openRoom();
  const isGiven = (at: Moment) => at.ctx !== room.ctx;
  await transact(room.ctx, async (at) => {
    expect(isGiven(at)).toBe(true);
    // @ts-expect-error: the context of outside, whose nudges do not wait for the commit.
    expect(isGiven({ tx: at.tx, ctx: room.ctx, now: at.now })).toBe(false);
    // @ts-expect-error: a copy with another context.
    expect(isGiven({ ...at, ctx: room.ctx })).toBe(false);
  });
  await room.close();
});
