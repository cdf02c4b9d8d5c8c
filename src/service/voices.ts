/** Recordings that another process took into use are heard here too. */
import type { Context } from '../app/ground/context.ts';
import { voicesStand } from '../db/voice-recordings.ts';
import { reduceError } from '../kernel/log.ts';
import { seconds } from '../kernel/time.ts';
import type { Changes } from './changes.ts';

/** Between two looks; recordings change some times a year. */
const EVERY = seconds(10);

/** Looks whenever something has changed, but not more often than that. Returns how to stop. */
export function keepVoicesNew(ctx: Context, changes: Pick<Changes, 'onChange'>): () => void {
  let stand: string | undefined;
  let lookedAt = 0;
  const look = async (): Promise<void> => {
    const now = await voicesStand(ctx.db);
    if (stand !== undefined && now !== stand) await ctx.voices.reload();
    stand = now;
  };
  const heard = (): void => {
    if (performance.now() - lookedAt < EVERY) return;
    lookedAt = performance.now();
    void look().catch((error) => ctx.log.warn('cycle_failed', { cycle: 'voices', ...reduceError(error) }));
  };
  heard();
  return changes.onChange(heard);
}
