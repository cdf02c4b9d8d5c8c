/** What a text may not hold, what of it needs a second person, and how the check says it in the reader's language. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { checkContent } from '../../src/conversation/checks/check.ts';
import { flatten } from '../../src/conversation/checks/check-texts.ts';
import { type Problem, problemLine } from '../../src/conversation/checks/problem.ts';
import { codeOf, PROBLEM_CODES } from '../../src/conversation/checks/problem-codes.ts';
import { stepsIn } from '../../src/conversation/flows/judging.ts';
import { gained } from '../../src/conversation/said/gained.ts';
import { livingTexts } from '../../src/conversation/said/living-texts.ts';
import { textAt, treeOf, withOwnTexts } from '../../src/conversation/said/own-texts.ts';
import { isOfSafety, losesHelp } from '../../src/conversation/said/safety-keys.ts';
import { createTexts } from '../../src/conversation/words/texts.ts';
import { UNASKED } from '../../src/conversation/words/unasked-keys.ts';
import { PHRASES } from '../../src/kernel/vocabulary.ts';
import { projectContent } from '../content/content.ts';

const content = projectContent();
const { dictated } = createTexts(content.texts, { defaultLanguage: 'fr' }).reading;

/** What the check says of a French text in the place of the one that is there. */
function saidOf(key: string, text: string | string[]): Problem[] {
  const texts = withOwnTexts(content.texts, { fr: treeOf([[key, text]]) as never });
  return checkContent({ flows: content.flows, texts, triage: content.triage, today: '2026-11-30' });
}
const lines = (key: string, text: string | string[]) => saidOf(key, text).map(problemLine);
const first = (key: string, text: string | string[]) => saidOf(key, text)[0]?.problem;

describe('a text that is refused', () => {
  it.each([
    ['turns the reading direction, so that a number reads as another one', '\u202E7654321\u202C'],
    ['holds a letter of no width', 'Ap\u200Bpelez'],
    ['holds a control sign', 'Bonjour\u0007'],
    ['ends what the terminal shows', 'Bonjour\u001b[2J'],
    ['holds half a sign', 'Bonjour \ud83d'],
    ['holds a soft hyphen', 'ré\u00ADponse'],
    ['holds a private sign', 'Bonjour \ue000'],
    ['holds what chooses how a sign is drawn', 'Bonjour \ufe0f'],
  ])('%s', (_what, text) => {
    expect(first('bot.empty_text', text)).toMatch(/has a sign that nobody sees \(U\+[0-9A-F]+\)/);
  });

  it.each([
    '<b>Bonjour</b>',
    '<script>x</script>',
    'Bonjour &nbsp; vous',
    'Lisez [ici](x)',
    'Lisez *ceci*',
    'Lisez _ceci_',
    '```x```',
  ])('for it holds markup: %s', (text) => {
    expect(first('bot.empty_text', text)).toContain('holds markup');
  });

  it('is longer than a message may be, whichever file says it', () => {
    const long = 'Bonjour. '.repeat(500);
    expect(lines('service.slow_down', long)).toContain(
      'locales/fr/service.yaml, service.slow_down: longer than 4096 characters; say it shorter',
    );
    expect(lines('officer.help', long).join()).toContain('longer than 4096');
    expect(lines('bot.empty_text', long).join()).toContain('longer than');
  });

  it('makes a page of a chapter longer than 700 characters, with all that stands on it', () => {
    const long = `${'Une loi. '.repeat(40)}Fin.`;
    expect(long.length).toBeLessThan(700);
    expect(lines('mechanism.law.limit', long).join()).toMatch(/the page has \d+ characters, more than 700;/);
  });

  it('lost a placeholder, or has one that no one fills', () => {
    expect(first('status.taken', 'Quelqu’un s’en occupe.')).toContain('its placeholders differ');
    expect(first('bot.empty_text', '{{reference}} {{nom}}')).toContain('its placeholders differ');
    expect(lines('bot.empty_text', '{{nom}}').join()).toContain('{{nom}} is not filled in here');
  });

  it('says a word that must reach no one', () => {
    expect(first('bot.empty_text', 'Pourquoi avez-vous peur ?')).toBe('asks for reasons');
    expect(first('status.neutral', '{{at}} – la CNDH a lu')).toContain('is sent unasked');
  });

  it('is not, as it stands in the files', () => {
    expect(
      checkContent({
        flows: content.flows,
        texts: content.texts,
        triage: content.triage,
        today: '2026-11-30',
      }),
    ).toEqual([]);
  });
});

describe('what a text gains that one could call or open', () => {
  it.each([
    ['Appelez le 70 12 34 56.', ['70123456']],
    ['Appelez le ٧٠١٢٣٤٥٦.', ['70123456']],
    ['Appelez le 𝟕𝟎𝟏𝟐.', ['7012']],
    ['Écrivez à aide@example.org', ['aide@example.org']],
    ['Voyez https://example.org/x', ['https://example.org/x']],
    ['Voyez example.org', ['example.org']],
    ['Voyez exаmple。org', ['exаmple。org', 'exаmple']],
    ['Voyez @lakana_aide', ['@lakana_aide']],
    ['Voyez wa.me/22370', ['wa.me/22370', '22370']],
    ['Appelez le 1\u200B7', ['17']],
    ['Appelez le ❼❻ ❶❷ ❸❹ ❺❻', ['76123456']],
    ['Appelez le ➆➅ ➀➁', ['7612']],
    ['Appelez le ⑦⑥', ['76']],
    ['Appelez le 7\ufe0f\u20e36\ufe0f\u20e3', ['76']],
    ['Appelez le ⅦⅥ', ['76']],
    ['Appelez le ７６', ['76']],
    ['Appelez le 𐄇𐄈', ['6579965800']],
    ['Appelez le soixante-seize, douze et trente', ['soixante seize douze trente']],
    ['Call seven six one two', ['seven six one two']],
    ['I ka wele wolonwula, wɔɔrɔ, kelen', ['wolonwula wooro kelen']],
    ['Appelez le VII VI I II', ['vii vi i ii']],
    ['Appelez le 七六 一二', ['7612']],
    ['Écrivez à lakana point org', ['point org']],
    ['Écrivez à aide arobase lakana', ['arobase']],
    ['Write to lakana dot org', ['dot org']],
    ['Voyez lakana‧org', ['lakana‧org']],
    ['Voyez t∕lakana', ['t∕lakana']],
    ['Voyez lakana. org', ['lakana. org']],
    ['Voyez lakana .org', ['lakana .org']],
    ['Appelez sеpt', ['sеpt']],
  ])('%s', (text, found) => {
    expect(gained(dictated, 'Appelez-nous.', text)).toEqual(found);
  });

  it('is nothing where it only says the same otherwise, or something less', () => {
    expect(gained(dictated, 'À 14:02, écrivez SOS.', 'Écrivez SOS à 14:02 !')).toEqual([]);
    expect(gained(dictated, 'Appelez le 17.', 'Appelez.')).toEqual([]);
    expect(gained(dictated, 'Bonjour', 'Dites-le-nous. Nous lisons : oui, non… {{at}}')).toEqual([]);
    expect(gained(dictated, '', 'Une ou deux personnes, trois au plus.')).toEqual([]);
  });

  it('is another number where the same figures stand in another order', () => {
    expect(gained(dictated, 'Appelez le 70 12 34 56.', 'Appelez le 56 34 12 70.')).toEqual(['56341270']);
    expect(gained(dictated, 'Appelez le 70 12 34 56.', 'Appelez le 70-12-34-56.')).toEqual([]);
  });

  it('is also what a list of words gains', () => {
    expect(gained(dictated, ['sos'], ['sos', '18'])).toEqual(['18']);
  });

  it('is told in a time that grows with the text and no faster', () => {
    const timeOf = (text: string) => {
      const begun = performance.now();
      gained(dictated, '', text);
      return performance.now() - begun;
    };
    for (const sign of ['a', '.', 'a.', '{{', '1 ', '@', 'é'])
      expect(timeOf(sign.repeat(100_000)), sign).toBeLessThan(1_500);
  });
});

describe('what is said on one person’s word', () => {
  const all = Object.keys(Object.fromEntries(flatten(content.texts.fr)));

  it('is a short list: help of calm questions, names of places, chapters that one reads in calm', () => {
    for (const key of [
      'report.held_place.help',
      'report.before_what.help',
      'lists.regions.01',
      'mechanism.law.limit',
      'mechanism.cndh.what_it_is',
    ])
      expect(isOfSafety(key), key).toBe(false);
    expect(all.filter((key) => !isOfSafety(key)).length).toBeLessThan(0.25 * all.length);
  });

  it('is nothing that officers read, that people agree to or choose, that is sent unasked or said of an alert', () => {
    for (const key of Object.keys(UNASKED)) expect(isOfSafety(key), key).toBe(true);
    for (const phrase of PHRASES) expect(isOfSafety(`status.phrase_${phrase}`)).toBe(true);
    for (const key of [
      'officer.page.asked',
      'officer.level.critical',
      'officer.button.cannot',
      'report.who_agrees.options.no',
      'report.who_agrees.help',
      'report.kind.ask',
      'report.threat_signs.options.kill',
      'lists.threat_types.x',
      'report.sent.say',
      'report.contact_number.help',
      'bot.help',
      'bot.review_yes',
      'bot.erasure_stopped',
      'telegram.delete_chat',
      'mechanism.taken.now',
      'mechanism.protect.chat',
      'mechanism.answer.no_promise',
      'mechanism.law.words',
      'mechanism.chapters.invites',
      'menu.home.ask',
      'service.saved_one',
      'report.consent.help',
      'sos.where.help',
      'commands.sos.words',
      'wording.telling',
      'lists.outside_organisations.fld',
      'facts.anything',
    ])
      expect(isOfSafety(key), key).toBe(true);
  });

  it('is no help of a question on whose answer it hangs how urgent a report is, or who reads it', () => {
    const rules = Object.values(content.triage.rules).flat();
    const asked = new Set(rules.flatMap((rule) => stepsIn(rule.when)));
    expect(asked.size).toBeGreaterThan(20);
    for (const step of [...asked, 'regional_office_out', 'a_question_that_comes_later'])
      for (const file of ['report', 'told'])
        expect(isOfSafety(`${file}.${step}.help`), `${file}.${step}.help`).toBe(true);
    for (const key of all.filter((each) => each.startsWith('told.'))) expect(isOfSafety(key), key).toBe(true);
  });

  it('is no sentence that loses a word which brings help', () => {
    const words = ['sos', 'au secours'];
    expect(losesHelp('En cas de danger, écrivez SOS.', 'En cas de danger, attendez.', words)).toBe(true);
    expect(losesHelp('Dites « Au  secours ».', 'Dites « secours ».', words)).toBe(true);
    expect(losesHelp('Écrivez SOS.', 'Vous pouvez écrire « sos » !', words)).toBe(false);
    expect(losesHelp('Par exemple un appel.', 'Un appel.', words)).toBe(false);
  });
});

describe('what the check says', () => {
  it('has words in each language for people who work on texts, for each thing that it can say of a text', () => {
    const said: [string, string | string[]][] = [
      ['bot.empty_text', ''],
      ['bot.nobody_asks', 'x'],
      ['bot.empty_text', '{{nom}}'],
      ['status.taken', 'x'],
      ['commands.back.words', ['!']],
      ['commands.back.words', ['sos']],
      ['bot.questions_left_few', 'x {{count}}'],
      ['bot.empty_text', 'Pourquoi ?'],
      ['bot.empty_text', 'Bonjour 🙂'],
      ['bot.empty_text', 'mot '.repeat(60)],
      ['status.neutral', '{{at}} CNDH'],
      ['report.consent.ask', 'Bonjour. '.repeat(200)],
      ['report.consent.help', 'Bonjour. '.repeat(500)],
      ['commands.back.label', 'Bonjour '.repeat(10)],
      ['lists.threat_groups.threats', 'Aide'],
      ['service.slow_down', 'Bonjour. '.repeat(500)],
      ['bot.empty_text', '\u202E'],
      ['bot.empty_text', '<b>x</b>'],
    ];
    const problems = said.flatMap(([key, text]) => saidOf(key, text));
    expect(problems.length).toBeGreaterThan(said.length - 1);
    expect(problems.filter((each) => codeOf(each) === undefined).map(problemLine)).toEqual([]);
    for (const language of ['fr', 'en']) {
      const page = parse(readFileSync(`locales/${language}/console.yaml`, 'utf8')) as {
        texts: { checks: Record<string, string> };
      };
      expect(Object.keys(page.texts.checks).sort()).toEqual([...PROBLEM_CODES].sort());
    }
  });

  it('is filled in with what it is about', () => {
    expect(codeOf({ problem: '"sos" already means sos' })).toEqual({
      code: 'means_already',
      params: { word: 'sos', other: 'sos' },
    });
    expect(codeOf({ problem: '{{nom}} is not filled in here' })).toEqual({
      code: 'not_filled',
      params: { name: 'nom' },
    });
    expect(codeOf({ problem: 'has a sentence of 30 words, more than 22' })?.params).toEqual({
      number: '30',
      most: '22',
    });
  });
});

test('texts that are replaced are the new ones for every part that holds them', () => {
  const files = content.texts;
  const living = livingTexts(createTexts(files, { defaultLanguage: 'fr' }));
  const held = living.texts;
  const said = withOwnTexts(files, {
    fr: treeOf([
      ['bot.empty_text', 'Vide.'],
      ['commands.start.words', ['coucou']],
    ]) as never,
  });
  living.replace(createTexts(said, { defaultLanguage: 'fr' }));
  expect(held.t('fr', 'bot.empty_text')).toBe('Vide.');
  expect(held.commandWords('fr').get('start')).toEqual(['coucou']);
  expect(textAt(said, 'fr', 'bot.empty_text')).toBe('Vide.');
  expect(textAt(said, 'fr', 'bot')).toBeUndefined();
});
