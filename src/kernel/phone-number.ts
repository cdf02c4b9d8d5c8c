/**
 * A phone number as people type, paste and share it.
 *
 * Invariant: what comes out is the number that was meant, or nothing comes out: with two numbers, an extension, a
 * letter among the digits or too few of them a person has to look.
 */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { digitsToAscii, normalForm, withoutUnseen } from './unicode.ts';

/** Where numbers without a country are from. */
const HOME: CountryCode = 'ML';
/** In characters, with whatever stands around the number. */
const LONGEST = 200;

/** `wa.me/223…`, `https://api.<messenger>.com/send?phone=223…`: the country comes first, without a plus. */
const SHARED =
  /^(?:https?:\/\/)?(?:wa\.me\/|(?:api|web)\.[a-z]{1,20}\.com\/send\/?\?phone=|[a-z]{1,20}:\/\/send\/?\?phone=)\+?/i;
/** Digits and what people put between them. */
const RUN = /\+?[\d([][\d\s()[\]./-]*/g;

/** The number as `+22370000000`, or undefined: none, several, or one that cannot be. `home`: without a country it is Mali's. */
export function readPhoneNumber(text: string, { home = true } = {}): string | undefined {
  if (text.length > LONGEST) return undefined;
  const plain = digitsToAscii(normalForm('NFKC', withoutUnseen(text)))
    .replace(/\p{Pd}|\u2212/gu, '-')
    .trim();
  // What stands behind the number in a link is no number.
  const shared = SHARED.test(plain) ? plain.replace(SHARED, '+').replace(/[?&].*$/s, '') : plain;
  const runs = shared.replace(/^(\+|00)\s+/, '$1').match(RUN) ?? [];
  const [run, another] = runs.filter((each) => /\d/.test(each));
  if (run === undefined || another !== undefined) return undefined;
  const written = run
    .replace(/[([]0[)\]]/, '')
    .replace(/[^\d+]/g, '')
    .replace(/^00/, '+');
  if (!written.startsWith('+') && !home) return undefined;
  const number = parsePhoneNumberFromString(written, { defaultCountry: HOME, extract: false });
  // With its country it may be newer than what is known of that country's numbers.
  const isOne = written.startsWith('+') ? number?.isPossible() : number?.isValid();
  return number && isOne && !number.ext ? number.number : undefined;
}

/** A number as `readPhoneNumber` gives it, with the spaces by which it is said: `+223 70 00 00 00`. */
export const spacedPhoneNumber = (number: string): string =>
  parsePhoneNumberFromString(number)?.formatInternational() ?? number;
