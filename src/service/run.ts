/**
 * The service as a process: settings, log, start, signals.
 *
 * Invariants: a signal counts once however often it comes, also while the service is starting; everything ends within 30
 * seconds; whatever ends the start, nothing that was started is left running.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../config.ts';
import { LakanaError } from '../kernel/errors.ts';
import { captureConsole, createLog, reduceError } from '../kernel/log.ts';
import { TOOL } from '../kernel/tool.ts';
import { banner, problemLines } from './banner.ts';
import { firstLink } from './first-link.ts';
import { underGuard } from './guarded.ts';
import { startService } from './service.ts';
import { createTeardown } from './teardown.ts';

/** What hangs must not keep the machine from going down: the database knows what was not finished. */
const STOP_WITHIN = 28_000;
const START_ENDS_WITHIN = 4_000;

const guarded = await underGuard();
const read = await readConfig(process.env);
if (!read.ok) {
  process.stderr.write(problemLines(read.problems));
  await guarded.refuses();
  process.exit(1);
}
const { config } = read;
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
} catch (error) {
  if (!stopping.signal.aborted) {
    const code = error instanceof LakanaError ? `${error.message} (${error.code})` : 'unexpected error';
    process.stderr.write(`Lakana could not start: ${code}. ${TOOL} doctor says more.\n`);
    await guarded.failed();
    await end(1);
  }
}
