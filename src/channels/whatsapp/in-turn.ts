/**
 * Values of the session store that are read and then written again. Whatever is under one name waits for each other:
 * two answers to one person at once must not forget each other's buttons.
 *
 * One process writes at a time (the lease), so its own memory is enough.
 */
import type { SessionStore } from './session-store.ts';

const lines = new WeakMap<SessionStore, Map<string, Promise<unknown>>>();

/** Does `work` after everything that was begun under the same name. */
export function inTurn<T>(store: SessionStore, name: string, work: () => Promise<T>): Promise<T> {
  const line = lines.get(store) ?? new Map<string, Promise<unknown>>();
  lines.set(store, line);
  const before = line.get(name) ?? Promise.resolve();
  const next = before.then(work, work);
  const settled = next
    .catch(() => undefined)
    .finally(() => {
      if (line.get(name) === settled) line.delete(name);
    });
  line.set(name, settled);
  return next;
}
