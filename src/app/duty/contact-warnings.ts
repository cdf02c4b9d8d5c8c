/**
 * Contacts outside that grow old: supervisors are told two weeks before one is shown no longer, and on the morning after its
 * last day.
 *
 * Invariants: each of the two is told once for each day on which a contact was verified, however often it is looked for, and
 * all that is to be told on one morning is one message; whether a contact is shown does not hang on this: it disappears by
 * the clock.
 */
import {
  type AgeingContact,
  ageingContacts,
  freshAt,
  OUTSIDE,
} from '../../conversation/flows/outside-contacts.ts';
import { forgetContactWarnings, noteContactWarning } from '../../db/contact-warnings.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { notifyOfficers } from './officer-notices.ts';
import { languageOfOfficer, officerText } from './officer-wording.ts';

/** So many days before it is shown no longer it is told. */
export const TOLD_BEFORE = 14;

/** Tells supervisors (without any: everybody) what they have not been told; returns of how many contacts. */
export function warnOfContacts(ctx: Context): Promise<number> {
  return transact(ctx, async (at) => {
    const { tx, ctx, now } = at;
    const { flows } = ctx.conversation;
    const all = ageingContacts(flows.lists.get(OUTSIDE), freshAt(now, ctx.conversation));
    await forgetContactWarnings(tx, all);
    const fresh: AgeingContact[] = [];
    for (const contact of all) {
      if (contact.daysLeft > TOLD_BEFORE) continue;
      const what = contact.daysLeft < 0 ? 'gone' : 'soon';
      if (await noteContactWarning(tx, now, contact, what)) fresh.push(contact);
    }
    if (fresh.length > 0) await tell(at, fresh, all);
    return fresh.length;
  });
}

async function tell(
  at: Moment,
  fresh: readonly AgeingContact[],
  all: readonly AgeingContact[],
): Promise<void> {
  const { tx, ctx } = at;
  const officers = await enrolledOfficers(tx);
  const supervisors = officers.filter((each) => each.role === 'supervisor');
  const isNoneLeft = !all.some(({ daysLeft, isAlwaysOpen }) => daysLeft >= 0 && isAlwaysOpen);
  for (const officer of supervisors.length > 0 ? supervisors : officers) {
    const language = languageOfOfficer(ctx, officer);
    const say = (key: string, params = {}) => officerText(ctx, language, `contacts_age.${key}`, params);
    const lines = fresh.map(({ code, daysLeft, verifiedOn, lastDay }) =>
      say(daysLeft < 0 ? 'gone' : 'soon', {
        name: ctx.texts.t(language, `lists.${OUTSIDE}.${code}`),
        on: dayFirst(verifiedOn),
        until: dayFirst(lastDay),
      }),
    );
    if (isNoneLeft) lines.push(say('none_left'));
    const params = { count: fresh.length, lines: lines.join('\n') };
    await notifyOfficers(at, [officer], { key: 'contacts_age.all', params, class: CLASS.page });
  }
}

/** `2026-11-20` as "20/11/2026". */
const dayFirst = (day: string): string => day.split('-').reverse().join('/');
