/**
 * Whole tables out of PostgreSQL and into it, as streams (COPY in its binary form).
 *
 * Invariants: no table is ever whole in memory: a slow reader slows the server, a slow server the writer; a reader that
 * stops ends the COPY, so that the connection is free again; an error that comes after the last byte is an error.
 */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type postgres from 'postgres';

/** Runs statements inside one transaction. */
export type Statements = Pick<postgres.TransactionSql, 'unsafe'>;

/** postgres.js hands a query over before it is asked; what it says of it later goes to `reject`. */
type Asked = PromiseLike<unknown> & {
  readable(): Promise<Readable>;
  writable(): Promise<Writable>;
  reject(error: unknown): void;
  active: boolean;
  canceller: ((asked: Asked) => Promise<unknown>) | null;
};

/** Runs a `copy … to stdout` and gives what comes, piece by piece. */
export async function* copyOut(tx: Statements, statement: string): AsyncGenerator<Buffer, void> {
  const asked = tx.unsafe(statement) as unknown as Asked;
  const source = await asked.readable();
  let isOver = false;
  try {
    for await (const piece of source.iterator({ destroyOnReturn: false })) yield piece as Buffer;
    isOver = true;
  } finally {
    // A reader that stops in the middle: the server is told to stop, and what was on its way is thrown away.
    if (!isOver && !source.destroyed) {
      // postgres.js takes a query for over once its stream was handed out, and cancels none that is over.
      asked.active = true;
      await asked.canceller?.(asked).catch(() => undefined);
      try {
        for await (const _ of source);
      } catch {
        // That it was cancelled.
      }
    }
    // postgres.js pauses the connection while the stream is full, and forgets to go on if the end comes just then: whatever is
    // asked next would wait for ever.
    source._read(0);
  }
}

export type CopyIn = {
  /** Resolves when the next piece may come. */
  write(piece: Uint8Array): Promise<void>;
  /** Resolves when every row is in, keys and rules checked. */
  end(): Promise<void>;
};

/** Runs a `copy … from stdin`. */
export async function copyIn(tx: Statements, statement: string): Promise<CopyIn> {
  const asked = tx.unsafe(statement) as unknown as Asked;
  const target = await asked.writable();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  // postgres.js 3.4.9 tells the stream of an error only until its end, and the query no more: nobody would ever hear of it.
  asked.reject = (error) => failed.reject(error);
  target.on('error', (error) => failed.reject(error));
  return {
    async write(piece) {
      if (!target.write(piece)) await Promise.race([once(target, 'drain'), failed.promise]);
    },
    async end() {
      target.end();
      await Promise.race([finished(target), failed.promise]);
    },
  };
}
