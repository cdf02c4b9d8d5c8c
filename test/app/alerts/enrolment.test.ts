/** A person has a code and writes it as people write; an officer writes in a chat that is not enrolled. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOfficerCode, newOfficerCode } from '../../../src/app/duty/officer-codes.ts';
import { addOfficer } from '../../../src/app/duty/officers.ts';
import { transact } from '../../../src/app/ground/transaction.ts';
import { isOfOfficers } from '../../../src/app/officer-chat/typed-commands.ts';
import { texts } from '../../conversation/person.ts';
import { everythingIn } from '../../everything-in.ts';
import { type House, openHouse, referenceOn } from '../house.ts';
import { hours } from './duty-room.ts';

const CODE = 'AB2CDE3FGH45';

describe('a code in what a stranger writes', () => {
  it.each([
    'AB2CDE3FGH45',
    'ab2cde3fgh45',
    ' AB2C DE3F GH45 ',
    'ab2c-de3f-gh45',
    'AB2C, DE3F, GH45.',
    'A B 2 C D E 3 F G H 4 5',
    'a, b, 2, c, d, e, 3, f, g, h, 4, 5',
    'AB2 CDE 3FG H45',
    'AB-2CDE3F.GH45',
    '*AB2CDE3FGH45*',
    '`AB2C DE3F GH45`',
    '\u200eAB2C\u200f\u00a0DE3F\u202fGH45\u200b',
    'ＡＢ２ＣＤＥ３ＦＧＨ４５',
    '𝐀𝐁𝟐𝐂𝐃𝐄𝟑𝐅𝐆𝐇𝟒𝟓',
    'AB٢CDE٣FGH٤٥',
    '/start AB2CDE3FGH45',
    '/start@lakana_bot ab2c de3f gh45',
    'start AB2CDE3FGH45',
    '/START  AB2C-DE3F-GH45',
    '/startAB2CDE3FGH45',
    '/startab2c de3f gh45',
    'mon code: AB2CD E3FGH45',
    'https://t.me/lakana_bot?start=AB2CDE3FGH45',
    'https://wa.me/22370000000?text=/start%20AB2CDE3FGH45',
    'Bonjour, mon code est AB2CDE3FGH45, merci.',
    'bonjour voici avec le code : ab2c de3f gh45 merci beaucoup',
    'codeAB2CDE3FGH45',
    'moncodeab2c de3f gh45 merci',
    'Code:AB2CDE3FGH45!',
    'C’est Awa. Mon code : A B 2 C D E 3 F G H 4 5',
    'Code: AB2CDE3FGH45   (works once, until 2026-11-25 14:00)\nLink: https://t.me/lakana_bot?start=AB2CDE3FGH45',
  ])('is found in %j', (text) => {
    expect(findOfficerCode(text)).toMatchObject({ code: CODE, isMeant: expect.any(Boolean) });
  });

  it('alone, called a code or behind /start is meant as one, also if it is wrong or has an O in it', () => {
    for (const text of ['AB2C DE3F GH45', 'mon code : ab2cde3fgh45', '/start ABCDEFGHJKLM', 'AB2C DE3O GH45'])
      expect(findOfficerCode(text)?.isMeant, text).toBe(true);
  });

  it.each([
    'Je m’appelle Awa, on me suit depuis trois jours',
    'Ils ont des AK47 et menacent les gens du quartier',
    'AK47 MENACENT',
    'TAKE TAKO 4827',
    'take bako-4827',
    'TAKO-4827 1234 5678 9012 3456',
    '+223 70 22 33 44',
    '70 22 33 44 55 66',
    'arrestations',
    'RUE 22 PORTE 45',
    'Kati 12 mars 2026',
    'from_poster',
    '/start from_poster',
    '/start@banner_tests',
  ])('is not seen in %j', (text) => {
    expect(findOfficerCode(text)?.isMeant ?? false).toBe(false);
  });

  it('is found by the digits at its ends where other words were glued to it', () => {
    const code = '2AB3CDEFGHJ4';
    for (const text of [`bonjour${code}`, `${code}merci`, `c’est Awa, voici${code}merci`])
      expect(findOfficerCode(text), text).toMatchObject({ code, isMeant: false });
    expect(findOfficerCode(`codebonjour${code}`)).toMatchObject({ code, isMeant: true });
  });

  it('is found however it is spaced, whatever words stand beside it', () => {
    const inGroupsOf = (code: string, sizes: readonly number[]) => {
      let at = 0;
      return Array.from({ length: 12 }, (_, n) => {
        const from = at;
        at += sizes[n % sizes.length] ?? 12;
        return code.slice(from, at);
      }).join(' ');
    };
    const sizes = [[1], [2], [3], [4], [6], [12], [5, 7], [3, 4, 5], [2, 6, 4], [1, 2, 3]];
    const before = [
      '',
      'bonjour mon code est ',
      'avec ',
      'je te le passe ',
      'C’est ',
      'de la ',
      '/start',
      'svp : ',
    ];
    const after = [
      '',
      ' Adam',
      ' test',
      ' cest bon',
      ' svp',
      ' est bon',
      ' de Awa',
      ' a toi',
      ' y a Ba',
      '\nmerci',
    ];
    const missed = Array.from({ length: 50 }, newOfficerCode).flatMap((code) =>
      sizes.flatMap((size) =>
        before.flatMap((opening) =>
          after
            .map((end) => `${opening}${inGroupsOf(code, size).trim().toLowerCase()}${end}`)
            .filter((text) => findOfficerCode(text)?.code !== code),
        ),
      ),
    );
    expect(missed).toEqual([]);
  });

  it('is tried once in a message, however many stand there', () => {
    const many = Array.from({ length: 60 }, newOfficerCode);
    expect(findOfficerCode(many.slice(0, 20).join('\n'))).toBeUndefined();
    expect(findOfficerCode(many.join(' '))).toBeUndefined();
  });
});

describe('words of officers', () => {
  it('are none that a reporter has a use for', () => {
    const words = texts.languages.flatMap((language) => [
      ...[...texts.commandWords(language).values()].flat(),
      ...['je ne peux pas', 'impossible', 'vu', 'parler', 'on m’a pris', 'signaler', 'ils arrivent'],
    ]);
    const alone = { own: [], isTelling: false };
    expect(words.filter((each) => isOfOfficers(texts, each, alone))).toEqual([]);
  });

  const SENTENCES = [
    'Passe à la gendarmerie TAKO-4827, ils m’ont enfermé et me frappent',
    'je passe à Kati TAKO-4827',
    'give to them TAKO-4827',
    ...['vu', 'reçu', 'impossible', 'je peux pas', 'pris', 'je prends'].map((verb) => `${verb} TAKO-4827`),
    'je prends',
    'qui est de garde',
    'ajouter sms 70 00 00 00',
    'ajoute appel ils arrivent',
    '482915',
  ];
  it('are the reporter’s from a person who is telling, and never surely an officer’s where they tell more', () => {
    const telling = { own: [], isTelling: true };
    expect(SENTENCES.filter((each) => isOfOfficers(texts, each, telling))).toEqual([]);
    const alone = { own: [], isTelling: false };
    const taken = SENTENCES.map((each) => isOfOfficers(texts, each, alone));
    expect(taken.slice(0, 3)).toEqual([undefined, 'perhaps', 'perhaps']);
    expect(taken.slice(3)).toEqual([...Array(9).fill('surely'), 'perhaps', 'surely']);
  });
});

describe('in a chat', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(() => house.close());

  const code = async () =>
    (
      await transact(house.ctx, (at) =>
        addOfficer(at, { name: 'Awa Traoré', role: 'officer', language: 'fr' }),
      )
    ).code;
  const cases = async () => house.database.sql`select 1 from cases`;
  const alerts = async () => house.database.sql`select 1 from alerts`;

  it('the code enrols among words, in the middle of a report, under a photo and by an edit, and is kept nowhere', async () => {
    const said: [string, (text: string) => Promise<void>][] = [
      ['alone', (text) => house.person('alone').says(text)],
      ['among words', (text) => house.person('among words').says(`Bonjour, le code est ${text} merci`)],
      [
        'under a photo',
        (caption) =>
          house.person('under a photo').does({ kind: 'file', file: { kind: 'photo', ref: 'x' }, caption }),
      ],
      ['edited', (text) => house.person('edited').does({ kind: 'text', text, edited: true })],
      [
        'in a report',
        async (text) => {
          const person = house.person('in a report');
          await person.says('bonjour');
          await person.presses('Non');
          await person.says(text);
        },
      ],
    ];
    for (const [name, says] of said) {
      const made = await code();
      await says(`${made.slice(0, 4)} ${made.slice(4, 8)} ${made.slice(8)}`.toLowerCase());
      expect(house.person(name).screen().join('\n'), name).toContain('Awa, votre inscription');
      const held = (await everythingIn(house.database)).toUpperCase();
      expect(held).not.toContain(made);
      expect(held).not.toContain(made.slice(0, 8));
    }
    expect(await alerts()).toHaveLength(0);
  });

  it('a second tap on the link says that all is well; another officer’s code does nothing', async () => {
    const awa = house.person('Awa');
    const first = await code();
    await awa.says(`/start ${first}`);
    await awa.says(`/start ${first}`);
    expect(awa.last()).toContain('Votre inscription ici est déjà faite. Tout va bien');
    await awa.says(first.toLowerCase());
    expect(awa.last()).toContain('Tout va bien');
    const other = await code();
    await awa.says(other);
    expect(awa.last()).toContain('Ce code est pour une autre personne');
    const binta = house.person('Binta');
    await binta.says(other);
    expect(binta.screen().join('\n')).toContain('votre inscription');
  });

  it('a code that is used, old, wrong or mistyped is answered, and its sender is no reporter for it', async () => {
    const used = await code();
    await house.person('Awa').says(used);
    const old = await code();
    house.clock.advance(hours(25));
    const binta = house.person('Binta');
    for (const text of [used, old, newOfficerCode(), 'AB2C DE3O GH45', `mon code : ${old}`]) {
      await binta.says(text);
      expect(binta.last(), text).toContain('Ce code ne fonctionne pas');
    }
    expect(new Set(binta.screen()).size).toBe(1);
    expect(await cases()).toHaveLength(0);
  });

  it('what looks like a code is told to the team by a person who is telling, or crying for help', async () => {
    const awa = house.person('Awa');
    await awa.says('SOS');
    await awa.says('AB2C DE3F GH45');
    expect(awa.last()).not.toContain('Ce code');
    const told = await house.read(referenceOn(awa));
    expect(JSON.stringify(told)).toContain('AB2C DE3F GH45');
    const binta = house.person('Binta');
    await binta.says('au secours, code AB2CDE3FGH45');
    expect(binta.screen().join('\n')).not.toContain('Ce code');
    expect(binta.screen().join('\n')).toContain('SOS');
  });

  it('a cry for help with a code that works enrols, and is asked about', async () => {
    const awa = house.person('Awa');
    await awa.says(`au secours ${await code()}`);
    expect(awa.last()).toContain('Pour VOUS-MÊME ?');
  });

  it('words of an officer where no officer is enrolled are answered, raise nothing and take nothing', async () => {
    const fanta = house.person('Fanta');
    await fanta.says('SOS');
    const reference = referenceOn(fanta);
    const awa = house.person('Awa');
    for (const words of [
      'je prends',
      'Je prends !',
      `je prends ${reference}`,
      `${reference.toLowerCase().replace('-', ' ')} vu`,
      'Qui est de garde ?',
      'pas de garde',
      'Alertes ouvertes',
      'J’ai reçu l’essai',
      'ajouter sms +223 70 00 00 00',
      'i take it',
      '482915',
    ]) {
      await awa.says(words);
      expect(awa.last(), words).toContain('pas inscrite à la permanence');
      expect(awa.last()).toContain('écrivez ici le code');
      expect(awa.last()).toContain('Écrivez SOS');
    }
    await awa.does({ kind: 'button', data: `o:take:${reference}` });
    expect(awa.last()).toContain('pas inscrite');
    expect(await alerts()).toHaveLength(1);
    expect((await house.database.sql`select state from alerts`)[0]?.state).toBe('open');
    // And they are no reporter: the code enrols them now.
    await awa.says(await code());
    expect(awa.screen().join('\n')).toContain('Awa, votre inscription');
  });

  it('what could be either is answered, and kept as a reporter’s', async () => {
    const awa = house.person('Awa');
    for (const text of ['passe à la gendarmerie TAKO-4827', 'je prends TAKO-4827']) {
      await awa.says(text);
      const [notice, question] = awa.screen().slice(-2);
      expect(notice, text).toContain('pas inscrite');
      expect(question, text).not.toContain('pas inscrite');
    }
    await awa.says('SOS');
    const told = JSON.stringify(await house.read(referenceOn(awa)));
    expect(told).toContain('la gendarmerie TAKO-4827');
    expect(told).toContain('je prends TAKO-4827');
  });

  it('words beside a code that works are kept nowhere: who wrote them is told so, and how to tell it', async () => {
    const awa = house.person('Awa');
    await awa.says(`Bonjour, voici le code ${await code()} merci`);
    const binta = house.person('Binta');
    await binta.says(`le code est ${await code()}, et on a arrêté mon voisin à Kati hier`);
    expect(binta.last()).toContain("à côté du code n'est pas gardé");
    await binta.presses('Signaler pour moi-même');
    expect(binta.last()).toContain('pour vous-même');
    expect(await cases()).toHaveLength(0);
    // Good manners are nothing that is told.
    expect(awa.screen().join('\n')).not.toContain("n'est pas gardé");
  });

  it('words beside a code that does not work are told to the team', async () => {
    const awa = house.person('Awa');
    await awa.says('le code de la porte est A2B3C4D5E6F7, ils entrent, venez');
    expect(awa.screen().join('\n')).toContain('Ce code ne fonctionne pas');
    await awa.says('SOS');
    expect(JSON.stringify(await house.read(referenceOn(awa)))).toContain('ils entrent, venez');
  });

  it('no person who asks for help is taken for an officer', async () => {
    const awa = house.person('Awa');
    await awa.does({ kind: 'button', data: 'o:sos:self' });
    expect(awa.last()).toContain('Où êtes-vous ?');
    const reference = referenceOn(awa);
    // It is what they say about where they are, and about their own case.
    await awa.says('je prends');
    await awa.says(`appel ${reference}`);
    await awa.says('qui est de garde');
    await awa.says('Passe à la gendarmerie TAKO-4827, ils m’ont enfermé et me frappent');
    await awa.says('impossible TAKO-4827');
    expect(awa.screen().join('\n')).not.toContain('pas inscrite');
    const told = JSON.stringify(await house.read(reference));
    expect(told).toContain('ils m’ont enfermé et me frappent');
    expect(told).toContain('impossible TAKO-4827');
    for (const words of [
      'aidez moi, qui est de garde',
      'je suis en danger',
      'je prends la fuite, ils arrivent',
    ]) {
      const asking = house.person(words);
      await asking.says(words);
      expect(asking.screen().join('\n'), words).not.toContain('pas inscrite');
    }
  });
});
