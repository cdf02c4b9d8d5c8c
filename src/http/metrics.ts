import { isLocal, only } from './local.ts';
import type { App } from './zod-provider.ts';

/** What is needed of a prom-client registry. */
export type MetricsSource = { contentType: string; metrics(): Promise<string> };

/** `/metrics` in Prometheus form: how busy the line is tells a stranger something, so local unless public. */
export async function metricsRoutes(
  app: App,
  parts: { registry: MetricsSource; isPublic: boolean },
): Promise<void> {
  const guard = parts.isPublic ? {} : { onRequest: only(isLocal) };
  app.get('/metrics', guard, async (_request, reply) => {
    const text = await parts.registry.metrics();
    return reply.type(parts.registry.contentType).send(text);
  });
}
