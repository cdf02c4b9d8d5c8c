/**
 * The list beside the backups: written as soon as something was erased, or a person was taken out, and looked at every few minutes.
 *
 * Invariant: it stands beside the cycles, whose delay says that the service is ill: a place that does not answer delays nothing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../app/ground/context.ts';
import type { Keeping } from '../app/keeping/keeping.ts';
import { keepErased } from '../app/keeping/listing.ts';
import type { Database } from '../db/database.ts';
import { createCycle } from '../kernel/cycle.ts';
import type { Log } from '../kernel/log.ts';
import { minutes, seconds } from '../kernel/time.ts';

/** One that failed is tried again after that. */
const LOOKED_EACH = minutes(5);
/** The service stops while its place does not answer. */
const ENDS_WITHIN = seconds(3);

export type ListKeeper = {
  start(): Promise<void>;
  nudge(inMs?: number): void;
  stop(): Promise<void>;
};

/** Without backups there is none to keep. */
export function createListKeeper(
  { listen }: Pick<Database, 'listen'>,
  log: Log,
  context: () => { ctx: Context; keeping: Keeping | undefined },
): ListKeeper {
  const cycle = createCycle({
    name: 'erased_list',
    log,
    everyMs: LOOKED_EACH,
    run: async () => {
      const { ctx, keeping } = context();
      if (!keeping) return 0;
      const noted = await keepErased(ctx, keeping);
      if (noted?.wasChanged) log.error('backup_trouble', { is: 'erased_list_changed' });
      return 0;
    },
  });
  let unlisten: (() => Promise<void>) | undefined;
  return {
    async start() {
      if (!context().keeping) return;
      // Commands of the office take people out too.
      unlisten = await listen('lakana_list', () => cycle.nudge());
      cycle.start();
    },
    nudge: cycle.nudge,
    async stop() {
      await unlisten?.();
      await Promise.race([cycle.stop(), pause(ENDS_WITHIN)]);
    },
  };
}
