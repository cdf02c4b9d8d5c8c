/**
 * The outside watch: another provider's service expects a sign of life each minute and calls for help when none comes.
 *
 * Invariants: no sign of life while people in danger might not be heard; the watch's address is secret and stands in no
 * log; what hangs or fails here holds up nothing.
 */
import type { Context } from '../app/ground/context.ts';
import { TOO_OFTEN } from '../app/watch/falls.ts';
import type { Probes } from '../app/watch/probes.ts';
import { answersGet } from '../channels/http-call.ts';
import { lastDrill } from '../db/alerts.ts';
import { countStuckPages } from '../db/pages.ts';
import { after, minutes, seconds } from '../kernel/time.ts';
import type { Cycles } from './cycles.ts';

const EVERY = minutes(1);
const TIMEOUT = seconds(10);
/** Channels are asked at every fifth look. */
const PROBE_EACH = 5;
/** A cycle that has not ended well for so long has stopped. */
const STALE_SECONDS = 60;
/** A channel may be without connection for so long: a shorter cut mends itself. */
const CUT_MS = minutes(5);
/** A page that should have left so long ago is not being sent. */
const STUCK_MS = minutes(2);

/** What is looked at. Times in ms and seconds. */
export type Facts = {
  /** Undefined: the database did not answer. */
  stuckPages: number | undefined;
  cycles: readonly { name: string; seconds: number }[];
  channels: readonly { kind: string; isUp: boolean; forMs: number }[];
  /** The last exercise found nobody. */
  hasDrillFailed: boolean;
  /** How often the service fell within the last hour. */
  falls: number;
  /** Channels whose other side does not answer when asked. */
  silent: readonly string[];
};

/** Whether a person who asks for help now would be heard; if not, why, in a word for the log. */
export function isWell(facts: Facts): { ok: true } | { ok: false; because: string } {
  const stopped = facts.cycles.find((cycle) => cycle.seconds >= STALE_SECONDS);
  const cut = facts.channels.find((channel) => !channel.isUp && channel.forMs >= CUT_MS);
  const reasons: readonly [boolean, string][] = [
    [facts.stuckPages === undefined, 'database'],
    [stopped !== undefined, `cycle_${stopped?.name}`],
    [cut !== undefined, `channel_${cut?.kind}`],
    [facts.silent.length > 0, `silent_${facts.silent[0]}`],
    [(facts.stuckPages ?? 0) > 0, 'stuck_pages'],
    [facts.hasDrillFailed, 'drill'],
    [facts.falls >= TOO_OFTEN, 'falls'],
  ];
  const because = reasons.find(([is]) => is)?.[1];
  return because === undefined ? { ok: true } : { ok: false, because };
}

export type Watchdog = {
  /** Looks, and gives a sign of life if all is well. Resolves to what was found. */
  look(): Promise<ReturnType<typeof isWell>>;
  stop(): Promise<void>;
};

/**
 * Gives a sign of life each minute; without `url` it only looks, and says in the log when something is wrong. Has the
 * channels asked now and then. `fallsNow`: how often the service fell within the last hour.
 */
export function createWatchdog(
  ctx: Context,
  cycles: Pick<Cycles, 'ages'>,
  probes: Probes,
  url?: string,
  fallsNow: () => number = () => 0,
): Watchdog {
  let looks = 0;
  let said = '';
  let unheard = '';
  let running: Promise<unknown> | undefined;

  const giveSign = async (to: string) => {
    const code = await ping(to);
    // A mistyped address would be found out only when the watch is needed.
    if (code && code !== unheard) ctx.log.error('watch_unheard', { code });
    unheard = code ?? '';
  };

  const look = async () => {
    if (looks++ % PROBE_EACH === 0) await probes.ask();
    const found = isWell({
      ...(await factsOf(ctx, cycles)),
      silent: [...probes.silent().keys()],
      falls: fallsNow(),
    });
    const because = found.ok ? '' : found.because;
    if (because !== said) {
      if (found.ok) ctx.log.info('watchdog', { ok: true, because: said });
      else ctx.log.error('watchdog', { ok: false, because });
      said = because;
    }
    if (found.ok && url) await giveSign(url);
    return found;
  };
  const timer = setInterval(() => {
    // One that takes long is waited for: looks never pile up.
    running ??= look()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
  }, EVERY);
  timer.unref();
  return {
    look,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** A code if the watch did not take it. */
function ping(url: string): Promise<string | undefined> {
  return answersGet(url, {}, AbortSignal.timeout(TIMEOUT));
}

async function factsOf(ctx: Context, cycles: Pick<Cycles, 'ages'>): Promise<Omit<Facts, 'silent' | 'falls'>> {
  const inside = await withinTimeout(database(ctx)).catch(() => undefined);
  return {
    stuckPages: inside?.stuckPages,
    hasDrillFailed: inside?.hasDrillFailed ?? false,
    cycles: cycles.ages(),
    channels: [...ctx.channels.values()].map((channel) => {
      const { state, since, isStandby } = channel.health();
      return {
        kind: channel.kind,
        isUp: state === 'up' || isStandby === true,
        forMs: Date.now() - since.getTime(),
      };
    }),
  };
}

/** A database that accepts and never answers is one that does not answer. */
async function withinTimeout<T>(asked: Promise<T>): Promise<T | undefined> {
  const limit = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => limit.resolve(undefined), TIMEOUT);
  return Promise.race([asked, limit.promise]).finally(() => clearTimeout(timer));
}

async function database(ctx: Context): Promise<{ stuckPages: number; hasDrillFailed: boolean }> {
  const now = await ctx.clock.now(ctx.db);
  const drill = await lastDrill(ctx.db);
  return {
    stuckPages: await countStuckPages(ctx.db, after(now, -STUCK_MS)),
    hasDrillFailed: drill?.outcome === 'drill_failed',
  };
}
