/**
 * One-time codes by which officers enrol: 12 characters without look-alikes, 60 bits, kept as a keyed hash; and how a code
 * is found in what people write.
 *
 * Invariant: of one message at most one code is tried, however many stand in it, so that nobody guesses faster by writing
 * more.
 */
import { randomInt } from 'node:crypto';
import { parseReference } from '../../cases/reference.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { digitsToAscii, normalForm, withoutUnseen } from '../../kernel/unicode.ts';

type Keys = { keyring: Keyring };

/** Neither I nor O, neither 0 nor 1. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 12;
/** So many digits and so many letters at least, so that no word and no number looks like one. */
const LEAST_OF_EACH = 2;

export function newOfficerCode(): string {
  const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return isMixed(code) ? code : newOfficerCode();
}

/** Whether something is written like a code; people type it in any case and with dashes. */
export function isOfficerCode(text: string): boolean {
  const code = plain(text);
  return code.length === LENGTH && isOfAlphabet(code);
}

export function officerCodeIndex(ctx: Keys, code: string): Uint8Array {
  return ctx.keyring.index('officer-code', plain(code));
}

/** Under all keys: a code may have been made before the server key was rotated. */
export function officerCodeIndexes(ctx: Keys, code: string): Uint8Array[] {
  return ctx.keyring.indexes('officer-code', plain(code));
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[\s_-]/g, '');
}

/** `isMeant`: it cannot well be anything else than a code, also if it is none that works. */
export type FoundCode = { code: string; isMeant: boolean };

/** Longer messages tell something. */
const LONGEST_TEXT = 1_000;
/** Telegram sends the first when somebody opens the link `t.me/<bot>?start=CODE`. */
const OPENING = /^\/?START(?:@\w{1,64})?\s/;
const NAMED = /(?:^|\W)(?:CODE|START)(?:\W|$)/;

/**
 * The code in what somebody wrote: alone, in groups with anything between them, in small letters, bold, behind `/start`,
 * in a link or among other words.
 */
export function findOfficerCode(text: string): FoundCode | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const seen = digitsToAscii(normalForm('NFKC', withoutUnseen(text))).toUpperCase();
  const written = seen.replace(/%20|\+|=/g, ' ').trim();
  const rest = written.replace(OPENING, '');
  const groups = rest.match(/[\p{L}\p{N}]+/gu) ?? [];
  const whole = groups.join('');
  const found =
    whole.length === LENGTH ? alone(groups, whole, rest !== written) : among(groups, rest, written);
  // "TAKE TAKO-4827".
  return found && { ...found, isMeant: found.isMeant && !holdsReference(groups) };
}

function among(groups: readonly string[], rest: string, written: string): FoundCode | undefined {
  const code = oneOf(wordsLikeCodes(rest)) ?? bestOf(runsLikeCodes(groups));
  return code === undefined ? undefined : { code, isMeant: rest !== written || NAMED.test(written) };
}

const holdsReference = (groups: readonly string[]): boolean =>
  groups.some((group, n) => parseReference(`${group}${groups[n + 1] ?? ''}`) !== undefined);

/** The message is nothing else. Somebody may have typed an O: that is no code, and meant as one all the same. */
function alone(groups: readonly string[], code: string, isCalled: boolean): FoundCode | undefined {
  const isEven = groups.every(({ length }) => length === groups[0]?.length);
  const isLikeOne = isEven && /^[A-Z0-9]+$/.test(code) && isMixed(code);
  if (!isOfAlphabet(code) && !isLikeOne) return undefined;
  return { code, isMeant: isLikeOne || (isCalled && isOfAlphabet(code)) };
}

/** Words of a code's length, whatever stands between its letters but spaces. */
function wordsLikeCodes(text: string): string[] {
  const words = text.split(/\s+/).flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}-]+/u)]);
  return [...new Set(words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '')))].filter(isLikeCode);
}

const oneOf = (codes: readonly string[]): string | undefined => (codes.length === 1 ? codes[0] : undefined);

/** Groups of the same length one behind the other, as codes are dictated. */
function runsLikeCodes(groups: readonly string[]): string[] {
  return groups.flatMap((group, from) => {
    const run = groups.slice(from, from + LENGTH / group.length);
    const isEven = run.every(({ length }) => length === group.length);
    const code = run.join('');
    return group.length < LENGTH && isEven && isLikeCode(code) ? [code] : [];
  });
}

/** A word beside it that could belong to it has no digits. */
function bestOf(codes: readonly string[]): string | undefined {
  const digits = (code: string) => code.replace(/\D/g, '').length;
  return codes.reduce<string | undefined>(
    (best, code) => (best === undefined || digits(code) >= digits(best) ? code : best),
    undefined,
  );
}

const isLikeCode = (text: string): boolean => text.length === LENGTH && isOfAlphabet(text) && isMixed(text);

const isOfAlphabet = (text: string): boolean => [...text].every((character) => ALPHABET.includes(character));

const isMixed = (text: string): boolean =>
  text.replace(/\D/g, '').length >= LEAST_OF_EACH && text.replace(/[^A-Z]/g, '').length >= LEAST_OF_EACH;
