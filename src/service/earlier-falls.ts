/** What the guardian knows of the runs before this one, and who hears of it. */
import { isWork } from '../app/alerts/marked-work.ts';
import type { Context } from '../app/ground/context.ts';
import type { UnderWay } from '../app/ground/under-way.ts';
import { countSuspects, tellFalls } from '../app/watch/falls.ts';
import { hours } from '../kernel/time.ts';
import type { Guarded } from './guarded.ts';

/** Counts the messages that may have made it fall, before any comes again. Returns whether there are any. */
export async function learnOfSuspects(
  ctx: Context,
  underWay: UnderWay,
  guarded: Guarded | undefined,
): Promise<boolean> {
  const messages = guarded?.found.suspects.filter(({ key }) => !isWork(key)) ?? [];
  underWay.learn(await countSuspects(ctx, messages));
  guarded?.counted();
  return messages.length > 0;
}

/** Into the log, the metrics, and to the supervisors. */
export async function tellOfFalls(ctx: Context, guarded: Guarded): Promise<void> {
  const { falls, suspects, told } = guarded.found;
  ctx.metrics.fell(falls.length);
  const last = falls.at(-1);
  if (!last) return;
  ctx.log.error('service_fell', { because: last.kind, times: falls.length, messages: suspects.length });
  const said = await tellFalls(ctx, falls, told);
  if (said) guarded.told(said);
}

/** Of those within an hour before the start, how many are within an hour before now. `sinceMs`: since the start. */
export const fallsWithinHour = (guarded: Guarded | undefined, sinceMs: number): number =>
  (guarded?.found.falls ?? []).filter(({ agoMs }) => agoMs + sinceMs < hours(1)).length;
