/**
 * The heartbeat in the database: when the service last lived. A long gap is an outage, and each person who writes next
 * is told. With each beat the process loses the keys that another one has destroyed.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Context } from '../app/ground/context.ts';
import { measure } from '../app/watch/measuring.ts';
import { beat, claimMode, lastAlive } from '../db/service-state.ts';
import { reduceError } from '../kernel/log.ts';
import { seconds } from '../kernel/time.ts';
import type { Mode } from '../kernel/vocabulary.ts';
import { whatTurnsOn } from '../messengers/list.ts';

export type Beat = {
  /** When the service last lived, and the database's time when it was started. */
  found: { lastAliveAt: Date; startedAt: Date };
  stop(): Promise<void>;
};

const EVERY = seconds(10);
/** How finely it is looked how long work waits in this process. */
const RESOLUTION_MS = 20;

/** Marks the database as this mode's (or refuses it), records the outage that ends now, and begins to beat. */
export async function createBeat(ctx: Context, mode: Mode): Promise<Beat> {
  const startedAt = await ctx.clock.now(ctx.db);
  await claimMode(ctx.db, mode, startedAt, whatTurnsOn());
  const lastAliveAt = (await lastAlive(ctx.db)) ?? startedAt;
  await beat(ctx.db, startedAt, ctx.log);
  let isLost = false;
  let measuredAt = startedAt;
  let running: Promise<void> = Promise.resolve();
  const once = async () => {
    try {
      const now = await ctx.clock.now(ctx.db);
      await beat(ctx.db, now, ctx.log);
      await ctx.epochs.refresh();
      await measure(ctx, measuredAt, now);
      measuredAt = now;
      ctx.metrics.databaseUp(true);
      if (isLost) ctx.log.info('database_back', { ms: EVERY });
      ctx.unsaved.databaseAnswers();
      isLost = false;
    } catch (error) {
      ctx.metrics.databaseUp(false);
      if (!isLost) ctx.log.error('database_lost', reduceError(error));
      isLost = true;
    }
  };
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const timer = setInterval(() => {
    ctx.metrics.loopLag(Math.max(0, delay.max / 1e9 - RESOLUTION_MS / 1_000));
    delay.reset();
    running = once();
  }, EVERY);
  return {
    found: { lastAliveAt, startedAt },
    async stop() {
      clearInterval(timer);
      delay.disable();
      await running;
      await once();
    },
  };
}
