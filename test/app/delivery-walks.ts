/** Random walks of two processes that deliver from one database, and what must be true of them. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { deliveries } from '../../src/db/schema.ts';
import type { ContactId } from '../../src/kernel/ids.ts';
import { seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { ANSWERS, createWatch, HANGS, isUnsure, type Kind, LEASE, type Watch } from './delivery-watch.ts';
import type { SendingRoom } from './sending-room.ts';

type Step =
  | { do: 'say'; to: number; class: number; answers: readonly Kind[] }
  | { do: 'run'; processes: readonly number[] }
  | { do: 'pass'; seconds: number }
  | { do: 'comeBack' };

const PEOPLE = 3;
const answer = fc.oneof(
  fc.constantFrom(...(Object.keys(ANSWERS) as (keyof typeof ANSWERS)[])),
  fc.constantFrom(...HANGS),
);
const say = fc.record({
  do: fc.constant('say' as const),
  to: fc.nat(PEOPLE - 1),
  class: fc.constantFrom(CLASS.criticalPage, CLASS.page, CLASS.word, CLASS.reply),
  answers: fc.array(answer, { maxLength: 4 }),
});
const run = fc.record({ do: fc.constant('run' as const), processes: fc.constantFrom([0], [1], [0, 1]) });
const pass = fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 7, 30, 30, 30) });
const comeBack = fc.constant({ do: 'comeBack' as const });

export const deliveryWalk: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: say },
    { weight: 4, arbitrary: run },
    { weight: 2, arbitrary: pass },
    { weight: 2, arbitrary: comeBack },
  ),
  { minLength: 6, maxLength: 40 },
);

export const newPeople = (room: SendingRoom): Promise<ContactId[]> =>
  Promise.all(Array.from({ length: PEOPLE }, () => room.newContact()));

export async function walkDeliveries(
  room: SendingRoom,
  people: readonly ContactId[],
  steps: readonly Step[],
): Promise<void> {
  await room.database.db.delete(deliveries);
  const watch = createWatch(room);
  const { runs, settled } = startTwo(room, watch);
  for (const step of steps) {
    if (step.do === 'say') {
      const contactId = people[step.to];
      if (contactId) await watch.say(contactId, step.class, step.answers);
    } else if (step.do === 'pass') room.clock.advance(seconds(step.seconds));
    else if (step.do === 'run') await runs(step.processes);
    else await letOneComeBack(room, watch, settled);
  }
  // The line is good again and nobody dies any more: what is left leaves within minutes.
  for (let tries = 0; tries < 100 && !(await watch.noteFates()); tries++) {
    while ((await runs([0, 1])) > 0);
    room.clock.advance(LEASE);
  }
  while (watch.hanging.length > 0) await letOneComeBack(room, watch, settled);
  await lookBack(room, watch);
}

/** Two processes on one database; a run is over when everything it claimed has its fate or hangs. */
function startTwo(room: SendingRoom, watch: Watch) {
  let [claimed, freed] = [0, 0];
  let look = () => {};
  const start = () =>
    Object.values(
      room.startProcess(1_000, room.ctx, () => {
        freed += 1;
        look();
      }),
    );
  const processes = [start(), start()];
  watch.whenOneHangs(() => look());

  const settled = async () => {
    await new Promise<void>((resolve) => {
      look = () => {
        if (claimed - freed === watch.hung()) resolve();
      };
      look();
    });
    await watch.noteFates();
  };

  return {
    settled,
    async runs(which: readonly number[]): Promise<number> {
      const lanes = which.flatMap((index) => processes[index] ?? []);
      const counts = await Promise.all(lanes.map((lane) => lane.run()));
      const count = counts.reduce((sum, each) => sum + each, 0);
      claimed += count;
      await settled();
      return count;
    },
  };
}

/** A slow process comes back. If another one has tried the message since, that changes nothing. */
async function letOneComeBack(room: SendingRoom, watch: Watch, settled: () => Promise<void>): Promise<void> {
  const slow = watch.hanging.shift();
  if (!slow) return;
  const before = await room.row(slow.message.id);
  const isHolder = slow.isHolder();
  slow.comeBack();
  await settled();
  const after = await room.row(slow.message.id);
  if (isHolder) expect(after.state, slow.message.text).not.toBe('sending');
  else expect(after, slow.message.text).toEqual(before);
}

/** Everything has its fate, and the right one; in each line things came in the order in which they were said. */
async function lookBack(room: SendingRoom, watch: Watch): Promise<void> {
  expect(watch.broken).toEqual([]);
  const rows = new Map((await room.rows()).map((row) => [row.id, row]));
  for (const { id, text, calls, arrivals } of watch.messages()) {
    const row = rows.get(id);
    expect(row, text).toMatchObject({ attempts: calls.length, bodySealed: null, leaseUntil: null });
    if (row?.state === 'sent') expect(arrivals, text).toBeGreaterThan(0);
    else if (calls.at(-1) === 'rejected')
      expect(row, text).toMatchObject({ state: 'failed', failure: '400' });
    else {
      expect(row, text).toMatchObject({ state: 'failed', failure: 'ambiguous' });
      expect(calls.filter(isUnsure).length, text).toBeGreaterThan(1);
    }
  }
  const lines = Map.groupBy(watch.firstArrivals, (each) => `${each.contactId}/${each.class}`);
  for (const line of lines.values()) {
    const ids = line.map((each) => each.id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  }
}
