/** "Venez vite", while an alert is out: the officer is told again, and nobody is asked anew where they are. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const URGING = [
  ...[
    'venez vite',
    'vite svp',
    'depechez vous',
    'au secours vite',
    'dépêchez-vous svp',
    'venez vite svp',
    'vite vite',
  ],
  ...[
    'faites vite',
    'VENEZ VITE !!!',
    'viteeee svp',
    'aidez moi vite svp',
    'envoyez quelqu un vite',
    'hurry please',
  ],
];
const told = () => new Person({ hint: 'fr' }).writes('SOS').writes('Gao, quartier 4');
const SPOTS: Readonly<Record<string, () => Person>> = {
  'whether they may be written to': told,
  'whether they can go on': () => told().writes('oui'),
  nothing: () => told().writes('oui').picks('pause'),
  'what happened': () => walkTo(told(), 'report.account'),
  'whom it is about': () => walkTo(told(), 'report.who'),
};

describe.each(Object.entries(SPOTS))(
  'a person who said where they are after an SOS, and is asked %s',
  (_, standing) => {
    it.each(URGING)('and writes "%s" is passed on again, with the words, and the place stands', (words) => {
      const person = standing();
      const { at } = person;
      const places = person.inCase('where');
      person.writes(words);
      const isPassedOn =
        person.did('sos_again').length > 0 && JSON.stringify(person.inCase('account')).includes(words);
      // Where words are an answer they are one too.
      expect(isPassedOn).toBe(true);
      expect(person.at).toBe(at);
      expect(person.state?.answers.where).toMatchObject({ text: 'Gao, quartier 4' });
      expect(person.inCase('where')).toEqual(places);
      expect(person.keys).toContain('bot.sos_again');
      expect(person.keys).not.toContain('sos.where.ask');
    });
  },
);

describe('a person who is asked where they are', () => {
  it.each(['vite', 'vite svp', 'venez vite', 'depechez vous'])(
    'and writes "%s" is asked again, and heard',
    (words) => {
      const person = new Person({ hint: 'fr' }).writes('SOS').writes(words);
      expect(person.did('sos_again')).toHaveLength(1);
      expect(person.state?.answers.where).toBeUndefined();
      expect(person.keys).toContain('sos.where.ask');
    },
  );

  it.each([
    'ça va aller ?',
    'c bon ?',
    'vous venez quand',
    "c'est fini ?",
    'vous avez reçu ?',
    'ok vous venez ?',
  ])('and asks "%s" has named no place: the officer reads it, and the question comes again', (words) => {
    const person = new Person({ hint: 'fr' }).writes('SOS').writes(words);
    expect(person.at).toBe('sos.where');
    expect(person.state?.answers.where).toBeUndefined();
    expect(person.keys).toContain('sos.where.ask');
    if (!person.did('say_status').length) expect(JSON.stringify(person.inCase('account'))).toContain(words);
  });

  it.each(['Kati', 'Gao ?', 'Vitè, cercle de Koutiala', 'chez moi venez vite', 'Salam'])(
    'and writes "%s" has named one',
    (words) => {
      const person = new Person({ hint: 'fr' }).writes('SOS').writes(words);
      expect(JSON.stringify(person.inCase('where'))).toContain(words);
    },
  );
});

it('a person who told no one yet, and writes "au secours vite", is heard as one who cries for help', () => {
  for (const words of ['au secours vite', 'aidez moi vite svp', 'venez vite'])
    expect(new Person({ hint: 'fr' }).writes(words).did('open_case'), words).toHaveLength(1);
  for (const words of ['vite', 'vite svp'])
    expect(new Person({ hint: 'fr' }).writes(words).cases, words).toEqual([]);
  expect(calmPerson().writes('vite svp').cases).toEqual([]);
});
