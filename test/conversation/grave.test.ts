import { describe, expect, it } from 'vitest';
import { tellsUnder18 } from '../../src/conversation/reading/ages.ts';
import { tellsGraveDanger } from '../../src/conversation/words/grave.ts';
import { calmPerson, Person, texts, walkTo } from './person.ts';

const tells = (words: string) => tellsGraveDanger(texts, words);
/** What this person's step opened. */
const opened = (person: Person) => person.did('open_case')[0];

describe('an account tells of grave danger', () => {
  it.each([
    'ils ont pris mon mari ce matin, 4 hommes armés',
    'ils ont pris mon mari\nce matin',
    'ils sont devant ma porte avec des armes, ils veulent me tuer',
    "on m'a dit au téléphone que je vais mourir",
    'Mon frère a été enlevé à Mopti',
    'mon fils a disparu',
    "ILS M'ONT MENACÉ DE MORT",
    'des hommes armés sont venus chez nous ce matin',
    'la police a arrêté notre trésorier tout à l’heure',
    'Il y a deux ans ils ont pris mon frère. Maintenant ils ont pris mon fils.',
    'i n faga',
    'they took my husband this morning',
    'My brother was kidnapped near Gao',
    'they said they will kill me',
    // At the house now, known or not.
    'ils sont devant la porte',
    'il sont dvt la porte',
    'y a des gens devant la porte qui tapent',
    'la police est devant la maison',
    'un pick-up est devant chez moi',
    'ils sont à la porte de mon bureau',
    'ils ont encerclé la maison',
    // Armed, and here.
    'des hommes armés sont chez moi',
    'il y a des hommes armés autour de la maison',
    'ya des homme armé dans la cour',
    'des gens avec des fusils entrent chez nous',
    'les militaires sont dans ma maison',
    'les gendarmes arrivent chez moi',
    'des motos avec des kalach tournent autour de la maison',
    // Shooting, hiding, hurt.
    'ils tirent',
    'ça tire à côté',
    'sa tire depuis ce matin',
    'on entend des coups de feu ici',
    'je me cache dans la cour',
    'on est cachés sous le lit',
    'je suis blessé',
    'je saigne beaucoup',
    'ils cassent la porte',
    // English.
    'there are armed men at the door',
    'men with guns are in my house',
    'soldiers are in our house',
    'someone is outside my door with a knife',
    'i am hiding in the yard',
    'i hear gunshots',
    'i am bleeding',
    // Bambara, with its letters and without.
    'u bɛ da la',
    'ou be da la',
    'marifa b’u bolo',
    'marifa be ou bolo',
    'u bɛ so kɔnɔ',
    'mɔgɔ marifatigiw bɛ an ka so',
    'n dogolen bɛ so kɔnɔ',
    'n joginna',
  ])('"%s"', (words) => {
    expect(tells(words)).toBe(true);
  });

  it.each([
    'En 2012 ils ont pris mon frère et nous ne savons toujours rien',
    "L'an dernier mon collègue a été enlevé, il est libre",
    'Les groupes armés contrôlent la route maintenant',
    'ils ont pris mon téléphone ce matin',
    'On me suit depuis lundi.',
    'Mon frère a écrit au maire, qui a pris la parole aujourd’hui',
    'On a détruit notre bureau. Des soldats armés passent souvent.',
    'On veut arrêter notre radio, le maire menace de retirer notre récépissé',
    'Three years ago my colleague was abducted',
    'the armed groups took part in the meeting today',
    // Told of then, or as it always is.
    'des hommes armés sont venus chez nous en 2019',
    'la police est venue chez moi le mois dernier',
    'on entend des coups de feu chaque nuit',
    'je me cache depuis un mois dans une autre ville',
    'je suis blessé depuis 2022',
    'there were armed men at the door last week',
    'i was wounded in 2019 and i am bleeding money',
    // A place or a thing, and no threat.
    'il a laissé une lettre devant la porte',
    'notre bureau est devant la maison des jeunes',
    'mon fils est à la maison d’arrêt',
    'ma mère et mes enfants sont chez moi',
    'les gendarmes gardent le marché',
    'ils tirent profit de la mine',
    'la police a un fusil et une moto',
    'je suis blessé par ce que le maire a dit',
    'the meeting is outside the house of assembly',
    'marifa ka dɔgɔ dugu kɔnɔ',
  ])('not "%s"', (words) => {
    expect(tells(words)).toBe(false);
  });

  it('in a moment, however long it is', () => {
    const long = 'ont pris il y a 2 ans maintenant mon mari '.repeat(500);
    const before = performance.now();
    tells(long);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('a reporter who tells of grave danger', () => {
  it('and sends early is passed on at once when they have agreed, though no question asked what it is about', () => {
    const person = new Person({ hint: 'fr' }).writes('ils ont pris mon mari ce matin, 4 hommes armés');
    person.picks('none');
    expect(person.case).toBeUndefined();
    person.picks('yes');
    expect(opened(person)).toMatchObject({
      reason: 'danger',
      triage: { level: 'urgent', rules: expect.arrayContaining(['U14']) },
    });
    expect(person.keys).toContain('bot.danger_in_answer');
    expect(person.inCase('account')).toMatchObject([{ parts: [{ text: expect.stringContaining('mari') }] }]);
  });

  it('in the account is passed on before it is sent, and once', () => {
    const person = walkTo(calmPerson(), 'report.account').writes(
      'ils sont devant ma porte, ils veulent me tuer',
    );
    expect(opened(person)).toMatchObject({ triage: { level: 'urgent' } });
    walkTo(person.presses('done'), 'report.review').picks('+send');
    expect(person.cases).toHaveLength(1);
    expect(person.case).toMatchObject({ level: 'urgent', isSubmitted: true });
  });

  it('in two messages is heard as well', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('la police a arrêté notre trésorier');
    expect(person.case).toBeUndefined();
    expect(opened(person.writes("c'était ce matin"))).toMatchObject({ triage: { level: 'urgent' } });
  });

  it('after an old and calm report was sent raises that case', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    expect(person.case?.level).toBe('medium');
    person.writes('ils sont devant ma porte avec des armes');
    expect(person.keys).toContain('bot.added_to_case');
    expect(person.case?.level).toBe('urgent');
    expect(person.writes('merci à vous tous').did('raise_level')).toEqual([]);
  });

  it('before they agreed has no one called, and leaves nothing when they refuse', () => {
    const person = new Person({ hint: 'fr' })
      .writes('ils ont pris mon mari ce matin')
      .picks('none')
      .picks('no');
    expect(person.case).toBeUndefined();
    expect(person.forgotten).toBe(1);
  });
});

describe('a reporter who said that there is no danger, and tells a sign of it', () => {
  const offersSos = (person: Person) => person.keys.includes('bot.sos_offer') && person.commands[0] === 'sos';

  it.each(['ils sont devant la porte', 'des hommes armés sont chez moi', 'there are armed men at the door'])(
    'in the account, "%s", is offered SOS and is passed on',
    (words) => {
      const person = walkTo(calmPerson(), 'report.account').writes(words);
      expect(offersSos(person)).toBe(true);
      expect(opened(person)).toMatchObject({ triage: { level: 'urgent' } });
    },
  );

  it('is offered SOS for a sign that calls no one by itself', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('on me suit depuis lundi, ils me suivent');
    expect(offersSos(person)).toBe(true);
    expect(person.case).toBeUndefined();
  });

  it('beside a question with buttons, and in the menu, is offered it too', () => {
    expect(offersSos(walkTo(calmPerson(), 'report.contact_how').writes('ils sont devant la porte'))).toBe(
      true,
    );
    const wishing = walkTo(calmPerson().writes("je veux parler à quelqu'un"), 'report.contact_how');
    wishing.picks('here_any_time').writes('ils sont devant la porte');
    expect(offersSos(wishing)).toBe(true);
    expect(wishing.case?.level).toBe('urgent');
    const sent = walkTo(calmPerson(), 'report.review').picks('+send');
    expect(offersSos(sent.writes('un pick-up est devant chez moi'))).toBe(true);
  });

  it('and answers a question for words or names armed groups is not asked for it at every word', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('les groupes armés contrôlent la route');
    expect(person.keys).not.toContain('bot.sos_offer');
  });
});

describe('a reporter who does not know whether they are in danger', () => {
  it('and sends before anybody asked what it is about is at least urgent', () => {
    const person = walkTo(new Person().writes('bonjour'), 'report.review', { danger: 'unknown' });
    expect(person.case).toBeUndefined();
    person.picks('+send');
    expect(person.case).toMatchObject({ level: 'urgent', isSubmitted: true });
    expect(person.keys).toContain('bot.sent_alert');
    expect(person.keys).not.toContain('bot.danger_in_answer');
    expect(person.did('open_case')).toMatchObject([{ triage: { rules: expect.arrayContaining(['U15']) } }]);
  });

  it('and wants a person is not taken for a person in no danger', () => {
    const person = new Person({ hint: 'fr' }).writes('bonjour').picks('unknown').picks('person');
    walkTo(person, 'report.contact_how', { phone_safe: 'yes' }).picks('here_any_time');
    expect(person.case).toMatchObject({ reason: 'person', level: 'high' });
  });
});

describe('a reporter who says that they are a child', () => {
  it.each(['je suis une fille de 15 ans', "J'ai 16 ans et on me suit", 'i am 15 years old'])(
    '"%s"',
    (words) => {
      expect(tellsUnder18(texts.reading.ages, words)).toBe(true);
    },
  );

  it.each([
    "j'ai 15 ans d'expérience",
    'je suis une femme de 45 ans',
    'ma fille a 15 ans',
    "j'ai 17 ans de service",
  ])('not "%s"', (words) => {
    expect(tellsUnder18(texts.reading.ages, words)).toBe(false);
  });

  it('and wants a person is found a trained one at once', () => {
    const person = new Person({ hint: 'fr' }).writes('bonjour').picks('none').picks('person');
    walkTo(person, 'report.contact_how', { phone_safe: 'yes' }).writes('je suis une fille de 15 ans');
    expect(person.did('open_case')).toMatchObject([
      { triage: { level: 'urgent', rules: expect.arrayContaining(['U13']) } },
    ]);
  });
});
