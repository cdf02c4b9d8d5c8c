/**
 * Receipt codes are hashed here and nowhere else, with no transaction open: hashing one takes longer than everything
 * else about a report, and a transaction that waited for it would keep a connection from a person who cries for help.
 *
 * Invariants: a code is given out once; one that was never given out is nobody's. Two are hashed at a time at most, one
 * that is made and one that is compared, so that of Node's four threads two are left. A contact that has tried less
 * comes first; when too many wait, those that have tried most are sent away first.
 */
import type { Keyring } from '../../crypto/keyring.ts';
import {
  hashReceiptCode,
  newReceiptCode,
  type ReceiptCodeHash,
  verifyReceiptCode,
} from '../../crypto/receipt-code.ts';
import { LakanaError } from '../../kernel/errors.ts';

/** No code lies ready. `transactUntimed` then has one made, outside any transaction, and runs the work again. */
export const NO_CODE_READY = 'no_code_ready';

export type ReceiptCodes = {
  /** A fresh code and what is stored of it, without waiting; throws `NO_CODE_READY`. */
  take(): MadeCode;
  /** One that is made for the caller; callers are served in the order in which they ask. Outside any transaction. */
  make(): Promise<MadeCode>;
  /**
   * Whether it is the code that was stored; without `stored` it is not, and takes as long. `tries`: how many this address
   * has made. Outside any transaction.
   */
  compare(code: string, stored: ReceiptCodeHash | undefined, tries: number): Promise<boolean | 'busy'>;
};

export type MadeCode = { code: string; stored: ReceiptCodeHash };

/** How codes are hashed. Only a test brings another way than the real one: no setting and no program names it. */
export type Hashing = {
  hash(keyring: Keyring, code: string): Promise<ReceiptCodeHash>;
  verify(keyring: Keyring, code: string, stored: ReceiptCodeHash): Promise<boolean>;
};

/** Those who wait to have a code compared: less than a second's work. */
const MOST_WAITING = 8;

/** `ahead`: how many lie ready once the first was asked for. `hashing`: other than real, for tests. */
export function createReceiptCodes(
  keyring: Keyring,
  ahead = 4,
  hashing: Hashing = { hash: hashReceiptCode, verify: verifyReceiptCode },
): ReceiptCodes {
  const ready: MadeCode[] = [];
  let underWay = 0;
  let last: Promise<unknown> = Promise.resolve();
  let nobodys: Promise<ReceiptCodeHash> | undefined;
  const turns = createTurns(MOST_WAITING);

  const make = (): Promise<MadeCode> => {
    const code = newReceiptCode();
    const made = last.then(async () => ({ code, stored: await hashing.hash(keyring, code) }));
    last = made.catch(() => undefined);
    return made;
  };
  const refill = (): void => {
    while (ready.length + underWay < ahead) {
      underWay += 1;
      make()
        .then((made) => ready.push(made))
        // A caller that needs one makes it, and is told.
        .catch(() => undefined)
        .finally(() => {
          underWay -= 1;
        });
    }
  };
  return {
    make,
    take() {
      const next = ready.shift();
      refill();
      if (!next) throw new LakanaError(NO_CODE_READY, 'no receipt code lies ready');
      return next;
    },
    async compare(code, stored, tries) {
      nobodys ??= make().then((made) => made.stored);
      nobodys.catch(() => {
        nobodys = undefined;
      });
      const against = stored ?? (await nobodys);
      const isRight = await turns.run(tries, () => hashing.verify(keyring, code, against));
      return isRight === 'busy' ? 'busy' : isRight && stored !== undefined;
    },
  };
}

type Turn = { tries: number; go: () => void; leave: () => void };

/** Work one after the other: fewest tries first, then as they came. `most`: how many may wait. */
export function createTurns(most: number) {
  const waiting: Turn[] = [];
  let isTaken = false;

  const queue = (tries: number): Promise<boolean> =>
    new Promise((resolve) => {
      waiting.push({ tries, go: () => resolve(true), leave: () => resolve(false) });
      waiting.sort((a, b) => a.tries - b.tries);
      if (waiting.length > most) waiting.pop()?.leave();
    });

  return {
    async run<T>(tries: number, work: () => Promise<T>): Promise<T | 'busy'> {
      if (isTaken && !(await queue(tries))) return 'busy';
      isTaken = true;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // Handed on: nobody comes in between.
        if (next) next.go();
        else isTaken = false;
      }
    },
  };
}
