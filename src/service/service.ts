/** The service, put together: parts by name, start, stop in reverse. `run.ts` runs it, and so do tests. */
import { randomUUID } from 'node:crypto';
import type { Context } from '../app/ground/context.ts';
import { createTimeGuard, type TimeGuard } from '../app/ground/time-guard.ts';
import { createBacklog } from '../app/intake/backlog.ts';
import { createIntake } from '../app/intake/intake.ts';
import { createFetching } from '../app/reporters/ended-tries.ts';
import { createFates } from '../app/sending/after-sending.ts';
import { rememberTexts } from '../app/texts/bench.ts';
import type { Receive } from '../channels/channel.ts';
import type { Config } from '../config.ts';
import type { Log } from '../kernel/log.ts';
import { appointedWork } from './appointed.ts';
import { createBeat } from './beat.ts';
import { fallsWithinHour, learnOfSuspects, tellOfFalls } from './earlier-falls.ts';
import { beginWith } from './first-start.ts';
import { createHttp } from './http-parts.ts';
import { createParts, type Given, type Parts } from './parts.ts';
import { seenTextsIn } from './seen-texts.ts';
import { createTeardown } from './teardown.ts';
import { readTextsAtStart } from './texts-at-start.ts';
import { enrolSimulatedOfficer } from './trial.ts';
import { createWatchdog } from './watchdog.ts';

export type Service = {
  /** Where it listens. */
  url: string;
  ctx: Context;
  /** Takes nothing new, finishes what it holds, stops. */
  stop(): Promise<void>;
};

/** `stopwatch`: milliseconds that never jump; tests bring their own. */
type Options = Partial<Given> & { stopwatch?: () => number };

/** Starts everything; rejects with a `LakanaError` that says what is wrong. */
export async function startService(config: Config, log: Log, given: Options = {}): Promise<Service> {
  const teardown = given.teardown ?? createTeardown(log);
  try {
    return await start(config, log, { ...given, teardown });
  } catch (error) {
    // Nothing of a start that was refused is left running: no connection, no PostgreSQL.
    await teardown.run();
    throw error;
  }
}

async function start(config: Config, log: Log, given: Options & Given): Promise<Service> {
  const { stopwatch = () => performance.now(), guarded, teardown } = given;
  const started = performance.now();
  const parts = await createParts(config, log, given);
  const { ctx } = parts;
  await beginWith({ ...ctx, ...config });
  rememberTexts(ctx, seenTextsIn(config.dataDir, ctx.keyring, log));
  await readTextsAtStart(ctx);
  const beat = await createBeat(ctx, config.mode);
  teardown.add(() => beat.stop());
  const guard = createTimeGuard({ ...beat.found, log, stopwatch });
  const isMessageSuspect = await learnOfSuspects(ctx, parts.underWay, guarded);
  const line = await startWork(config, parts, { ...given, guard, isMessageSuspect });
  const url = await listen(config, parts, line, { ...given, started });
  log.info('service_started', {
    mode: config.mode,
    port: Number(new URL(url).port),
    ms: Math.round(performance.now() - started),
  });
  if (guarded) await tellOfFalls(ctx, guarded);
  return { url, ctx, stop: () => teardown.run() };
}

/** What takes a message in, and what hears of the fate of one that was sent. */
type Line = { receive: Receive; fates: ReturnType<typeof createFates> };

/** Begins jobs and cycles; what was kept is caught up with. Nothing comes in yet. */
async function startWork(
  config: Config,
  { ctx, jobs, cycles, lists, underWay, keeping }: Parts,
  { guarded, teardown, guard, isMessageSuspect }: Given & { guard: TimeGuard; isMessageSuspect: boolean },
): Promise<Line> {
  const backlog = createBacklog(ctx);
  const receive = createIntake(ctx, underWay, { backlog });
  const fates = createFates(ctx);
  teardown.add(() => fates.stop());
  teardown.add(() => backlog.idle());
  teardown.add(() => cycles.stop());
  teardown.add(() => lists.stop());
  teardown.add(() => jobs.stop());
  const guardian = guarded?.found.guardian ?? randomUUID();
  const fetchEvidence = await createFetching(ctx, { guardian, isMessageSuspect });
  await jobs.start({ fetchEvidence, ...appointedWork(ctx, config, guard, keeping) });
  await backlog.begin();
  await lists.start();
  await cycles.start(guard, () => backlog.catchUp(createIntake(ctx, underWay, { isKept: true })));
  return { receive, fates };
}

/** Opens the doors: HTTP, then each channel. Returns where it listens. */
async function listen(
  config: Config,
  parts: Parts,
  { receive, fates }: Line,
  { guarded, teardown, started }: Given & { started: number },
): Promise<string> {
  const { ctx, channels, cycles, probes, changes } = parts;
  let url = '';
  const leases = channels.opened.flatMap(({ lease }) => lease ?? []);
  teardown.add(() => Promise.all(leases.map((lease) => lease.stop())));
  const http = await createHttp(config, parts, () => url);
  teardown.add(() => http.close());
  teardown.add(() => changes.stop());
  const fallsNow = () => fallsWithinHour(guarded, performance.now() - started);
  const watchdog = createWatchdog(ctx, cycles, probes, config.heartbeatUrl?.reveal(), fallsNow);
  teardown.add(() => watchdog.stop());
  url = await http.listen({ host: config.host, port: config.port });
  for (const lease of leases) void lease.start();
  teardown.add(() => Promise.all([...channels.all.values()].map((channel) => channel.stop())));
  for (const channel of channels.all.values()) await channel.start(receive, fates.note);
  if (channels.simulator) await enrolSimulatedOfficer(ctx, receive);
  return url;
}
