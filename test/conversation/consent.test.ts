/** The two screens of honesty: what stands there is so, and what is said to them is recorded with the text. */
import { describe, expect, it } from 'vitest';
import { textsOfConsent, textVersion } from '../../src/conversation/words/text-version.ts';
import { calmPerson, Person, texts, walkTo } from './person.ts';

const quoted = (language: string): string[] =>
  [...texts.t(language, 'report.consent.more').matchAll(/[«"]\s*([^«»"]+?)\s*[»"]/g)].map(
    (found) => found[1] ?? '',
  );

describe('a reporter who is asked for consent', () => {
  it('may read a second screen, answer there, or go back to the first', () => {
    const person = calmPerson();
    expect(person.choices).toEqual(['yes', 'no', '+more']);
    person.writes('lire plus');
    expect(person.keys).toEqual(['report.consent.more']);
    expect(person.choices).toEqual(['yes', 'no']);
    expect(person.writes('retour').keys).toEqual(['report.consent.ask']);
    expect(person.picks('+more').writes('oui').at).toBe('report.phone_safe');
    expect(calmPerson().picks('+more').picks('no').forgotten).toBe(1);
  });

  it.each([
    ['fr', ['mes données', 'corriger mes données', 'effacer', "je m'oppose", 'ne me comptez pas']],
    ['en', ['my data', 'correct my data', 'erase', 'I object', 'do not count me']],
  ])('can write at once the words for their rights that stand there (%s)', (language, words) => {
    expect(quoted(language)).toEqual(words);
    const keys = words.map((word) => {
      const person = calmPerson().writes(language === 'en' ? 'english' : 'français');
      return person.picks('+more').writes(word).keys[0];
    });
    expect(keys).toEqual([
      'bot.access_none',
      'bot.correction_none',
      'bot.erased',
      'bot.objection_none',
      'bot.objection_none',
    ]);
  });

  it('has what they said recorded with the text that they read, in its language, when the case is there', () => {
    const person = walkTo(calmPerson().writes('english'), 'report.review').picks('+send');
    const text = textVersion(texts, 'en', textsOfConsent('report.consent'));
    expect(person.did('record_consent')).toEqual([
      {
        type: 'record_consent',
        consent: {
          of: 'reporter',
          to: 'cndh_protection_only',
          for: 'protection',
          said: 'yes',
          text,
          language: 'en',
          at: expect.stringMatching(/^2026-11-24T/),
        },
      },
    ]);
    expect(text).not.toBe(textVersion(texts, 'fr', textsOfConsent('report.consent')));
    expect(person.state?.consents).toEqual([]);
  });

  it('is recorded with the words that they read, also if these were changed before they answered', () => {
    const person = calmPerson();
    const read = textVersion(texts, 'fr', textsOfConsent('report.consent'));
    const changed = { ...texts, t: (...asked: Parameters<typeof texts.t>) => `${texts.t(...asked)} !` };
    person.deps = { ...person.deps, texts: changed };
    person.picks('yes');
    expect(person.state?.consents.map(({ text }) => text)).toEqual([read]);
    const later = textVersion(changed, 'fr', textsOfConsent('report.consent'));
    expect(later).not.toBe(read);
    // A reporter who is asked from then on says yes to the new words.
    const next = calmPerson().writes('english').writes('français');
    next.deps = person.deps;
    next.picks('+more').writes('retour').picks('yes');
    expect(next.state?.consents.map(({ text }) => text)).toEqual([later]);
  });

  it('speaks for another person: whether that one agreed is a record of its own, and so is what is said later', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.who_agrees', { who: 'other_defender' });
    person.picks('no');
    expect(person.did('record_consent')).toMatchObject([{ consent: { of: 'other_person', said: 'no' } }]);
    person.presses('back').picks('yes');
    expect(person.did('record_consent')).toMatchObject([{ consent: { of: 'other_person', said: 'yes' } }]);
  });

  it('refuses, and of a story told before nothing is left', () => {
    const person = new Person().writes('Ils ont brisé la porte de notre bureau hier').picks('none');
    expect(JSON.stringify(person.state)).toContain('brisé la porte');
    person.picks('no');
    expect(person.forgotten).toBe(1);
    expect(JSON.stringify(person.state)).not.toContain('brisé la porte');
    expect(person.state?.consents).toEqual([]);
    expect(person.keys).toContain('report.refused.say');
  });
});
