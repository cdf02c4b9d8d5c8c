/** After SOS: whatever the person does, an officer sees it, and only an officer ends it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { answersUntil, greets } from './answering.ts';
import { clearsUp, cries } from './duty.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { type Telegram, type TelegramPerson, telegram } from './messengers/telegram.ts';
import { entriesOf, openWorld, referenceIn, type World } from './world.ts';

/** A voice note in a case. */
const VOICE = { kind: 'file', evidence: expect.any(String), media: 'voice' };

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  let kadi: Person;
  let salif: Person;
  beforeAll(async () => {
    world = await openWorld(messenger);
    kadi = await world.enrolOfficer('Kadi');
    salif = await world.enrolOfficer('Salif', 'supervisor');
    await salif.says('pas de garde');
  });
  afterEach(() => clearsUp(world, salif));
  afterAll(() => world?.close());

  /** Cries for help; resolves once Kadi's phone has rung. */
  async function hasCried(name: string): Promise<{ person: Person; reference: string }> {
    const person = world.person(name);
    const reference = await cries(person);
    await kadi.seesText(reference, { ever: true });
    return { person, reference };
  }

  /** What has become known stands on the page, or where pages cannot be changed, is shown to an officer who asks. */
  async function seesOnPage(reference: string, news: string): Promise<void> {
    if (!world.messenger.canEdit) await kadi.says(reference);
    await kadi.seesText(new RegExp(`${reference}.*${news}`, 's'), { ever: true });
  }

  const stateOf = async (reference: string) => {
    const [row] = await world.database
      .sql`select state, level, repeats from alerts where reference = ${reference}`;
    return row;
  };

  /** How often Kadi's phone rang for this: edits do not ring. */
  const rings = (reference: string): number =>
    world.messenger.sentTo(kadi).filter((text) => text.includes(reference) && text.includes('Je prends'))
      .length;

  describe('after SOS, a reporter who', () => {
    test('refuses consent leaves nothing but the cry for help, which the officer sees and closes', async () => {
      const { person: coumba, reference } = await hasCried('Coumba');
      await coumba.says('Lafiabougou, chez Moussa');
      await coumba.chooses('1. Oui');
      await coumba.chooses('je continue');
      await coumba.sendsVoice(Buffer.from('un secret'));
      await coumba.seesText(/gardé|reçu/);
      await coumba.chooses('2. Non');
      await coumba.seesText("Nous gardons seulement qu'une personne a demandé de l'aide");
      expect(await world.openCase(reference)).toMatchObject([
        { kind: 'event', payload: { what: 'asked_for_help_and_refused_consent' } },
        { kind: 'consent', payload: { said: 'no' } },
      ]);
      expect(await world.openFiles(reference)).toEqual([]);
      await seesOnPage(reference, "Demande d'aide seule");
      await kadi.chooses('Je prends');
      await kadi.seesText('À VOUS');
      await kadi.chooses('Clore');
      await kadi.chooses("J'ai joint la personne");
      await kadi.seesText(`${reference} : close`);
      await coumba.says('statut');
      await coumba.seesText("Une personne de l'équipe a fermé cette demande");
    });

    test('writes "false alarm" and "erase everything", perhaps under force, closes and erases nothing', async () => {
      const { person: djeneba, reference } = await hasCried('Djeneba');
      await djeneba.says('Au marché de Médine');
      await djeneba.says('fausse alerte');
      await djeneba.seesText("Jusque-là, rien n'est fermé");
      await djeneba.says('tout effacer');
      await djeneba.seesText("Votre demande d'effacement est notée");
      await seesOnPage(reference, '« Erreur ».*contrainte.*« Effacer ».*contrainte');
      expect(await stateOf(reference)).toMatchObject({ state: 'open', level: 'critical' });
      expect(JSON.stringify(await world.openCase(reference))).toContain('Au marché de Médine');
    });

    test('answers "may we write to you?" by voice twice has said neither yes nor no, and the officer hears it', async () => {
      const { person: hawa, reference } = await hasCried('Hawa');
      await hawa.says('Kati, près du marché');
      await hawa.seesText('Est-ce que nous pouvons vous écrire ici');
      await hawa.sendsVoice(Buffer.from('oui, le soir'));
      await hawa.seesText('Choisissez aussi une réponse');
      await hawa.sendsVoice(Buffer.from('mais pas la nuit'));
      await hawa.seesText('nous notons « pas dit »');
      expect(entriesOf(await world.openCase(reference))).toContainEqual({
        step: 'safe',
        answer: { kind: 'not_said', tried: [VOICE, VOICE] },
      });
      await kadi.says(`je prends ${reference}`);
      const { text } = await kadi.seesText("Elle n'a dit ni oui ni non");
      expect(text).not.toContain("N'écrivez pas ici");
      expect(hawa.screen().join('\n')).not.toContain('– reçu');
      await kadi.says(`parler ${reference}`);
      await hawa.seesText(/– pouvez-vous parler maintenant/);
    });

    test('calls a second and a third time is counted on the page, and no phone rings anew', async () => {
      const { person: emma, reference } = await hasCried('Emma');
      for (const cry of ['SOS', 'au secours']) {
        await emma.says(cry);
        await emma.seesText('Nous avons reçu votre nouveau SOS');
      }
      expect(rings(reference)).toBe(1);
      await seesOnPage(reference, '3e fois');
    });

    test('chooses SOS in an old menu, long after the alert was closed, is looked for again', async () => {
      const { person: fanta, reference } = await hasCried('Fanta');
      await answersUntil(fanta, /Que voulez-vous faire/, {
        picks: { 'Pouvez-vous continuer': 'Pas maintenant' },
      });
      const menu = fanta.newest();
      await fanta.chooses('SOS, je suis en danger');
      await fanta.seesText('Nous avons reçu votre nouveau SOS');
      await kadi.says(`je prends ${reference}`);
      await kadi.says(`clore ${reference}`);
      await kadi.seesText(`Clore ${reference}`);
      await kadi.chooses('Danger passé');
      await kadi.seesText(`${reference} : close`);
      await world.passes(minutes(90));
      await fanta.chooses('SOS, je suis en danger', { in: menu });
      await fanta.seesText('Nous avons reçu votre nouveau SOS');
      expect(await stateOf(reference)).toMatchObject({ state: 'open' });
      await world.messenger.until(() => rings(reference) === 2);
    });
  });

  test('an officer who writes before the code, writes the code in a sentence and sends it again calls no one', async () => {
    const awa = world.person('Awa');
    await awa.says('Je prends');
    await awa.seesText('pas inscrite à la permanence');
    await awa.says('qui est de garde ?');
    await awa.seesText('pas inscrite à la permanence');
    const code = await world.codeFor('Awa');
    await awa.says(`bonjour, le code : *${code.toLowerCase().replace(/(.{4})(?=.)/g, '$1 ')}*`);
    await awa.seesText('Awa, votre inscription', { ever: true });
    await awa.says(`/start ${code}`);
    await awa.seesText("Tout va bien, rien d'autre à faire");
    await salif.chooses("Annuler l'inscription");
    await salif.seesText('Inscription annulée');
    await awa.says(code);
    await awa.seesText('Ce code ne fonctionne pas');
    const open = await world.database.sql`select 1 from alerts where state <> 'closed'`;
    expect(open).toHaveLength(0);
  });

  describe('SOS', () => {
    const KINDS: readonly [string, RegExp][] = [
      ['yes or no', /Acceptez-vous/],
      ['an account', /Racontez/],
      ['a choice', /De quoi s'agit-il surtout/],
      ['a date', /Quand est-ce arrivé/],
      ['several choices', /Et maintenant, que/],
      ['a place', /Où est-ce arrivé/],
      ['evidence', /Avez-vous déjà des photos/],
      ['the read-back', /Voici ce que vous avez dit/],
    ];

    test('is heard at every kind of question, and the report can be finished all the same', async () => {
      const hawa = await greets(world.person('Hawa'));
      const picks = { 'Pouvez-vous continuer': 'je continue', 'Acceptez-vous': '1. Oui' };
      for (const [count, [, question]] of KINDS.entries()) {
        await answersUntil(hawa, question, { picks });
        await hawa.says('SOS');
        await hawa.seesText(count === 0 ? 'Nous avons reçu votre SOS' : 'Nous avons reçu votre nouveau SOS');
      }
      await answersUntil(hawa, /1\. Envoyer/, { picks });
      await hawa.chooses('Envoyer');
      const reference = referenceIn((await hawa.seesText('Votre signalement est enregistré')).text);
      expect(await stateOf(reference)).toMatchObject({ level: 'critical', repeats: KINDS.length - 1 });
      expect(JSON.stringify(await world.openCase(reference))).toContain('On me suit depuis lundi.');
    });

    test('inside a long sentence is offered, the sentence is kept, and one touch is enough', async () => {
      const issa = await greets(world.person('Issa'));
      const sentence = 'Hier soir des gens ont crié au secours derrière notre bureau';
      await issa.says(sentence);
      await issa.seesText(
        /^Si vous avez besoin d'aide tout de suite.*Vos mots sont gardés.*Êtes-vous en danger/s,
      );
      await issa.chooses('SOS');
      const { text } = await issa.seesText('Nous avons reçu votre SOS');
      expect(JSON.stringify(await world.openCase(referenceIn(text)))).toContain(sentence);
    });

    test.each([
      'Au secouuurs !!!',
      "à l'aide",
      'aide moi vite',
      'jsui en danjer',
      'ILS VEULENT ME TUER',
      'S.O.S.',
      '🆘',
    ])('is understood as frightened people type it: %s', async (cry) => {
      const person = world.person('Sira');
      await person.says(cry);
      await person.seesText('Nous avons reçu votre SOS');
    });

    test.each(['Help us please!', 'they are here', 'emergancy', 'they will kill me'])(
      'is understood in English: %s',
      async (cry) => {
        const person = world.person('Sira', { language: 'en' });
        await person.says(cry);
        await person.seesText('We have received your SOS');
      },
    );
  });

  test('a person who chose "not now" and, a moment later, "yes, now" is offered SOS', async () => {
    const kadia = await greets(world.person('Kadia'));
    const asked = kadia.newest();
    await kadia.chooses('Non, pas en ce moment', { in: asked });
    await kadia.chooses('Oui, maintenant', { in: asked });
    await kadia.seesText(
      /^Si vous avez besoin d'aide tout de suite.*Cette réponse est pour une ancienne question/s,
    );
    await world.passes(seconds(2));
    await kadia.chooses('SOS');
    await kadia.seesText('Nous avons reçu votre SOS');
  });
});

// WhatsApp tells nobody that it is blocked, nor that an account is gone.
describe('on Telegram only, after SOS, a reporter who', () => {
  let world: World<Telegram>;
  let kadi: TelegramPerson;
  beforeAll(async () => {
    world = await openWorld(telegram);
    kadi = await world.enrolOfficer('Kadi');
  });
  afterAll(() => world?.close());

  test('blocks the bot is still looked for, and goes on where they were when they come back', async () => {
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await awa.phone.blocks();
    await kadi.seesText(new RegExp(`${reference}.*La personne a bloqué ce service`, 's'), { ever: true });
    const [alert] = await world.database.sql`select state from alerts where reference = ${reference}`;
    expect(alert?.state).toBe('open');
    await awa.phone.unblocks();
    await kadi.seesText(new RegExp(`${reference}.*peut de nouveau être jointe ici`, 's'), { ever: true });
    await awa.says('Me revoilà, à Kati');
    await awa.seesText('Est-ce que nous pouvons vous écrire ici sans danger');
    expect(entriesOf(await world.openCase(reference))).toContainEqual({
      step: 'where',
      answer: { kind: 'text', text: 'Me revoilà, à Kati' },
    });
  });

  test('deletes the account is shown to the officer, whose words cannot arrive', async () => {
    const binta = world.person('Binta');
    const reference = await cries(binta);
    await kadi.seesText(reference, { ever: true });
    binta.phone.room.deactivated = true;
    await kadi.chooses('Je prends');
    await kadi.seesText(`${reference} : la personne a bloqué ce service, ou son compte n'existe plus.`);
    await kadi.says(`appel ${reference}`);
    await kadi.seesText(
      `${reference} : pas envoyé. Ici on ne peut plus lui écrire : service bloqué, compte parti, ou autre téléphone.`,
    );
  });
});

// WhatsApp does not tell a phone's language.
test('on Telegram, a cry that could be French or English is answered in the language of the phone', async () => {
  const world = await openWorld(telegram);
  const emma = world.person('Emma', { language: 'en' });
  await emma.says('heeelp me');
  await emma.seesText('We have received your SOS');
  await world.close();
});
