/**
 * How, when and at which number a person says that they are to be reached, or that they are not: "76 12 34 56", "par sms", "après
 * 21h", "ne m'appelez pas".
 *
 * Invariant: a number that the words speak against, or that is a day or a sum, is called by nobody.
 */

import { CONTACT_HOURS } from '../../kernel/vocabulary.ts';
import { CONTACT_HOW, CONTACT_NUMBER, NEW_NUMBER, placedAt, type View } from '../asking/turn.ts';
import { type HourWords, readHours } from '../reading/hours.ts';
import { normalise, plainOf } from '../reading/normalise.ts';
import { isGreeting, isOnly, saysOf } from '../words/heard.ts';
import type { Meant } from './meant.ts';

/** A number with a few words around it is where to call, and nobody asks for it again. */
export function byCall(view: View, text: string, words: string): Meant | undefined {
  const { texts } = view.deps;
  if (isNotToCall(view, words)) return undefined;
  const isTrusted = saysOf(texts, words, 'is_relative');
  if (holdsNumber(words)) return { id: isTrusted ? 'trusted_person' : 'call', number: text };
  return isOnly(texts, words, 'by_call') ? { id: 'call' } : undefined;
}

/** A number is a yes to another way, and says which. */
export function otherWay(view: View, text: string, words: string): Meant | undefined {
  const meant = byCall(view, text, words);
  return meant && { ...meant, id: 'yes', how: meant.id };
}

/** "Après 21h", "oui le soir", where it is asked whether one may write at all: at certain hours, which are asked next. */
export function atTimes({ deps: { texts } }: View, text: string, words: string): Meant | undefined {
  const [first = '', ...others] = words.split(' ');
  const isYes = texts.languages.some((each) => texts.commandWords(each).get('yes')?.includes(first));
  const rest = isYes ? others.join(' ') : words;
  const { hours } = texts.reading;
  const read = readHours(hours, rest);
  const isSome = read !== undefined && read.hours.length < CONTACT_HOURS.length;
  return isSome || isByClock(hours, rest) ? { id: 'certain_hours', said: text } : undefined;
}

/** "Par sms", "ici le soir", "après 20h": here, at the hours that they say or are asked for. "Ici" alone leaves open when. */
export function byMessage({ deps: { texts } }: View, text: string, words: string): Meant | undefined {
  const phrases = (['by_message', 'by_here'] as const).flatMap((what) =>
    texts.languages.flatMap((language) => texts.heard(language).get(what) ?? []),
  );
  const rest = phrases
    .sort((one, other) => other.length - one.length)
    .reduce((left, phrase) => left.replaceAll(` ${phrase} `, ' '), ` ${plainOf(words)} `)
    .trim();
  const isHere = rest !== plainOf(words);
  if (isHere && (rest === '' || isOnly(texts, rest, 'around_yes')))
    return saysOf(texts, words, 'by_message') ? { id: 'here_certain_hours' } : undefined;
  if (isGreeting(texts, words, 'all')) return undefined;
  const { hours } = texts.reading;
  const read = readHours(hours, rest.replace(/^mais /, ''));
  // "Après 21h" can be held by no part of the day: which will do is asked.
  if (!read) return isByClock(hours, rest) ? { id: 'here_certain_hours', said: text } : undefined;
  // "15 000 000 de francs" names no hour.
  if (!(read.isExact || isWhen(hours, rest))) return undefined;
  const more = read.isExact ? {} : { said: text };
  return read.hours.length === CONTACT_HOURS.length
    ? { id: ANY_TIME, ...more }
    : { id: 'here_certain_hours', hours: read.hours, ...more };
}

/** "Ici à toute heure", "n'importe quand", where it is asked how to reach them; also by the name of the option. */
export function meansAnyTimeHere(view: View, text: string, words: string): boolean {
  if (placedAt(view).id !== CONTACT_HOW) return false;
  const { texts } = view.deps;
  const isNamed = texts.languages.some(
    (each) => normalise(texts.t(each, `${placedAt(view).path}.options.${ANY_TIME}`)) === words,
  );
  return isNamed || byMessage(view, text, words)?.id === ANY_TIME;
}

const ANY_TIME = 'here_any_time';

/** Nothing but times of the clock, and no "not" beside them. */
function isByClock(hours: HourWords, words: string): boolean {
  const tokens = words.split(' ');
  return (
    isWhen(hours, words) &&
    tokens.some((token) => /^\d{1,2}h/.test(token)) &&
    !tokens.some((token) => hours.turning.has(token))
  );
}

/** "Jamais le soir", "pas avant 18h": nothing but times. */
function isWhen({ named, turning, around, clock }: HourWords, words = ''): boolean {
  const tokens = words.split(' ');
  const isTime = (token: string) => named.has(token) || /^\d{1,2}(?:h(?:\d\d)?)?$/.test(token);
  const isAround = (token: string) =>
    [turning, around, clock.after, clock.before, clock.between, clock.until, clock.since].some((known) =>
      known.has(token),
    );
  return tokens.some(isTime) && tokens.every((token) => token === 'mais' || isTime(token) || isAround(token));
}

/** Chosen by who is to be contacted by nobody. */
export const NO_CONTACT = 'no_contact';

/** "Non", "personne", "ne me contactez pas svp", where it is asked how: nobody is to contact them. */
export function isNoContact(view: View, words: string): boolean {
  return (
    placedAt(view).id === CONTACT_HOW &&
    saysOf(view.deps.texts, words, 'no_contact') &&
    isOnly(view.deps.texts, words, 'no_contact', 'around_no')
  );
}

/** As many digits as a number has, and a few words around them. */
function holdsNumber(words: string): boolean {
  const digits = words.replace(/[^0-9]/g, '').length;
  const others = words.split(' ').filter((word) => !/^[0-9]+$/.test(word)).length;
  return digits >= 8 && digits <= 15 && others <= 8;
}

/** Whether the words hold a number at which to call, and say nothing against it. */
export const givesNumber = (view: View, words: string): boolean =>
  holdsNumber(words) && !isNotToCall(view, words);

/** "Do not call 76 12 34 56", "le 24 11 2026", "15 000 000 francs": whatever its digits are, nobody is to call it. */
function isNotToCall(view: View, words: string): boolean {
  const { texts } = view.deps;
  if (!saysOf(texts, words, 'no_number')) return DAY.test(words);
  // "76 12 34 56 mais jamais le soir" is a number, and says when.
  const { before, behind } = aroundNumber(words) ?? {};
  return before === undefined || saysOf(texts, before, 'no_number') || !isWhen(texts.reading.hours, behind);
}

/** Fewer digits and spaces than these are no number to call. */
const SHORTEST_NUMBER = 8;

/** What stands before the first number, and behind it. */
function aroundNumber(words: string): { before: string; behind: string } | undefined {
  const tokens = words.split(' ');
  for (let from = 0; from < tokens.length; from++) {
    let to = from;
    while (/^\d+$/.test(tokens[to] ?? '')) to += 1;
    if (tokens.slice(from, to).join(' ').length >= SHORTEST_NUMBER)
      return { before: tokens.slice(0, from).join(' '), behind: tokens.slice(to).join(' ') };
    from = Math.max(from, to);
  }
  return undefined;
}

/** A day with its year, together or apart. A number that is written like one is asked for again. */
const DAY =
  /(?:^| )(?:(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) (?:19|20)\d\d|(?:19|20)\d\d (?:0?[1-9]|1[0-2]) (?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?: |$)/;

/** "Je n'ai pas de numéro", "surtout pas le 76 12 34 56", where a number is asked for: none to call. `text`: as it was written. */
export function hasNoNumber(view: View, text: string): boolean {
  const { id } = placedAt(view);
  if (id !== CONTACT_NUMBER && id !== NEW_NUMBER) return false;
  const words = normalise(text);
  if (words.replace(/[^0-9]/g, '').length >= 6) return isNotToCall(view, words);
  const { texts } = view.deps;
  const saysNo =
    id === NEW_NUMBER ? saysOf(texts, words, 'no_number') : texts.reading.answers.saysNo(plainOf(words));
  return saysNo || saysOf(texts, words, 'no_contact');
}

/** The numbers in what was written where one is asked for, as they were written. */
export const numbersIn = (text: string): string[] =>
  (text.match(/\+?\d(?:[\d\s.\-/]*\d)?/g) ?? [])
    .filter((number) => number.replace(/\D/g, '').length >= 8)
    .map((number) => number.replace(/\s+/g, ' '));
