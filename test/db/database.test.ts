import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { eq, sql } from '../../src/db/drizzle.cjs';
import { isConnectionError, isRetryable } from '../../src/db/failure.ts';
import { alertLog, alerts, cases, contacts } from '../../src/db/schema.ts';
import { type AlertId, type CaseId, type ContactId, newId } from '../../src/kernel/ids.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, n) => n);
const AT = new Date('2026-03-01T23:59:59.123Z');

async function insertContact(): Promise<ContactId> {
  const id = newId<ContactId>();
  const addressIndex = Buffer.concat([EVERY_BYTE, Buffer.from(id)]);
  await database.db
    .insert(contacts)
    .values({ id, channel: 'telegram', addressIndex, addressSealed: EVERY_BYTE, createdAt: AT });
  return id;
}

async function insertAlert(detail: unknown): Promise<AlertId> {
  const caseId = newId<CaseId>();
  const alertId = newId<AlertId>();
  await database.db.transaction(async (tx) => {
    await tx.insert(cases).values({
      id: caseId,
      status: 'new',
      statusSince: AT,
      channel: 'telegram',
      recipient: 'age1',
      openedAt: AT,
      updatedAt: AT,
    });
    await tx.insert(alerts).values({
      id: alertId,
      caseId,
      reference: alertId,
      level: 'critical',
      state: 'open',
      policy: detail,
      progress: [1, 'two'],
      raisedAt: AT,
      roundAt: AT,
      nextStepAt: AT,
    });
    await tx.transaction(async (inner) => {
      await inner.insert(alertLog).values({ alertId, at: AT, what: 'raised', detail });
    });
  });
  return alertId;
}

describe('what is written comes back as it was', () => {
  test('bytes and instants, through drizzle and through bare queries', async () => {
    const id = await insertContact();
    const [row] = await database.db.select().from(contacts).where(eq(contacts.id, id));
    expect(Buffer.from(row?.addressSealed ?? []).equals(EVERY_BYTE)).toBe(true);
    expect(row?.createdAt).toEqual(AT);
    const [raw] = await database.db.execute(
      sql`select created_at, address_sealed from contacts where id = ${id} and created_at = ${AT.toISOString()}`,
    );
    expect(raw?.created_at).toEqual(AT);
    expect(raw?.address_sealed).toBeInstanceOf(Uint8Array);
    const [bare] =
      await database.sql`select created_at from contacts where created_at = ${AT} and id = ${id}`;
    expect(bare?.created_at).toEqual(AT);
  });

  test.each([
    [{ steps: [{ after: 2, note: 'é"\\ 🙂' }], none: null }],
    [['a', 1, true]],
    ['only text'],
    [42],
  ])('JSON %j is stored once encoded', async (value) => {
    const id = await insertAlert(value);
    const [row] = await database.db.select().from(alerts).where(eq(alerts.id, id));
    expect(row?.policy).toEqual(value);
    const [raw] = await database.db.execute(
      sql`select policy, jsonb_typeof(policy) as kind from alerts where id = ${id}`,
    );
    expect(raw?.policy).toEqual(value);
    const kind = Array.isArray(value) ? 'array' : typeof value;
    expect(raw?.kind).toBe(kind);
    const [log] = await database.db.select().from(alertLog).where(eq(alertLog.alertId, id));
    expect(log?.detail).toEqual(value);
  });

  test('a calendar day stays the words it is', async () => {
    const [row] = await database.db.execute(sql`select '2026-02-03'::date as day`);
    expect(row?.day).toBe('2026-02-03');
  });
});

test('queries are prepared once per connection, in transactions and savepoints too', async () => {
  const own = await openDatabase({ url: database.url, max: 1 });
  const id = await insertContact();
  const find = (db: Pick<typeof own.db, 'select'>) =>
    db.select({ blockedAt: contacts.blockedAt }).from(contacts).where(eq(contacts.id, id));
  const preparedTimes = async () => {
    const [row] = await own.db.execute(
      sql`select sum(generic_plans + custom_plans)::int as n from pg_prepared_statements where statement like '%blocked_at%'`,
    );
    return row?.n;
  };
  await find(own.db);
  await own.db.transaction(async (tx) => {
    await find(tx);
    await tx.transaction((inner) => find(inner));
  });
  expect(await preparedTimes()).toBe(3);
  await own.close();
});

test('a session of ours is ended by the database when it hangs, and logs no parameter', async () => {
  const [row] = await database.db.execute(sql`
    select current_setting('application_name') as name, current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle, current_setting('TimeZone') as zone,
      current_setting('log_parameter_max_length_on_error') as on_error, current_setting('log_parameter_max_length') as log`);
  expect(row).toEqual({
    name: 'lakana',
    statement: '30s',
    idle: '1min',
    zone: 'UTC',
    on_error: '0',
    log: '0',
  });
});

describe('a process that listens', () => {
  const heard: string[] = [];
  const hears = async (payload: string) => {
    for (let tries = 0; !heard.includes(payload) && tries < 3_000; tries++) await sleep(10);
    return heard.includes(payload);
  };

  test('is told, and is told again after the connection was cut', async () => {
    const stop = await database.listen('deliver', (payload) => heard.push(payload));
    await database.notify('deliver', 'first');
    expect(await hears('first')).toBe(true);
    heard.length = 0;
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'listen%' and datname = current_database()`;
    // The reconnection itself is told, because something may have been missed meanwhile.
    expect(await hears('')).toBe(true);
    await database.notify('deliver', 'second');
    expect(await hears('second')).toBe(true);
    await stop();
    await database.notify('deliver', 'third');
    await database.notify('deliver', 'fourth');
    expect(heard).not.toContain('third');
  });
});

describe('what went wrong', () => {
  test('a database that is away is told from one that says no, through any number of wrappers', async () => {
    const away = await openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', connectTimeout: 1 }).catch(
      (e) => e,
    );
    expect(isConnectionError(new Error('outer', { cause: new Error('inner', { cause: away }) }))).toBe(true);
    const refused = await database.db.execute(sql`select 1/0`).catch((e) => e);
    expect(isConnectionError(refused)).toBe(false);
    for (const code of ['57P01', '57P03', '53300', '08006', 'CONNECTION_CLOSED', 'CONNECT_TIMEOUT'])
      expect(isConnectionError({ cause: { code } })).toBe(true);
    expect(isConnectionError(undefined)).toBe(false);
  });

  test('a connection cut in the middle of a transaction counts as away', async () => {
    const cut = await database.db
      .transaction((tx) => tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`))
      .catch((e) => e);
    expect(isConnectionError(cut)).toBe(true);
  });

  test('a deadlock is worth another try', () => {
    expect(isRetryable(new Error('x', { cause: { code: '40P01' } }))).toBe(true);
    expect(isRetryable({ code: '23505' })).toBe(false);
  });
});
