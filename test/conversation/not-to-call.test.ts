/** Numbers that are not to be called, and people who are not to be contacted. */
import { describe, expect, it } from 'vitest';
import { calmPerson, type Person, walkTo } from './person.ts';

const everything = (person: Person) => JSON.stringify([person.state, person.cases]);

const NOT_TO_CALL = [
  'surtout pas le 76123456',
  'do not call 76 12 34 56',
  'never call me on 76 12 34 56 it is tapped',
  'mon numéro 76 12 34 56 est sur écoute',
  "n'appelez jamais le 76 12 34 56",
  "n'appelez plus le 76 12 34 56",
  'aw kana n wele 76 12 34 56 kan',
  'mon ancien numéro 76123456 est coupé',
  'pas chez ma soeur 76 12 34 56',
  'my old number 76 12 34 56',
  'ils demandent 15 000 000 fcfa',
  'ils veulent 15 000 000 de francs',
  '20261130',
  'ils viennent me chercher le 24 11 2026',
  'le 24/11/2026',
];

describe('a number that is not to be called', () => {
  it.each(NOT_TO_CALL)(
    '("%s") is no way to be reached: the words are kept, and how is asked again',
    (words) => {
      const person = walkTo(calmPerson(), 'report.contact_how').writes(words);
      expect(person.at).toBe('report.contact_how');
      expect(person.state?.answers.contact_how).toBeUndefined();
      expect(person.state?.answers.contact_number).toBeUndefined();
      expect(everything(person)).toContain(words);
    },
  );

  it.each(NOT_TO_CALL)('("%s") does not lift "do not contact me"', (words) => {
    const person = walkTo(calmPerson().writes('rappelez-moi'), 'report.contact_how').picks('no_contact');
    expect(person.at).toBe('person.other_way');
    person.writes(words);
    expect(person.did('set_contact_safety')).toEqual([]);
    expect(person.state?.mayWrite).toEqual({ no: 'no_contact' });
    expect(person.state?.answers.contact_number).toBeUndefined();
    expect(everything(person)).toContain(words);
  });

  it.each([
    '76 12 34 56',
    '20 22 24 26',
    '+223 20 22 24 26',
    'appelez moi au 76 12 34 56 svp',
    'my number is 76123456',
  ])('is not "%s"', (words) => {
    const person = walkTo(calmPerson(), 'report.contact_how').writes(words);
    expect(person.state?.answers.contact_number).toMatchObject({ text: words });
  });
});

describe('a reporter who does not want to be contacted', () => {
  it.each([
    'non',
    'Non merci',
    'personne',
    'PERSONNE svp',
    'aucun',
    'rien',
    'ne me contactez pas svp',
    'surtout ne me contactez pas',
    'nobody',
    'no one',
    "don't contact me",
    'do not contact me please',
  ])('says so in words ("%s")', (words) => {
    const person = walkTo(calmPerson(), 'report.contact_how').writes(words);
    expect(person.state?.answers.contact_how).toMatchObject({ value: 'no_contact' });
    expect(person.state?.mayWrite).toEqual({ no: 'no_contact' });
  });

  it.each(['merci', 'svp', 'non, par un appel', 'oui'])('has not said so with "%s"', (words) => {
    const person = walkTo(calmPerson(), 'report.contact_how').writes(words);
    expect(person.state?.answers.contact_how).not.toMatchObject({ value: 'no_contact' });
  });

  it.each(['personne', 'personne merci', 'aucune', 'none'])(
    'and names no person ("%s") has not named a person of any label',
    (words) => {
      const person = walkTo(calmPerson(), 'report.who').writes(words);
      expect(person.at).toBe('report.who');
      expect(person.state?.answers.who).toBeUndefined();
    },
  );

  it.each([
    'non',
    'aucun',
    'personne',
    "ne m'appelez pas",
    "je n'ai pas de numéro",
    "finalement pas d'appel",
    'ne me contactez pas svp',
    "i don't have a number",
    'nothing',
  ])('and is asked for a number ("%s") has given none, and is asked how again', (words) => {
    const person = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' }).writes(words);
    expect(person.at).toBe('report.contact_how');
    expect(person.keys).toContain('report.contact_how.ask');
    expect(person.state?.answers.contact_number).toBeUndefined();
    expect(everything(person)).toContain(words);
    walkTo(person.picks('no_contact'), 'report.review');
    expect(person.state?.mayWrite).toEqual({ no: 'no_contact' });
  });
});
