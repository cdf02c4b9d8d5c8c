/**
 * Supervisors, coordinators and administrators are told in their chat when what safety hangs on is said or heard otherwise.
 *
 * Invariants: neutral, on a phone that another person may read: no sentence, no name. At most one message in ten minutes. Where
 * none of those who are told is another human than the ones who did it, the change itself says so, and the room and `doctor`
 * say it until it is over.
 */
import { allMembers } from '../../db/members.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { after, days, minutes } from '../../kernel/time.ts';
import type { TextState } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';
import { notifyOfficers, readableContacts } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { withNamesakes } from '../records/may-know.ts';
import { answersForTexts } from './second-yes.ts';

/** All of so long is one message, at its end. */
const TOGETHER = minutes(10);

/**
 * `by`: the members who did it; null: the operator. Where there is nobody who answers for texts but them, everybody who can
 * be told is.
 */
export async function tellInForce(
  at: Moment<Context>,
  by: readonly (string | null)[],
  key: 'notice.texts_in_force' | 'notice.voice_withdrawn' = 'notice.texts_in_force',
): Promise<{ isUntold?: true }> {
  const { tx, ctx, now } = at;
  const officers = await enrolledOfficers(tx);
  const members = (await allMembers(tx)).filter(({ removedAt }) => removedAt === null);
  const answering = members.filter(answersForTexts).map(({ officerId }) => officerId);
  const did = await withNamesakes(at, by.filter((id) => id !== null) as PersonId[]);
  const isAnother = (each: EnrolledOfficer) =>
    !did.includes(each.id) && readableContacts(ctx, each).length > 0;
  const responsible = officers.filter(({ id, role }) => role === 'supervisor' || answering.includes(id));
  const isTold = responsible.some(isAnother);
  const window = Math.floor(now.getTime() / TOGETHER);
  await notifyOfficers(at, isTold ? responsible : officers, {
    key,
    coalesce: `${key === 'notice.texts_in_force' ? 'texts' : 'voices'}:${window}`,
    delayMs: after(new Date(window * TOGETHER), TOGETHER).getTime() - now.getTime(),
  });
  return isTold ? {} : { isUntold: true };
}

/** So long it is said in the room and by `doctor` that nobody could be told. */
const SAID_FOR = days(30);

/** Texts of which nobody was told but those who did it. */
export const untoldNow = (states: ReadonlyMap<string, TextState>, now: Date): TextName[] =>
  [...states.values()].flatMap(({ language, key, untoldSince }) =>
    untoldSince && after(untoldSince, SAID_FOR) > now ? [{ language, key }] : [],
  );
