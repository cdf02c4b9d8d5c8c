/**
 * The digest at 8:00: how many new cases there are, and which; and which older ones nobody follows.
 *
 * Invariants: sent once a day, however often it is asked for; references and levels only, and none of a case that the
 * officer must not have.
 */

import { type CaseToSee, casesToSeeFor } from '../../db/case-tasks.ts';
import { type CalmCase, calmCases, digestOf, lastDigestAt } from '../../db/digests.ts';
import { mayKnow } from '../../db/known.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import { after, calendarDay, days } from '../../kernel/time.ts';
import { CLASS, QUIET_LEVELS } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { idsOfOfficer } from '../records/may-know.ts';
import { forQuietNews, notify, readableContacts } from './officer-notices.ts';
import { languageOfOfficer, officerText } from './officer-wording.ts';
import { linesToSee, named } from './to-see.ts';

/** Without an earlier digest to go by, this far back. */
const AT_MOST = days(3);

/** Sends the digest of the day unless it was sent or there is nothing to say; returns to how many officers. */
export function sendDigest(ctx: Context): Promise<number> {
  return transact(ctx, async (at) => {
    const { tx, ctx, now } = at;
    const day = calendarDay(now, ctx.settings.timeZone);
    if (!(await digestOf(tx, day))) return 0;
    const since = (await lastDigestAt(tx, now)) ?? after(now, -AT_MOST);
    const cases = await calmCases(tx, now);
    let told = 0;
    for (const { officer, theirs } of await readers(at, cases)) {
      const language = languageOfOfficer(ctx, officer);
      const [contact] = readableContacts(ctx, officer);
      const toSee = await casesToSeeFor(tx, await idsOfOfficer(tx, officer.id));
      const text = digestFor(at, officer, { theirs, toSee }, since);
      if (!contact || text === undefined) continue;
      told += 1;
      await notify(
        at,
        { contactId: contact.contactId, language },
        { key: 'digest.text', params: { text }, class: CLASS.page, silent: true, coalesce: `digest:${day}` },
      );
    }
    return told;
  });
}

/** Whom it goes to, each with the cases of which they may know. One that nobody on duty may have goes to all others. */
async function readers(
  at: Moment,
  cases: readonly CalmCase[],
): Promise<{ officer: EnrolledOfficer; theirs: CalmCase[] }[]> {
  const knows = async (officer: EnrolledOfficer, some: readonly CalmCase[]) => {
    const ids = await idsOfOfficer(at.tx, officer.id);
    return { officer, theirs: some.filter((each) => mayKnow(ids, each)) };
  };
  const first = await forQuietNews(at);
  const told = await Promise.all(first.map((officer) => knows(officer, cases)));
  const left = cases.filter((each) => !told.some(({ theirs }) => theirs.includes(each)));
  if (left.length === 0) return told;
  const others = (await enrolledOfficers(at.tx)).filter(({ id }) => !first.some((each) => each.id === id));
  return [...told, ...(await Promise.all(others.map((officer) => knows(officer, left))))];
}

/** Undefined: there is nothing to say. */
function digestFor(
  at: Moment,
  officer: EnrolledOfficer,
  { theirs, toSee }: { theirs: readonly CalmCase[]; toSee: readonly CaseToSee[] },
  since: Date,
): string | undefined {
  const { ctx } = at;
  const language = languageOfOfficer(ctx, officer);
  const fresh = theirs.filter(({ openedAt }) => openedAt > since);
  const waiting = theirs.filter(({ openedAt, isTaken }) => openedAt <= since && !isTaken);
  const say = (key: string, params: Record<string, string | number>) =>
    officerText(ctx, language, key, params);
  const lines = QUIET_LEVELS.flatMap((level) => {
    const found = fresh.filter((each) => each.level === level);
    const params = {
      level: officerText(ctx, language, `level.${level}`),
      count: found.length,
      references: named(found),
    };
    return found.length > 0 ? [say('digest.line', params)] : [];
  });
  if (fresh.length > 0) lines.unshift(say('digest.new', { count: fresh.length }));
  if (waiting.length > 0)
    lines.push(say('digest.waiting', { count: waiting.length, references: named(waiting) }));
  lines.push(...linesToSee(at, language, toSee));
  return lines.length > 0 ? lines.join('\n') : undefined;
}
