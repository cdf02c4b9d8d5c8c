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

describe('a reporter who is asked for a number', () => {
  const asked = () => walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' });

  it.each([
    ...NOT_TO_CALL,
    "ne m'appelez pas au 76 12 34 56",
    'pas ce numéro',
    'evitez le 76123456',
    '76 12 34 56 est surveillé le soir',
    '76 12 34 56 non plus',
  ])('and writes "%s" has given none: the words are kept, and how is asked again', (words) => {
    const person = asked().writes(words);
    expect(person.at).toBe('report.contact_how');
    expect(person.state?.answers.contact_number).toBeUndefined();
    expect(everything(person)).toContain(words);
    expect(person.keys).not.toContain('bot.number_noted');
  });

  it.each([
    ['76 12 34 56', '76 12 34 56'],
    ['appelez moi au 76123456 svp', '76123456'],
    ['+223 76-12-34-56', '+223 76-12-34-56'],
    ['76123456 mais jamais le soir', '76123456'],
    ['76123456 sauf la nuit', '76123456'],
    ['76123456 pas avant 18h', '76123456'],
  ])('and writes "%s" is read the number back, and told how to change it', (words, number) => {
    const person = asked().writes(words);
    expect(person.state?.answers.contact_number).toMatchObject({ text: words });
    expect(person.keys).toEqual(expect.arrayContaining(['bot.number_noted', 'report.contact_hours.ask']));
    expect(person.screen).toContain(`Numéro noté : ${number}.`);
    expect(person.writes('retour').at).toBe('report.contact_number');
    expect(person.writes('66 11 22 33').state?.answers.contact_number).toMatchObject({ text: '66 11 22 33' });
  });

  it('and writes it in two messages, or where it is asked how, is read it back whole', () => {
    const person = asked().writes('76 12').writes('34 56', 2_000);
    expect(person.screen).toContain('Numéro noté : 76 12 34 56.');
    const other = walkTo(calmPerson(), 'report.contact_how').writes('76 12 34 56');
    expect(other.screen).toContain('Numéro noté : 76 12 34 56.');
  });

  it('on a phone that others may read is not shown it once more', () => {
    for (const phone_safe of ['no', 'unknown']) {
      const person = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call', phone_safe });
      expect(person.writes('76 12 34 56').screen).not.toContain('76 12');
    }
  });
});

describe('a reporter who has sent a report and is asked for a new number', () => {
  const asked = () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send').writes('changez mon numéro');
    expect(person.at).toBe('number.new_number');
    return person;
  };

  it.each([
    'surtout pas le 76 12 34 56',
    "n'appelez plus le 76 12 34 56",
    'mon ancien numéro 76123456 est coupé',
    'pas ce numéro',
    'non',
  ])('and writes "%s" has given none, and the words are with the team', (words) => {
    const person = asked().writes(words);
    expect(person.state?.answers.new_number).toBeUndefined();
    expect(person.at).toBe('menu.home');
    expect(person.keys).toContain('bot.added_to_case');
    expect(everything(person)).toContain(words);
    expect(person.inCase('contact_number')).toEqual([]);
  });

  it('and writes it is read it back before it is asked whether it is safe', () => {
    const person = asked().writes('76 12 34 56');
    expect(person.at).toBe('number.new_number_safe');
    expect(person.screen).toContain('Numéro noté : 76 12 34 56.');
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
