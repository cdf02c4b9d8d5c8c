/**
 * "Something may have changed": the watchers look again.
 *
 * Told at most every third of a second, however much happens; what is missed once is told with the next change.
 */
import { createHash, randomUUID } from 'node:crypto';

export type Changes = {
  /** Something happened. */
  tell(): void;
  /** Calls back after changes, until the returned function is called. */
  onChange(heard: () => void): () => void;
  /** Another word after each change: for a reader that cannot be told, and asks. Of each process its own. */
  word(): string;
  stop(): void;
};

const EVERY_MS = 300;

export function createChanges(): Changes {
  const watchers = new Set<() => void>();
  const process = randomUUID();
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const tellAll = (): void => {
    timer = undefined;
    for (const heard of watchers) heard();
  };
  return {
    tell() {
      count += 1;
      if (watchers.size > 0) timer ??= setTimeout(tellAll, EVERY_MS).unref();
    },
    onChange(heard) {
      watchers.add(heard);
      return () => void watchers.delete(heard);
    },
    // It tells no number: how much happens is not everybody's.
    word: () => createHash('sha256').update(`${process} ${count}`).digest('base64url').slice(0, 16),
    stop() {
      clearTimeout(timer);
      watchers.clear();
    },
  };
}
