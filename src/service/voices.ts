/**
 * Recordings that another process took into use or withdrew are known here too. None is heard that does not count any more,
 * however late it is looked for here: that is asked before each is heard (`src/app/texts/heard.ts`).
 */
import type { Context } from '../app/ground/context.ts';
import { benchOf } from '../app/texts/bench.ts';
import { voicesStand } from '../db/voice-recordings.ts';

/** Each call looks whether something has changed since the last one. */
export function createVoiceWatch(ctx: Pick<Context, 'db' | 'voices' | 'content'>): () => Promise<void> {
  const { db, voices } = ctx;
  let stand: string | undefined;
  return async () => {
    const now = `${benchOf(ctx).reading} ${await voicesStand(db)}`;
    if (now !== stand) await voices.reload();
    stand = now;
  };
}
