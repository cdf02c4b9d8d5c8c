/**
 * Makes what people type comparable: phones put in capitals, accents, curly apostrophes, invisible direction
 * marks, keycap digits and emoji, and nobody should have to care.
 */
import { fold } from '../../kernel/fold.ts';
import { digitsToAscii, normalForm } from '../../kernel/unicode.ts';

/** Zero-width and direction marks, variation selectors, the keycap ring, soft hyphen. */
const INVISIBLE = /[\p{Cf}\u115F\u1160\u17B4\u17B5]|\u034F|\u20E3|[\uFE00-\uFE0F]|[\u180B-\u180F]/gu;

/** Lower case, no accents, no punctuation or emoji, single spaces: for comparing only, never for keeping. */
export function normalise(text: string): string {
  // Most of what is typed: nothing in it has another form.
  if (PLAIN.test(text))
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  const plain = text.replace(/🆘/gu, ' sos ').replace(INVISIBLE, '');
  const lower = digitsToAscii(normalForm('NFKC', plain))
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae');
  return normalForm('NFD', lower)
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\s+/g, ' ');
}

/** The letters and signs of a plain keyboard: no form of them is another one. */
const PLAIN = /^[\t\n\r -~]*$/;

/** As words are compared that nobody may have had the letters for: "dɛmɛ" is "deme". */
export const plain = (text: string): string => plainOf(normalise(text));

/** The same, of words that are normalised. */
export const plainOf = (words: string): string => (OF_A_PHONE.test(words) ? words : fold(words));
/** What `normalise` leaves of most messages: nothing in it is folded. */
const OF_A_PHONE = /^[a-z0-9 ]*$/;

/** Whether a text shows nothing at all. */
export function isBlank(text: string): boolean {
  return text.replace(INVISIBLE, '').trim() === '';
}

/** What a person wrote, for keeping: without characters that show nothing or turn the text around. */
export function clean(text: string): string {
  return text.replaceAll('\0', '').replace(TURNING, '').trim();
}
/** Joiners and variation selectors belong to emoji and scripts: they stay. NUL cannot be stored as text in PostgreSQL. */
const TURNING = /[\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu;
