/** A language that is added as files alone, half done, and for reporters only. */
import { describe, expect, it } from 'vitest';
import { checkContent } from '../../src/conversation/checks/check.ts';
import { lackingLine, lackingTexts } from '../../src/conversation/checks/lacking-texts.ts';
import { tellsUnder18 } from '../../src/conversation/reading/ages.ts';
import { readDate } from '../../src/conversation/reading/dates.ts';
import { readHours } from '../../src/conversation/reading/hours.ts';
import { guessLanguage, namedLanguage } from '../../src/conversation/reading/language-guess.ts';
import { readNumbers } from '../../src/conversation/reading/numbers.ts';
import { textsOfConsent, textVersion } from '../../src/conversation/words/text-version.ts';
import { createTexts, type TextFiles } from '../../src/conversation/words/texts.ts';
import { projectContent } from './content.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const content = projectContent();

/** A translator begins Fulfulde: three texts, and the small words that come to mind. */
const begun = (isReviewed: boolean, more: Record<string, unknown> = {}): TextFiles => ({
  ...content.texts,
  ff: {
    language: { name: 'Fulfulde', reviewed: isReviewed, fallback: 'fr', noscript: '-', wordless: '-' },
    bot: { empty_text: 'Min dartii.' },
    small_words: {
      numbers: { goo: 1, ɗiɗi: 2, tati: 3 },
      around_numbers: ['suuɓi'],
      dates: {
        weekdays: [['alat'], ['altine'], ['talaata'], ['alarba'], ['alkamiisa'], ['aljumaa'], ['aset']],
        yesterday: ['hanki'],
        ago: { unit_first: true, before: ['gila'], days: ['balɗe'] },
      },
      hours: { night: ['jemma'], around: ['e'] },
      ages: { own_without_years: ['duuɓi am'] },
      telling: { surely: 'miɗo mbiyi gorko', names: 'ff fulfulde', around_a_name: 'haala', letters: 'ɓɗ' },
    },
    ...more,
  },
});
const problemsOf = (texts: TextFiles) =>
  checkContent({ flows: content.flows, triage: content.triage, texts, today: content.today }).filter(
    ({ file }) => file.startsWith('locales/ff/'),
  );

describe('a language of which three texts are written', () => {
  it('is a draft without a mistake, and what it lacks is counted', () => {
    expect(problemsOf(begun(false))).toEqual([]);
    const lacking = lackingTexts(content.flows, begun(false)).find(({ language }) => language === 'ff');
    const ofBot = Object.keys(content.texts.en?.bot ?? {}).length;
    expect(lacking?.files['locales/ff/bot.yaml']).toBeGreaterThan(0.9 * ofBot - 10);
    expect(lacking?.files).toHaveProperty(['locales/ff/sos.yaml']);
    expect(lacking && lackingLine(lacking)).toMatch(
      /ff: a draft, \d{3,4} of \d{3,4} texts missing: locales\/ff\//,
    );
    // What only officers and pages say is not asked of it.
    expect(Object.keys(lacking?.files ?? {})).not.toContain('locales/ff/officer.yaml');
    expect(Object.keys(lacking?.files ?? {})).not.toContain('locales/ff/console.yaml');
  });

  it('is not signed as it is: of a reviewed language every text for reporters is wanted, and no other', () => {
    const problems = problemsOf(begun(true));
    expect(problems.length).toBeGreaterThan(500);
    expect(problems).toContainEqual(
      expect.objectContaining({ key: 'sos.where.ask', problem: 'this text is missing' }),
    );
    expect(problems.filter(({ key }) => /^(officer|console|linking|simulator)\./.test(key))).toEqual([]);
    const officers = problemsOf(begun(true, { linking: { language: 'Ɗemngal' } }));
    expect(officers.filter(({ key }) => key.startsWith('linking.')).length).toBeGreaterThan(5);
  });

  it('is checked in what there is: placeholders, forms, rules of wording, empty texts', () => {
    const wrong = begun(false, {
      bot: { empty_text: 'Min dartii {{name}}.', greeting: '', choices_hint: 'Ko waɗi' },
      wording: { reasons: ['ko waɗi'] },
      service: { saved_one: 'Danndaama', saved_other: 'Danndaama {{count}}', saved_few: '{{count}}' },
    });
    expect(problemsOf(wrong).map(({ key, problem }) => `${key}: ${problem}`)).toEqual(
      expect.arrayContaining([
        'bot.empty_text: {{name}} is not filled in here',
        'bot.greeting: this text is empty',
        'bot.choices_hint: asks for reasons',
        'service.saved: this language has no form _few',
      ]),
    );
  });

  it('asks nothing of the others: what only a draft says is its own slip', () => {
    const surplus = begun(false, { service: { farewell: 'Jam' }, bot: { farewell: 'Jam' } });
    const all = checkContent({
      flows: content.flows,
      triage: content.triage,
      texts: surplus,
      today: content.today,
    });
    expect(all.map(({ file, key, problem }) => `${file}, ${key}: ${problem}`)).toEqual([
      'locales/ff/bot.yaml, bot.farewell: nobody asks for this text',
    ]);
  });

  it('is spoken as far as it goes, and French from there on; a consent is recorded as of the text that was said', () => {
    const texts = createTexts(begun(false), { defaultLanguage: 'en', missing: 'throw' });
    expect(texts.t('ff', 'bot.empty_text')).toBe('Min dartii.');
    expect(texts.t('ff', 'report.danger.ask')).toBe(texts.t('fr', 'report.danger.ask'));
    expect(texts.t('ff', 'service.saved', { count: 2 })).toBe(texts.t('fr', 'service.saved', { count: 2 }));
    const version = (language: string) => textVersion(texts, language, textsOfConsent('report.consent'));
    expect(version('ff')).toBe(version('fr'));
    expect(version('ff')).not.toBe(version('en'));
  });
});

describe('its numbers, days, hours and its name', () => {
  const { reading } = createTexts(begun(false), { languages: ['fr'], defaultLanguage: 'fr' });

  it('are understood though no one wrote a line of TypeScript, and before it is on offer', () => {
    expect(readNumbers(reading.numbers, 'suuɓi didi')).toEqual([2]);
    expect(readDate(reading.dates, 'hanki', NOW, 'Africa/Bamako')?.date).toBe('2026-11-24');
    expect(readDate(reading.dates, 'gila balde tati', NOW, 'Africa/Bamako')?.date).toBe('2026-11-22');
    expect(readDate(reading.dates, 'altine', NOW, 'Africa/Bamako')?.date).toBe('2026-11-23');
    expect(readHours(reading.hours, 'e jemma')).toEqual({ hours: ['night'], isExact: true });
    expect(tellsUnder18(reading.ages, 'duuɓi am 15')).toBe(true);
    expect(guessLanguage(reading.languages, 'mido mbiyi', ['fr', 'ff'])).toBe('ff');
    expect(namedLanguage(reading.languages, 'haala fulfulde', ['fr', 'ff'])).toBe('ff');
  });

  it('take nothing from the others: what French says of days is still French', () => {
    expect(readDate(reading.dates, 'il y a trois jours', NOW, 'Africa/Bamako')?.date).toBe('2026-11-22');
    expect(readDate(reading.dates, 'jours 3', NOW, 'Africa/Bamako')).toBeUndefined();
  });

  it('are refused in one line where their file has a slip, which names the place', () => {
    const slip = begun(false, { small_words: { numbers: { goo: 'one' } } });
    expect(() => createTexts(slip, { defaultLanguage: 'fr' })).toThrow(
      'locales/ff/small_words.yaml, numbers.goo: Invalid input: expected number, received string',
    );
  });
});
