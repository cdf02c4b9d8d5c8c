import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyIn, copyOut } from '../../src/db/copying.ts';
import { onSnapshot } from '../../src/db/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ max: 2 });
  await database.sql.unsafe(
    `create table many as select n, repeat('x', 90) as words from generate_series(1, 60000) n`,
  );
  await database.sql.unsafe('create table few (n integer primary key)');
});
afterAll(() => database.close());

describe('a table that is copied out', () => {
  test('leaves the connection free at its end, however slow its reader was', async () => {
    const counts = await onSnapshot(database.url, async ({ tx }) => {
      const found: number[] = [];
      for (let n = 0; n < 8; n++) {
        let bytes = 0;
        for await (const piece of copyOut(tx, 'copy many to stdout (format binary)')) {
          bytes += piece.length;
          if (bytes % 3 === 0) await new Promise((done) => setImmediate(done));
        }
        const [row] = await tx.unsafe('select count(*)::int as n from many');
        found.push(Number(row?.n));
        expect(bytes).toBeGreaterThan(60_000 * 90);
      }
      return found;
    });
    expect(counts).toEqual(Array.from({ length: 8 }, () => 60_000));
  });

  test('ends on the server too when its reader stops in the middle', async () => {
    await expect(
      onSnapshot(database.url, async ({ tx }) => {
        for await (const _ of copyOut(tx, 'copy many to stdout (format binary)')) throw new Error('no room');
      }),
    ).rejects.toThrow('no room');
    const active = await database.sql`select 1 from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`;
    expect(active).toEqual([]);
  });
});

describe('a table that is copied in', () => {
  test('says so if a rule of the table is broken only by the last row', async () => {
    const rows = database.sql.begin(async (tx) => {
      const copying = await copyIn(tx, 'copy few from stdin');
      await copying.write(Buffer.from('1\n1\n'));
      await copying.end();
    });
    await expect(rows).rejects.toMatchObject({ code: '23505' });
  });
});
