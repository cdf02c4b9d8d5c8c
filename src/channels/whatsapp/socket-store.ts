/**
 * The session store as one socket may use it.
 *
 * Invariants: a socket whose store fails is ended before Baileys hears of it, for Baileys would refuse the message it
 * has at hand, and WhatsApp never brings again what was refused; without the lease nothing is written, for another
 * process may have moved the ratchets on (a machine that slept wakes up with the socket still open).
 */
import type { SessionStore } from './session-store.ts';

/** `onFailed` is called in the same turn, before the caller that asked is told. */
export function socketStore(
  store: SessionStore,
  lease: { isHeld(): boolean },
  onFailed: () => void,
): SessionStore {
  const orFailed = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      onFailed();
      throw error;
    }
  };
  return {
    read: (names) => orFailed(() => store.read(names)),
    write: (changes, staged) =>
      orFailed(async () => {
        if (!lease.isHeld()) throw new Error('another process may hold the session');
        await store.write(changes, staged);
      }),
    clear: () => store.clear(),
  };
}
