/** What tells of a person taken, held or threatened, in the first words or in the account: SOS is offered, and it is never medium. */
import { describe, expect, it } from 'vitest';
import { tellsOfCustody } from '../../src/conversation/words/custody.ts';
import { tellsGraveDanger } from '../../src/conversation/words/grave.ts';
import { Person, texts } from './person.ts';

const first = (words: string) => new Person({ hint: 'fr' }).writes(words);
const isOffered = (person: Person) => person.keys.includes('bot.sos_offer');
const isWaiting = (person: Person) => person.state?.due?.what === 'danger_unanswered';

/** Says that there is no danger, agrees, and sends these words alone, with everything else left. */
function sent(words: string): Person {
  const person = first(words).picks('none');
  for (let n = 0; n < 12 && !person.state?.isSubmitted; n++) {
    if (person.at === 'menu.ways') person.picks('report');
    else if (person.at === 'report.consent') person.picks('yes');
    else if (person.at === 'report.who') person.picks('self');
    else if (person.at === 'report.account') person.presses('done');
    else if (person.at === 'report.contact_how') person.picks('here_any_time');
    else if (person.at === 'report.review') person.presses('send');
    else person.presses('skip');
  }
  if (!person.state?.isSubmitted) throw new Error(`not sent, stands at ${person.at}`);
  return person;
}
const levelOf = (words: string) => sent(words).case?.level ?? '';
const HIGH = /^(critical|urgent|high)$/;

const CAPTIVE = [
  'je suis otage',
  "on m'a enlevé",
  "ils m'ont pris",
  'ils mont pris',
  'on ma pris hier',
  'je suis retenu de force',
];
const ARRESTS = [
  ...[
    'mon mari est arrêté',
    'ils ont arreté mon frere',
    'on a arreté notre president',
    'la police a arrêté mon fils',
  ],
  ...[
    'gendarmes perquisitionne chez moi maintenant',
    'des hommes armés fouillent le bureau',
    'la police fouille notre bureau',
  ],
  ...["on m'a arrêté", 'je suis en garde à vue', 'mon collègue a été interpellé', 'they arrested my brother'],
];
const THREATS = [
  ...[
    'g pri dé menas de mor',
    'menasse de mort',
    'jveu mourir',
    'je ve mourir',
    'il a di kil va me tué',
    'plu envi de vivre',
  ],
  ...['djihadistes ma donné 3 jours', 'les hommes armés nous ont donné 24h pour partir'],
];
const HELD = [
  ...[
    'mon collegue est en prison a gao depuis 2 mois sans juge',
    'mon frere est en prison depuis 3 semaines',
  ],
  ...[
    'mon mari detenu depuis 1 an',
    'mon fils est en prison depuis janvier',
    'mon mari a été arrêté il y a 2 ans',
  ],
  ...['la DGSE m a convoqué', "j'ai été convoqué par la gendarmerie"],
];

const THREATENED = [
  'mon fils de 10 ans est menace',
  'on me menace',
  "ils m'ont menacé",
  'nous sommes menacés à cause de la radio',
];

describe('a person who begins with', () => {
  it.each([...CAPTIVE, ...ARRESTS, ...THREATS])(
    '"%s" is offered SOS, and is passed on after two minutes of silence',
    (words) => {
      const person = first(words);
      expect(isOffered(person)).toBe(true);
      expect(isWaiting(person)).toBe(true);
      person.does({ kind: 'danger_unanswered' }, 120_000);
      expect(person.cases).toMatchObject([{ level: 'urgent' }]);
    },
  );

  it.each([...CAPTIVE, ...THREATS])(
    '"%s", and says that there is no danger, is passed on once they agree',
    (words) => {
      expect(tellsGraveDanger(texts, words)).toBe(true);
      expect(levelOf(words)).toMatch(/^(critical|urgent)$/);
    },
  );

  it.each([...ARRESTS, ...HELD, ...THREATENED])(
    '"%s", and sends nothing else, is not put among the calm ones',
    (words) => {
      expect(levelOf(words)).toMatch(HIGH);
    },
  );

  it.each([
    'mon fils de 10 ans est menace',
    'ma fille a 15 ans ils l’ont menacée',
    'ils ont arreté mon petit frere 16 ans',
  ])('"%s" tells of a child: a trained person goes on', (words) =>
    expect(sent(words).state?.rules).toContain('U13'),
  );

  it.each(['mon frere est en prison depuis 10 ans', 'on menace mon collègue depuis 3 ans'])(
    '"%s" tells of none',
    (words) => expect(sent(words).state?.rules).not.toContain('U13'),
  );

  it.each(HELD)('"%s" is told of SOS, and no one is called while they are silent', (words) => {
    expect(isOffered(first(words))).toBe(true);
    expect(isWaiting(first(words))).toBe(false);
  });

  it.each([
    ...[
      'mon frère a été arrêté en 2015, il est libre',
      'ils ont arrêté mon frere puis relaché',
      'mon fils a arrêté l’école',
    ],
    ...[
      'le préfet a pris un arrêté',
      'ils ont arrêté le projet',
      "ils m'ont pris mon téléphone",
      'le maire menace de fermer la radio',
    ],
    ...[
      "j'ai lu qu'un journaliste a été arrêté",
      'la police n’a pas arrêté mon frère',
      'nous visitons les prisons, nous voulons une carte',
    ],
    ...[
      'que faire si on est arrêté ?',
      'le médecin m’a donné 3 jours de repos',
      'notre association aide les détenus à étudier',
    ],
  ])('"%s" calls no one in silence', (words) => {
    expect(isWaiting(first(words))).toBe(false);
  });

  it.each([
    'mon frère a été arrêté en 2015, il est libre',
    'ils ont arrêté mon frere puis relaché',
    'mon fils a arrêté l’école',
    'le préfet a pris un arrêté',
  ])('"%s" tells of no one who is held', (words) => expect(tellsOfCustody(texts, words)).toBeUndefined());
});
