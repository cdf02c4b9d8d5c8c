/**
 * What a person types while an alert of theirs is out: a question, an "ok" or fear never reaches the officer as "it was a
 * mistake", at no question; what says so plainly does, with its words.
 */
import { describe, expect, it } from 'vitest';
import { Person, walkTo } from './person.ts';

const PLAIN = [
  'erreur',
  "c'était une erreur",
  'c etait une erreur desole',
  'cetait une erreur pardon',
  'fausse alerte',
  'fausse alerte svp',
  'annulez, tout va bien',
  "annulez l'alerte",
  'annuler svp',
  'fausse alerte tout va bien merci',
  "j'ai appuyé par erreur",
  'je me suis trompé désolé',
  'jme suis trompé',
  'mon enfant a appuyé',
  "c'était un test",
  'it was a mistake sorry',
  'false alarm',
];

/** They calm, or they ask to be left alone: they may be all that a person says who is held. */
const UNCLEAR = [
  ...['tout va bien', 'rien de grave', "c'est rien", 'ce n’est rien', 'pas grave', 'c pas grave', 'ya rien'],
  ...['laissez tomber', 'oubliez', 'oubliez moi', 'ne venez pas', 'pas besoin', 'plus besoin merci'],
  ...["c'est réglé", "c'est mon enfant", 'je voulais pas', 'ça va maintenant', 'ça va mieux', "c'est passé"],
  ...['all is well', 'i am fine', 'never mind', 'do not come'],
];
const FEAR = [
  'ça va aller',
  'sa va aller',
  'j ai peur',
  'je vais mourir',
  'c la fin',
  'ils sont où',
  'pardon',
];
const NODS = ['ok', 'okay', "d'accord", 'oui', 'bon', 'ah', 'merci', 'compris', 'entendu'];
const CALM = ['c bon', "c'est bon", 'ça va', 'sa va', 'cv', 'bien reçu', 'merci'];
const QUESTIONS = [
  ...[...PLAIN, ...UNCLEAR, ...FEAR, ...CALM, "c'est fini", 'fini', 'bon'].map((words) => `${words} ?`),
  ...["c'est une erreur", "c'est fini", 'fausse alerte', 'ça va aller'].flatMap((words) => [
    `est-ce que ${words}`,
    `esk ${words}`,
    `${words}?`,
    `${words} ??`,
  ]),
];
const NODDING = NODS.flatMap((nod) => [nod, ...CALM.map((calm) => `${nod} ${calm}`)]);

const SPOTS: Readonly<Record<string, () => Person>> = {
  'where they are': () => new Person({ hint: 'fr' }).writes('SOS'),
  'whether they may be written to': () => new Person({ hint: 'fr' }).writes('SOS').writes('Gao'),
  'whether they can go on': () => walkTo(new Person({ hint: 'fr' }).writes('SOS'), 'sos.go_on'),
  nothing: () => walkTo(new Person({ hint: 'fr' }).writes('SOS'), 'sos.go_on').picks('pause'),
  'how to be reached': () => walkTo(new Person({ hint: 'fr' }).writes('SOS'), 'report.contact_how'),
};
const isTakenBack = (person: Person): boolean =>
  person.did('tell_officer').some((effect) => 'what' in effect && effect.what === 'mistake');

describe.each(Object.entries(SPOTS))('a person whose SOS is out, and who is asked %s', (spot, standing) => {
  it.each([
    ['asks', QUESTIONS],
    ['nods', NODDING],
    ['is afraid', FEAR],
    ['says what may be forced', UNCLEAR],
  ])('and %s has taken nothing back', (_, all) => {
    expect(all.filter((words) => isTakenBack(standing().writes(words)))).toEqual([]);
  });

  it('and says plainly that it was a mistake is shown to the officer as such, or has the button for it', () => {
    const unheard = PLAIN.filter((words) => {
      const person = standing().writes(words);
      const isOffered = spot === 'where they are' && person.commands.includes('mistake');
      return !isTakenBack(person) && !(isOffered && isTakenBack(person.presses('mistake')));
    });
    expect(unheard).toEqual([]);
  });
});

describe('what may be a mistake and may be forced', () => {
  it.each(['tout va bien', 'laissez tomber', 'rien de grave'])(
    '("%s") is kept for the officer, and the button says what it would mean',
    (words) => {
      const person = (SPOTS.nothing as () => Person)().writes(words);
      expect(JSON.stringify(person.did('add_to_case'))).toContain(words);
      expect(person.commands).toContain('mistake');
      expect(isTakenBack(person.presses('mistake'))).toBe(true);
    },
  );

  it('has no such button beneath it where it asks, or only nods', () => {
    for (const words of ['c bon ?', 'ok c bon', 'fausse alerte ?', "c'est fini ?", 'erreur ?'])
      for (const standing of Object.values(SPOTS))
        expect(standing().writes(words).commands, words).not.toContain('mistake');
  });
});

it('is tried in more than a hundred and fifty ways', () => {
  expect(new Set([...QUESTIONS, ...NODDING, ...FEAR, ...UNCLEAR]).size).toBeGreaterThan(150);
});
