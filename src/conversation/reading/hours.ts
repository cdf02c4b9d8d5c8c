/**
 * The parts of the day that people name in words or by the clock: "le soir", "entre 18h et 22h", "any time". The words stand in
 * `locales/<language>/small_words.yaml`.
 *
 * Invariants: a part is read only if all of it lies within what was said ("après 21h" has none of them), for what is written
 * too early may be read by another person; nothing is read beside a "not", an "except", or words of which it is not known what
 * they take away: one more question is better than a message at an hour that puts a person in danger.
 */
import { CONTACT_HOURS, type ContactHours } from '../../kernel/vocabulary.ts';
import { plain } from './normalise.ts';
import { type NumberWords, numberWords } from './numbers.ts';
import { type SmallWordsByLanguage, setOf } from './small-words.ts';

/** `isExact`: nothing but parts of the day was said; else the words say more than what is chosen, and are kept. */
export type HoursRead = { hours: ContactHours[]; isExact: boolean };
/** First and last hour, the last one beyond 24 if it is of the next day. */
type Span = { from: number; to: number };

/** More words than this tell something else besides. */
const MOST_WORDS = 12;
const DAY: readonly ContactHours[] = ['morning', 'midday', 'afternoon'];

type Words = ReadonlySet<string>;
export type HourWords = {
  /** Parts of the day by one word, or by two. */
  named: ReadonlyMap<string, ContactHours>;
  /** Whole phrases for several parts at once. */
  phrases: readonly (readonly [phrase: string, hours: readonly ContactHours[]])[];
  turning: Words;
  around: Words;
  clock: Readonly<Record<'after' | 'before' | 'am' | 'pm' | 'between' | 'until' | 'since' | 'not', Words>>;
  numbers: NumberWords['values'];
};

export function hourWords(all: SmallWordsByLanguage): HourWords {
  const ofClock = (name: keyof HourWords['clock']) => setOf(all, ({ hours }) => hours.clock[name]);
  const phrases = (name: 'any_time' | 'by_day', hours: readonly ContactHours[]) =>
    [...setOf(all, (words) => words.hours[name])].map((phrase) => [phrase, hours] as const);
  return {
    named: new Map(
      CONTACT_HOURS.flatMap((part) =>
        [...setOf(all, ({ hours }) => hours[part])].map((word) => [word, part] as const),
      ),
    ),
    phrases: [...phrases('any_time', CONTACT_HOURS), ...phrases('by_day', DAY)],
    turning: setOf(all, ({ hours }) => hours.turning),
    around: setOf(all, ({ hours }) => hours.around),
    clock: {
      after: ofClock('after'),
      before: ofClock('before'),
      am: ofClock('am'),
      pm: ofClock('pm'),
      between: ofClock('between'),
      until: ofClock('until'),
      since: ofClock('since'),
      not: ofClock('not'),
    },
    numbers: numberWords(all).values,
  };
}

/** What the words say of the parts of a day; undefined: nothing that could be gone by. */
export function readHours(hour: HourWords, text: string): HoursRead | undefined {
  const words = clockWords(hour, plain(text));
  const phrase = hour.phrases.find(([each]) => ` ${words} `.includes(` ${each} `));
  const rest = phrase ? ` ${words} `.replace(` ${phrase[0]} `, ' ').trim() : words;
  const tokens = turned(
    hour,
    rest.split(' ').filter((token) => token !== ''),
  );
  if (tokens.length > MOST_WORDS || tokens.some((token) => hour.turning.has(token))) return undefined;
  const parts = [...(phrase?.[1] ?? []), ...tokens.flatMap((_, at) => partAt(hour, tokens, at) ?? [])];
  const isByClock = tokens.some(isHour) || isBareSpan(hour, tokens);
  if (tokens.some((token, at) => !isKnown(hour, tokens, at, isByClock) && token !== '')) return undefined;
  const within = isByClock ? partsByClock(hour, tokens) : CONTACT_HOURS;
  const hours = CONTACT_HOURS.filter(
    (each) => within.includes(each) && (parts.length === 0 ? isByClock : parts.includes(each)),
  );
  // "Le soir et la nuit entre 18h et 22h": what they name and the clock leaves out is not put right for them.
  const isWhole = parts.every((each) => hours.includes(each));
  return hours.length > 0 && isWhole ? { hours, isExact: !isByClock } : undefined;
}

/** "Pas avant 19h" is after 19; "not after 8 pm" until then. */
function turned({ clock }: HourWords, tokens: readonly string[]): string[] {
  const said: string[] = [];
  for (const token of tokens) {
    const isNot = clock.not.has(said.at(-1) ?? '');
    if (isNot && clock.until.has(token)) said.splice(-1, 1, SINCE);
    else if (isNot && isSince(clock, token)) said.splice(-1, 1, UNTIL);
    else said.push(token);
  }
  return said;
}
const SINCE = '>';
const UNTIL = '<';
const isSince = ({ since }: HourWords['clock'], token: string): boolean =>
  token === SINCE || since.has(token);

/** "Entre 18 et 22". */
const isBareSpan = ({ clock }: HourWords, tokens: readonly string[]): boolean =>
  tokens.some((token) => clock.between.has(token)) && tokens.some((token) => /^\d{1,2}$/.test(token));

const isHour = (token: string): boolean => /^\d{1,2}h(?:\d\d)?$/.test(token);

/** Words that take nothing away of what is named; beside the clock also those that say which hours. */
function isKnown(hour: HourWords, tokens: readonly string[], at: number, isByClock: boolean): boolean {
  const token = tokens[at] ?? '';
  const { clock } = hour;
  const isNamed =
    hour.named.has(token) ||
    hour.named.has(`${token} ${tokens[at + 1]}`) ||
    hour.named.has(`${tokens[at - 1]} ${token}`);
  if (isNamed || hour.around.has(token)) return true;
  if (!isByClock) return false;
  if (isHour(token) || /^\d{1,2}$/.test(token) || [SINCE, UNTIL].includes(token)) return true;
  return [clock.between, clock.until, clock.since].some((words) => words.has(token));
}

/** "20h30", "20 heures", "8pm", "lɛri 8" as one word each: "20h30", "20h", "20h", "8h". */
function clockWords(hour: HourWords, words: string): string {
  const tokens = words.split(' ');
  const said: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const next = tokens[at + 1] ?? '';
    const joined = joinedHour(hour, token);
    const apart = joined === undefined ? hourApart(hour, token, next) : undefined;
    const found = joined ?? apart;
    const minutes = /\p{L}([0-5]\d)$/u.exec(token)?.[1] ?? '';
    said.push(found === undefined ? token : `${found}h${joined === undefined ? '' : minutes}`);
    if (apart !== undefined) at += 1;
  }
  return said.join(' ');
}

/** "20h30", "8pm". */
function joinedHour({ clock }: HourWords, token: string): number | undefined {
  const [, digits, unit = '', minutes] = /^(\d{1,2})(\p{L}+)(\d{2})?$/u.exec(token) ?? [];
  if (digits === undefined) return undefined;
  if (clock.after.has(unit)) return Number(digits);
  return minutes === undefined ? halfHour(clock, Number(digits), unit) : undefined;
}

/** "20 heures", "8 pm", "lɛri 8": two words. */
function hourApart({ clock, numbers }: HourWords, token: string, next: string): number | undefined {
  const isHour = (word: string) => /^\d{1,2}$/.test(word);
  if (clock.before.has(token)) return isHour(next) ? Number(next) : numbers.get(next);
  if (!isHour(token)) return undefined;
  return clock.after.has(next) ? Number(token) : halfHour(clock, Number(token), next);
}

/** By the half of the day: 8 in the evening is 20. */
function halfHour({ am, pm }: HourWords['clock'], hour: number, half: string): number | undefined {
  if (!am.has(half) && !pm.has(half)) return undefined;
  return (hour % 12) + (pm.has(half) ? 12 : 0);
}

/** "après-midi" is the afternoon, and no noon. */
const partAt = ({ named }: HourWords, tokens: readonly string[], at: number): ContactHours | undefined =>
  named.get(`${tokens[at - 1]} ${tokens[at]}`) ?? named.get(tokens[at] ?? '');

/** First and last hour of each part; the night goes on until the morning. The same as in `src/cases/contact-hours.ts`. */
const PARTS: Readonly<Record<ContactHours, Span>> = {
  morning: { from: 6, to: 11 },
  midday: { from: 11, to: 14 },
  afternoon: { from: 14, to: 18 },
  evening: { from: 18, to: 22 },
  night: { from: 22, to: 30 },
};

/** The parts that lie as a whole within the hours that are said; "20h" alone says when, and not until when. */
function partsByClock({ clock }: HourWords, tokens: readonly string[]): readonly ContactHours[] {
  const isSpan = tokens.some((token) => clock.between.has(token));
  const found = tokens.flatMap((token) => timeOf(token, isSpan) ?? []);
  const [first, second, more] = found;
  if (first === undefined || more !== undefined || found.some((time) => time > 24)) return [];
  const isFrom = tokens.some((token) => isSince(clock, token));
  const isTo = tokens.some((token) => token === UNTIL || clock.until.has(token));
  const said = second === undefined ? openSpan(first, isFrom, isTo) : spanOf(first, second);
  return said ? CONTACT_HOURS.filter((each) => isWithin(PARTS[each], said)) : [];
}

/** "20h30" is 20.5. */
function timeOf(token: string, isSpan: boolean): number | undefined {
  const [, hours, minutes = '0'] =
    (isSpan ? /^(\d{1,2})(?:h(\d\d)?)?$/ : /^(\d{1,2})h(\d\d)?$/).exec(token) ?? [];
  return hours === undefined ? undefined : Number(hours) + Number(minutes) / 60;
}

/** "Après 8h" may be of the evening: only what leaves no doubt, until the day ends; "avant 11h" leaves none. */
function openSpan(time: number, isFrom: boolean, isTo: boolean): Span | undefined {
  if (isFrom === isTo) return undefined;
  if (isTo) return { from: 0, to: time };
  return time > NOON ? { from: time, to: 24 } : undefined;
}
const NOON = 12;

/** "De 22h à 6h" goes on over midnight; "de 10h à 6h" may begin in the evening. */
function spanOf(from: number, to: number): Span | undefined {
  if (from < to) return { from, to };
  return from > NOON && from !== to ? { from, to: to + 24 } : undefined;
}

const isWithin = (part: Span, said: Span): boolean => said.from <= part.from && part.to <= said.to;
