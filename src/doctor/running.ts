/** What `doctor` hears from the service that runs on this machine. */
import { z } from 'zod';
import { asIs, type Line, line } from '../app/ground/lines.ts';
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

const MENDS: Readonly<Record<string, Line>> = { proxy: line('running.proxy_mend') };

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
  const { checks, warnings } = found.data;
  return saidOfParts(
    checks.map(({ name, ok, detail }) => ({
      name,
      ok,
      isVital: !warnings.includes(name),
      // As it came over the wire.
      ...(detail === undefined ? {} : { lines: asIs(detail) }),
    })),
  );
}

/** A part of the running service: how it is called, and what is said of it. */
type Part = { name: string; ok: boolean; isVital: boolean; called?: Line; lines?: Line };

/** What the running service says of itself, in lines. */
export function saidOfParts(parts: readonly Part[]): Check[] {
  const bad = parts.filter((part) => !part.ok);
  if (bad.length === 0) return [ok('running service', line('running.well'))];
  return bad.map(({ name, isVital, called = asIs(name), lines: detail = line('running.not_well') }) => {
    const part = line('names.running_part', { part: called });
    return isVital
      ? fail(part, detail, line('running.log'))
      : warn(part, detail, MENDS[name] ?? line('running.line_or_log'));
  });
}
