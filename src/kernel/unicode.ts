/**
 * Unicode's normal forms of what strangers write, and its digits, in linear work.
 *
 * Marks that stand on one letter are put in order one by one: 24,000 of them on one letter hold a processor for seconds.
 * Nobody writes more than a few; of more than 30 in a row (Unicode's own limit for streams) the others are left out, which
 * matters only where texts are compared.
 */
const MARKS = 30;

/** The last two become marks only by the normal form. */
const PILE = /[\p{M}\uFF9E\uFF9F]{2,}/gu;

export function normalForm(form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD', text: string): string {
  return text.replace(PILE, fewer).normalize(form);
}

const fewer = (marks: string): string => (marks.length > MARKS ? [...marks].slice(0, MARKS).join('') : marks);

/** Digits of every script as 0-9 (Arabic-Indic, N'Ko, full width, …). */
export function digitsToAscii(text: string): string {
  return text.replace(/\p{Nd}/gu, asciiDigit);
}

/** Unicode keeps the ten digits of a script together and in order, so a digit's value is its distance from zero. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 128) return digit;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}

/** Without what shows nothing and comes along when people copy: direction marks, joiners, variation selectors. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, '');
}

/** A fingerprint or code as people copy it: without spaces, colons and dashes of any kind, in small letters. */
export function withoutGaps(text: string): string {
  return withoutUnseen(normalForm('NFKC', text)).toLowerCase().replace(GAPS, '');
}
const GAPS = /[\s:\p{Pd}\u2212]/gu;
const UNSEEN = /\p{Cf}|\u034F|[\uFE00-\uFE0F]/gu;
