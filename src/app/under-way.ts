/**
 * Messages that are being handled, marked from before anything reads them until they are done: what freezes or ends the
 * process is known by its mark when the service is started again.
 *
 * Invariant: of those that were under way when the service fell one is handled at a time, so that whichever did it is the
 * only one of them that is under way if it falls again. The others are counted once, by chance, and no more.
 */

/** Where marks are made; keyed hashes only. */
export type Marks = { begins(key: string): void; ends(key: string): void };

export type UnderWay = {
  /** How often the service fell while this message was being handled, or its handling failed. */
  falls(key: string): number;
  handle(key: string, work: () => Promise<void>): Promise<void>;
};

export function createUnderWay(marks?: Marks, known: ReadonlyMap<string, number> = new Map()): UnderWay {
  const suspects = new Map(known);
  let last: Promise<unknown> = Promise.resolve();

  const marked = async (key: string, work: () => Promise<void>): Promise<void> => {
    marks?.begins(key);
    try {
      await work();
      suspects.delete(key);
    } finally {
      marks?.ends(key);
    }
  };

  return {
    falls: (key) => suspects.get(key) ?? 0,
    handle(key, work) {
      if (!suspects.has(key)) return marked(key, work);
      const turn = last.then(() => marked(key, work));
      last = turn.catch(() => undefined);
      return turn;
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
