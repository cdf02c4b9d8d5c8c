/** What the service answers by HTTP: messengers' webhooks, the simulator in trial mode, the public
 * page, the console, health and metrics. */
import type { Config } from '../config.ts';
import { createDoctor } from '../doctor/of-service.ts';
import { createHttpApp } from '../http/app.ts';
import { createProxyWatch } from '../http/proxy-watch.ts';
import { createPublicPages } from '../http/public-page/pages.ts';
import type { PublicPageParts } from '../http/public-page/routes.ts';
import type { App } from '../http/zod-provider.ts';
import { PROJECT } from '../kernel/project.ts';
import { createEntrances } from './entrances.ts';
import type { Parts } from './parts.ts';
import { createReadiness } from './readiness.ts';
import { siteOf } from './site.ts';

/** `url`: where it listens, once it does. */
export function createHttp(config: Config, parts: Parts, url: () => string): Promise<App> {
  const { ctx, channels, cycles, probes, changes, database } = parts;
  const { trustedProxy: trusted, publicUrl, metricsToken, isMetricsPublic } = config;
  const watch = createProxyWatch(trusted, (is) => ctx.log.warn('proxy_trouble', { is }));
  const readiness = createReadiness(ctx, cycles, probes, watch);
  return createHttpApp({
    log: ctx.log,
    readiness,
    // An operator who gives an address for outside has something in front that ends TLS.
    proxy: { trusted, watch, isExpected: trusted !== undefined || publicUrl !== undefined },
    metricsToken: metricsToken?.reveal(),
    metrics: { registry: ctx.metrics.registry, isPublic: isMetricsPublic },
    routes: channels.opened.flatMap(({ routes }) => routes ?? []),
    ...(channels.simulator
      ? { simulator: { channel: channels.simulator, webRoot: `${PROJECT}dist/web` } }
      : {}),
    ...(config.isPagePublic ? { publicPage: publicPageOf(config, parts) } : {}),
    console: {
      ctx,
      site: () => siteOf(config, url()),
      onChange: changes.onChange,
      news: changes.word,
      doctor: createDoctor(config, { channels: channels.all, database, readiness }),
      root: `${PROJECT}dist/console`,
    },
  });
}

/** The page for everybody: how people reach us is asked for at once, so that the first who looks finds it. */
function publicPageOf(config: Config, { ctx }: Parts): PublicPageParts {
  const entrances = createEntrances(config, ctx);
  entrances.now();
  return {
    pages: createPublicPages({ ctx, entrances: entrances.now }),
    // Tests bring their own clock; the database is not asked for each who looks.
    now: () => ctx.clock.stated() ?? new Date(),
  };
}
