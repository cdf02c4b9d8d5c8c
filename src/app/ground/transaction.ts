import type { Tx } from '../../db/database.ts';
import { isRetryable } from '../../db/failure.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { type MadeCode, NO_CODE_READY } from '../keys/receipt-codes.ts';
import type { Context } from './context.ts';

/** How often one transaction is run at most. */
const RUNS = 5;

type Nudge = Context['nudge'];

/** What running a transaction needs; its work may need more of a context. */
type Needs = Pick<Context, 'db' | 'clock'> & Partial<Pick<Context, 'nudge' | 'receiptCodes'>>;

/** What its work is given: the same, in which a nudge waits for the commit. */
type Inside<C> = C & { nudge: Nudge };

/**
 * Inside this transaction, at this moment: what a use case that writes is given. Only `transact` makes one, so that the
 * three belong together: no statement runs outside the transaction, no cycle is woken before the commit, and whatever is
 * written in one transaction has one time.
 */
class Moment<C = Context> {
  /** Nothing that was put together elsewhere has this type. */
  declare protected readonly isOfTransact: true;
  readonly tx: Tx;
  /** The one to use inside: its nudges wait for the commit. */
  readonly ctx: C;
  /** The database's time, read once. */
  readonly now: Date;

  constructor(tx: Tx, ctx: C, now: Date) {
    this.tx = tx;
    this.ctx = ctx;
    this.now = now;
  }
}

export type { Moment };

/** Runs `work` in one transaction with the database's time. */
export function transact<T, C extends Needs>(
  ctx: C,
  work: (at: Moment<Inside<C>>) => Promise<T>,
): Promise<T> {
  return transactUntimed(ctx, async (tx, begin) => work(begin(await ctx.clock.now(tx))));
}

/**
 * The same for work whose own first statement reads the time; `begin` makes it the moment. The cycles are woken only once
 * the transaction has committed: one that is woken earlier would find nothing. Of two that wait for each other PostgreSQL
 * ends one; nothing of it is left, so it is run again, as it is when it needs a receipt code and none lies ready: `work`
 * must change nothing but the database.
 */
export async function transactUntimed<T, C extends Needs>(
  ctx: C,
  work: (tx: Tx, begin: (now: Date) => Moment<Inside<C>>) => Promise<T>,
): Promise<T> {
  let made: MadeCode | undefined;
  for (let run = 1; ; run++) {
    const woken = new Map<string, Parameters<Nudge>>();
    const nudge: Nudge = (...which) => woken.set(which.join(' '), which);
    const inside = { ...ctx, nudge, ...withCode(ctx, made) };
    try {
      const result = await ctx.db.transaction((tx) => work(tx, (now) => new Moment(tx, inside, now)));
      for (const which of woken.values()) ctx.nudge?.(...which);
      return result;
    } catch (error) {
      const needsCode = made === undefined && error instanceof LakanaError && error.code === NO_CODE_READY;
      if (run >= RUNS || !(needsCode || isRetryable(error))) throw error;
      // Hashed while no transaction is open.
      if (needsCode) made = await ctx.receiptCodes?.make();
    }
  }
}

/** The code that was made for this work, if it needed one; a second one is taken from those that lie ready. */
function withCode({ receiptCodes }: Needs, made: MadeCode | undefined): Partial<Needs> {
  if (!receiptCodes || !made) return {};
  let next: MadeCode | undefined = made;
  const take = (): MadeCode => {
    const mine = next;
    next = undefined;
    return mine ?? receiptCodes.take();
  };
  return { receiptCodes: { ...receiptCodes, take } };
}
