import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLease, createOwnLease } from '../../src/db/lease.ts';
import { createLog } from '../../src/kernel/log.ts';
import { ownIdentity } from '../../src/kernel/process-identity.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.sql`delete from leases`.then(() => undefined));

const log = createLog('silent');
let time = 0;
const elapsed = () => time;
const lease = (onChange?: (isHeld: boolean) => void) =>
  createLease(database.db, 'telegram', { log, elapsed, ...(onChange ? { onChange } : {}) });

test('of many processes that ask at once exactly one may act', async () => {
  const processes = Array.from({ length: 8 }, () => lease());
  await Promise.all(processes.map((one) => one.renew()));
  expect(processes.filter((one) => one.isHeld())).toHaveLength(1);
});

test('a process that stops hands over at once, one that dies is replaced when its time is over', async () => {
  const [one, two, three] = [lease(), lease(), lease()];
  await one.renew();
  expect(await two.renew()).toBe(false);
  await one.stop();
  expect(one.isHeld()).toBe(false);
  expect(await two.renew()).toBe(true);
  await database.sql`update leases set until = clock_timestamp() - interval '1 second'`;
  expect(await three.renew()).toBe(true);
  expect(await two.renew()).toBe(false);
});

test('a holder that cannot reach the database lets go before anybody else can take over', async () => {
  const changes: boolean[] = [];
  const other = await createTestDatabase();
  const cut = createLease(other.db, 'telegram', { log, elapsed, onChange: (isHeld) => changes.push(isHeld) });
  await cut.renew();
  await other.close();
  time += 13_999;
  expect(await cut.renew()).toBe(true);
  time += 2;
  expect(cut.isHeld()).toBe(false);
  expect(await cut.renew()).toBe(false);
  expect(changes).toEqual([true, false]);
});

test('processes that may act at the same time each know by their own lease that they reach the database', async () => {
  const other = await createTestDatabase();
  const [one, cut] = [database, other].map(({ db }) =>
    createOwnLease(db, 'telegram-webhook', { log, elapsed }),
  );
  await Promise.all([one?.start(), cut?.start()]);
  expect([one?.isHeld(), cut?.isHeld()]).toEqual([true, true]);
  await other.close();
  time += 14_001;
  await Promise.all([one?.renew(), cut?.renew()]);
  expect([one?.isHeld(), cut?.isHeld()]).toEqual([true, false]);
  // What processes that were killed left behind goes.
  await database.sql`update leases set until = clock_timestamp() - interval '2 hours'`;
  const next = createOwnLease(database.db, 'telegram-webhook', { log, elapsed });
  await next.start();
  expect(await database.sql`select 1 from leases`).toHaveLength(1);
  await Promise.all([one?.stop(), next.stop(), cut?.stop()]);
});

test('who is started again after a kill has it at once; a process elsewhere is given its time', async () => {
  const gone = spawnSync(process.execPath, [
    '--input-type=module',
    '-e',
    `import { ownIdentity } from '${new URL('../../src/kernel/process-identity.ts', import.meta.url)}';
     process.stdout.write(String(ownIdentity()));`,
  ]).stdout.toString();
  expect(gone).toMatch(/^\S+ pid:\[\d+\] \d+ \d+$/);
  const elsewhere = gone.replace(/^\S+/, '00000000-0000-4000-8000-000000000000');
  const heldBy = (other: string | null) =>
    database.sql`insert into leases (name, holder, process, until)
      values ('telegram', ${randomUUID()}, ${other}, now() + interval '15 seconds')
      on conflict (name) do update set holder = excluded.holder, process = excluded.process, until = excluded.until`;
  for (const other of [elsewhere, ownIdentity(), null]) {
    await heldBy(other);
    expect(await lease().renew()).toBe(false);
  }
  await heldBy(gone);
  expect(await lease().renew()).toBe(true);
});
