/**
 * Recordings that another process took into use or withdrew are known here too. None is heard that does not count any more,
 * however late it is looked for here: that is asked before each is heard (`src/app/voices`).
 */
import type { Context } from '../app/ground/context.ts';
import { voicesStand } from '../db/voice-recordings.ts';

/** Each call looks whether something has changed since the last one. */
export function createVoiceWatch({ db, voices }: Pick<Context, 'db' | 'voices'>): () => Promise<void> {
  let stand: string | undefined;
  return async () => {
    const now = await voicesStand(db);
    if (stand !== undefined && now !== stand) await voices.reload();
    stand = now;
  };
}
