/** After the service fell: what it was handling is counted, and who looks after it is told, once. */
import type { Tx } from '../../db/database.ts';
import { countFalls, failedMessages } from '../../db/inbox.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { after } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { keyOf, messageOf } from '../ground/under-way.ts';
import { mayTell } from './gathered.ts';

export type Fall = { agoMs: number; kind: 'frozen' | 'ended' };

/** So often within an hour is no accident. */
export const TOO_OFTEN = 3;

/** Counts what was being handled, and returns every message whose handling has failed so far, with how often. */
export async function countSuspects(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  suspects: readonly { key: string; times: number }[],
): Promise<Map<string, number>> {
  const now = await clock.now(db);
  for (const { key, times } of suspects) await countFalls(db, now, messageOf(key), times);
  const failed = await failedMessages(db);
  return new Map(failed.map(({ attempts, ...message }) => [keyOf(message), attempts]));
}

/**
 * Tells the supervisors that the service fell and runs again, or that it falls again and again; undefined: they know.
 * `told`: what they were told within the hour.
 */
export async function tellFalls(
  ctx: Context,
  falls: readonly Fall[],
  told: 'once' | 'again' | undefined,
): Promise<'once' | 'again' | undefined> {
  const last = falls.at(-1);
  if (!last) return undefined;
  const what = falls.length >= TOO_OFTEN ? 'again' : 'once';
  if (told === what || told === 'again') return undefined;
  return transact(ctx, async (at) => {
    const { tx, now } = at;
    // The guardian forgets with the machine, and another machine has its own.
    const held = await mayTell(at, `fell/${what}`);
    if (!held) return undefined;
    const time = sayTime(after(now, -last.agoMs), now, ctx.settings.timeZone);
    const key = `fell.${what === 'again' ? 'again' : last.kind}`;
    const params = { at: time, count: falls.length };
    await notifyOfficers(at, await whoLooksAfterIt(tx), { key, params, class: CLASS.page, held }, 'all');
    return what;
  });
}

/** The supervisors, or, where there are none, every officer. */
export async function whoLooksAfterIt(tx: Tx) {
  const officers = await enrolledOfficers(tx);
  const supervisors = officers.filter(({ role }) => role === 'supervisor');
  return supervisors.length > 0 ? supervisors : officers;
}
