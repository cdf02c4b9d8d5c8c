/** What `doctor` hears from the service that runs on this machine. */
import { z } from 'zod';
import { openAsSet, readAtMost } from '../channels/outside.ts';
import type { Config } from '../config.ts';
import { type Check, fail, ok, warn } from './check.ts';

const TIMEOUT_MS = 6_000;
const MAX_ANSWER = 20_000;

const readyz = z.object({
  ok: z.boolean(),
  warnings: z.array(z.string()),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
});

const MENDS: Readonly<Record<string, string>> = {
  proxy: 'set TRUSTED_PROXY and have the proxy send X-Forwarded-For: docs/operating.md, "Behind a proxy"',
};

/** Asks `/readyz`. Nothing at all if no service answers there: it may be stopped on purpose. */
export async function checkRunning(config: Config): Promise<Check[]> {
  const host = ['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${config.port}/readyz`;
  const token = config.metricsToken?.reveal();
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await openAsSet(url, { headers }, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    .then((opened) => readAtMost(opened, MAX_ANSWER))
    .then(({ bytes }) => JSON.parse(bytes.toString()) as unknown)
    .catch(() => undefined);
  const found = readyz.safeParse(answer);
  if (!found.success) return [];
  return saidOfReadiness(found.data);
}

/** What the running service says of itself, in lines. */
export function saidOfReadiness({ checks, warnings }: z.output<typeof readyz>): Check[] {
  const bad = checks.filter((check) => !check.ok);
  if (bad.length === 0) return [ok('running service', 'answers, and all is well')];
  return bad.map(({ name, detail = 'is not well (/readyz)' }) =>
    warnings.includes(name)
      ? warn(`running service, ${name}`, detail, MENDS[name] ?? 'see the line about it, or the log')
      : fail(`running service, ${name}`, detail, 'see the log'),
  );
}
