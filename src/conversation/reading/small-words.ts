/**
 * The small words of a language (`locales/<language>/small_words.yaml`): numbers, days, parts of the day, ages, words around an
 * answer, and words by which a language is told from the others.
 *
 * They are read in every language there is a folder for, on offer or not: people write as they speak. A language may leave out
 * what it has no words for. Words are compared without accents, with e, o, ny and n for ɛ, ɔ, ɲ and ŋ.
 */
import { z } from 'zod';
import { LakanaError } from '../../kernel/errors.ts';
import { plain } from './normalise.ts';

const words = z.array(z.string().min(1)).default([]);
const twelve = z.array(z.array(z.string().min(1))).length(12);
const seven = z.array(z.array(z.string().min(1))).length(7);
const counts = z.record(z.string(), z.number().int().min(0).max(999)).default({});
/** Many words as one text, between spaces. */
const text = z.string().default('');

const dates = z.strictObject({
  /** January first. */
  months: twelve.optional(),
  /** Months that are also other words: read only beside a number or a word of `near_month`. */
  doubtful_months: words,
  near_month: words,
  /** Sunday first. */
  weekdays: seven.optional(),
  /** Between a month and its day they say nothing. */
  in_a_day: words,
  ordinals: words,
  before_day: words,
  before_year: words,
  today: words,
  yesterday: words,
  two_days_ago: words,
  this_week: words,
  last_week: words,
  this_month: words,
  last_month: words,
  this_year: words,
  last_year: words,
  last: words,
  future: words,
  /** "Three days ago": a number and a unit, with what says that they lie behind. */
  ago: z
    .strictObject({
      /** How the language counts: "3 jours", or "tile 3". */
      unit_first: z.boolean().default(false),
      counts,
      before: words,
      after: words,
      about: words,
      minutes: words,
      hours: words,
      days: words,
      weeks: words,
      months: words,
      years: words,
    })
    .prefault({}),
});

const hours = z.strictObject({
  /** One word, or two beside each other. */
  morning: words,
  midday: words,
  afternoon: words,
  evening: words,
  night: words,
  any_time: words,
  by_day: words,
  /** What turns around, or hangs on something that no clock knows. */
  turning: words,
  /** Around a part of the day they change nothing. */
  around: words,
  clock: z
    .strictObject({
      /** Behind the number, and before it. */
      after: words,
      before: words,
      am: words,
      pm: words,
      between: words,
      until: words,
      /** From an hour on; and what turns that, and "until", around. */
      since: words,
      not: words,
    })
    .prefault({}),
});

const ages = z.strictObject({
  years: words,
  /** Behind the years: of something else than a person. */
  of_something: words,
  /** Before the number and its years: one's own. `…` stands for one or two words. */
  own: words,
  /** The same where no years stand behind the number. */
  own_without_years: words,
  /** Where the age of a person is asked for, beside those above: how numbers are called, what stands before and around one. */
  counts,
  years_before: words,
  has: words,
  around: words,
  or: words,
  /** "Moins de", "plus de", and what makes it no age: "il y a". */
  less: words,
  more: words,
  no_age: words,
  /** How a child is called, and who is none; `not` turns it around, `no` alone leaves it open. */
  minor: words,
  adult: words,
  not: words,
  no: words,
});

const answers = z.strictObject({
  /** Before what is meant: "pour moi", "par un appel". */
  before: words,
  /** Of an answer, or a label, that says no. */
  negation: words,
  /** What may follow a "not in danger" and undo it. */
  undoing: words,
  /** Who is meant by "I" at the beginning. */
  self: words,
  /** Beside it they speak of another person as well. */
  of_others: words,
});

const places = z.strictObject({
  /** Around the name of a place these say nothing of it. */
  around: words,
  /** As people write a name, and how the lists have it. */
  written: z.record(z.string(), z.string()).default({}),
});

const telling = z.strictObject({
  /** Only this language has it, here; another one has it too. */
  surely: text,
  perhaps: text,
  /** Two words that stand beside each other in this language alone; between them `/`. */
  together: text,
  /** How the language is called, in any of them, and its code. */
  names: text,
  /** Those of them that are a word of another language as long as another word stands there. */
  names_alone: text,
  /** With these its name asks for it: "français svp". */
  around_a_name: text,
  /** Letters and endings that only this one has. */
  letters: text,
  endings: words,
  /** What a person who writes it reads sooner than anything else, where it is not on offer. */
  reads_sooner: z.string().optional(),
});

/** Numbers as a telephone number is dictated, beside `numbers`; what stands between two of them; how an address is said. */
const dictated = z.strictObject({ words: text, between: words, address: words });

const smallWordsSchema = z.strictObject({
  numbers: counts,
  dictated: dictated.prefault({}),
  around_numbers: words,
  /** These only between numbers: "1 ni 3". */
  between_numbers: words,
  /** How many are meant together: no number of an option. */
  together: words,
  dates: dates.prefault({}),
  hours: hours.prefault({}),
  ages: ages.prefault({}),
  answers: answers.prefault({}),
  places: places.prefault({}),
  /** By list, or by `flow.step`, then by code: what people say in place of its label. */
  codes: z.record(z.string(), z.record(z.string(), words)).default({}),
  telling: telling.prefault({}),
});

/** What one language says. */
export type SmallWords = z.infer<typeof smallWordsSchema>;
export type SmallWordsByLanguage = ReadonlyMap<string, SmallWords>;

/** Of every language that has the file. Throws `texts_invalid`, one line that names file and place. */
export function readSmallWords(
  files: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): SmallWordsByLanguage {
  return new Map(
    Object.entries(files).flatMap(([language, { small_words: content }]) => {
      if (content === undefined) return [];
      const read = smallWordsSchema.safeParse(content);
      if (read.success) return [[language, read.data] as const];
      const [issue] = read.error.issues;
      throw new LakanaError(
        'texts_invalid',
        `locales/${language}/small_words.yaml, ${issue?.path.join('.')}: ${issue?.message}; compare with locales/fr`,
      );
    }),
  );
}

/** Numbers by their words, of all languages. */
export const valuesOf = (
  all: SmallWordsByLanguage,
  of: (words: SmallWords) => Readonly<Record<string, number>>,
): ReadonlyMap<string, number> =>
  new Map(
    [...all.values()].flatMap((words) =>
      Object.entries(of(words)).map(([word, value]) => [plain(word), value]),
    ),
  );

/** Words as they are compared, of all languages. */
export const setOf = (
  all: SmallWordsByLanguage,
  of: (words: SmallWords) => readonly string[],
): ReadonlySet<string> => new Set([...all.values()].flatMap(of).map(plain));
