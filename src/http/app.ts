/**
 * The HTTP application, apart from listening.
 *
 * Invariants: errors are a status and a code (`errors.ts`); Fastify's own logger is off, since it would write
 * addresses and paths; no page may load anything from elsewhere or run a script that stands in the page; the
 * simulator answers this machine only (`local.ts`).
 */
import helmet from '@fastify/helmet';
import Fastify, { type FastifyReply } from 'fastify';
import type { SimulatorChannel } from '../channels/simulator/simulator.ts';
import type { AddressList } from '../kernel/addresses.ts';
import type { Log } from '../kernel/log.ts';
import { seconds } from '../kernel/time.ts';
import { browserIn } from './console/known-browser.ts';
import { consolePage, pageScriptIn } from './console/page.ts';
import { type ConsoleParts, consoleRoutes } from './console/routes.ts';
import { answerError, answerNotFound, errorBody } from './errors.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { createLimits, type Limits, limitRequests } from './limits.ts';
import { type MetricsSource, metricsRoutes } from './metrics.ts';
import { createOperator } from './operator.ts';
import { CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY } from './page-policy.ts';
import type { ProxyWatch } from './proxy-watch.ts';
import { type PublicPageParts, publicPageRoutes } from './public-page/routes.ts';
import { simulatorRoutes } from './simulator.ts';
import { boundSockets, type SocketLimits } from './sockets.ts';
import { type App, speakZod } from './zod-provider.ts';

/** Adds routes that bring their own checks. */
export type Routes = (app: App, given: { limits: Limits }) => Promise<void>;

export type HttpParts = {
  log: Log;
  /** What `/readyz` looks at. A rejected promise counts as "not ready". */
  readiness: () => Promise<Readiness>;
  /** A prom-client registry; without contact data. `isPublic`: also to other machines. Default: no metrics. */
  metrics?: { registry: MetricsSource; isPublic: boolean };
  /** What messengers call: each adds its own. */
  routes?: readonly Routes[];
  /** Trial mode only. Absent: no page and no simulator route. `webRoot` is what Vite built: `dist/web`. */
  simulator?: { channel: SimulatorChannel; webRoot: string };
  /** The public page; absent: there is none. */
  publicPage?: PublicPageParts;
  /** The duty console. `root` is what Vite built: `dist/console`. Absent: no console. */
  console?: Omit<ConsoleParts, 'limits'> & { root: string };
  /** What stands in front, as the settings say. `trusted`: whose word about who is asking is taken. */
  proxy?: {
    trusted?: AddressList | undefined;
    /** Nothing counts as made on this machine. */
    isExpected: boolean;
    watch?: ProxyWatch;
  };
  /** The operator's word (`METRICS_TOKEN`). */
  metricsToken?: string | undefined;
  /** By how much all limits on requests are multiplied; for measuring. */
  timesLimits?: number;
  /** What limits on requests tell the time by: milliseconds that never jump; default: this process's. */
  now?: () => number;
  sockets?: SocketLimits;
};

const KILOBYTE = 1_024;

/** Builds the application with every route; the caller listens and closes. */
export async function createHttpApp(parts: HttpParts): Promise<App> {
  const { trusted, isExpected: isProxied = false, watch } = parts.proxy ?? {};
  const app: App = Fastify({
    logger: false,
    // A whole request must be here in this time, or a client is holding sockets open drop by drop.
    requestTimeout: seconds(30),
    http: {
      headersTimeout: seconds(10),
      connectionsCheckingInterval: seconds(5),
      // Cookies and what proxies add; what is longer is nobody's who means well.
      maxHeaderSize: 16 * KILOBYTE,
    },
    // A silent socket is dropped. Longer than two heartbeats of the simulator's event stream.
    connectionTimeout: seconds(60),
    // Longer than the 60 seconds after which common load balancers drop an idle connection themselves.
    keepAliveTimeout: seconds(65),
    // Routes that need more say so.
    bodyLimit: 64 * KILOBYTE,
    // Whose word about who is asking is taken stands in `client-address.ts` alone.
    trustProxy: false,
    frameworkErrors: (_error, _request, reply: FastifyReply) => reply.code(400).send(errorBody(400)),
  });
  boundSockets(app.server, trusted, parts.sockets);
  const keyring = parts.console?.ctx.keyring;
  const limits = createLimits({
    trustedProxy: trusted,
    knownBrowser: keyring && ((cookies) => browserIn(keyring, cookies)),
    ...(parts.timesLimits ? { times: parts.timesLimits } : {}),
    ...(parts.now ? { now: parts.now } : {}),
  });
  limitRequests(app, limits);
  if (watch) app.addHook('onRequest', async (request) => watch.see(request));
  speakZod(app);
  app.setErrorHandler(answerError(parts.log));
  // Only JSON has a parser: a form or plain text is what a foreign page could post without being asked.
  app.removeContentTypeParser('text/plain');
  await app.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY });
  app.addHook(
    'onSend',
    async (_request, reply) => void reply.header('permissions-policy', PERMISSIONS_POLICY),
  );
  answerNotFound(app, limits);

  const isOperator = createOperator({ isProxied, token: parts.metricsToken });
  await app.register(healthRoutes, { readiness: parts.readiness, isOperator });
  if (parts.metrics) await app.register(metricsRoutes, { ...parts.metrics, isOperator });
  for (const add of parts.routes ?? []) await app.register((inside: App) => add(inside, { limits }));
  if (parts.publicPage) await app.register(publicPageRoutes, parts.publicPage);
  if (parts.simulator)
    await app.register(simulatorRoutes, {
      ...parts.simulator,
      isProxied,
      isAtRoot: parts.publicPage === undefined,
    });
  if (parts.console) {
    const { root, ...rest } = parts.console;
    await app.register(consolePage, { root, origin: () => rest.site().origin });
    await app.register(consoleRoutes, {
      ...rest,
      limits,
      pageScript: await pageScriptIn(root),
      ...(watch ? { onMember: watch.seeMember } : {}),
    });
  }
  return app;
}
