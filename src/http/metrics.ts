import type { FastifyRequest } from 'fastify';
import { only } from './local.ts';
import type { App } from './zod-provider.ts';

/** What is needed of a prom-client registry. */
export type MetricsSource = { contentType: string; metrics(): Promise<string> };

type Parts = {
  registry: MetricsSource;
  isPublic: boolean;
  isOperator: (request: FastifyRequest) => boolean;
};

/** `/metrics` in Prometheus form: how busy the line is tells a stranger something, so the operator's unless public. */
export async function metricsRoutes(app: App, { registry, isPublic, isOperator }: Parts): Promise<void> {
  const guard = isPublic ? {} : { onRequest: only(isOperator) };
  app.get('/metrics', guard, async (_request, reply) => {
    const text = await registry.metrics();
    return reply.type(registry.contentType).send(text);
  });
}
