/** Two who want the same rows at the same moment. */
import { expect, test } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { lockContactById } from '../../src/db/contacts.ts';
import { openRoom } from './room.ts';

test('of two that wait for each other none fails: the one that is ended begins again', async () => {
  const room = await openRoom();
  const [one, other] = [await room.newContact(), await room.newContact()];
  const both = Promise.withResolvers<void>();
  let there = 0;
  let runs = 0;
  const nudged: string[] = [];
  const ctx = { ...room.ctx, nudge: (cycle: string) => void nudged.push(cycle) };
  const locks = (first: typeof one, second: typeof one) =>
    transact(ctx, async (tx, inside) => {
      runs += 1;
      await lockContactById(tx, first);
      there += 1;
      if (there === 2) both.resolve();
      await both.promise;
      await lockContactById(tx, second);
      inside.nudge('pages');
    });
  await Promise.all([locks(one, other), locks(other, one)]);
  expect(runs).toBe(3);
  expect(nudged).toEqual(['pages', 'pages']);
  await room.close();
});
