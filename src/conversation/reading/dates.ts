/**
 * Dates as people say them, relative to now, in the service's time zone; the words stand in
 * `locales/<language>/small_words.yaml`. Not by chrono-node, which was tried (2.x, November
 * 2026): of 54 ways in which people write here it reads 24 as they are meant and this file all; it makes days of what says
 * none ("il y a quinze jours", "depuis deux mois", "en mars" are lost, "vendredi" and "le 12 mars" lie in the future), reads
 * no digits of other scripts, and takes eight times as long over hostile words.
 */
import { calendarDay } from '../../kernel/time.ts';
import { addDays, type DateAnswer } from '../values/day.ts';
import { plain } from './normalise.ts';
import { numberWords } from './numbers.ts';
import { type SmallWords, type SmallWordsByLanguage, setOf, valuesOf } from './small-words.ts';

type Words = ReadonlySet<string>;
type Span = 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';
/** How a language says that something lies so many days, weeks … behind. */
type Ago = {
  before: readonly string[];
  after: readonly string[];
  about: Words;
  units: ReadonlyMap<string, Span>;
};

export type DateWords = {
  months: ReadonlyMap<string, number>;
  weekdays: ReadonlyMap<string, number>;
  doubtful: Words;
  nearMonth: Words;
  inADay: Words;
  ordinals: Words;
  beforeDay: Words;
  beforeYear: Words;
  last: Words;
  future: Words;
  /** Phrases by how many days lie behind. */
  back: readonly (readonly [days: number, phrases: Words])[];
  periods: Readonly<Record<(typeof PERIODS)[number], Words>>;
  counts: ReadonlyMap<string, number>;
  /** "3 jours", and "tile 3". */
  numberFirst: Ago;
  unitFirst: Ago;
};

const SPANS = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const;
const PERIODS = ['this_week', 'last_week', 'this_month', 'last_month', 'this_year', 'last_year'] as const;

export function dateWords(all: SmallWordsByLanguage): DateWords {
  const set = (of: (dates: SmallWords['dates']) => readonly string[]) => setOf(all, ({ dates }) => of(dates));
  const counting = (isUnitFirst: boolean): SmallWordsByLanguage =>
    new Map([...all].filter(([, { dates }]) => dates.ago.unit_first === isUnitFirst));
  const periods = PERIODS.map((name) => [name, set((dates) => dates[name])] as const);
  return {
    months: placesOf(all, ({ dates }) => dates.months),
    weekdays: placesOf(all, ({ dates }) => dates.weekdays),
    doubtful: set((dates) => dates.doubtful_months),
    nearMonth: set((dates) => dates.near_month),
    inADay: set((dates) => dates.in_a_day),
    ordinals: set((dates) => dates.ordinals),
    beforeDay: set((dates) => dates.before_day),
    beforeYear: set((dates) => dates.before_year),
    last: set((dates) => dates.last),
    future: set((dates) => dates.future),
    back: [
      [2, set((dates) => dates.two_days_ago)],
      [1, set((dates) => dates.yesterday)],
      [0, set((dates) => dates.today)],
    ],
    periods: Object.fromEntries(periods) as DateWords['periods'],
    counts: new Map([...numberWords(all).values, ...valuesOf(all, ({ dates }) => dates.ago.counts)]),
    numberFirst: agoOf(counting(false)),
    unitFirst: agoOf(counting(true)),
  };
}

function agoOf(all: SmallWordsByLanguage): Ago {
  const set = (name: Exclude<keyof SmallWords['dates']['ago'], 'unit_first' | 'counts'>) =>
    setOf(all, ({ dates }) => dates.ago[name]);
  return {
    before: [...set('before')],
    after: [...set('after')],
    about: set('about'),
    units: new Map(SPANS.flatMap((span) => [...set(span)].map((word) => [word, span] as const))),
  };
}

/** Words by their place: of January, of Sunday 0. */
const placesOf = (
  all: SmallWordsByLanguage,
  of: (words: SmallWords) => readonly (readonly string[])[] | undefined,
): ReadonlyMap<string, number> =>
  new Map(
    [...all.values()].flatMap((words) =>
      (of(words) ?? []).flatMap((names, at) => names.map((name) => [plain(name), at] as const)),
    ),
  );

type Found = { date: string; precision: 'day' | 'week' | 'month' | 'year' };

/** Reads a date out of words ("hier soir", "il y a 3 jours", "12/03/2026", "en mars"); what was written is kept. */
export function readDate(say: DateWords, text: string, now: Date, timeZone: string): DateAnswer | undefined {
  const words = apart(say, plain(text));
  const today = calendarDay(now, timeZone);
  for (const read of [relative, ago, numeric, named, period, weekday, dayOfMonth, year]) {
    const found = read(say, words, today);
    if (found) return { kind: 'date', ...found, words: text.trim() };
  }
  return undefined;
}

/** "3jrs" in two words. */
function apart({ numberFirst }: DateWords, words: string): string {
  return words
    .split(' ')
    .map((word) => {
      const digits = /^\d{1,3}/.exec(word)?.[0] ?? '';
      const unit = word.slice(digits.length);
      return digits !== '' && numberFirst.units.has(unit) ? `${digits} ${unit}` : word;
    })
    .join(' ');
}

/** Whether one of the phrases stands among the words. */
function holds(words: string, phrases: Words): boolean {
  const said = ` ${words} `;
  for (const phrase of phrases) if (said.includes(` ${phrase} `)) return true;
  return false;
}

function relative({ back }: DateWords, words: string, today: string): Found | undefined {
  const days = back.find(([, phrases]) => holds(words, phrases))?.[0];
  return days === undefined ? undefined : { date: addDays(today, -days), precision: 'day' };
}

function ago({ counts, numberFirst, unitFirst }: DateWords, words: string, today: string): Found | undefined {
  const tokens = words.split(' ');
  for (const [how, step] of [
    [numberFirst, -1],
    [unitFirst, 1],
  ] as const) {
    const at = tokens.findIndex((token, i) => how.units.has(token) && isBehind(how, tokens, i, step));
    const counted = tokens[at + step] ?? '';
    const count = at < 0 ? undefined : /^\d{1,3}$/.test(counted) ? Number(counted) : counts.get(counted);
    const unit = how.units.get(tokens[at] ?? '');
    if (count !== undefined && unit) return before(today, count, unit);
  }
  return undefined;
}

/**
 * What says that the span lies behind: "il y a", "y a", "depuis" before the number, perhaps with "about" between ("on a 3 jours"
 * is none); "ago" behind the unit.
 */
function isBehind(
  { before, after, about }: Ago,
  tokens: readonly string[],
  unit: number,
  step: -1 | 1,
): boolean {
  const first = step < 0 ? unit - 1 : unit;
  const from = about.has(tokens[first - 1] ?? '') ? first - 1 : first;
  const left = ` ${tokens.slice(Math.max(0, from - 3), from).join(' ')}`;
  const right = `${tokens.slice(first + 2, first + 6).join(' ')} `;
  return (
    before.some((each) => left.endsWith(` ${each}`)) || after.some((each) => right.startsWith(`${each} `))
  );
}

function before(today: string, count: number, unit: Span): Found {
  const back = (days: number, precision: Found['precision']): Found => ({
    date: addDays(today, -days),
    precision,
  });
  switch (unit) {
    case 'minutes':
      return back(Math.ceil(count / (24 * 60)), 'day');
    case 'hours':
      return back(Math.ceil(count / 24), 'day');
    case 'days':
      return back(count, 'day');
    case 'weeks':
      return back(7 * count, 'week');
    case 'months':
      return back(30 * count, 'month');
    case 'years':
      return back(365 * count, 'year');
  }
}

function numeric({ beforeDay }: DateWords, words: string, today: string): Found | undefined {
  const iso = /\b(\d{4}) (\d{1,2}) (\d{1,2})\b/.exec(words);
  if (iso) return exact(Number(iso[1]), Number(iso[2]), Number(iso[3]), today);
  const full = /\b(\d{1,2}) (\d{1,2}) (\d{4}|\d{2})\b/.exec(words);
  if (full) return exact(fullYear(Number(full[3])), Number(full[2]), Number(full[1]), today);
  const [first = '', ...rest] = words.split(' ');
  const short = /^(\d{1,2}) (\d{1,2})$/.exec(beforeDay.has(first) ? rest.join(' ') : words);
  return short ? withoutYear(Number(short[2]), Number(short[1]), today) : undefined;
}

function named(say: DateWords, words: string, today: string): Found | undefined {
  const tokens = words.split(' ').filter((token) => !say.inADay.has(token));
  const index = tokens.findIndex((token, i) => say.months.has(token) && !isVerbLike(say, tokens, i));
  const place = say.months.get(tokens[index] ?? '');
  if (place === undefined) return undefined;
  const month = place + 1;
  const around = [tokens[index - 1], tokens[index + 1], tokens[index + 2]].map((token) => token ?? '');
  const year = around.find((token) => /^(19|20)\d\d$/.test(token));
  const day = around.find((token) => isDay(say, token));
  if (day) {
    const number = Number.parseInt(day, 10);
    return year ? exact(Number(year), month, number, today) : withoutYear(month, number, today);
  }
  const first = year ? exact(Number(year), month, 1, today) : withoutYear(month, 1, today);
  return first ? { ...first, precision: 'month' } : undefined;
}

/** "12", "1er", "3rd". */
function isDay({ ordinals }: DateWords, token: string): boolean {
  const [, ending] = /^\d{1,2}(\p{L}*)$/u.exec(token) ?? [];
  return ending !== undefined && (ending === '' || ordinals.has(ending));
}

/** "may", "mar", "mars" also mean other things in the middle of a sentence: only near "en/in" or a number. */
function isVerbLike({ doubtful, nearMonth }: DateWords, tokens: readonly string[], index: number): boolean {
  if (!doubtful.has(tokens[index] ?? '')) return false;
  const near = [tokens[index - 1] ?? '', tokens[index + 1] ?? ''];
  return tokens.length > 1 && !near.some((token) => /^\d/.test(token) || nearMonth.has(token));
}

function period({ periods }: DateWords, words: string, today: string): Found | undefined {
  const year = Number(today.slice(0, 4));
  const found: Readonly<Record<(typeof PERIODS)[number], Found>> = {
    this_week: { date: addDays(today, -6), precision: 'week' },
    last_week: { date: addDays(today, -13), precision: 'week' },
    this_month: { date: `${today.slice(0, 8)}01`, precision: 'month' },
    last_month: { date: addDays(today, -60), precision: 'month' },
    this_year: { date: `${year}-01-01`, precision: 'year' },
    last_year: { date: `${year - 1}-01-01`, precision: 'year' },
  };
  const name = PERIODS.find((each) => holds(words, periods[each]));
  return name && found[name];
}

function weekday(say: DateWords, words: string, today: string): Found | undefined {
  // "Mardi prochain" has not been: whatever it says, it is no day on which something happened.
  if (holds(words, say.future)) return undefined;
  const named = new Set(words.split(' ').flatMap((token) => say.weekdays.get(token) ?? []));
  if (named.size === 0) return undefined;
  const wanted = Math.min(...named);
  const sinceThen = (new Date(`${today}T00:00:00Z`).getUTCDay() - wanted + 7) % 7;
  // "Lundi dernier", said on a Monday, is a week ago.
  const back = sinceThen === 0 && holds(words, say.last) ? 7 : sinceThen;
  return { date: addDays(today, -back), precision: 'day' };
}

/** "Le 3": the last day of that number. */
function dayOfMonth(say: DateWords, words: string, today: string): Found | undefined {
  const [first = '', day = '', ...rest] = words.split(' ');
  if (rest.length > 0 || !say.beforeDay.has(first) || !isDay(say, day)) return undefined;
  const [year = 0, month = 0] = today.split('-').map(Number);
  const number = Number.parseInt(day, 10);
  return (
    exact(year, month, number, today) ??
    (month > 1 ? exact(year, month - 1, number, today) : exact(year - 1, 12, number, today))
  );
}

function year({ beforeYear }: DateWords, words: string, today: string): Found | undefined {
  const [first = '', ...rest] = words.split(' ');
  const match = /^((?:19|20)\d\d)$/.exec(beforeYear.has(first) ? rest.join(' ') : words);
  return match && Number(match[1]) <= Number(today.slice(0, 4))
    ? { date: `${match[1]}-01-01`, precision: 'year' }
    : undefined;
}

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

/** More days than these are not of now. */
const FEW_DAYS = 7;

/** Whether the words put something weeks, months or years back: "depuis 2 mois", "il y a trois semaines", "en janvier". `words`: plain. */
export function isLongSince(say: DateWords, words: string): boolean {
  const tokens = apart(say, words).split(' ');
  const { months, doubtful, periods, counts, numberFirst, unitFirst } = say;
  const isMonth = (token: string) => months.has(token) && !doubtful.has(token);
  const number = (token = '') => (/^\d{1,3}$/.test(token) ? Number(token) : counts.get(token));
  const isFar = (count: number | undefined, span: Span | undefined) =>
    count !== undefined &&
    span !== undefined &&
    (FAR.includes(span) || (span === 'days' && count > FEW_DAYS));
  return (
    tokens.some(isMonth) ||
    [periods.last_week, periods.last_month, periods.last_year].some((phrases) => holds(words, phrases)) ||
    tokens.some(
      (token, at) =>
        isFar(number(token), numberFirst.units.get(tokens[at + 1] ?? '')) ||
        isFar(number(tokens[at + 1]), unitFirst.units.get(token)),
    )
  );
}
const FAR: readonly Span[] = ['weeks', 'months', 'years'];
