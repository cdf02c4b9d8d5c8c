/** What is heard and read in Bambara, as it is typed: with its letters and without. */
import { describe, expect, it } from 'vitest';
import { tellsUnder18 } from '../../../src/conversation/reading/ages.ts';
import { readDate } from '../../../src/conversation/reading/dates.ts';
import { readHours } from '../../../src/conversation/reading/hours.ts';
import { normalise } from '../../../src/conversation/reading/normalise.ts';
import { readNumbers } from '../../../src/conversation/reading/numbers.ts';
import { tellsOfCustody } from '../../../src/conversation/words/custody.ts';
import { tellsGraveDanger } from '../../../src/conversation/words/grave.ts';
import { inBambara } from '../person.ts';

const { texts } = inBambara;
const { reading } = texts;
const NOW = new Date('2026-11-25T12:00:00Z');

describe('an account in Bambara tells of grave danger', () => {
  it.each([
    "o b'a fɛ ka n faga",
    'u ko u be na n faga',
    "a y'a fɔ telefɔni na ko a bɛna n faga",
    'u ye n balimakɛ minɛ',
    'ou ye n ce mine sougou la',
    "polisiw ye an kuntigi minɛ ka taa n'a ye",
    'u ye a diyagoyaminɛ sira kan',
    'marifatigiw nana an ka so bi sɔgɔma',
    'u bɛ n ka da la',
    "san duuru b'a la u ye n balima minɛ. Sisan u ye n denkɛ minɛ, o b'a fɛ k'a faga",
    'n denkɛ tununna kabini kunun',
    'marifatigiw bɛ an ka so da la',
    'u ko u bɛ n denw faga',
    'n dɔgɔkɛ joginna kunun',
    'n balima bɛna faga',
    "n b'a fe ka sa",
    'marifatigiw ko u ye tile saba di an ma',
  ])('"%s"', (words) => {
    expect(tellsGraveDanger(texts, words)).toBe(true);
  });

  it.each([
    "san fila b'a la u ye n balima minɛ, a bɔra",
    'u ye n ka telefɔni minɛ sisan',
    'u ma n balima minɛ',
    'an ye misi kelen faga lajɛ la',
    'misi bɛna faga seli la',
    'misi bena faga sini',
    'arajo la a fɔra ko mɔgɔ dɔ minɛna bi',
    'u ye n balimakɛ minɛ kunun, nka a bɔra',
    'lɛri jumɛn na n bɛ se ka n wele',
    'an ye kuma minɛ lajɛ la bi',
    'mon frère travaille à la mine',
    'my brother works in a mine near Sadiola',
    'ils ont enlevé mon mari dans le salon',
  ])('not, or not by Bambara, "%s"', (words) => {
    const french = words.startsWith('ils');
    expect(tellsGraveDanger(texts, words)).toBe(french);
  });
});

describe('an account in Bambara tells of custody', () => {
  it.each([
    ['zandaramaw ye n cɛ mine', 'now'],
    ['polisiw nana n balimakɛ ta', 'now'],
    ['sorodasiw ye an ka biro segesege', 'now'],
    ['polisiw ye n wele komisariya la', 'held'],
    ['kiritigi ye welelisɛbɛn ci n ma', 'held'],
  ])('"%s": %s', (words, told) => {
    expect(tellsOfCustody(texts, words)).toBe(told);
  });

  it.each(['n teri ye n wele kunun', 'n ye n ka wari sɛgɛsɛgɛ', 'n nana n fa fo'])('not "%s"', (words) => {
    expect(tellsOfCustody(texts, words)).toBeUndefined();
  });
});

describe('numbers, days, hours and ages in Bambara', () => {
  it.each([
    ['kelen', [1]],
    ['1 ni 3', [1, 3]],
    ['fila ni naani', [2, 4]],
    ['nimɔrɔ duuru', [5]],
    ['nimoro dourou', [5]],
    ['wɔɔrɔ', [6]],
  ])('"%s" means %j', (typed, numbers) => {
    expect(readNumbers(reading.numbers, typed)).toEqual(numbers);
  });

  it.each(['ni 1 ni 2', 'segin', 'cɛ fila'])('"%s" is no choice', (typed) => {
    expect(readNumbers(reading.numbers, typed)).toBeUndefined();
  });

  it.each([
    ['bi', '2026-11-25'],
    ['bi sogoma', '2026-11-25'],
    ['kunun', '2026-11-24'],
    ['kounoun', '2026-11-24'],
    ['kunasinin', '2026-11-23'],
    ['ntɛnɛn', '2026-11-23'],
    ['tenen don', '2026-11-23'],
    ['juma', '2026-11-20'],
    ['a tile saba ye nin ye', '2026-11-22'],
    ["tile 3 b'a la", '2026-11-22'],
    ['kabini dɔgɔkun fila', '2026-11-11'],
    ['kalo kelen ye nin ye', '2026-10-26'],
    ['marisi kalo tile 12', '2026-03-12'],
    ['sɛtanburu kalo', '2026-09-01'],
    ['dogokun temenen', '2026-11-12'],
    ['san tɛmɛnen', '2025-01-01'],
  ])('"%s" is %s', (words, date) => {
    expect(readDate(reading.dates, words, NOW, 'Africa/Bamako')?.date).toBe(date);
  });

  it.each(['à San 12 hommes', 'a fait don 3 fois', 'donne-le moi', 'n cɛ taara'])(
    '"%s" is no day',
    (words) => {
      expect(readDate(reading.dates, words, NOW, 'Africa/Bamako')).toBeUndefined();
    },
  );

  it.each([
    ['sufɛ', ['night']],
    ['su fe', ['night']],
    ['sɔgɔma ani wula', ['morning', 'evening']],
    ['waati bɛɛ', ['morning', 'midday', 'afternoon', 'evening', 'night']],
  ])('"%s" names %j', (words, hours) => {
    expect(readHours(reading.hours, words)?.hours).toEqual(hours);
  });

  it.each(['ni n cɛ taara sufɛ', 'su tɛ', 'aw kana wele sufɛ', 'lɛri 8', 'leri wooro'])(
    '"%s" names no hours to go by',
    (words) => {
      expect(readHours(reading.hours, words)).toBeUndefined();
    },
  );

  it('"n si bɛ san 15 na" is a child, "ne ye san 15 kɛ baara la" is none', () => {
    expect(tellsUnder18(reading.ages, 'n si bɛ san 15 na')).toBe(true);
    expect(tellsUnder18(reading.ages, 'ne ye san 15 kɛ baara la')).toBe(false);
  });
});

describe('a word that a text in Bambara tells people to write', () => {
  /** "aw ye « segin » sɛbɛn": what stands in quotes before the end of the sentence that says write. */
  const told = texts
    .keys('bm')
    .filter(
      (key) => /^(bot|sos|status|person|report|menu|told|service)\./.test(key) && key !== 'bot.date_hint',
    )
    .flatMap((key) =>
      texts
        .t('bm', key)
        .split(/[.!?\n]/)
        .filter((sentence) => /sɛbɛn/.test(sentence) && !/kalan/.test(sentence))
        .flatMap((sentence) => [...sentence.matchAll(/« ([^»]+) »/g)])
        .map(([, word = '']) => ({ key, word: normalise(word) })),
    );
  const known = [...texts.plainWords('bm').values(), texts.commandWords('bm').get('sos') ?? []].flat();
  /** Named as a button or an answer of that question, or said of what the team writes down. */
  const named = ['ko lase', 'awɔ', 'ayi', 'ma fɔ', 'kɛbaga jatelen', texts.t('bm', 'bot.review_correct')];

  it('works also where words are asked', () => {
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter(({ word }) => !known.includes(word) && !named.map(normalise).includes(word))).toEqual(
      [],
    );
  });

  it('of the general help, too', () => {
    const help = texts.t('bm', 'bot.help');
    for (const word of ['segin', 'tɛmɛ a kan', 'kan yɛlɛma', 'dabila']) {
      expect(help).toContain(word);
      expect(known).toContain(normalise(word));
    }
  });
});
