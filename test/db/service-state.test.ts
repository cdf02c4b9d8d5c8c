import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clockSkew, databaseClock } from '../../src/db/clock.ts';
import { beat, claimMode, latestOutage, modeOf } from '../../src/db/service-state.ts';
import { createLog } from '../../src/kernel/log.ts';
import { hours, minutes } from '../../src/kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { fixedClock } from '../fixed-clock.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.sql`truncate service, outages restart identity`.then(() => undefined));

const START = new Date('2026-05-01T08:00:00Z');
const log = createLog('silent');

test('what was tried out is never taken for a live service, nor the other way round', async () => {
  await claimMode(database.db, 'trial', START);
  await claimMode(database.db, 'trial', START);
  await expect(claimMode(database.db, 'live', START)).rejects.toThrow('DATA_DIR');
  expect(await modeOf(database.db)).toBe('trial');
});

test('after a night without the service the outage is known, once, from the last sign of life', async () => {
  const clock = fixedClock(START);
  await claimMode(database.db, 'live', START);
  clock.advance(minutes(4));
  expect(await beat(database.db, clock.at(), log)).toBeUndefined();
  clock.advance(hours(9));
  const told = await Promise.all([1, 2, 3].map(() => beat(database.db, clock.at(), log)));
  expect(told.filter(Boolean)).toHaveLength(1);
  expect(await latestOutage(database.db)).toEqual({
    id: 1,
    startedAt: new Date('2026-05-01T08:04:00Z'),
    endedAt: new Date('2026-05-01T17:04:00Z'),
  });
});

test('a clock that was set back makes no outage', async () => {
  await claimMode(database.db, 'live', START);
  expect(await beat(database.db, new Date(START.getTime() - hours(3)), log)).toBeUndefined();
  expect(await latestOutage(database.db)).toBeUndefined();
});

test('the time is the same for a whole transaction', async () => {
  const [one, two] = await database.db.transaction(async (tx) => [
    await databaseClock.now(tx),
    await databaseClock.now(tx),
  ]);
  expect(one).toBeInstanceOf(Date);
  expect(one).toEqual(two);
});

test('a machine whose clock is ten seconds ahead of the database is seen', async () => {
  expect(Math.abs(await clockSkew(database.db))).toBeLessThan(1_000);
  const ahead = await clockSkew(database.db, () => Date.now() + 10_000);
  expect(ahead).toBeGreaterThan(9_000);
  expect(ahead).toBeLessThan(11_000);
});
