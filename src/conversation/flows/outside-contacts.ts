/**
 * Organisations outside the CNDH that a reporter may be told of.
 *
 * Invariants: nobody is sent to a contact that nobody checked (no `verified_on`: not shown), nor to one that was checked
 * too long ago; a reporter who accuses State agents is not sent to a line that the State runs; the ECOWAS Court, closed to
 * Malians since 29 January 2025, is never offered, whatever the list says.
 */
import { calendarDay, dayAfter, daysBetween, isCalendarDay } from '../../kernel/time.ts';
import type { CodeList } from './flow.ts';

/** One entry that may be shown. `contact` is what to call or write to, `name` what it calls itself. */
export type OutsideContact = {
  code: string;
  name: string;
  contact: string;
  verifiedOn: string;
  isAlwaysOpen: boolean;
};

/** One that was verified once. `lastDay`: on which it is still shown; `daysLeft` until then, negative once it is not. */
export type AgeingContact = OutsideContact & { isOfState: boolean; lastDay: string; daysLeft: number };

/** Their list. */
export const OUTSIDE = 'outside_organisations';

/** How many days a contact counts as verified, unless the operator says otherwise. */
export const FRESH_DAYS = 180;

/** The day on which it is looked, and how many days a contact counts as verified. */
export type Fresh = { today: string; freshDays: number };

/** What counts at this moment, by the settings. */
export const freshAt = (
  now: Date,
  { timeZone, contactsFreshDays = FRESH_DAYS }: { timeZone: string; contactsFreshDays?: number },
): Fresh => ({ today: calendarDay(now, timeZone), freshDays: contactsFreshDays });

const NEVER = /ecowas|cedeao/i;

/**
 * Every entry of `flows/lists/outside_organisations.yaml` that can be reached and was verified on some day, in its order; also
 * those that are too old to be shown. One that was verified in the future was not.
 */
export function ageingContacts(list: CodeList | undefined, { today, freshDays }: Fresh): AgeingContact[] {
  return Object.entries(list?.entries ?? {}).flatMap(([code, attributes]): AgeingContact[] => {
    const { name = code, contact = '', verified_on: verifiedOn = '', always, kind } = attributes ?? {};
    if (contact === '' || NEVER.test(`${code} ${name}`)) return [];
    if (!isCalendarDay(verifiedOn) || verifiedOn > today) return [];
    const lastDay = dayAfter(verifiedOn, freshDays);
    return [
      {
        code,
        name,
        contact,
        verifiedOn,
        isAlwaysOpen: always === 'yes',
        isOfState: kind === 'national_state',
        lastDay,
        daysLeft: daysBetween(today, lastDay),
      },
    ];
  });
}

/**
 * Those that may be shown today, the ones that answer day and night first. `about.stateAgents`: the alleged perpetrator is,
 * or may be, an agent of the State; default false.
 */
export function verifiedContacts(
  list: CodeList | undefined,
  fresh: Fresh,
  about: { stateAgents?: boolean } = {},
): OutsideContact[] {
  return ageingContacts(list, fresh)
    .filter(({ daysLeft, isOfState }) => daysLeft >= 0 && !(about.stateAgents && isOfState))
    .map(({ code, name, contact, verifiedOn, isAlwaysOpen }) => ({
      code,
      name,
      contact,
      verifiedOn,
      isAlwaysOpen,
    }))
    .sort((a, b) => Number(b.isAlwaysOpen) - Number(a.isAlwaysOpen));
}
