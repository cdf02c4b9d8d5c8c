/**
 * Organisations outside the CNDH that a reporter may be told of.
 *
 * Invariants: nobody is sent to a contact that nobody checked (no `verified_on`: not shown); a reporter who accuses
 * State agents is not sent to a line that the State runs; the ECOWAS Court, closed to Malians since 29 January 2025, is
 * never offered, whatever the list says.
 */
import type { CodeList } from './flow.ts';

/** One entry that may be shown. `contact` is what to call or write to, `name` what it calls itself. */
export type OutsideContact = {
  code: string;
  name: string;
  contact: string;
  verifiedOn: string;
  isAlwaysOpen: boolean;
};

/** Their list. */
export const OUTSIDE = 'outside_organisations';

const NEVER = /ecowas|cedeao/i;

/** Whether a list entry says that it answers day and night. */
const isAlwaysOpen = (attributes: Readonly<Record<string, string>>): boolean => attributes.always === 'yes';

/**
 * The verified entries of `flows/lists/outside_organisations.yaml`, those that answer day and night first.
 * `about.stateAgents`: the alleged perpetrator is, or may be, an agent of the State; default false.
 */
export function verifiedContacts(
  list: CodeList | undefined,
  about: { stateAgents?: boolean } = {},
): OutsideContact[] {
  const shown = Object.entries(list?.entries ?? {}).flatMap(([code, attributes]): OutsideContact[] => {
    const verifiedOn = attributes?.verified_on ?? '';
    const contact = attributes?.contact ?? '';
    if (attributes === null || NEVER.test(`${code} ${attributes.name ?? ''}`) || contact === '') return [];
    if (!/^\d{4}-\d{2}-\d{2}$/.test(verifiedOn)) return [];
    if (about.stateAgents && attributes.kind === 'national_state') return [];
    return [
      { code, name: attributes.name ?? code, contact, verifiedOn, isAlwaysOpen: isAlwaysOpen(attributes) },
    ];
  });
  return shown.sort((a, b) => Number(b.isAlwaysOpen) - Number(a.isAlwaysOpen));
}
