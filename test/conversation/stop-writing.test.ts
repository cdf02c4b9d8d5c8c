/** The phone is no longer safe, or nothing is to come any more: said where nobody asked, it holds from that moment. */
import { describe, expect, it } from 'vitest';
import { calmPerson, type Person, walkTo } from './person.ts';

const WARNINGS = [
  "mon téléphone n'est plus sûr",
  "mon téléphone n'est pas sûr, mon mari le lit",
  "ne m'écrivez plus",
  "n'écrivez plus ici",
  'on a pris mon téléphone',
  'stop writing to me',
  'my phone is not safe any more',
];

const sent = (): Person => {
  const person = walkTo(calmPerson(), 'report.review', {
    phone_safe: 'yes',
    contact_how: 'here_any_time',
  }).presses('send');
  if (!person.state?.isSubmitted || person.state.mayWrite !== true)
    throw new Error('not sent as it should be');
  return person;
};

describe('a reporter whose report is sent, and who writes', () => {
  it.each(WARNINGS)('"%s" is not written to first any more, is told so, and it is in the case', (words) => {
    const person = sent().writes(words);
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
    expect(person.keys).toEqual(expect.arrayContaining(['bot.added_to_case', 'bot.writing_stopped']));
    expect(person.effects).toContainEqual({ type: 'set_contact_safety', mayWrite: { no: 'phone_unsafe' } });
  });

  it('of something else is written to as was agreed', () => {
    const person = sent().writes('ils sont revenus ce matin au bureau');
    expect(person.state?.mayWrite).toBe(true);
    expect(person.keys).not.toContain('bot.writing_stopped');
  });
});

describe('a reporter who reads the report again, and writes', () => {
  it.each(WARNINGS)('"%s" sends one with a phone that is not safe', (words) => {
    const person = walkTo(calmPerson(), 'report.review', {
      phone_safe: 'yes',
      contact_how: 'here_any_time',
    }).writes(words);
    expect(person.state?.answers.phone_safe).toMatchObject({ kind: 'choice', value: 'no' });
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
  });
});
