/** Jobs on real PostgreSQL: one person's files do not hold up everybody's, and a job outlives the process that had it. */
import { PgBoss } from 'pg-boss';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJobs, type JobRunner } from '../../src/app/ground/jobs.ts';
import { type EvidenceId, newId } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let jobs: JobRunner | undefined;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await jobs?.stop();
  await database.close();
});

const nothing = async (): Promise<void> => {};
const idle = {
  forget: nothing,
  backup: nothing,
  gaps: nothing,
  drill: nothing,
  digest: nothing,
  retention: nothing,
};
const newJobs = (drill?: string) =>
  createJobs({
    url: database.url,
    // Nowhere near the hour of the digest.
    timeZone: [7, 8].includes(new Date().getUTCHours()) ? 'Etc/GMT+6' : 'UTC',
    ...(drill ? { drill } : {}),
    log: createLog('silent'),
    lookForDead: 1,
  });

it('fetches one file at a time for each person, and goes on with what a killed process had in hand', async () => {
  const [awa, binta] = ['of Awa', 'of Binta'];
  const ids = Array.from({ length: 4 }, () => newId<EvidenceId>());
  const [first, second, third, other] = ids;
  // A process that makes the queues, is given a job, and dies.
  const before = newJobs();
  await before.start({ ...idle, fetchEvidence: async () => {} });
  await before.stop();
  const dead = new PgBoss({ connectionString: database.url, supervise: false, schedule: false });
  await dead.start();
  const ask = (id: EvidenceId | undefined, sender: string) =>
    database.db.transaction((tx) => before.fetchEvidence(tx as never, id as EvidenceId, sender));
  jobs = newJobs();
  const started: EvidenceId[] = [];
  const ends = new Map<EvidenceId, () => void>();
  await ask(first, awa);
  expect(await dead.fetch('evidence')).toHaveLength(1);
  await dead.stop({ graceful: false });
  await database.sql`update pgboss.job set heartbeat_on = now() - interval '11 seconds' where name = 'evidence'`;
  await jobs.start({
    ...idle,
    fetchEvidence: (id) => {
      started.push(id);
      return new Promise((done) => ends.set(id, done));
    },
  });
  await expect.poll(() => started).toEqual([first]);
  for (const id of [second, third]) await ask(id, awa);
  await ask(other, binta);
  await expect.poll(() => started).toEqual([first, other]);
  if (first) ends.get(first)?.();
  await expect.poll(() => started.length).toBe(3);
  for (const end of ends.values()) end();
  await expect.poll(() => started.length).toBe(4);
  for (const end of ends.values()) end();
});

it('tries within half a minute what waits for another try when the service starts, and when a cut is over', async () => {
  jobs = newJobs();
  await jobs.start({ ...idle, fetchEvidence: async () => {} });
  const waits = async (retries: number) => {
    await database.sql`insert into pgboss.job (name, data, state, start_after, retry_count, retry_limit)
      values ('evidence', '{}', 'retry', now() + interval '29 minutes', ${retries}, 200)`;
  };
  const longest = async () =>
    (
      await database.sql<{ seconds: number }[]>`
        select extract(epoch from start_after - now())::float as seconds from pgboss.job
        where name = 'evidence' and state = 'retry' order by retry_count`
    ).map(({ seconds }) => seconds);
  for (let n = 0; n < 9; n++) await waits(20);
  await jobs.hurryEvidence();
  const hurried = await longest();
  expect(Math.max(...hurried)).toBeLessThanOrEqual(20);
  expect(new Set(hurried).size).toBe(9);
  await jobs.stop();
  await database.sql`delete from pgboss.job where name = 'evidence'`;
  for (const retries of [20, 150]) await waits(retries);
  jobs = newJobs();
  await jobs.start({ ...idle, fetchEvidence: async () => {} });
  // Half of the tries stay for the usual waits, however often the service is started.
  expect((await longest()).map((seconds) => seconds > 30)).toEqual([false, true]);
});

it('makes up once for the exercise and the digest whose hours fell into a power cut, and for nothing twice', async () => {
  const done: string[] = [];
  const notes = async (what: string) => void done.push(what);
  const handlers = { ...idle, drill: () => notes('drill'), digest: () => notes('digest') };
  const now = new Date();
  const cronBefore = (ms: number) => {
    const then = new Date(now.getTime() - ms);
    return `${then.getUTCMinutes()} ${then.getUTCHours()} * * ${then.getUTCDay()}`;
  };
  const weekly = () => newJobs(cronBefore(30 * 3_600_000));
  const first = weekly();
  await first.start({ ...handlers, fetchEvidence: async () => {} });
  await first.stop();
  expect(done).toEqual([]);
  // Two days without power.
  await database.sql`update pgboss.schedule set created_on = now() - interval '60 days'`;
  await database.sql`update pgboss.version set cron_on = now() - interval '2 days'`;
  jobs = weekly();
  await jobs.start({ ...handlers, fetchEvidence: async () => {} });
  await expect.poll(() => done.toSorted()).toEqual(['digest', 'drill']);
  const rows = await database.sql`select name, state from pgboss.job where name in ('drill', 'digest')`;
  expect(rows).toHaveLength(2);
});
