/**
 * Background jobs and cron, by pg-boss: everything that is not sending or escalating (docs/decisions/own-outbox.md).
 *
 * Invariants: a job carries ids, never content; a failed job's error is stored whole by pg-boss, so handlers
 * throw nothing but `LakanaError` with a code and no cause.
 */
import { fromDrizzle, type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Tx } from '../../db/database.ts';
import { sql } from '../../db/drizzle.cjs';
import type { Primary } from '../../db/primary.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { EvidenceId } from '../../kernel/ids.ts';
import { type Log, reduceError } from '../../kernel/log.ts';
import { DIGEST_AT } from './appointed-hours.ts';

/** What use cases may ask for, inside their transaction. */
export type Jobs = {
  /** `sender`: a keyed hash of who sent it. Of one person's files only one is fetched at a time. */
  fetchEvidence(tx: Tx, id: EvidenceId, sender: string): Promise<void>;
  /** Tries files that wait for another try within half a minute: what they wait for may be over. */
  hurryEvidence(): Promise<void>;
};

/** The work behind the jobs. */
export type JobHandlers = {
  /** `stop`: the service ends. */
  fetchEvidence(id: EvidenceId, isLastTry: boolean, stop: AbortSignal): Promise<void>;
  /** Hourly: carry live work forward, destroy old keys, purge. */
  forget(): Promise<void>;
  /** Every quarter of an hour: what is missing in the duty plan is told ahead. */
  gaps(): Promise<void>;
  /** At the time that the settings say, each week; later if the service was away then. May come again. */
  drill(): Promise<void>;
  /** Each night, if backups are wanted; later if the service was away then. */
  backup(): Promise<void>;
  /** Each night; later if the service was away then. May come again. */
  retention(): Promise<void>;
  /** 8:00 in the service's time zone; later if the service was away then. May come again. */
  digest(): Promise<void>;
};

export type JobRunner = Jobs & {
  /** Makes queues and schedules; then takes jobs. */
  start(handlers: JobHandlers): Promise<void>;
  /** Finishes what is under way. */
  stop(): Promise<void>;
};

const EVIDENCE = 'evidence';
const FORGET = 'forget';
const DIGEST = 'digest';
const GAPS = 'gaps';
const DRILL = 'drill';
const BACKUP = 'backup';
const RETENTION = 'retention';
/** Before the work of the day begins, when nobody waits for the machine. */
const BACKUP_AT = '40 2 * * *';
/** When coordinators begin their day they have read it. */
const RETENTION_AT = '40 6 * * *';

/**
 * 2, 4, 8 … seconds up to half an hour: four days in all, for an office may be without network for three. A file that is
 * bad is parked long before (`evidence-tries.ts`). A process that died says nothing any more: after ten seconds without
 * a heartbeat the job is given to another one. `expireInSeconds` is beyond all that a fetch allows itself.
 */
const FETCHING = {
  retryLimit: 200,
  retryDelay: 2,
  retryBackoff: true,
  expireInSeconds: 1_200,
  heartbeatSeconds: 10,
  // Done, a job says only that two files came from one person.
  deleteAfterSeconds: 3_600,
};
const LONGEST_WAIT = 1_800;
/** `expireInSeconds`: a process that dies in the middle of it says nothing any more. */
const TRIED_AGAIN = { retryLimit: 5, retryDelay: 30, expireInSeconds: 120 };
/** It may take hours on a slow line; a process that died says nothing any more, and another one begins anew. */
const BACKING_UP = { retryLimit: 5, retryDelay: 900, expireInSeconds: 43_200, heartbeatSeconds: 30 };
/** An hour that fell into a power cut is made up for once, when the service is back; its handler says what still helps. */
const MADE_UP_FOR = { missed: 'once' as const };
/** Files fetched at the same time, and how many of them may be one person's. */
const FETCHED_AT_ONCE = 4;
const OF_ONE_PERSON = 1;
/** Seconds within which files that are hurried are tried, one after another. */
const HURRIED_WITHIN = 20;
/** Seconds between two looks for jobs whose process died, and for those whose hour has come. */
const LOOK_FOR_DEAD = 5;

/** `drill`: when the weekly exercise is, as cron; absent: none. */
export function createJobs(options: {
  url: string;
  primary?: Primary | undefined;
  timeZone: string;
  drill?: string;
  /** Whether backups are made. */
  hasBackups?: boolean;
  log: Log;
  /** Seconds; only tests bring their own. */
  lookForDead?: number;
}): JobRunner {
  const { log, lookForDead = LOOK_FOR_DEAD, primary } = options;
  const boss = new PgBoss({
    connectionString: primary?.url() ?? options.url,
    ...(primary ? { stream: primary.unconnected } : {}),
    application_name: 'lakana-jobs',
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: lookForDead,
    cronWorkerIntervalSeconds: lookForDead,
    monitorIntervalSeconds: lookForDead,
  });
  primary?.onChange((url) => connectAnew(boss, url));
  const stopping = new AbortController();
  boss.on('error', (error) => log.warn('job_failed', { job: 'pgboss', ...reduceError(error) }));

  return {
    async fetchEvidence(tx, id, sender) {
      await boss.send(EVIDENCE, { id }, { db: fromDrizzle(tx, sql), group: { id: sender } });
    },
    hurryEvidence: () => hurry(boss),
    async start(handlers) {
      await boss.start();
      await boss.createQueue(EVIDENCE, { ...FETCHING, retryDelayMax: LONGEST_WAIT, notify: true });
      // A queue that an earlier version made keeps what that one wanted, unless it is told.
      await boss.updateQueue(EVIDENCE, FETCHING);
      // The process before may have been away for longer than what a file waited for.
      await hurry(boss);
      await boss.createQueue(FORGET, { policy: 'singleton', retryLimit: 2, expireInSeconds: 900 });
      await boss.createQueue(DIGEST, { policy: 'singleton', ...TRIED_AGAIN });
      await boss.updateQueue(DIGEST, TRIED_AGAIN);
      await boss.createQueue(GAPS, { policy: 'singleton', retryLimit: 2, retryDelay: 30 });
      await boss.schedule(GAPS, '*/15 * * * *');
      // A second try finds the exercise that the first one began.
      await boss.createQueue(DRILL, { policy: 'singleton', ...TRIED_AGAIN });
      await boss.updateQueue(DRILL, TRIED_AGAIN);
      const inZone = { tz: options.timeZone, ...MADE_UP_FOR };
      if (options.drill) await boss.schedule(DRILL, options.drill, null, inZone);
      else await boss.unschedule(DRILL);
      await boss.createQueue(BACKUP, { policy: 'singleton', ...BACKING_UP });
      await boss.updateQueue(BACKUP, BACKING_UP);
      if (options.hasBackups) await boss.schedule(BACKUP, BACKUP_AT, null, inZone);
      else await boss.unschedule(BACKUP);
      await boss.createQueue(RETENTION, { policy: 'singleton', ...TRIED_AGAIN, expireInSeconds: 900 });
      await boss.schedule(RETENTION, RETENTION_AT, null, inZone);
      await boss.schedule(FORGET, '17 * * * *');
      await boss.schedule(DIGEST, DIGEST_AT, null, inZone);
      const work = { pollingIntervalSeconds: 2, includeMetadata: true as const };
      const fetching = {
        ...work,
        // New files are notified, tries that come again are not: looked for only each 30 seconds otherwise.
        notifyPollingIntervalSeconds: work.pollingIntervalSeconds,
        localConcurrency: FETCHED_AT_ONCE,
        localGroupConcurrency: OF_ONE_PERSON,
      };
      await boss.work<{ id: EvidenceId }, void, typeof fetching>(EVIDENCE, fetching, (jobs) =>
        each(log, EVIDENCE, jobs, (job) =>
          handlers.fetchEvidence(job.data.id, isLastTry(job), stopping.signal),
        ),
      );
      await boss.work(FORGET, work, (jobs) => each(log, FORGET, jobs, () => handlers.forget()));
      await boss.work(GAPS, work, (jobs) => each(log, GAPS, jobs, () => handlers.gaps()));
      await boss.work(DRILL, work, (jobs) => each(log, DRILL, jobs, () => handlers.drill()));
      await boss.work(BACKUP, work, (jobs) => each(log, BACKUP, jobs, () => handlers.backup()));
      await boss.work(RETENTION, work, (jobs) => each(log, RETENTION, jobs, () => handlers.retention()));
      await boss.work(DIGEST, work, (jobs) => each(log, DIGEST, jobs, () => handlers.digest()));
    },
    async stop() {
      stopping.abort();
      await boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}

/**
 * Where pg-boss connects to from now on. It has no word for this; both places are looked at for each connection that it opens, the
 * first for those that listen. What is open is ended by who watches the servers.
 */
function connectAnew(boss: PgBoss, url: string): void {
  const { config, pool } = boss.getDb() as unknown as {
    config: { connectionString: string };
    pool?: { options: { connectionString: string } };
  };
  config.connectionString = url;
  if (pool) pool.options.connectionString = url;
}

/**
 * Half of the tries stay for the usual waits: a service that is started again and again must not use them up. pg-boss has
 * no word for this; the columns are those of its table.
 */
async function hurry(boss: PgBoss): Promise<void> {
  await boss.getDb().executeSql(
    `update pgboss.job set start_after = now() + random() * $2 * interval '1 second'
      where name = $1 and state = 'retry' and start_after > now() + $2 * interval '1 second'
        and retry_count < retry_limit / 2`,
    [EVIDENCE, HURRIED_WITHIN],
  );
}

function isLastTry(job: JobWithMetadata<unknown>): boolean {
  return job.retryCount >= job.retryLimit;
}

async function each<T>(
  log: Log,
  name: string,
  jobs: readonly JobWithMetadata<T>[],
  work: (job: JobWithMetadata<T>) => Promise<void>,
): Promise<void> {
  for (const job of jobs) {
    try {
      await work(job);
    } catch (error) {
      const reduced = reduceError(error);
      log.warn('job_failed', { job: name, ...reduced });
      throw new LakanaError(reduced.code ?? 'job_failed', `a job of queue ${name} failed`);
    }
  }
}
