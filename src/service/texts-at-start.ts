/**
 * Texts and recordings of the room at the start of the service.
 *
 * Invariant: they hold no start up and end none: until they are read the files say everything, and people are paged. What cannot
 * be read, or takes too long (rows of another hand, however many and long; a table that is locked), is tried again by the cycle of
 * texts.
 */
import type { Context } from '../app/ground/context.ts';
import { readBench } from '../app/texts/bench.ts';
import { reduceError } from '../kernel/log.ts';
import { seconds } from '../kernel/time.ts';

/** A start waits so long: thirty thousand changes are read in a few seconds. */
const WAIT = seconds(20);

export async function readTextsAtStart(
  ctx: Pick<Context, 'db' | 'content' | 'keyring' | 'voices' | 'log'>,
  waitMs = WAIT,
): Promise<void> {
  const read = async () => {
    await readBench(ctx, ctx.db);
    await ctx.voices.reload();
  };
  const isRead = read().catch((error: unknown) => ctx.log.warn('texts_not_read', reduceError(error)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(() => {
      ctx.log.warn('texts_not_read', { error: 'late' });
      done();
    }, waitMs);
  });
  await Promise.race([isRead, late]);
  clearTimeout(timer);
}
