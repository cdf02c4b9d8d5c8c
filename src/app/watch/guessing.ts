/**
 * A stranger tries receipt codes, from one contact or from many: the team is told, once an hour.
 *
 * Invariant: nobody is locked out by it but the contact that tries; what was tried is kept nowhere.
 */
import { countTries } from '../../db/code-tries.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { after, hours } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { mayTell } from './gathered.ts';

/** More tries than this in an hour are no people who mistype. */
const MANY = 100;

/** Looks whether there were too many tries; returns whether the team was told now. */
export async function watchGuessing(ctx: Context, now: Date): Promise<boolean> {
  const count = await countTries(ctx.db, after(now, -hours(1)));
  if (count < MANY) return false;
  return transact(ctx, async (at) => {
    const { tx, ctx } = at;
    // What is counted is the last hour: a further look within it is nothing new.
    if (!(await mayTell(at, 'codes_guessed', false))) return false;
    await audit(at, { memberId: null, what: 'codes_guessed', detail: { count } });
    const officers = await enrolledOfficers(tx);
    const supervisors = officers.filter((each) => each.role === 'supervisor');
    const told = supervisors.length > 0 ? supervisors : officers;
    await notifyOfficers(at, told, {
      key: 'notice.codes_guessed',
      params: { count },
      class: CLASS.page,
    });
    ctx.log.warn('codes_guessed', { count });
    return true;
  });
}
