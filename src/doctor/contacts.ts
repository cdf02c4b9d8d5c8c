/** What `doctor` says of contacts outside the CNDH: whether one answers day and night, and which have grown old. */
import { TOLD_BEFORE } from '../app/duty/contact-warnings.ts';
import type { Config } from '../config.ts';
import type { Flows } from '../conversation/flows/compile.ts';
import { ageingContacts, freshAt, OUTSIDE } from '../conversation/flows/outside-contacts.ts';
import { type Check, ok, warn } from './check.ts';

const MEND = `call one, then fill in flows/lists/${OUTSIDE}.yaml`;
const AGAIN = `call or write there, then renew verified_on and verified_by in flows/lists/${OUTSIDE}.yaml`;

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
    ? ok('outside contact', 'answers day and night')
    : warn('outside contact', 'none that answers day and night is verified', MEND);
  const gone = all.filter(({ daysLeft }) => daysLeft < 0);
  const soon = shown.filter(({ daysLeft }) => daysLeft <= TOLD_BEFORE);
  const old = [
    ...gone.map(({ name, verifiedOn }) => `${name} is shown no longer (verified on ${verifiedOn})`),
    ...soon.map(({ name, lastDay }) => `${name} is shown until ${lastDay}`),
  ];
  return {
    checks: [first, ...(old.length > 0 ? [warn('old contacts', old.join('; '), AGAIN)] : [])],
    isAnyAlwaysOpen,
  };
}
