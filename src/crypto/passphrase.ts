/**
 * A passphrase is one and the same on every keyboard.
 *
 * Invariants: an é in one sign or in two, a non-breaking space, a curly apostrophe or quote, a long dash, spaces at the end
 * or twice, and signs that nobody sees make no difference; case does, and so does every letter. Runs in a browser too.
 */
import { normalForm } from '../kernel/unicode.ts';

/** The last two choose between a sign and its picture. */
const UNSEEN = /\p{Cf}|\ufe0e|\ufe0f/gu;
/** NFKC would make a space and a mark of the spacing accents. */
const APOSTROPHES = /[`´‘’‛ʻʼʹˈ′‵]/gu;
const QUOTES = /[“”„‟«»″]/gu;
const DASHES = /[\p{Pd}\u2212]+/gu;

/** What a key is wrapped with for a passphrase that a member typed. */
export function normalPassphrase(typed: string): string {
  const plain = typed.replace(UNSEEN, '').replace(APOSTROPHES, "'").replace(QUOTES, '"').replace(DASHES, '-');
  return normalForm('NFKC', plain).replace(/\s+/g, ' ').trim();
}

/** What may have been wrapped with: before passphrases were made normal, it was what one device had typed. */
export const passphrasesToTry = (typed: string): string[] => [
  ...new Set([normalPassphrase(typed), typed, normalForm('NFC', typed), normalForm('NFD', typed)]),
];
