/**
 * One short code over the heads of all cases and of the audit log, which is sent away from the server once a day.
 *
 * Invariant: a person who has the code of a day can tell whether what is there now still holds every item and row that
 * was there then; a list of other heads that gives the same code is not to be found (64 bits, and each guess is a whole
 * list).
 */

import { withoutGaps } from '../kernel/unicode.ts';
import { hashOfParts } from './hash-of-parts.ts';

const DOMAIN = 'lakana/heads-root/v1';

/** How long a case was, and its last link as hex digits; null: nothing lay in it. */
export type CaseHead = { id: string; length: number; head: string | null };
export type Heads = {
  /** When they were read. */
  at: Date;
  cases: readonly CaseHead[];
  /** The last row of the audit log; null: there was none. */
  audit: { seq: number; head: string } | null;
};

/** Four groups of four hex digits, as people read them aloud. */
export function rootOf({ at, cases, audit }: Heads): string {
  const sorted = cases.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const hash = hashOfParts([
    DOMAIN,
    at.toISOString(),
    ...(audit ? [String(audit.seq), audit.head] : ['0', '']),
    String(sorted.length),
    ...sorted.flatMap(({ id, length, head }) => [id, String(length), head ?? '']),
  ]);
  return Buffer.from(hash.subarray(0, 8))
    .toString('hex')
    .replace(/(.{4})(?=.)/g, '$1 ');
}

/** A code as people write it down; undefined: this is none. */
export function parseRoot(text: string): string | undefined {
  const digits = withoutGaps(text);
  return /^[0-9a-f]{16}$/.test(digits) ? digits.replace(/(.{4})(?=.)/g, '$1 ') : undefined;
}
