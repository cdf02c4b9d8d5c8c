import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDate } from '../../src/conversation/reading/dates.ts';
import { clean, isBlank, normalise } from '../../src/conversation/reading/normalise.ts';
import { readNumbers } from '../../src/conversation/reading/numbers.ts';
import { latestDay } from '../../src/conversation/values/day.ts';
import { texts } from './person.ts';

const { reading } = texts;

describe('what people type', () => {
  it.each([
    ['À l’AIDE !!!', 'a l aide'],
    ['  Où   ça ? ', 'ou ca'],
    ['cœur', 'coeur'],
    ['\u202eSOS\u202c', 'sos'],
    ['🆘🆘', 'sos sos'],
    ['ＳＯＳ', 'sos'],
    ['٣', '3'],
    ['߃', '3'],
    ['3️⃣', '3'],
    ['🙂', ''],
    ['dɛmɛ', 'dɛmɛ'],
  ])('%s reads as "%s"', (typed, read) => {
    expect(normalise(typed)).toBe(read);
  });

  it.each([
    ['1', [1]],
    ['1️⃣', [1]],
    ['un', [1]],
    ['n°2', [2]],
    ['N° 2.', [2]],
    ['1 et 3', [1, 3]],
    ['1,3', [1, 3]],
    ['1-3-3', [1, 3]],
    ['le 4', [4]],
    ['option two', [2]],
  ])('"%s" means %j', (typed, numbers) => {
    expect(readNumbers(reading.numbers, typed)).toEqual(numbers);
  });

  it.each(['', 'le', 'ils étaient 3', '76 00 11 22 33 x', 'deux hommes'])('"%s" is no choice', (typed) => {
    expect(readNumbers(reading.numbers, typed)).toBeUndefined();
  });

  it('is read the same when it has been read before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        expect(normalise(normalise(typed))).toBe(normalise(typed));
      }),
    );
  });

  it('is read in plain letters as beside letters of another script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (typed) => {
        expect(normalise(`${typed} é`)).toBe(`${normalise(typed)} e`.trim());
      }),
    );
  });

  it('is kept as it was, but for what shows nothing and turns the text around', () => {
    expect(clean('  n’importe\u202e quoi 👨‍👩‍👧 \u0000')).toBe('n’importe quoi 👨‍👩‍👧');
    expect(isBlank('\u200b\u2060 \u00ad')).toBe(true);
    expect(isBlank('👍')).toBe(false);
  });
});

describe('a day said in words', () => {
  const now = new Date('2026-11-24T23:30:00Z');

  it('is counted in the time zone of the service', () => {
    expect(readDate(reading.dates, 'hier', now, 'Africa/Bamako')?.date).toBe('2026-11-23');
    expect(readDate(reading.dates, 'hier', now, 'Asia/Tokyo')?.date).toBe('2026-11-24');
  });

  it.each([
    ['il y a onze jours', '2026-11-13'],
    ['twelve days ago', '2026-11-12'],
    ['il y a quinze jours', '2026-11-09'],
    ['fifteen days ago', '2026-11-09'],
    ['a week ago', '2026-11-17'],
  ])('may be counted back in words: "%s"', (words, date) => {
    expect(readDate(reading.dates, words, now, 'Africa/Bamako')?.date).toBe(date);
  });

  it('"lundi dernier" said on a Monday is a week ago, and "lundi" today', () => {
    const monday = new Date('2026-11-23T10:00:00Z');
    for (const words of ['lundi dernier', 'lundi passé', 'last monday'])
      expect(readDate(reading.dates, words, monday, 'Africa/Bamako')?.date).toBe('2026-11-16');
    expect(readDate(reading.dates, 'lundi', monday, 'Africa/Bamako')?.date).toBe('2026-11-23');
    // On a Tuesday it was yesterday.
    expect(readDate(reading.dates, 'lundi dernier', now, 'Africa/Bamako')?.date).toBe('2026-11-23');
  });

  it.each([
    'demain peut-être',
    '31/02/2026',
    '12/12/2099',
    'je ne veux pas',
    'may he rest',
    'mardi prochain',
  ])('is not in "%s"', (words) => {
    expect(readDate(reading.dates, words, now, 'Africa/Bamako')).toBeUndefined();
  });

  it('never lies in the future, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,2}[/ .-][0-9]{1,2}([/ .-][0-9]{2,4})?$/)),
        (words) => {
          const date = readDate(reading.dates, words, now, 'Africa/Bamako')?.date;
          if (date !== undefined) expect(date <= '2026-11-24').toBe(true);
        },
      ),
    );
  });

  it('that is not exact counts as late as it can have been', () => {
    expect(latestDay({ kind: 'date', date: '2026-11-18', precision: 'week' })).toBe('2026-11-24');
    expect(latestDay({ kind: 'date', precision: 'unknown', words: 'autrefois' })).toBeUndefined();
  });
});
