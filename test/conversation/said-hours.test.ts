/** No one is written to earlier or later than they said: each part of the day that is read lies as a whole within their words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOURS } from '../../src/cases/contact-hours.ts';
import { readHours } from '../../src/conversation/reading/hours.ts';
import type { ContactHours } from '../../src/kernel/vocabulary.ts';
import { calmPerson, Person, texts, walkTo } from './person.ts';

/** The half hours of a day in which one may be written to: from 0 to 48, counted on into the next day. */
const halves = (from: number, to: number): Set<number> => {
  const end = to > from ? to : to + 48;
  return new Set(Array.from({ length: end - from }, (_, n) => (from + n) % 48));
};
const halvesOf = (hours: readonly ContactHours[]): number[] =>
  hours.flatMap((each) => [...halves(2 * HOURS[each][0], 2 * HOURS[each][1])]);

/** As people write an hour, in halves. */
const written = (half: number): string[] => {
  const hour = Math.floor(half / 2);
  const minutes = half % 2 === 1 ? '30' : '';
  return [
    `${hour}h${minutes}`,
    `${hour} h${minutes}`,
    ...(minutes === '' ? [`${hour} heures`, `${hour}H`] : []),
  ];
};
const AFTER = [
  'après',
  'apres',
  'à partir de',
  'dès',
  'pas avant',
  'seulement après',
  'le soir après',
  'la nuit apres',
];
const BEFORE = ['avant', "jusqu'à", 'pas après', 'le matin avant', 'seulement avant'];
const AT = ['à', 'vers', '', 'le soir à', 'seulement à'];
const BETWEEN: readonly ((from: string, to: string) => string)[] = [
  (from, to) => `entre ${from} et ${to}`,
  (from, to) => `de ${from} à ${to}`,
  (from, to) => `${from}-${to}`,
  (from, to) => `le soir entre ${from} et ${to}`,
  (from, to) => `n'importe quand entre ${from} et ${to}`,
];

const half = fc.integer({ min: 0, max: 47 });
const read = (words: string) => readHours(texts.reading.hours, words)?.hours ?? [];
const holds = (words: string, said: ReadonlySet<number>): void => {
  const beyond = halvesOf(read(words)).filter((each) => !said.has(each));
  expect({ words, read: read(words), beyond }).toMatchObject({ beyond: [] });
};

describe('hours by the clock', () => {
  it('become no part of the day that begins before them, or ends after', () => {
    fc.assert(
      fc.property(half, fc.nat(), fc.nat(), (at, form, how) => {
        const hour = written(at)[how % written(at).length] ?? '';
        holds(`${AFTER[form % AFTER.length]} ${hour}`, halves(at, 48));
        holds(`${BEFORE[form % BEFORE.length]} ${hour}`, at === 0 ? new Set() : halves(0, at));
        holds(`${AT[form % AT.length]} ${hour}`.trim(), halves(at, Math.min(48, at + 2)));
      }),
      { numRuns: 600 },
    );
  });

  it('between two become only what lies between them', () => {
    fc.assert(
      fc.property(half, half, fc.nat(), fc.nat(), (from, to, form, how) => {
        const say = BETWEEN[form % BETWEEN.length] ?? BETWEEN[0];
        const [one = '', other = ''] = [from, to].map((each) => written(each)[how % written(each).length]);
        holds(say?.(one, other) ?? '', from === to ? new Set() : halves(from, to));
      }),
      { numRuns: 600 },
    );
  });

  it('that hold whole parts are those', () => {
    for (const [words, hours] of [
      ['après 18h', ['evening']],
      ['à partir de 17h30', ['evening']],
      ['pas avant 14h', ['afternoon', 'evening']],
      ['avant 18h', ['morning', 'midday', 'afternoon']],
      ['de 8h à 18h', ['midday', 'afternoon']],
      ['entre 18h et 22h', ['evening']],
      ['18h-22h', ['evening']],
      ['de 22h à 6h', ['night']],
      ['de 20h à 7h', ['night']],
      ['between 2 pm and 6 pm', ['afternoon']],
      ['after 6 pm', ['evening']],
    ] as const)
      expect(read(words), words).toEqual(hours);
  });
});

describe('words that take something away from a part of the day', () => {
  it.each([
    'tard le soir',
    'tôt le matin',
    'le soir après manger',
    'le matin avant la prière',
    'le soir du jeudi',
  ])('"%s" are not read as all of it', (words) => expect(read(words)).toEqual([]));

  it.each([
    ['le soir svp', ['evening']],
    ["le soir c'est mieux", ['evening']],
    ['plutôt le matin', ['morning']],
    ["l'après-midi", ['afternoon']],
    ['le matin et le soir', ['morning', 'evening']],
  ])('"%s" take nothing away', (words, hours) => expect(read(words)).toEqual(hours));
});

describe('a person who says hours that cannot be held', () => {
  const UNHELD = [
    'apres 21h',
    'apres 20h',
    'avant 6h',
    'apres 23h',
    'entre 2h et 4h',
    'vers 20h30',
    'quand il dort',
  ];

  it.each(UNHELD)('in a report ("%s") is told what can, and asked; the words are kept', (words) => {
    const person = walkTo(calmPerson(), 'report.contact_hours', { contact_how: 'here_certain_hours' });
    person.writes(words);
    expect(person.at).toBe('report.contact_hours');
    expect(person.state?.mayWrite).toEqual({ no: 'hours_unsaid' });
    expect(person.keys).toContain('bot.hours_whole');
    expect(JSON.stringify(person.state?.answers.account)).toContain(words);
    expect(person.picks('night').presses('done').state?.mayWrite).toEqual({ hours: ['night'] });
  });

  it.each(UNHELD)('after SOS ("%s") as well', (words) => {
    const person = walkTo(new Person({ hint: 'fr' }).writes('SOS'), 'sos.safe_hours', {
      safe: 'certain_hours',
    });
    expect(person.writes(words).at).toBe('sos.safe_hours');
    expect(person.state?.mayWrite).toEqual({ no: 'hours_unsaid' });
    expect(person.keys).toContain('bot.hours_whole');
  });

  it.each(['ici après 21h', 'ici vers 20h', 'ici avant 6h'])(
    'where it is asked how to be reached ("%s") is asked which parts of the day',
    (words) => {
      const person = walkTo(calmPerson(), 'report.contact_how').writes(words);
      expect(person.at).toBe('report.contact_hours');
      expect(person.state?.mayWrite).toEqual({ no: 'hours_unsaid' });
      expect(JSON.stringify(person.state)).toContain(words);
    },
  );

  it.each([
    'apres 21h',
    'seulement apres 21h',
    'oui apres 21h',
    'le soir',
    'oui le soir seulement',
    'entre 18h et 22h',
  ])('where it is asked after SOS whether one may write ("%s") is asked at which hours', (words) => {
    const person = new Person({ hint: 'fr' }).writes('SOS').writes('Gao').writes(words);
    expect(person.at).toBe('sos.safe_hours');
    expect(person.state?.mayWrite).toEqual({ no: 'hours_unsaid' });
    expect(JSON.stringify(person.inCase('account'))).toContain(words);
  });

  it.each(['pas apres 21h', 'oui mais pas le soir', 'ne m’écrivez pas le soir'])(
    'and says there when not ("%s") is written to at no hour for it',
    (words) => {
      const person = new Person({ hint: 'fr' }).writes('SOS').writes('Gao').writes(words);
      expect([undefined, 'no', 'certain_hours']).toContain(
        (person.state?.answers.safe as { value?: string } | undefined)?.value,
      );
      expect(person.state?.mayWrite ?? { no: 'no' }).toHaveProperty('no');
    },
  );
});
