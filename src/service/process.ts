/** The service as a process: settings, log, start, signals. */
import { readConfig } from '../config.ts';
import { LakanaError } from '../kernel/errors.ts';
import { captureConsole, createLog, reduceError } from '../kernel/log.ts';
import { banner, problemLines } from './banner.ts';
import { firstLink } from './first-link.ts';
import { startService } from './service.ts';

const read = await readConfig(process.env);
if (!read.ok) {
  process.stderr.write(problemLines(read.problems));
  process.exit(1);
}
const { config } = read;
const log = createLog(config.logLevel);
captureConsole(log);
// A promise inside a library that nobody listens to must not end the line: it is written down. What is ours is tried again
// by its cycle.
process.on('unhandledRejection', (error) => log.error('promise_unheard', reduceError(error)));

try {
  const service = await startService(config, log);
  const link = config.mode === 'trial' ? await firstLink(service) : undefined;
  process.stdout.write(banner(config, service.url, link));
  const stop = async (signal: string) => {
    log.info('service_stopping', { signal });
    // Whatever hangs must not keep the machine from going down: the database knows what was not finished.
    setTimeout(() => process.exit(1), 30_000).unref();
    await service.stop();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop('SIGTERM'));
  process.once('SIGINT', () => void stop('SIGINT'));
} catch (error) {
  const code = error instanceof LakanaError ? `${error.message} (${error.code})` : 'unexpected error';
  process.stderr.write(`Lakana could not start: ${code}. npx lakana doctor says more.\n`);
  process.exit(1);
}
