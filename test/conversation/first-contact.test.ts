import { describe, expect, it } from 'vitest';
import { Person } from './person.ts';

describe('somebody who writes for the first time', () => {
  it('is asked for the language, with SOS beside it, and then whether there is danger', () => {
    const person = new Person().writes('bonjour');
    expect(person.at).toBe('menu.language');
    expect(person.commands).toContain('sos');
    expect(person.keys).toEqual(['menu.language.ask']);
    expect(person.picks('fr').at).toBe('report.danger');
  });

  it('is greeted in the language of the phone, and can choose by writing its name', () => {
    const person = new Person({ hint: 'en-GB' }).writes('hello');
    expect(person.state?.language).toBe('en');
    person.writes('Français');
    expect(person.state?.language).toBe('fr');
    expect(person.at).toBe('report.danger');
  });

  it('loses nothing of a story told before any question', () => {
    const person = new Person().writes('On a menacé ma soeur hier au marché');
    expect(person.keys).toContain('bot.words_kept');
    expect(person.state?.answers.account).toMatchObject({
      parts: [{ kind: 'text', text: 'On a menacé ma soeur hier au marché' }],
    });
    expect(person.picks('fr').picks('none').at).toBe('report.consent');
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
    expect(person.at).toBe('menu.language');
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
  });

  it('whose two minutes are over after they answered is left in peace', () => {
    const person = new Person().sends('voice').picks('fr').picks('none');
    expect(person.state?.due?.what).toBe('silence_over');
    person.does({ kind: 'danger_unanswered' });
    expect(person.effects).toEqual([]);
    expect(person.at).toBe('report.consent');
  });

  it('who sends ten photos in one go gets one reply and no false alarm', () => {
    const person = new Person().writes('bonjour').picks('fr');
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
    ['non', 'report.consent'],
    ['je sais pas', 'report.consent'],
    ['4', 'report.consent'],
    ['quatre', 'report.consent'],
  ])('can answer the danger question with "%s"', (words, path) => {
    expect(new Person().writes('bonjour').picks('fr').writes(words).at).toBe(path);
  });
});
