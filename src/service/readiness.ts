import type { Context } from '../app/context.ts';
import type { Probes } from '../app/probes.ts';
import { clockSkew } from '../db/clock.ts';
import { sql } from '../db/drizzle.cjs';
import type { Check, Readiness } from '../http/health.ts';
import type { Cycles } from './cycles.ts';

/** Clocks further apart than this make times that are told to people wrong. */
export const MAX_SKEW_MS = 2_000;
/** A cycle that has not ended well for this long is not working. */
const STALE_SECONDS = 60;

/** What `/readyz` says: database, clock, channels, cycles. */
export function createReadiness(
  ctx: Context,
  cycles: Cycles,
  probes: Pick<Probes, 'silent'>,
): () => Promise<Readiness> {
  return async () => {
    const database = await isDatabaseThere(ctx);
    const checks: Check[] = [
      { name: 'database', ok: database },
      database
        ? await checkClock(ctx)
        : { name: 'clock', ok: false, detail: 'not known without the database' },
      ...[...ctx.channels.values()].map((channel) => {
        const { state, lastError } = channel.health();
        // Said, and no ground to take the process out of service: then nothing at all would reach it.
        const silent = probes.silent().get(channel.kind);
        const detail = [
          lastError ? `${state}: ${lastError}` : state,
          ...(silent ? [`no answer: ${silent}`] : []),
        ];
        return { name: `channel ${channel.kind}`, ok: state === 'up', detail: detail.join(', ') };
      }),
      ...cycles.ages().map(({ name, seconds }) => ({
        name: `cycle ${name}`,
        ok: seconds < STALE_SECONDS,
        detail: `last run ${seconds} s ago`,
      })),
    ];
    return { ok: checks.every((check) => check.ok), checks };
  };
}

async function isDatabaseThere(ctx: Context): Promise<boolean> {
  try {
    await ctx.db.execute(sql`select 1`);
    return true;
  } catch {
    return false;
  }
}

async function checkClock(ctx: Context): Promise<Check> {
  const skew = Math.abs(await clockSkew(ctx.db));
  return { name: 'clock', ok: skew <= MAX_SKEW_MS, detail: `${skew} ms from the database's` };
}
