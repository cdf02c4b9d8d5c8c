import { setImmediate as nextLoop } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionOptions } from '../../src/db/connection-options.ts';
import type { Tx } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.cjs';
import { isConnectionError } from '../../src/db/failure.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ max: 4 });
  await database.sql`create table pairs (id int, half text)`;
});
afterAll(() => database.close());

const cut = (tx: Tx) => tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`);

/** Until no connection has this process of the database any more. */
const isGone = (pid: number) =>
  expect
    .poll(() => database.sql`select 1 from pg_stat_activity where pid = ${pid}`, { interval: 5 })
    .toHaveLength(0);

test('a transaction whose connection was cut runs nothing more, not even what it asks afterwards', async () => {
  const asked: unknown[] = [];
  const lost = await database.db
    .transaction(async (tx) => {
      await tx.execute(sql`insert into pairs values (-1, 'a')`);
      asked.push(await cut(tx).catch((e) => isConnectionError(e)));
      asked.push(
        await tx.execute(sql`insert into pairs values (${-1}, 'b')`).catch((e) => isConnectionError(e)),
      );
      // Another connection has been opened by now.
      await database.sql`select 1`;
      asked.push(
        await tx.execute(sql`insert into pairs values (-1, 'c')`).catch((e) => isConnectionError(e)),
      );
    })
    .catch((e) => isConnectionError(e));
  expect(lost).toBe(true);
  // It is ended before what runs in it has come to its end.
  await expect.poll(() => asked).toEqual([true, true, true]);
  expect(await database.sql`select * from pairs where id = -1`).toHaveLength(0);
});

test('a transaction that is thinking while its connection is cut is told at its next question', async () => {
  const lost = await database.db
    .transaction(async (tx) => {
      const [row] = await tx.execute(sql`select pg_backend_pid() as pid`);
      await tx.execute(sql`insert into pairs values (-2, 'a')`);
      await database.sql`select pg_terminate_backend(${Number(row?.pid)})`;
      await isGone(Number(row?.pid));
      await tx.execute(sql`insert into pairs values (-2, 'b')`);
    })
    .catch((e) => isConnectionError(e));
  expect(lost).toBe(true);
  expect(await database.sql`select * from pairs where id = -2`).toHaveLength(0);
});

test('while connections are cut at random, a transaction is whole or absent and the pool goes on', async () => {
  const outcome = { kept: 0, lost: 0 };
  let isOver = false;
  let next = 0;
  const work = async (): Promise<void> => {
    while (!isOver) {
      const id = next++;
      try {
        await database.db.transaction(async (tx) => {
          await tx.execute(sql`insert into pairs values (${id}, 'a')`);
          await tx.transaction((inner) => inner.execute(sql`select ${id}::int`));
          if (id % 3 === 0) await nextLoop();
          await tx.execute(sql`insert into pairs values (${id}, 'b')`);
        });
        outcome.kept++;
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        outcome.lost++;
      }
    }
  };
  /** Until so many transactions have ended, one way or the other. */
  const atLeast = async (ended: number) => {
    while (outcome.kept + outcome.lost < ended) await nextLoop();
  };
  const workers = Array.from({ length: 8 }, work);
  for (let round = 0; round < 60; round++) {
    await atLeast(outcome.kept + outcome.lost + 8);
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and random() < 0.7`.catch(() => {});
  }
  isOver = true;
  await Promise.all(workers);
  expect(outcome.lost).toBeGreaterThan(0);
  expect(outcome.kept).toBeGreaterThan(0);
  const halves = await database.sql`select id from pairs where id >= 0 group by id having count(*) <> 2`;
  expect(halves).toHaveLength(0);
});

test('a database that was away is asked again within a second or so, however often it was asked in vain', () => {
  const { backoff } = connectionOptions({ url: database.url });
  for (const inVain of [0, 1, 10, 1_000]) expect(backoff(inVain)).toBeLessThanOrEqual(1);
});
