/** What the service answers by HTTP: messengers' webhooks, the simulator in trial mode, the console, health and metrics. */
import type { Config } from '../config.ts';
import { createHttpApp } from '../http/app.ts';
import { createProxyWatch } from '../http/proxy-watch.ts';
import type { App } from '../http/zod-provider.ts';
import { PROJECT } from '../kernel/project.ts';
import type { Parts } from './parts.ts';
import { createReadiness } from './readiness.ts';
import { siteOf } from './site.ts';

/** `url`: where it listens, once it does. */
export function createHttp(config: Config, parts: Parts, url: () => string): Promise<App> {
  const { ctx, channels, cycles, probes, changes } = parts;
  const { trustedProxy: trusted, publicUrl, metricsToken, isMetricsPublic } = config;
  const watch = createProxyWatch(trusted, (is) => ctx.log.warn('proxy_trouble', { is }));
  return createHttpApp({
    log: ctx.log,
    readiness: createReadiness(ctx, cycles, probes, watch),
    // An operator who gives an address for outside has something in front that ends TLS.
    proxy: { trusted, watch, isExpected: trusted !== undefined || publicUrl !== undefined },
    metricsToken: metricsToken?.reveal(),
    metrics: { registry: ctx.metrics.registry, isPublic: isMetricsPublic },
    routes: channels.opened.flatMap(({ routes }) => routes ?? []),
    ...(channels.simulator
      ? { simulator: { channel: channels.simulator, webRoot: `${PROJECT}dist/web` } }
      : {}),
    console: {
      ctx,
      site: () => siteOf(config, url()),
      onChange: changes.onChange,
      news: changes.word,
      root: `${PROJECT}dist/console`,
    },
  });
}
