/** How old people say that they are. The words stand in `locales/<language>/small_words.yaml`. */
import { plain } from './normalise.ts';
import { type SmallWords, type SmallWordsByLanguage, setOf, valuesOf } from './small-words.ts';

export type AgeWords = {
  years: ReadonlySet<string>;
  /** Behind the years: "15 ans d'expérience" is no age. */
  ofSomething: ReadonlySet<string>;
  /** What stands before a person's own age. */
  own(words: readonly string[]): boolean;
  ownWithoutYears(words: readonly string[]): boolean;
  /** What is read where an age is asked for: `saidAge`. */
  asked: AskedAge;
};

type Ending = (words: readonly string[]) => boolean;

type AskedAge = {
  /** "Quinze", "seize". */
  counts: ReadonlyMap<string, number>;
  /** "Tan ni duuru": ten and five. */
  and: ReadonlySet<string>;
  /** "8 mois": a child. */
  months: ReadonlySet<string>;
  /** Where the years stand before the number: "san 15". */
  yearsBefore: ReadonlySet<string>;
  has: ReadonlySet<string>;
  /** Beside a number that is the whole answer these change nothing; between two numbers they leave open which. */
  around: ReadonlySet<string>;
  or: ReadonlySet<string>;
  /** Before a number: younger, older, or no age at all. */
  less: Ending;
  more: Ending;
  noAge: Ending;
  /** "Mineur", "c'est un enfant", "majeure": as words beside each other. */
  minor: readonly (readonly string[])[];
  adult: readonly (readonly string[])[];
  not: ReadonlySet<string>;
  no: ReadonlySet<string>;
};

export function ageWords(all: SmallWordsByLanguage): AgeWords {
  return {
    years: setOf(all, ({ ages }) => ages.years),
    ofSomething: setOf(all, ({ ages }) => ages.of_something),
    own: endingIn([...all.values()].flatMap(({ ages }) => ages.own)),
    ownWithoutYears: endingIn([...all.values()].flatMap(({ ages }) => ages.own_without_years)),
    asked: askedAge(all),
  };
}

function askedAge(all: SmallWordsByLanguage): AskedAge {
  const every = [...all.values()];
  const ending = (of: (ages: SmallWords['ages']) => readonly string[]) =>
    endingIn(every.flatMap(({ ages }) => of(ages)));
  const split = (of: (ages: SmallWords['ages']) => readonly string[]) =>
    every.flatMap(({ ages }) => of(ages)).map((phrase) => plain(phrase).split(' '));
  return {
    counts: new Map([
      ...valuesOf(all, ({ numbers }) => numbers),
      ...valuesOf(all, ({ ages }) => ages.counts),
    ]),
    and: setOf(all, ({ dictated }) => dictated.between),
    months: setOf(all, ({ dates }) => dates.ago.months),
    yearsBefore: setOf(all, ({ ages }) => ages.years_before),
    has: setOf(all, ({ ages }) => ages.has),
    around: setOf(all, ({ ages }) => ages.around),
    or: setOf(all, ({ ages }) => ages.or),
    less: ending(({ less }) => less),
    more: ending(({ more }) => more),
    noAge: ending(({ no_age }) => no_age),
    minor: split(({ minor }) => minor),
    adult: split(({ adult }) => adult),
    not: setOf(all, ({ ages }) => ages.not),
    no: setOf(all, ({ ages }) => ages.no),
  };
}

/** Whether words end in one of the phrases; `…` in one is a word or two. */
function endingIn(phrases: readonly string[]): (words: readonly string[]) => boolean {
  const wanted = phrases.map((phrase) => phrase.split('…').map((part) => plain(part).split(' ')));
  const endsIn = (words: readonly string[], end: readonly string[]) =>
    end.every((word, at) => words[words.length - end.length + at] === word);
  return (words) =>
    wanted.some(([first = [], last]) => {
      if (last === undefined) return endsIn(words, first);
      const before = words.slice(0, words.length - last.length);
      return endsIn(words, last) && [1, 2].some((between) => endsIn(before.slice(0, -between), first));
    });
}

/** Whether a person says of themselves that they are a child: "j'ai 15 ans", "je suis une fille de 15 ans". */
export function tellsUnder18({ years, ofSomething, own, ownWithoutYears }: AgeWords, text: string): boolean {
  const words = apart(text, years);
  return words.some((word, at) => {
    const age = /^\d{1,2}$/.test(word) ? Number(word) : 0;
    if (age < 6 || age > 17) return false;
    const before = words.slice(Math.max(0, at - 6), at);
    if (ownWithoutYears(before)) return !ofSomething.has(words[at + 1] ?? '');
    if (!years.has(words[at + 1] ?? '') || ofSomething.has(words[at + 2] ?? '')) return false;
    return own(before);
  });
}

/** Whether a person of theirs is said to be a child: "mon fils de 10 ans", "ma fille a 15 ans". `people`: whom that may be. */
export function tellsOfChild(
  { years, ofSomething, asked }: AgeWords,
  text: string,
  people: ReadonlySet<string>,
): boolean {
  const words = apart(text, years);
  return words.some((word, at) => {
    const isAge = /^\d{1,2}$/.test(word) && Number(word) < 18 && years.has(words[at + 1] ?? '');
    if (!isAge || ofSomething.has(words[at + 2] ?? '') || asked.noAge(words.slice(0, at))) return false;
    return words.slice(Math.max(0, at - NEAR_AGE), at).some((before) => people.has(before));
  });
}
/** Words between a person and their age. */
const NEAR_AGE = 4;

/** "15ans" as "15 ans". */
function apart(text: string, years: ReadonlySet<string>): string[] {
  return plain(text)
    .split(' ')
    .flatMap((word) => {
      const [, number, unit = ''] = /^(\d{1,2})(\D+)$/.exec(word) ?? [];
      return number !== undefined && years.has(unit) ? [number, unit] : [word];
    });
}

/** Where an age of a person begins and ends among the words. */
type Number = { from: number; to: number; value: number };
export type SaidAge = 'under_18' | 'adult';

/**
 * Whether a person is a child by what is said of their age, where that is asked: "elle a 16 ans", "17", "san 15", "mineur".
 * Nothing where no age is said, or ages of both kinds.
 */
export function saidAge(words: AgeWords, text: string): SaidAge | undefined {
  const said = apart(text, words.years);
  const found = new Set([...byNumber(words, said), ...byName(words.asked, said)]);
  return found.size === 1 ? [...found][0] : undefined;
}

function byNumber(words: AgeWords, said: readonly string[]): SaidAge[] {
  const { asked } = words;
  const numbers = numbersIn(asked, said);
  const isAll = isWhole(asked, said, numbers);
  const ages = numbers.filter((number) => isAll || isAge(words, said, number));
  // "15 ou 16 ans": the first is one too.
  const sides = numbers.filter(({ to }) =>
    ages.some(({ from }) => from === to || (from === to + 1 && asked.or.has(said[to] ?? ''))),
  );
  return [...sides, ...ages].flatMap((number) => kindOf(asked, said, number) ?? []);
}

function isAge({ asked, years, ofSomething }: AgeWords, said: readonly string[], number: Number): boolean {
  const [before = '', behind = ''] = [said[number.from - 1], said[number.to]];
  if (asked.noAge(said.slice(0, number.from))) return false;
  if (asked.yearsBefore.has(before)) return true;
  if (years.has(behind)) return !ofSomething.has(said[number.to + 1] ?? '');
  return asked.has.has(before) && (number.to === said.length || asked.months.has(behind));
}

/** Nothing but a number, and words that change nothing. Three and fewer choose an answer. */
const isWhole = (
  { around, months }: AskedAge,
  said: readonly string[],
  numbers: readonly Number[],
): boolean => {
  const [number, more] = numbers;
  if (number === undefined || more !== undefined || number.value < 4) return false;
  const others = said.filter((_, at) => at < number.from || at >= number.to);
  return others.every((word) => around.has(word)) && !months.has(said[number.to] ?? '');
};

/** Nobody is older. */
const OLDEST = 110;

function kindOf(asked: AskedAge, said: readonly string[], number: Number): SaidAge | undefined {
  const { value, to } = number;
  const before = said.slice(0, number.from);
  if (asked.months.has(said[to] ?? '')) return 'under_18';
  if (asked.less(before)) return value <= 18 ? 'under_18' : undefined;
  if (asked.more(before)) return value >= 17 ? 'adult' : undefined;
  if (value > OLDEST) return undefined;
  return value < 18 ? 'under_18' : 'adult';
}

/** Numbers in figures and in words: "dix sept" is one. */
function numbersIn({ counts, and }: AskedAge, said: readonly string[]): Number[] {
  const found: Number[] = [];
  for (let at = 0; at < said.length; at++) {
    const figures = /^\d{1,3}$/.exec(said[at] ?? '');
    if (figures) {
      found.push({ from: at, to: at + 1, value: Number(figures[0]) });
      continue;
    }
    let to = at;
    let value = 0;
    for (let next = counts.get(said[to] ?? ''); next !== undefined; next = counts.get(said[to] ?? '')) {
      value += next;
      to += 1;
      if (and.has(said[to] ?? '') && counts.has(said[to + 1] ?? '')) to += 1;
    }
    if (to > at) found.push({ from: at, to, value });
    at = Math.max(at, to - 1);
  }
  return found;
}

function byName({ minor, adult, not, no }: AskedAge, said: readonly string[]): SaidAge[] {
  const kinds = [
    [minor, 'under_18', 'adult'],
    [adult, 'adult', 'under_18'],
  ] as const;
  return kinds.flatMap(([phrases, so, otherwise]) =>
    phrases.flatMap((phrase) => {
      const at = said.findIndex((_, from) => phrase.every((word, n) => said[from + n] === word));
      if (at < 0) return [];
      const isNot = said.slice(Math.max(0, at - 3), at).some((word) => not.has(word));
      if (isNot) return [otherwise];
      // "Non mineur": no child, or no, a child.
      const isOpen = so === 'under_18' && at === 1 && said.length === 2 && no.has(said[0] ?? '');
      return isOpen ? [] : [so];
    }),
  );
}
