/** Who cried for help can find the case again from another phone, also where nothing of it may stand on the screen. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const asked = () => new Person({ hint: 'fr' }).writes('SOS').writes('Gao');

describe('a person whose SOS is out', () => {
  it.each([
    ['non', () => asked().writes('non')],
    ['neither yes nor no', () => asked().presses('skip')],
    ['certain hours, and none of them', () => asked().picks('certain_hours').presses('skip')],
    [
      'before that the phone is not safe',
      () => walkTo(calmPerson(), 'report.account', { phone_safe: 'no' }).writes('SOS').writes('Kati'),
    ],
  ])(
    'and may not be written to ("%s") is told how to get the code, and gets it when they ask',
    (_, answers) => {
      const person = answers();
      expect(person.keys).toContain('sos.code_later.say');
      expect(person.keys).not.toContain('sos.find_again.say');
      expect(person.did('give_code')).toEqual([]);
      expect(person.screen).toContain('écrivez « code »');
      expect(person.writes('code').did('give_code')).toMatchObject([{ why: 'asked' }]);
    },
  );

  it('and may be written to has the code at once, and is not told how to ask for it', () => {
    const person = asked().writes('oui');
    expect(person.did('give_code')).toMatchObject([{ why: 'sos' }]);
    expect(person.keys).not.toContain('sos.code_later.say');
  });
});
