/**
 * Messages that could not be decrypted. Baileys asks the sender's phone for them anew, which mostly brings them within
 * a second; if it does not (the phone is off, or has lost its keys too), the person is told, for else they would
 * believe that we have it.
 */
import { LRUCache } from 'lru-cache';
import { seconds } from '../../kernel/time.ts';

const PATIENCE = seconds(5);
const REMEMBERED = 1_000;

export type Unreadable = {
  /** It came and could not be read: `tell` runs unless it comes again in time, once for each message. */
  came(id: string, tell: () => void): void;
  /** It could be read after all. */
  wasRead(id: string): void;
  stop(): void;
};

export function createUnreadable(): Unreadable {
  const waiting = new Map<string, NodeJS.Timeout>();
  const told = new LRUCache<string, true>({ max: REMEMBERED });
  return {
    came(id, tell) {
      if (waiting.has(id) || told.has(id)) return;
      const timer = setTimeout(() => {
        waiting.delete(id);
        told.set(id, true);
        tell();
      }, PATIENCE);
      waiting.set(id, timer);
    },
    wasRead(id) {
      clearTimeout(waiting.get(id));
      waiting.delete(id);
    },
    stop() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
