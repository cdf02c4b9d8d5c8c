/**
 * The digest at 8:00: how many new cases there are, and which.
 *
 * Invariants: sent once a day, however often it is asked for; references and levels only.
 */
import { casesSince, digestOf, lastDigestAt } from '../db/digests.ts';
import { CLASS } from '../db/schema.ts';
import { after, calendarDay, days } from '../kernel/time.ts';
import type { Context } from './context.ts';
import { forQuietNews, notify, readableContacts } from './officer-notices.ts';
import { languageOfOfficer, officerText } from './officer-texts.ts';
import { transact } from './transaction.ts';

/** Without an earlier digest to go by, this far back. */
const AT_MOST = days(3);
/** References named in one digest; the rest is counted. */
const NAMED = 40;
const LEVELS = ['high', 'medium', 'low'] as const;

/** Sends the digest of the day of `now` unless it was sent or nothing is new; returns to how many officers. */
export function sendDigest(ctx: Context, now: Date): Promise<number> {
  return transact(ctx, async (tx, inside) => {
    const day = calendarDay(now, inside.settings.timeZone);
    if (!(await digestOf(tx, day))) return 0;
    const since = (await lastDigestAt(tx, now)) ?? after(now, -AT_MOST);
    const cases = await casesSince(tx, since, now);
    const officers = await forQuietNews(tx, inside, now);
    if (cases.length === 0) return 0;
    for (const officer of officers) {
      const language = languageOfOfficer(inside, officer);
      const [contact] = readableContacts(inside, officer);
      if (!contact) continue;
      const groups = LEVELS.map((level) => ({ level, found: cases.filter((each) => each.level === level) }))
        .filter((group) => group.found.length > 0)
        .map(({ level, found }) =>
          officerText(inside, language, 'digest.line', {
            level: officerText(inside, language, `level.${level}`),
            count: found.length,
            references: `${found
              .slice(0, NAMED)
              .map((each) => each.reference)
              .join(', ')}${found.length > NAMED ? ' …' : ''}`,
          }),
        );
      const params = { count: cases.length, groups: groups.join('\n') };
      await notify(
        tx,
        inside,
        now,
        { contactId: contact.contactId, language },
        {
          key: 'digest.text',
          params,
          class: CLASS.page,
          silent: true,
          coalesce: `digest:${day}`,
        },
      );
    }
    return officers.length;
  });
}
