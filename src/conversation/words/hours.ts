/**
 * The parts of the day that people name in words or by the clock: "le soir", "entre 8h et 10h", "any time".
 *
 * Invariant: nothing is read out of words with a "not" or an "except" in them: one more question is better than a message
 * at an hour that puts somebody in danger.
 */
import { CONTACT_HOURS, type ContactHours } from '../../kernel/vocabulary.ts';
import { normalise } from './normalise.ts';

/** `isExact`: nothing but parts of the day was said; else the words say more than what is chosen, and are kept. */
export type HoursRead = { hours: ContactHours[]; isExact: boolean };

/** More words than this tell something else besides. */
const MOST_WORDS = 12;

const NAMED: Readonly<Record<string, ContactHours>> = {
  matin: 'morning',
  matins: 'morning',
  matinee: 'morning',
  morning: 'morning',
  mornings: 'morning',
  midi: 'midday',
  midday: 'midday',
  noon: 'midday',
  lunchtime: 'midday',
  afternoon: 'afternoon',
  afternoons: 'afternoon',
  aprem: 'afternoon',
  soir: 'evening',
  soirs: 'evening',
  soiree: 'evening',
  evening: 'evening',
  evenings: 'evening',
  nuit: 'night',
  nuits: 'night',
  night: 'night',
  nights: 'night',
  minuit: 'night',
  midnight: 'night',
};
const DAY: readonly ContactHours[] = ['morning', 'midday', 'afternoon'];
/** Whole phrases for several parts at once. */
const PHRASES: readonly [phrase: string, hours: readonly ContactHours[]][] = [
  ...[
    ...['n importe quand', 'nimporte quand', 'n importe quelle heure', 'a toute heure', 'a tout moment'],
    ...['tout le temps', 'quand vous voulez', 'jour et nuit', 'toutes les heures', '24h 24', '24 24'],
    ...['any time', 'anytime', 'all the time', 'whenever', 'day and night', '24 7', '24h 7j'],
  ].map((phrase) => [phrase, CONTACT_HOURS] as [string, readonly ContactHours[]]),
  ...['toute la journee', 'la journee', 'en journee', 'dans la journee', 'le jour', 'all day', 'daytime'].map(
    (phrase) => [phrase, DAY] as [string, readonly ContactHours[]],
  ),
];
/** What turns around, or hangs on something that no clock knows. */
const TURNING = new Set([
  ...['pas', 'sauf', 'jamais', 'ni', 'sans', 'hors', 'non', 'si', 'quand', 'excepte'],
  ...['not', 'never', 'except', 'but', 'dont', 'don', 'no', 'when', 'if', 'unless', 'without', 'outside'],
]);
/** Around a part of the day they change nothing. */
const AROUND = new Set([
  ...[
    'le',
    'la',
    'les',
    'l',
    'a',
    'au',
    'en',
    'de',
    'du',
    'des',
    'dans',
    'et',
    'ou',
    'tous',
    'seulement',
    'svp',
  ],
  ...[
    'plutot',
    'uniquement',
    'apres',
    'in',
    'the',
    'at',
    'and',
    'or',
    'only',
    'every',
    'please',
    'merci',
    'ce',
  ],
]);

/** What the words say of the parts of a day; undefined: nothing that could be gone by. */
export function readHours(text: string): HoursRead | undefined {
  const words = clockWords(normalise(text));
  const phrase = PHRASES.find(([each]) => ` ${words} `.includes(` ${each} `));
  const rest = phrase ? ` ${words} `.replace(` ${phrase[0]} `, ' ').trim() : words;
  const tokens = rest.split(' ').filter((token) => token !== '');
  if (tokens.length > MOST_WORDS || tokens.some((token) => TURNING.has(token))) return undefined;
  const named = [...(phrase?.[1] ?? []), ...tokens.flatMap((_, at) => partAt(tokens, at) ?? [])];
  if (named.length > 0) {
    const isExact = tokens.every((token) => AROUND.has(token) || token in NAMED);
    return { hours: inOrder(named), isExact };
  }
  const byClock = partsByClock(tokens);
  return byClock.length > 0 ? { hours: inOrder(byClock), isExact: false } : undefined;
}

/** "20h30", "20 heures", "8pm" as one word each: "20h", "8h" or "20h". */
function clockWords(words: string): string {
  const tokens = words.split(' ');
  const hours: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const next = tokens[at + 1] ?? '';
    const whole = /^(\d{1,2})(?:h|heure|heures)(?:\d{2})?$/.exec(token)?.[1];
    const half = /^(\d{1,2})(am|pm)$/.exec(token);
    const isBare = /^\d{1,2}$/.test(token);
    if (whole !== undefined) hours.push(`${whole}h`);
    else if (half) hours.push(`${ofHalf(Number(half[1]), half[2] ?? '')}h`);
    else if (isBare && ['h', 'heure', 'heures', 'hours'].includes(next)) {
      hours.push(`${token}h`);
      at += 1;
    } else if (isBare && ['am', 'pm'].includes(next)) {
      hours.push(`${ofHalf(Number(token), next)}h`);
      at += 1;
    } else hours.push(token);
  }
  return hours.join(' ');
}

const ofHalf = (hour: number, half: string): number => (hour % 12) + (half === 'pm' ? 12 : 0);

/** "après-midi" is the afternoon, and no noon. */
function partAt(tokens: readonly string[], at: number): ContactHours | undefined {
  const token = tokens[at] ?? '';
  return token === 'midi' && tokens[at - 1] === 'apres' ? 'afternoon' : NAMED[token];
}

/** First hour of each part; the night goes on until the morning. The same as in `src/cases/contact-hours.ts`. */
const BEGINS: readonly [from: number, part: ContactHours][] = [
  [0, 'night'],
  [6, 'morning'],
  [11, 'midday'],
  [14, 'afternoon'],
  [18, 'evening'],
  [22, 'night'],
];

const partOfHour = (hour: number): ContactHours =>
  BEGINS.findLast(([from]) => from <= hour % 24)?.[1] ?? 'night';

/** The part in which the hours begin, and those that lie in between as a whole. */
function partsByClock(tokens: readonly string[]): ContactHours[] {
  const isSpan = tokens.some((token) => ['entre', 'between', 'de', 'from'].includes(token));
  const clock = isSpan ? /^(\d{1,2})h?$/ : /^(\d{1,2})h$/;
  const found = tokens.flatMap((token) => clock.exec(token)?.[1] ?? []).map(Number);
  if (found.length === 0 || found.length > 2 || found.some((hour) => hour > 24)) return [];
  const [from = 0, to] = found;
  if (to === undefined) {
    const isUntil = tokens.some((token) => ['avant', 'before', 'jusqu', 'until', 'till'].includes(token));
    return [partOfHour(isUntil ? from + 23 : from)];
  }
  const between = BEGINS.filter(([begin], at) => begin > from && (BEGINS[at + 1]?.[0] ?? 30) <= to);
  return [partOfHour(from), ...between.map(([, part]) => part)];
}

const inOrder = (hours: readonly ContactHours[]): ContactHours[] =>
  CONTACT_HOURS.filter((each) => hours.includes(each));
