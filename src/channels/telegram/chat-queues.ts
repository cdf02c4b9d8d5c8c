/** Work in order within a chat, side by side across chats, at most so many at once. */

export type ChatQueues = {
  /** Runs `task` once everything given earlier for this chat has ended. `task` must not throw. */
  run(chat: string, task: () => Promise<void>): Promise<void>;
  /** Resolves once nothing runs or waits. */
  idle(): Promise<void>;
};

/** Makes an empty set of queues. `atOnce`: how many chats are worked on at the same time. */
export function createChatQueues(atOnce: number): ChatQueues {
  const tails = new Map<string, Promise<void>>();
  const waiting: (() => void)[] = [];
  let free = atOnce;

  async function limited(task: () => Promise<void>): Promise<void> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  }

  return {
    run(chat, task) {
      const before = tails.get(chat) ?? Promise.resolve();
      const tail = before
        .then(() => limited(task))
        .finally(() => {
          if (tails.get(chat) === tail) tails.delete(chat);
        });
      tails.set(chat, tail);
      return tail;
    },
    async idle() {
      while (tails.size > 0) await Promise.allSettled(tails.values());
    },
  };
}
