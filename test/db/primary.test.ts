/** One database of several servers: connections lead to the one that is the primary, and are ended when another one is. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { codesOf, isConnectionError } from '../../src/db/failure.ts';
import { primaryOf } from '../../src/db/primary.ts';
import { makeScratch } from '../../src/db/scratch.ts';
import { eachServer, ofServers } from '../../src/db/servers.ts';
import { checkServers } from '../../src/doctor/postgres.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { layCable } from '../app/cable.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

describe('an address', () => {
  test('of several servers is one of each, with the same login, and one of one stays as it is', () => {
    const each = [
      'postgres://la:p%40@one:5433/x?sslmode=require',
      'postgres://la:p%40@[::1]/x?sslmode=require',
    ];
    const url = 'postgres://la:p%40@one:5433,[::1]/x?target_session_attrs=read-write&sslmode=require';
    expect(eachServer(url)).toEqual(each);
    expect(eachServer(ofServers(each))).toEqual(each);
    const one = 'postgres://la:p,q@one/x?target_session_attrs=any';
    expect(eachServer(one)).toEqual([one]);
  });
});

describe('the primary', () => {
  const standby = { is: 'standby' } as const;
  const away = { is: 'away', error: new Error('away') } as const;
  const primary = (timeline: number) => ({ is: 'primary', timeline }) as const;

  test('is the one that was promoted last, if two take themselves for it', () => {
    expect(primaryOf([standby, primary(4)], 3)).toEqual({ server: 1, timeline: 4 });
    expect(primaryOf([primary(3), primary(4)], 3)).toEqual({ server: 1, timeline: 4 });
    expect(primaryOf([standby, away], 3)).toBeUndefined();
  });

  test('is none that comes back after another one was promoted', () => {
    expect(primaryOf([primary(3), away], 4)).toBeUndefined();
  });
});

describe('two servers', () => {
  let database: TestDatabase;
  let cables: [Awaited<ReturnType<typeof layCable>>, Awaited<ReturnType<typeof layCable>>];
  let url: string;
  let opened: Database | undefined;
  beforeEach(async () => {
    database = await createTestDatabase({ max: 1 });
    cables = [await layCable(database.url), await layCable(database.url)];
    url = ofServers(cables.map((each) => each.url));
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    for (const cable of cables) await cable.pull();
    await database.close();
  });

  test('are worked with while one of them is away, whichever it is', async () => {
    await cables[0].pull();
    const { sql } = await openDatabase({ url, max: 2 }).then((each) => (opened = each));
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await cables[0].putBack();
    await cables[1].pull();
    // What is open breaks off; it is found out within a second or two, and nothing hangs.
    await expect.poll(() => sql`select 1 as one`.catch(() => 'not yet')).toEqual([{ one: 1 }]);
  });

  test('of which none answers refuse at once, with the reason', async () => {
    for (const cable of cables) await cable.pull();
    const error = await openDatabase({ url }).catch((thrown: unknown) => thrown);
    expect(codesOf(error)).toContain('ECONNREFUSED');
    expect(isConnectionError(error)).toBe(true);
  });

  test('of which one loses its power: what waits for its answer is told, and the other one is asked and heard', async () => {
    opened = await openDatabase({ url, max: 2 });
    const heard: string[] = [];
    await opened.listen('moved', (payload) => heard.push(payload));
    await opened.sql`select 1`;
    cables[0].falls();
    const waits = opened.sql`select pg_sleep(0)`.then(
      () => 'answered',
      (error: unknown) => isConnectionError(error),
    );
    expect(await waits).toBe(true);
    expect(await opened.sql`select 1 as one`).toEqual([{ one: 1 }]);
    // The line on which it listens comes back, and asks what it missed.
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    await opened.notify('moved', 'news');
    await expect.poll(() => heard).toContain('news');
  });

  test('are rehearsed on: a database beside the service’s own is made on the one that writes', async () => {
    await cables[0].pull();
    const made = await makeScratch(url);
    if (made === 'may_not_create') throw new Error('the role of the tests makes databases');
    const { sql, close } = await openDatabase({ url: made.scratch.url, max: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await close();
    await made.scratch.drop();
  });

  test('are named by doctor by their place, which says nothing of where they are', async () => {
    await cables[1].pull();
    const found = await checkServers({ databaseUrl: new Secret(url) });
    expect(found).toMatchObject({
      state: 'warn',
      detail:
        '2 in DATABASE_URL; primary: no. 1; does not answer: no. 2: nothing takes over if the primary dies',
    });
    expect(await checkServers({ databaseUrl: new Secret(database.url) })).toBeUndefined();
  });
});
