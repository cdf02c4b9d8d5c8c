/**
 * One-time codes by which officers enrol: 12 characters without look-alikes, 56 bits, kept as a keyed hash; and how a code
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
const DIGITS = '23456789';
const ALPHABET = `${DIGITS}ABCDEFGHJKLMNPQRSTUVWXYZ`;
const LENGTH = 12;
/** So many digits and so many letters at least, so that no word and no number looks like one. */
const LEAST_OF_EACH = 2;

/** It begins and ends with a digit, as words do not: so it is seen where it begins and ends, however it is spaced. */
export function newOfficerCode(): string {
  const one = (characters: string) => characters[randomInt(characters.length)];
  const inner = Array.from({ length: LENGTH - 2 }, () => one(ALPHABET));
  const code = [one(DIGITS), ...inner, one(DIGITS)].join('');
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

/**
 * `isMeant`: it cannot well be anything else than a code, also if it is none that works. `beside`: the other words of the
 * message, without links.
 */
export type FoundCode = { code: string; isMeant: boolean; beside: string };

/** Longer messages tell something. */
const LONGEST_TEXT = 1_000;
/** A messenger sends the first when a person opens its link (`Messenger.link`). */
const OPENING = /^(?:\/START|START\s)/;
/** In a group the name of the bot goes with it. */
const ADDRESSED = /^\/?START@\w{1,64}/;
const NAMED = /(?:^|\W)(?:CODE|START)(?:\W|$)/;

/**
 * The code in what a person wrote: alone, in groups with anything between them, in small letters, bold, behind
 * `/start`, in a link or among other words.
 */
export function findOfficerCode(text: string): FoundCode | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const seen = digitsToAscii(normalForm('NFKC', withoutUnseen(text))).toUpperCase();
  // No code has an O: "CODEAB2C" is a word and what follows it.
  const written = seen
    .replace(/%20|\+|=/g, ' ')
    .replace(/CODE(?=[\p{L}\p{N}])/gu, 'CODE ')
    .trim();
  const rest = written.replace(ADDRESSED, '/START ').replace(OPENING, '');
  const groups = rest.match(/[\p{L}\p{N}]+/gu) ?? [];
  const whole = groups.join('');
  const found =
    whole.length === LENGTH ? alone(groups, whole, rest !== written) : among(groups, rest, written);
  // "TAKE TAKO-4827".
  if (!found) return undefined;
  return {
    ...found,
    isMeant: found.isMeant && !holdsReference(groups),
    beside: whole.length === LENGTH ? '' : besideCode(rest, found.code),
  };
}

type Found = Omit<FoundCode, 'beside'>;

function among(groups: readonly string[], rest: string, written: string): Found | undefined {
  const code = oneOf(wordsLikeCodes(rest)) ?? bestOf(runsLikeCodes(groups)) ?? oneOf(codesWithin(groups));
  return code === undefined ? undefined : { code, isMeant: rest !== written || NAMED.test(written) };
}

const holdsReference = (groups: readonly string[]): boolean =>
  groups.some((group, n) => parseReference(`${group}${groups[n + 1] ?? ''}`) !== undefined);

/** The message is nothing else. The person may have typed an O: that is no code, and meant as one all the same. */
function alone(groups: readonly string[], code: string, isCalled: boolean): Found | undefined {
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

/** In a longer word, to which other words were glued: a code is seen there by the digits at its ends. */
function codesWithin(groups: readonly string[]): string[] {
  const within = groups.flatMap((group) =>
    Array.from({ length: Math.max(0, group.length - LENGTH) + 1 }, (_, n) => group.slice(n, n + LENGTH)),
  );
  return [...new Set(within)].filter((each) => isLikeCode(each) && isEdged(each));
}

/** Groups one behind the other, as codes are dictated: mostly of the same length. */
function runsLikeCodes(groups: readonly string[]): Run[] {
  return groups.flatMap((group, from) => {
    const { code, to } = runFrom(groups, from);
    const isEven = groups.slice(from, to).every(({ length }) => length === group.length);
    return to - from > 1 && isLikeCode(code) ? [{ code, isEven }] : [];
  });
}
type Run = { code: string; isEven: boolean };

/** So many groups from one on that a code could stand in them. */
function runFrom(groups: readonly string[], from: number): { code: string; to: number } {
  let code = '';
  let to = from;
  while (code.length < LENGTH && to < groups.length) code += groups[to++];
  return { code, to };
}

/** The run that looks most like a code where words beside it could belong to it. */
function bestOf(runs: readonly Run[]): string | undefined {
  const rank = ({ code, isEven }: Run): number =>
    (isEdged(code) ? 1000 : 0) +
    (isEven ? 100 : 0) +
    2 * code.replace(/\D/g, '').length +
    (/\d$/.test(code) ? 1 : 0);
  return runs.reduce<Run | undefined>(
    (best, run) => (best === undefined || rank(run) > rank(best) ? run : best),
    undefined,
  )?.code;
}

const isEdged = (code: string): boolean => /^\d.*\d$/.test(code);

/** What is left of a message without its links and its code. */
function besideCode(text: string, code: string): string {
  const words = text.split(/\s+/).filter((word) => !word.includes('://'));
  const groups = words.join(' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  const from = groups.findIndex((_, n) => runFrom(groups, n).code === code);
  if (from < 0) return groups.join(' ');
  return [...groups.slice(0, from), ...groups.slice(runFrom(groups, from).to)].join(' ');
}

const isLikeCode = (text: string): boolean => text.length === LENGTH && isOfAlphabet(text) && isMixed(text);

const isOfAlphabet = (text: string): boolean => [...text].every((character) => ALPHABET.includes(character));

const isMixed = (text: string): boolean =>
  text.replace(/\D/g, '').length >= LEAST_OF_EACH && text.replace(/[^A-Z]/g, '').length >= LEAST_OF_EACH;
