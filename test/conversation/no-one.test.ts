/** "No one" and "no 1" are a no, or nothing: they never choose the first option. */
import { describe, expect, it } from 'vitest';
import { readNumbers } from '../../src/conversation/reading/numbers.ts';
import { calmPerson, Person, texts, walkTo } from './person.ts';

const NO_ONE = ['no one', 'No One', 'no 1', 'no. 1', 'no1', 'n 1', 'non un', 'no un', 'n one', 'one no'];

describe('a reporter who writes "no one"', () => {
  it.each(NO_ONE)('("%s") has not agreed, and no phone is safe by it', (words) => {
    const asked = calmPerson().writes(words);
    expect(asked.state?.answers.consent).not.toEqual({ kind: 'choice', value: 'yes' });
    expect(asked.at).not.toBe('report.phone_safe');
    const phone = walkTo(calmPerson(), 'report.phone_safe').writes(words);
    expect(phone.state?.answers.phone_safe).not.toMatchObject({ value: 'yes' });
  });

  it.each(NO_ONE)('("%s") after SOS may not be written to by it', (words) => {
    const person = walkTo(new Person().writes('SOS'), 'sos.safe').writes(words);
    expect(person.state?.mayWrite).not.toBe(true);
  });

  it.each(NO_ONE)('("%s") did not choose to be written to here, and has no alert', (words) => {
    const asked = walkTo(calmPerson(), 'report.contact_how').writes(words);
    expect(asked.state?.answers.contact_how).not.toMatchObject({ value: 'here_any_time' });
    const person = new Person().writes('bonjour').writes(words);
    expect(person.state?.answers.danger).not.toMatchObject({ value: 'now' });
    expect(person.cases).toEqual([]);
  });

  it.each(['1', 'n°1', 'N° 1', 'le 1', 'one', 'option 1'])('and who writes "%s" chose the first', (words) => {
    expect(calmPerson().writes(words).at).toBe('report.phone_safe');
  });

  it.each(['no one', 'no un', 'n one', 'one no'])('"%s" is no number', (words) => {
    expect(readNumbers(texts.reading.numbers, words)).toBeUndefined();
  });

  it.each(['no 2', 'n°2', 'no2'])('"%s" is one', (words) => {
    expect(readNumbers(texts.reading.numbers, words)).toEqual([2]);
  });
});
