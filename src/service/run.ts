/**
 * The service as a process: settings, log, start, signals.
 *
 * Invariants: a signal counts once however often it comes, also while the service is starting; everything ends within 30
 * seconds; whatever ends the start, nothing that was started is left running.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type ReadConfig, readConfig } from '../config.ts';
import type { Problem } from '../config-keys.ts';
import { captureConsole, createLog, reduceError } from '../kernel/log.ts';
import { problemsAfter } from './after-start.ts';
import { banner, problemLines } from './banner.ts';
import { problemsBefore } from './before-start.ts';
import { firstLink } from './first-link.ts';
import { underGuard } from './guarded.ts';
import { noteStart } from './last-start.ts';
import { pagesFault, pagesProblem, stopsTrial } from './pages.ts';
import { startService } from './service.ts';
import { createTeardown } from './teardown.ts';
import { whyNot } from './why-not.ts';

/** What hangs must not keep the machine from going down: the database knows what was not finished. */
const STOP_WITHIN = 28_000;
const START_ENDS_WITHIN = 4_000;

const guarded = await underGuard();
const read = await readConfig(process.env);
const refuse = async (problems: readonly Problem[]): Promise<never> => {
  process.stderr.write(problemLines(problems));
  await guarded.refuses();
  process.exit(1);
};
if (!read.ok) await refuse(read.problems);
const { config } = read as Extract<ReadConfig, { ok: true }>;
const before = await problemsBefore(config);
const fault = await pagesFault();
const pages = fault ? [pagesProblem(fault)] : [];
if (fault && config.mode === 'trial' && stopsTrial(fault)) before.push(...pages);
if (before.length > 0) await refuse(before);
const log = createLog(config.logLevel);
captureConsole(log);
// A promise inside a library that nobody listens to must not end the line: it is written down. What is ours is tried again
// by its cycle.
process.on('unhandledRejection', (error) => log.error('promise_unheard', reduceError(error)));

let starting: ReturnType<typeof startService> | undefined;
const stopping = new AbortController();
const teardown = createTeardown(log, stopping.signal);
const end = async (code: number) => {
  setTimeout(() => process.exit(1), STOP_WITHIN).unref();
  // A start that is under way ends at its next step; only then it is known what there is to stop.
  await Promise.race([starting?.catch(() => undefined), pause(START_ENDS_WITHIN)]);
  await teardown.run();
  process.exit(code);
};
const stop = (signal: string) => {
  if (stopping.signal.aborted) return;
  stopping.abort();
  log.info('service_stopping', { signal });
  void end(0);
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));

try {
  starting = startService(config, log, { teardown, stopping: stopping.signal, guarded });
  const service = await starting;
  const link = config.mode === 'trial' ? await firstLink(service) : undefined;
  process.stdout.write(banner(config, service.url, link));
  guarded.ready();
  // Only a note for `upgrade --check`.
  await noteStart(config.dataDir).catch(() => undefined);
  // Not a reason to stop: what works goes on, and an open alert must be paged by whatever way is left.
  const after = await problemsAfter(config, service.ctx);
  process.stderr.write(problemLines(config.mode === 'live' ? [...pages, ...after] : after));
} catch (error) {
  if (!stopping.signal.aborted) {
    process.stderr.write(`Lakana could not start: ${whyNot(error, config)}\n`);
    await guarded.failed();
    await end(1);
  }
}
