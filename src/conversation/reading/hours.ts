/**
 * The parts of the day that people name in words or by the clock: "le soir", "entre 8h et 10h", "any time". The words stand in
 * `locales/<language>/small_words.yaml`.
 *
 * Invariant: nothing is read out of words with a "not" or an "except" in them: one more question is better than a message
 * at an hour that puts a person in danger.
 */
import { CONTACT_HOURS, type ContactHours } from '../../kernel/vocabulary.ts';
import { plain } from './normalise.ts';
import { type NumberWords, numberWords } from './numbers.ts';
import { type SmallWordsByLanguage, setOf } from './small-words.ts';

/** `isExact`: nothing but parts of the day was said; else the words say more than what is chosen, and are kept. */
export type HoursRead = { hours: ContactHours[]; isExact: boolean };

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
  clock: Readonly<Record<'after' | 'before' | 'am' | 'pm' | 'between' | 'until', Words>>;
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
    },
    numbers: numberWords(all).values,
  };
}

/** What the words say of the parts of a day; undefined: nothing that could be gone by. */
export function readHours(hour: HourWords, text: string): HoursRead | undefined {
  const words = clockWords(hour, plain(text));
  const phrase = hour.phrases.find(([each]) => ` ${words} `.includes(` ${each} `));
  const rest = phrase ? ` ${words} `.replace(` ${phrase[0]} `, ' ').trim() : words;
  const tokens = rest.split(' ').filter((token) => token !== '');
  if (tokens.length > MOST_WORDS || tokens.some((token) => hour.turning.has(token))) return undefined;
  const named = [...(phrase?.[1] ?? []), ...tokens.flatMap((_, at) => partAt(hour, tokens, at) ?? [])];
  if (named.length > 0) {
    const isExact = tokens.every((token) => hour.around.has(token) || hour.named.has(token));
    return { hours: inOrder(named), isExact };
  }
  const byClock = partsByClock(hour, tokens);
  return byClock.length > 0 ? { hours: inOrder(byClock), isExact: false } : undefined;
}

/** "20h30", "20 heures", "8pm", "lɛri 8" as one word each: "20h", "8h" or "20h". */
function clockWords(hour: HourWords, words: string): string {
  const tokens = words.split(' ');
  const said: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const next = tokens[at + 1] ?? '';
    const joined = joinedHour(hour, token);
    const apart = joined === undefined ? hourApart(hour, token, next) : undefined;
    const found = joined ?? apart;
    said.push(found === undefined ? token : `${found}h`);
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
function partsByClock({ clock }: HourWords, tokens: readonly string[]): ContactHours[] {
  const isSpan = tokens.some((token) => clock.between.has(token));
  const byClock = isSpan ? /^(\d{1,2})h?$/ : /^(\d{1,2})h$/;
  const found = tokens.flatMap((token) => byClock.exec(token)?.[1] ?? []).map(Number);
  if (found.length === 0 || found.length > 2 || found.some((hour) => hour > 24)) return [];
  const [from = 0, to] = found;
  if (to === undefined)
    return [partOfHour(tokens.some((token) => clock.until.has(token)) ? from + 23 : from)];
  const between = BEGINS.filter(([begin], at) => begin > from && (BEGINS[at + 1]?.[0] ?? 30) <= to);
  return [partOfHour(from), ...between.map(([, part]) => part)];
}

const inOrder = (hours: readonly ContactHours[]): ContactHours[] =>
  CONTACT_HOURS.filter((each) => hours.includes(each));
