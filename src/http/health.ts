import { seconds } from '../kernel/time.ts';
import { isLocal } from './local.ts';
import type { App } from './zod-provider.ts';

/** One thing the service needs; `detail` is for the operator and holds no contact data. */
export type Check = { name: string; ok: boolean; detail?: string };
export type Readiness = { ok: boolean; checks: Check[] };

/** `/healthz`: the process answers. `/readyz`: it can do its work; names what cannot, details only locally. */
export async function healthRoutes(app: App, parts: { readiness: () => Promise<Readiness> }): Promise<void> {
  app.get('/healthz', async () => ({ ok: true }));

  // An orchestrator that gets no answer in its own few seconds kills the process: better a "not ready" in time.
  app.get('/readyz', { handlerTimeout: seconds(5) }, async (request, reply) => {
    const { ok, checks } = await parts.readiness();
    const shown = isLocal(request) ? checks : checks.map((check) => ({ name: check.name, ok: check.ok }));
    return reply.code(ok ? 200 : 503).send({ ok, checks: shown });
  });
}
