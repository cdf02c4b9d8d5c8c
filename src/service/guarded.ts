/** The service's side of its guardian. Without one (a test that starts the service by itself) nothing is said or heard. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Found, FromService, Told } from './guard-words.ts';

export type Guarded = {
  found: Found;
  /** A message is being handled from now on: said at once, so that it is known even if nothing is said after it. */
  begins(key: string, isSole?: boolean): void;
  ends(key: string): void;
  ready(): void;
  counted(): void;
  told(what: Told): void;
  /** Resolves when the guardian knows. */
  refuses(): Promise<void>;
  failed(): Promise<void>;
};

const BEAT_EVERY = 500;

/** Begins to say that this process lives, and ends it when the guardian is gone: nothing may be left that nobody watches. */
export async function underGuard(): Promise<Guarded> {
  /** What has ended is in no hurry: it is said with what begins next, or at the end of this turn of the loop. */
  let ended: FromService[] = [];
  const say = (...said: FromService[]): Promise<void> =>
    new Promise((resolve) => {
      const all = [...ended, ...said];
      ended = [];
      // A guardian that was killed is noticed by `disconnect`.
      if (process.connected && all.length > 0) process.send?.(all, () => resolve());
      else resolve();
    });
  const tell = (said: FromService) => void say(said);
  let found: Found = { guardian: randomUUID(), falls: [], suspects: [], told: undefined };
  if (process.send) {
    process.once('disconnect', () => process.exit(1));
    tell({ is: 'asks' });
    [found] = (await once(process, 'message')) as [Found];
    setInterval(() => tell({ is: 'beat' }), BEAT_EVERY).unref();
  }
  return {
    found,
    begins: (key, isSole) => tell({ is: 'begins', key, ...(isSole ? { isSole } : {}) }),
    ends: (key) => {
      if (ended.push({ is: 'ends', key }) === 1) setImmediate(() => void say());
    },
    ready: () => tell({ is: 'ready' }),
    counted: () => tell({ is: 'counted' }),
    told: (told) => tell({ is: 'told', told }),
    refuses: () => say({ is: 'refuses' }),
    failed: () => say({ is: 'failed' }),
  };
}
