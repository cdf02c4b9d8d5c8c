/** Whether contacts outside are as a person can have verified them: on a day that was, by a person, with a way to reach them. */
import { isCalendarDay } from '../../kernel/time.ts';
import type { Flows } from '../flows/compile.ts';
import { OUTSIDE } from '../flows/outside-contacts.ts';
import type { Problem } from './problem.ts';

/** Before this day there was no list. */
const FIRST = '2025-01-01';

type Attributes = Readonly<Record<string, string>>;

/** `today`: the day on which it is looked, `YYYY-MM-DD`. */
export function checkContacts(flows: Flows, today: string): Problem[] {
  return Object.entries(flows.lists.get(OUTSIDE)?.entries ?? {}).flatMap(([code, attributes]) =>
    problemsOf(attributes ?? {}, today).map(([problem, mend]) => ({
      file: `flows/lists/${OUTSIDE}.yaml`,
      key: code,
      problem,
      mend,
    })),
  );
}

function problemsOf(
  { contact = '', verified_on: on = '', verified_by: by = '', always = 'yes' }: Attributes,
  today: string,
): [problem: string, mend: string][] {
  const found: [boolean, string, string][] = [
    [
      on !== '' && (!isCalendarDay(on) || on < FIRST),
      `verified_on: ${on} is no day on which it can have been verified`,
      'write the day as year-month-day, like 2026-11-20',
    ],
    [
      isCalendarDay(on) && on > today,
      `verified_on: ${on} is in the future`,
      'write the day on which somebody called or wrote there and got an answer',
    ],
    [
      on !== '' && by.trim() === '',
      'it has verified_on and nobody who verified it',
      'write in verified_by who called or wrote there: initials, or a post',
    ],
    [
      on !== '' && contact.trim() === '',
      'it has verified_on and no contact, so it is not shown',
      'write in contact what to call or write to',
    ],
    [on === '' && by !== '', 'it has verified_by and no verified_on', 'write the day in verified_on'],
    [always !== 'yes', `always: ${always} means nothing`, 'write always: "yes", or leave it out'],
  ];
  return found.flatMap(([is, problem, mend]): [string, string][] => (is ? [[problem, mend]] : []));
}
