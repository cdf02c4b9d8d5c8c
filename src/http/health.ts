import type { FastifyRequest } from 'fastify';
import type { Line } from '../app/ground/lines.ts';
import { atMostEvery } from '../kernel/at-most-every.ts';
import { seconds } from '../kernel/time.ts';
import type { App } from './zod-provider.ts';

/**
 * One thing that is looked at; `detail` is for the operator and holds no contact data. `isVital`: without it this process
 * is of no use. Anything else that is not well is for a person to look at: taking the process away would not mend it.
 */
export type Check = {
  name: string;
  ok: boolean;
  isVital: boolean;
  detail?: string;
  /** The same for the room, which says it in other languages: how it is called, and the detail. Not sent. */
  called?: Line;
  lines?: Line;
};
export type Readiness = { checks: Check[] };

/** However many ask, it is looked so often at most. */
const FRESH_MS = 1_000;
/** An orchestrator that gets no answer in its own few seconds kills the process: better a "not ready" in time. */
const PATIENCE = seconds(5);

type Parts = {
  /** A rejected promise becomes a 500. */
  readiness: () => Promise<Readiness>;
  /** Whether the client may read details. */
  isOperator: (request: FastifyRequest) => boolean;
};

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work (200) or is of no use (503); names what is not well,
 * and what an operator should look at as `warnings`; details only for the operator.
 */
export async function healthRoutes(app: App, { readiness, isOperator }: Parts): Promise<void> {
  const uncounted = { config: { counted: 'none' } } as const;
  app.get('/healthz', uncounted, async () => ({ ok: true }));

  const look = atMostEvery(FRESH_MS, PATIENCE, readiness);
  app.get('/readyz', { ...uncounted, handlerTimeout: PATIENCE }, async (request, reply) => {
    const { checks } = await look();
    const ok = checks.every((check) => check.ok || !check.isVital);
    const mayRead = isOperator(request);
    const shown = checks.map(({ name, ok, detail }) => ({
      name,
      ok,
      ...(mayRead && detail ? { detail } : {}),
    }));
    const warnings = checks.flatMap((check) => (check.ok || check.isVital ? [] : [check.name]));
    return reply.code(ok ? 200 : 503).send({ ok, warnings, checks: shown });
  });
}
