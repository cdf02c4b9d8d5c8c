/** At the question of danger a yes is a yes and nothing less: that a message was seen raises no alert, and keeps nobody waiting. */
import { describe, expect, it } from 'vitest';
import { Person } from './person.ts';

const asked = () => new Person({ hint: 'fr' }).writes('bjr');

const SEEN = [
  ...[
    'ok',
    'okay',
    "d'accord",
    'dac',
    'dacor',
    'bien',
    'très bien',
    'merci',
    'ok merci',
    'merci bien',
    'oui merci',
  ],
  ...[
    'bien sûr',
    'compris',
    "j'ai compris",
    'reçu',
    'bien reçu',
    'noté',
    'ok c bon',
    "c'est bon",
    'pas de souci',
  ],
  ...[
    'oui ok',
    "oui d'accord",
    'oui bonjour',
    'oui bien reçu',
    'ok oui',
    'ok svp',
    'sure',
    'thanks',
    'ok thank you',
  ],
  ...['👍', '👍🏿', '👌', '🙏', '✅'],
];
const GREETINGS = ['cc', 'bjr', 'slt', 'salam', 'bonjour', 'cv', 'i ni ce', 'aw ni ce', 'hello'];

describe('a person who is asked whether they are in danger', () => {
  it.each([...SEEN, ...GREETINGS])('and writes "%s" has said nothing of it, and is asked again', (words) => {
    const person = asked().writes(words);
    expect(person.cases).toEqual([]);
    expect(person.state?.answers.danger).toBeUndefined();
    expect(person.at).toBe('report.danger');
    expect(person.keys).toContain('report.danger.ask');
    expect(person.state?.answers.account).toBeUndefined();
  });

  it('and puts a thumb under the question has seen it', () => {
    const person = asked();
    person.does({ kind: 'reaction', emoji: '👍', on: `r:${person.state?.turn}:now` });
    expect(person.cases).toEqual([]);
  });

  it.each(['oui je veux signaler', "oui je veux parler à quelqu'un"])(
    'and says "%s" wants something else, which is kept in mind; danger is asked again',
    (words) => {
      const person = asked().writes(words);
      expect(person.cases).toEqual([]);
      expect(person.at).toBe('report.danger');
    },
  );

  it.each([
    ...[
      'oui',
      'OUI !!',
      'ouiiii',
      'ouais',
      'ui',
      'wi',
      'oui oui',
      'oui svp',
      'oui madame',
      'oui maintenant',
      'oui vite svp',
    ],
    ...[
      'oui on me suit',
      "oui j'ai peur",
      'oui ils sont là',
      'oui je suis en danger',
      'awɔ',
      'yes',
      'yes please',
      '1',
    ],
  ])('and says "%s" is heard at once', (words) => {
    expect(asked().writes(words).case?.level).toBe('critical');
  });

  it('and can only nod reaches a person in the end', () => {
    const person = asked();
    for (const words of ['ok', 'merci', "d'accord", 'ok', 'bien', 'ok'])
      if (!person.case) person.writes(words);
    expect(person.case?.level).toBe('urgent');
    expect(person.state?.answers.danger).toEqual({ kind: 'choice', value: 'unclear' });
  });
});
