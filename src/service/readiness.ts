import type { Context } from '../app/ground/context.ts';
import { inEnglish, type Line, line, nameLine } from '../app/ground/lines.ts';
import { linesOfFault } from '../app/watch/account-faults.ts';
import type { Probes } from '../app/watch/probes.ts';
import type { Channel } from '../channels/channel.ts';
import { clockSkew } from '../db/clock.ts';
import { sql } from '../db/drizzle.cjs';
import type { Check, Readiness } from '../http/health.ts';
import type { ProxyTrouble, ProxyWatch } from '../http/proxy-watch.ts';
import type { Cycles } from './cycles.ts';

/** Clocks further apart than this make times that are told to people wrong. */
export const MAX_SKEW_MS = 2_000;
/** A cycle that has not ended well for this long is not working. */
const STALE_SECONDS = 60;

const PROXY: Readonly<Record<ProxyTrouble, Line>> = {
  not_trusted: line('running.proxy_not_trusted'),
  says_nothing: line('running.proxy_says_nothing'),
};

/** What is said of a part, for who reads `/readyz` and for the room. */
const saying = (said: Line) => ({ detail: inEnglish(said), lines: said });

/**
 * What `/readyz` looks at. Vital are the database and the cycles: without them this process does nothing, and another one
 * in its place might. A channel that is cut off, a clock that is wrong, a proxy that was not named would be the same after
 * a restart, and what still works would be gone: they are for the operator to look at.
 */
export function createReadiness(
  ctx: Context,
  cycles: Pick<Cycles, 'ages'>,
  probes: Pick<Probes, 'silent'>,
  proxy?: Pick<ProxyWatch, 'trouble'>,
): () => Promise<Readiness> {
  return async () => {
    const database = await isDatabaseThere(ctx);
    const trouble = proxy?.trouble();
    const checks: Check[] = [
      { name: 'database', ok: database, isVital: true, called: line('running.database') },
      database ? await checkClock(ctx) : { ...CLOCK, ok: false, ...saying(line('running.clock_unknown')) },
      ...[...ctx.channels.values()].map((channel) =>
        checkChannel(channel, probes.silent().get(channel.kind)),
      ),
      ...cycles.ages().map(({ name, seconds }) => ({
        name: `cycle ${name}`,
        called: line('running.cycle', { name }),
        ok: seconds < STALE_SECONDS,
        isVital: true,
        ...saying(line('running.ago', { seconds })),
      })),
      {
        name: 'proxy',
        ok: !trouble,
        isVital: false,
        called: line('running.proxy'),
        ...(trouble ? saying(PROXY[trouble]) : {}),
      },
    ];
    return { checks };
  };
}

function checkChannel(channel: Channel, silent: string | undefined): Check {
  const { state, lastError, isStandby, fault } = channel.health();
  const known = fault && linesOfFault(channel, fault);
  const is = line(`running.${state}`);
  const all = [
    lastError ? line('running.state_because', { state: is, code: lastError }) : is,
    ...(silent && !fault ? [line('running.silent', { code: silent })] : []),
    ...(known ? [known.what, known.mend] : []),
  ];
  return {
    name: `channel ${channel.kind}`,
    called: line('running.channel', { kind: nameLine(channel.kind) }),
    // One that stands by is as it should be: another process has the line.
    ok: (state === 'up' || isStandby === true) && !silent,
    isVital: false,
    ...saying(line('all', { all: { all, by: ',' } })),
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

const CLOCK = { name: 'clock', isVital: false, called: line('running.clock') } as const;

async function checkClock(ctx: Context): Promise<Check> {
  // The database may go away between two questions: then nothing is known of the clock.
  const skew = Math.abs(await clockSkew(ctx.db).catch(() => Number.NaN));
  return { ...CLOCK, ok: skew <= MAX_SKEW_MS, ...saying(line('clock.near', { ms: skew })) };
}
