/** What `doctor` says of contacts outside the CNDH: whether one answers day and night, and which have grown old. */
import { TOLD_BEFORE } from '../app/duty/contact-warnings.ts';
import { line, listed } from '../app/ground/lines.ts';
import type { Config } from '../config.ts';
import type { Flows } from '../conversation/flows/compile.ts';
import { ageingContacts, freshAt, OUTSIDE } from '../conversation/flows/outside-contacts.ts';
import { type Check, ok, warn } from './check.ts';

/** By the database's time, as people are shown them. */
export function checkContacts(
  flows: Flows,
  now: Date,
  config: Pick<Config, 'timeZone' | 'contactsFreshDays'>,
): { checks: Check[]; isAnyAlwaysOpen: boolean } {
  const all = ageingContacts(flows.lists.get(OUTSIDE), freshAt(now, config));
  const shown = all.filter(({ daysLeft }) => daysLeft >= 0);
  const isAnyAlwaysOpen = shown.some((each) => each.isAlwaysOpen);
  const first = isAnyAlwaysOpen
    ? ok('outside contact', line('outside.always'))
    : warn('outside contact', line('outside.none'), line('outside.none_mend'));
  const gone = all.filter(({ daysLeft }) => daysLeft < 0);
  const soon = shown.filter(({ daysLeft }) => daysLeft <= TOLD_BEFORE);
  const old = [
    ...gone.map(({ name, verifiedOn }) => line('outside.gone', { name, on: verifiedOn })),
    ...soon.map(({ name, lastDay }) => line('outside.soon', { name, on: lastDay })),
  ];
  return {
    checks: [first, ...(old.length > 0 ? [warn('old contacts', listed(old), line('outside.old_mend'))] : [])],
    isAnyAlwaysOpen,
  };
}
