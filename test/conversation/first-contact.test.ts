import { describe, expect, it } from 'vitest';
import { Person } from './person.ts';

describe('a person who writes for the first time', () => {
  it('is greeted in the language of their words and asked about danger in one screen, with SOS and the language beside it', () => {
    const person = new Person().writes('bonjour');
    expect(person.at).toBe('report.danger');
    expect(person.state?.language).toBe('fr');
    expect(person.keys).toEqual(['bot.greeting', 'report.danger.ask']);
    expect(person.commands).toEqual(expect.arrayContaining(['sos', 'language']));
  });

  it.each([
    ['slm, je veux signaler un cas', 'fr'],
    ['salut', 'fr'],
    ['hello', 'en'],
    ['pls help my brother', 'en'],
    ['i ni ce', 'fr'],
    ['aw ni sogoma', 'fr'],
  ])(
    'who writes "%s" is answered in a language on offer that they read (%s), whatever the phone says',
    (words, language) => {
      const person = new Person({ hint: language === 'fr' ? 'en' : 'fr' }).writes(words);
      expect(person.state?.language).toBe(language);
      expect(person.at).toBe('report.danger');
    },
  );

  it('is answered as the phone is set if the words do not tell, and in the language of the next words if they do', () => {
    const person = new Person({ hint: 'en-GB' }).writes('/start');
    expect(person.state?.language).toBe('en');
    expect(person.writes('ils ont pris mon frère hier').state?.language).toBe('fr');
    expect(person.keys).toContain('bot.language_changed');
    expect(person.keys).toContain('report.danger.ask');
  });

  it('chooses the language by its name: a guess never changes it afterwards', () => {
    const person = new Person({ hint: 'en-GB' }).writes('/start').writes('français svp');
    expect(person.state?.language).toBe('fr');
    expect(person.at).toBe('report.danger');
    expect(person.writes('they took my brother').state?.language).toBe('fr');
  });

  it('is asked for the language, with SOS beside it, only if neither words nor phone tell it', () => {
    const person = new Person().writes('/start');
    expect(person.at).toBe('menu.language');
    expect(person.keys).toEqual(['menu.language.ask']);
    expect(person.commands).toContain('sos');
    expect(person.picks('fr').at).toBe('report.danger');
    expect(new Person({ hint: 'ru' }).writes('/start').at).toBe('menu.language');
  });

  it('is not asked for the language twice: the words written under that question tell it', () => {
    const person = new Person().writes('/start').writes('on a menacé ma soeur');
    expect(person.at).toBe('report.danger');
    expect(person.state?.language).toBe('fr');
    expect(person.state?.misses).toBe(0);
    expect(JSON.stringify(person.state?.answers.account)).toContain('on a menacé ma soeur');
  });

  it.each(['1', 'oui', 'non', 'français', '👍', 'je ne sais pas'])(
    'and begins with "%s" is greeted: it is no answer to what was not asked',
    (words) => {
      const person = new Person({ hint: 'fr' }).writes(words);
      expect(person.at).toBe('report.danger');
      expect(person.keys).toContain('bot.greeting');
      expect(person.cases).toEqual([]);
      expect(person.state?.answers.danger).toBeUndefined();
    },
  );

  it('loses nothing of a story told before any question', () => {
    const person = new Person().writes('On a menacé ma soeur hier au marché');
    expect(person.keys).toEqual(['bot.greeting', 'bot.story_kept', 'report.danger.ask']);
    expect(person.state?.answers.account).toMatchObject({
      parts: [{ kind: 'text', text: 'On a menacé ma soeur hier au marché' }],
    });
    expect(person.picks('none').at).toBe('report.consent');
  });

  it('reaches an officer with the word SOS before any language was chosen', () => {
    const person = new Person({ hint: 'en' }).writes('Aidez-nous !!');
    expect(person.did('open_case')).toMatchObject([{ reason: 'sos', triage: { level: 'critical' } }]);
    expect(person.state?.language).toBe('fr');
    expect(person.at).toBe('sos.where');
  });

  it.each([
    'SOS',
    's.o.s',
    'sos sos sos',
    '🆘',
    'Aidez-moi!',
    'AIDEZ MOI SVP',
    '/sos',
    'au secours au secours',
    'soooos',
  ])('is understood when they cry for help with "%s"', (cry) => {
    expect(new Person().writes(cry).did('open_case')).toHaveLength(1);
  });

  it('gets help, not an alert, with the word "aide", and an SOS button with it', () => {
    const person = new Person().writes('aide');
    expect(person.did('open_case')).toEqual([]);
    expect(person.commands).toContain('sos');
    expect(person.at).toBe('report.danger');
  });

  it('who cannot read and sends voice notes still reaches a person', () => {
    const person = new Person().sends('voice', 'v1').sends('voice', 'v2', 500).sends('voice', 'v3', 500);
    expect(person.at).toBe('report.danger');
    person.sends('voice', 'v4', 500);
    expect(person.at).toBe('report.danger');
    person.sends('voice', 'v5', 500);
    expect(person.did('open_case')).toMatchObject([{ reason: 'danger', triage: { level: 'urgent' } }]);
    expect(
      person.inCase('account').flatMap((answer) => (answer.kind === 'account' ? answer.parts : [])),
    ).toHaveLength(5);
    expect(person.keys).toContain('bot.danger_unclear');
  });

  it('who sends a voice note and falls silent is passed on after two minutes', () => {
    const person = new Person().sends('voice');
    expect(person.state?.due).toEqual({ at: '2026-11-24T10:02:20.000Z', what: 'danger_unanswered' });
    person.does({ kind: 'danger_unanswered' }, 120_000);
    expect(person.did('open_case')).toMatchObject([{ triage: { level: 'urgent' } }]);
    expect(person.at).toBe('sos.where');
    expect(person.inCase('account')).toHaveLength(1);
    // Pushed to a phone that may be in other hands by now: nothing but this, and no button.
    expect(person.keys).toEqual(['bot.passed_on', 'sos.where.ask']);
    expect(person.says).toEqual([expect.not.objectContaining({ commands: expect.anything() })]);
  });

  it('whose two minutes are over after they answered is left in peace', () => {
    const person = new Person().sends('voice').picks('fr').picks('none');
    expect(person.state?.due?.what).toBe('silence_over');
    person.does({ kind: 'danger_unanswered' });
    expect(person.effects).toEqual([]);
    expect(person.at).toBe('report.consent');
  });

  it('who sends ten photos in one go gets one reply and no false alarm', () => {
    const person = new Person().writes('bonjour');
    for (let i = 0; i < 10; i++) {
      person.sends('photo', `p${i}`, 300);
      expect(person.says).toHaveLength(1);
      expect(person.says[0]).toMatchObject({ coalesce: 'question', delay: 1500 });
    }
    expect(person.at).toBe('report.danger');
    expect(person.cases).toEqual([]);
  });

  it.each([
    ['oui', 'sos.where'],
    ['OUI !', 'sos.where'],
    ['yes', 'sos.where'],
    ['1️⃣', 'sos.where'],
    ['n°1', 'sos.where'],
    ['non', 'menu.ways'],
    ['je sais pas', 'menu.ways'],
    ['4', 'menu.ways'],
    ['quatre', 'menu.ways'],
  ])('can answer the danger question with "%s"', (words, path) => {
    expect(new Person().writes('bonjour').writes(words).at).toBe(path);
  });
});
