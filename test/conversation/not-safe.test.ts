/** A yes that is undone makes no phone safe, and "do not write" is a no, whatever is said with it. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const phone = (words: string) =>
  walkTo(calmPerson(), 'report.phone_safe').writes(words).state?.answers.phone_safe;

describe('a reporter who is asked whether the phone is safe', () => {
  it.each([
    'oui mais mon frère lit tout',
    'oui mon mari est à côté',
    'oui et non',
    'oui mais pas toujours',
    'oui sauf le soir',
    'yes but my husband reads it',
    'yes sometimes he takes it',
    'mon mari lit mon téléphone',
    'parfois',
    'pas vraiment',
    'jamais seul',
    'non',
  ])('and says "%s" has no safe phone', (words) => {
    expect(phone(words)).toMatchObject({ kind: 'choice', value: 'no' });
  });

  it.each(['oui', 'oui merci', 'oui pas de problème', 'yes', 'ok', '1'])('and says "%s" has one', (words) => {
    expect(phone(words)).toMatchObject({ kind: 'choice', value: 'yes' });
  });

  it('and says yes with more behind it has not said that the phone is safe', () => {
    expect(phone('oui il a le code')).not.toMatchObject({ value: 'yes' });
  });
});

describe('a person who is asked after SOS whether they may be written to', () => {
  it.each([
    "ne m'écrivez pas mon mari est là",
    "n'écrivez surtout pas svp il lit tout",
    'surtout pas',
    "c'est dangereux d'écrire",
    "oui mais n'écrivez pas",
    "n'appelez pas, il va me tuer",
    'please do not write to me',
    "don't write he reads it",
  ])('and says "%s" is never written to', (words) => {
    const person = walkTo(new Person().writes('SOS'), 'sos.safe').writes(words);
    expect(person.state?.mayWrite).toEqual({ no: 'no' });
  });
});
