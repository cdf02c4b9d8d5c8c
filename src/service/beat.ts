/**
 * The heartbeat in the database: when the service last lived. A long gap is an outage, and each person who writes next
 * is told. With each beat the process loses the keys that another one has destroyed.
 */
import type { Context } from '../app/ground/context.ts';
import { waiting } from '../db/deliveries.ts';
import { beat, claimMode, lastAlive } from '../db/service-state.ts';
import { reduceError } from '../kernel/log.ts';
import { seconds } from '../kernel/time.ts';
import { whatTurnsOn } from '../messengers/list.ts';

export type Beat = {
  /** When the service last lived, and the database's time when it was started. */
  found: { lastAliveAt: Date; startedAt: Date };
  stop(): Promise<void>;
};

const EVERY = seconds(10);

/** Marks the database as this mode's (or refuses it), records the outage that ends now, and begins to beat. */
export async function createBeat(ctx: Context, mode: 'trial' | 'live'): Promise<Beat> {
  const startedAt = await ctx.clock.now(ctx.db);
  await claimMode(ctx.db, mode, startedAt, whatTurnsOn());
  const lastAliveAt = (await lastAlive(ctx.db)) ?? startedAt;
  await beat(ctx.db, startedAt, ctx.log);
  let isLost = false;
  let running: Promise<void> = Promise.resolve();
  const once = async () => {
    try {
      const now = await ctx.clock.now(ctx.db);
      await beat(ctx.db, now, ctx.log);
      await ctx.epochs.refresh();
      const rows = await waiting(ctx.db);
      ctx.metrics.waiting(
        rows.map((row) => ({ ...row, oldestSeconds: (now.getTime() - row.oldest.getTime()) / 1_000 })),
      );
      if (isLost) ctx.log.info('database_back', { ms: EVERY });
      ctx.unsaved.databaseAnswers();
      isLost = false;
    } catch (error) {
      if (!isLost) ctx.log.error('database_lost', reduceError(error));
      isLost = true;
    }
  };
  const timer = setInterval(() => {
    running = once();
  }, EVERY);
  return {
    found: { lastAliveAt, startedAt },
    async stop() {
      clearInterval(timer);
      await running;
      await once();
    },
  };
}
