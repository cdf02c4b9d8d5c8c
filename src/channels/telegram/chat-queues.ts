/** Work in order within a chat, side by side across chats, at most so many at once. */
import PQueue from 'p-queue';

export type ChatQueues = {
  /** Runs `task` once everything given earlier for this chat has ended. `task` must not throw. */
  run(chat: string, task: () => Promise<void>): Promise<void>;
  /** Resolves once nothing runs or waits. */
  idle(): Promise<void>;
};

/** Makes an empty set of queues. `atOnce`: how many chats are worked on at the same time. */
export function createChatQueues(atOnce: number): ChatQueues {
  const all = new PQueue({ concurrency: atOnce });
  const chats = new Map<string, PQueue>();
  return {
    async run(chat, task) {
      const own = chats.get(chat) ?? new PQueue({ concurrency: 1 });
      chats.set(chat, own);
      try {
        await own.add(() => all.add(task));
      } finally {
        if (own.size + own.pending === 0) chats.delete(chat);
      }
    },
    async idle() {
      while (chats.size > 0) await Promise.all([...chats.values()].map((own) => own.onIdle()));
    },
  };
}
