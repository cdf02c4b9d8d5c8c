/**
 * The HTTP application, apart from listening.
 *
 * Invariants: errors are a status and a code (`errors.ts`); Fastify's own logger is off, since it would write
 * addresses and paths; no page may load anything from elsewhere or run a script that stands in the page; the
 * simulator answers this machine only (`local.ts`).
 */
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyReply } from 'fastify';
import type { SimulatorChannel } from '../channels/simulator/simulator.ts';
import type { Log } from '../kernel/log.ts';
import { seconds } from '../kernel/time.ts';
import { consolePage, pageScriptIn } from './console/page.ts';
import { type ConsoleParts, consoleRoutes } from './console/routes.ts';
import { answerError, answerNotFound, errorBody } from './errors.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { type MetricsSource, metricsRoutes } from './metrics.ts';
import { CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY } from './page-policy.ts';
import { simulatorRoutes } from './simulator.ts';
import { type TelegramWebhook, telegramRoutes } from './telegram.ts';
import { type App, speakZod } from './zod-provider.ts';

export type HttpParts = {
  log: Log;
  /** What `/readyz` answers. A rejected promise counts as "not ready". */
  readiness: () => Promise<Readiness>;
  /** A prom-client registry; without contact data. `isPublic`: also to other machines. Default: no metrics. */
  metrics?: { registry: MetricsSource; isPublic: boolean };
  /** Handles one update, given the secret header as it came. Absent: no webhook route. */
  telegramWebhook?: TelegramWebhook;
  /** Trial mode only. Absent: no page and no simulator route. `webRoot` is what Vite built: `dist/web`. */
  simulator?: { channel: SimulatorChannel; webRoot: string };
  /** The duty console. `root` is what Vite built: `dist/console`. Absent: no console. */
  console?: ConsoleParts & { root: string };
  /** Requests a minute from one address; default 300. What no route knows: a tenth of it. */
  requestsPerMinute?: number;
};

const KILOBYTE = 1_024;

/** Builds the application with every route; the caller listens and closes. */
export async function createHttpApp(parts: HttpParts): Promise<App> {
  const perMinute = parts.requestsPerMinute ?? 300;
  const app: App = Fastify({
    logger: false,
    // A whole request must be here in this time, or somebody is holding sockets open drop by drop.
    requestTimeout: seconds(30),
    // A silent socket is dropped. Longer than two heartbeats of the simulator's event stream.
    connectionTimeout: seconds(60),
    // Longer than the 60 seconds after which common load balancers drop an idle connection themselves.
    keepAliveTimeout: seconds(65),
    // Routes that need more say so.
    bodyLimit: 64 * KILOBYTE,
    // A proxy's word about who is asking is not taken: the simulator's guard hangs on the real address.
    trustProxy: false,
    frameworkErrors: (_error, _request, reply: FastifyReply) => reply.code(400).send(errorBody(400)),
  });
  speakZod(app);
  app.setErrorHandler(answerError(parts.log));
  // Only JSON has a parser: a form or plain text is what a foreign page could post without being asked.
  app.removeContentTypeParser('text/plain');
  await app.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY });
  app.addHook(
    'onSend',
    async (_request, reply) => void reply.header('permissions-policy', PERMISSIONS_POLICY),
  );
  await app.register(rateLimit, { max: perMinute, timeWindow: seconds(60) });
  answerNotFound(app, Math.max(1, Math.floor(perMinute / 10)));

  await app.register(healthRoutes, { readiness: parts.readiness });
  if (parts.metrics) await app.register(metricsRoutes, parts.metrics);
  if (parts.telegramWebhook) await app.register(telegramRoutes, { webhook: parts.telegramWebhook });
  if (parts.simulator) await app.register(simulatorRoutes, parts.simulator);
  if (parts.console) {
    const { root, ...rest } = parts.console;
    await app.register(consolePage, { root, origin: () => rest.site().origin });
    await app.register(consoleRoutes, { ...rest, pageScript: await pageScriptIn(root) });
  }
  return app;
}
