/**
 * What is being worked on, marked from before anything is done with it until it is done: what freezes or ends the process
 * is known by its mark when the service is started again. Marked are messages, what comes from a messenger while it is
 * read, messages that are sent, steps of alerts, timers of conversations and jobs; files have marks of their own
 * (`evidence-tries.ts`).
 *
 * Invariant: of those that were under way when the service fell one is handled at a time, so that whichever did it is the
 * only one of them that is under way if it falls again. The others are counted once, by chance, and no more.
 */

/** Where marks are made; keyed hashes only. `isSole`: nothing else can run until it ends. */
export type Marks = { begins(key: string, isSole?: boolean): void; ends(key: string): void };

export type UnderWay = {
  /** How often the service fell while this was being handled, or its handling failed. */
  falls(key: string): number;
  /** `from`: so many falls make it one of those that are handled one at a time; default 1. */
  handle<T>(key: string, work: () => Promise<T>, from?: number): Promise<T>;
  /** What is done without letting go of the loop. */
  read<T>(key: string, work: () => T): T;
  /** What is known of falls from elsewhere. */
  learn(known: ReadonlyMap<string, number>): void;
};

export function createUnderWay(marks?: Marks, known: ReadonlyMap<string, number> = new Map()): UnderWay {
  const suspects = new Map(known);
  let last: Promise<unknown> = Promise.resolve();

  const marked = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    marks?.begins(key);
    try {
      const done = await work();
      suspects.delete(key);
      return done;
    } finally {
      marks?.ends(key);
    }
  };

  return {
    falls: (key) => suspects.get(key) ?? 0,
    handle(key, work, from = 1) {
      if ((suspects.get(key) ?? 0) < from) return marked(key, work);
      const turn = last.then(() => marked(key, work));
      last = turn.catch(() => undefined);
      return turn;
    },
    read(key, work) {
      marks?.begins(key, true);
      try {
        return work();
      } finally {
        marks?.ends(key);
      }
    },
    learn(more) {
      for (const [key, times] of more) suspects.set(key, times);
    },
  };
}

type Message = { channel: string; messageIndex: Uint8Array };

export const keyOf = ({ channel, messageIndex }: Message): string =>
  `${channel}/${Buffer.from(messageIndex).toString('hex')}`;

export function messageOf(key: string): { channel: string; index: Uint8Array } {
  const [channel = '', index = ''] = key.split('/');
  return { channel, index: Buffer.from(index, 'hex') };
}
