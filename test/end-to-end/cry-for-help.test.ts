/** After SOS: whatever the person does, an officer sees it, and only an officer ends it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { minutes, seconds } from '../../src/kernel/time.ts';
import type { Person } from '../fakes/telegram/person.ts';
import { answersUntil, greets } from './answering.ts';
import { clearsUp, cries } from './duty.ts';
import { entriesOf, openWorld, referenceIn, type World } from './world.ts';

let world: World;
let kadi: Person;
let salif: Person;
beforeAll(async () => {
  world = await openWorld('polling');
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

const stateOf = async (reference: string) => {
  const [row] = await world.database
    .sql`select state, level, repeats from alerts where reference = ${reference}`;
  return row;
};

/** How often Kadi's phone rang for this: edits do not ring. */
const rings = (reference: string): number =>
  world.telegram
    .callsOf('sendMessage')
    .filter(({ chat_id, reply_markup }) => chat_id === kadi.id && offers(reply_markup, `o:take:${reference}`))
    .length;
const offers = (markup: unknown, data: string): boolean => JSON.stringify(markup ?? '').includes(`"${data}"`);

describe('after SOS, somebody who', () => {
  test('blocks the bot is still looked for, and goes on where they were when they come back', async () => {
    const { person: awa, reference } = await hasCried('Awa');
    await awa.blocks();
    await kadi.seesText(new RegExp(`${reference}.*La personne a bloqué ce service`, 's'), { ever: true });
    expect(await stateOf(reference)).toMatchObject({ state: 'open' });
    await awa.unblocks();
    await kadi.seesText(new RegExp(`${reference}.*peut de nouveau être jointe ici`, 's'), { ever: true });
    await awa.says('Me revoilà, à Kati');
    await awa.seesText('Est-ce que nous pouvons vous écrire ici sans danger');
    expect(entriesOf(await world.openCase(reference))).toContainEqual({
      step: 'where',
      answer: { kind: 'text', text: 'Me revoilà, à Kati' },
    });
  });

  test('deletes the account is shown to the officer, whose words cannot arrive', async () => {
    const { person: binta, reference } = await hasCried('Binta');
    binta.room.deactivated = true;
    await kadi.presses('Je prends');
    await kadi.seesText(`${reference} : la personne a bloqué ce service.`);
    await kadi.pressesData(`o:p_call:${reference}`);
    await kadi.seesText(`${reference} : pas envoyé. La personne a bloqué ce service.`);
  });

  test('refuses consent leaves nothing but the cry for help, which the officer sees and closes', async () => {
    const { person: coumba, reference } = await hasCried('Coumba');
    await coumba.says('Lafiabougou, chez Moussa');
    await coumba.presses('1. Oui');
    await coumba.presses('je continue');
    await coumba.sendsVoice(Buffer.from('un secret'));
    await coumba.seesText(/gardé|reçu/);
    await coumba.presses('2. Non');
    await coumba.seesText("Nous gardons seulement qu'une personne a demandé de l'aide");
    expect(await world.openCase(reference)).toMatchObject([
      { kind: 'event', payload: { what: 'asked_for_help_and_refused_consent' } },
    ]);
    expect(await world.openFiles(reference)).toEqual([]);
    await kadi.seesText(new RegExp(`${reference}.*Demande d'aide seule`, 's'), { ever: true });
    await kadi.presses('Je prends');
    await kadi.seesText('À VOUS');
    await kadi.presses('Clore');
    await kadi.presses('Personne jointe');
    await kadi.seesText(`${reference} : close`);
    await coumba.says('statut');
    await coumba.seesText('Un agent a clos cette demande');
  });

  test('writes "false alarm" and "erase everything", perhaps under force, closes and erases nothing', async () => {
    const { person: djeneba, reference } = await hasCried('Djeneba');
    await djeneba.says('Au marché de Médine');
    await djeneba.says('fausse alerte');
    await djeneba.seesText('Votre alerte reste ouverte');
    await djeneba.says('tout effacer');
    await djeneba.seesText("Votre demande d'effacement est notée");
    const page = new RegExp(`${reference}.*« Erreur ».*contrainte.*« Effacer ».*contrainte`, 's');
    await kadi.seesText(page, { ever: true });
    expect(await stateOf(reference)).toMatchObject({ state: 'open', level: 'critical' });
    expect(JSON.stringify(await world.openCase(reference))).toContain('Au marché de Médine');
  });

  test('calls a second and a third time is counted on the page, and nobody’s phone rings anew', async () => {
    const { person: emma, reference } = await hasCried('Emma');
    for (const cry of ['SOS', 'au secours']) {
      await emma.says(cry);
      await emma.seesText('Nous avons reçu votre nouveau SOS');
    }
    await kadi.seesText(new RegExp(`${reference}.*3e fois`, 's'), { ever: true });
    expect(rings(reference)).toBe(1);
  });

  test('presses SOS on an old menu, long after the alert was closed, is looked for again', async () => {
    const { person: fanta, reference } = await hasCried('Fanta');
    await answersUntil(fanta, /Que voulez-vous faire/, {
      picks: { 'Pouvez-vous continuer': 'Pas maintenant' },
    });
    const menu = fanta.shown().at(-1);
    await fanta.presses('SOS, je suis en danger');
    await fanta.seesText('Nous avons reçu votre nouveau SOS');
    await kadi.says(`je prends ${reference}`);
    await kadi.pressesData(`o:end_resolved:${reference}`);
    await kadi.seesText(`${reference} : close`);
    await world.passes(minutes(90));
    const button = menu?.rows.flat().find(({ text }) => text.includes('SOS'));
    await fanta.pressesData(String(button?.callback_data), menu);
    await fanta.seesText('Nous avons reçu votre nouveau SOS');
    expect(await stateOf(reference)).toMatchObject({ state: 'open' });
    await world.telegram.until(() => rings(reference) === 2);
  });
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
    await hawa.presses('Envoyer');
    const reference = referenceIn((await hawa.seesText(/\d{4} \d{4} \d{4} \d{4}/)).text);
    expect(await stateOf(reference)).toMatchObject({ level: 'critical', repeats: KINDS.length - 1 });
    expect(JSON.stringify(await world.openCase(reference))).toContain('On me suit depuis lundi.');
  });

  test('inside a long sentence is offered, the sentence is kept, and one touch is enough', async () => {
    const issa = await greets(world.person('Issa'));
    const sentence = 'Hier soir des gens ont crié au secours derrière notre bureau';
    await issa.says(sentence);
    await issa.seesText(
      /^Si vous avez besoin d'aide tout de suite.*nous avons gardé vos mots.*Êtes-vous en danger/s,
    );
    await issa.presses('SOS');
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
    const person = world.person('Somebody');
    await person.says(cry);
    await person.seesText('Nous avons reçu votre SOS');
  });

  test.each(['heeelp me', 'Help us please!', 'they are here', 'emergancy', 'they will kill me'])(
    'is understood in English: %s',
    async (cry) => {
      const person = world.person('Somebody', { language: 'en' });
      await person.says(cry);
      await person.seesText('We have received your SOS');
    },
  );
});

test('somebody who touched "not now" and, in the same second, "yes, now" is offered SOS', async () => {
  const kadia = await greets(world.person('Kadia'));
  const asked = kadia.shown().at(-1);
  const touches = async (label: string) => {
    const button = asked?.rows.flat().find(({ text }) => text.includes(label));
    await kadia.pressesData(String(button?.callback_data), asked);
  };
  await Promise.all([touches('Non, pas en ce moment'), touches('Oui, maintenant')]);
  await kadia.seesText(
    /^Si vous avez besoin d'aide tout de suite.*Ce bouton est celui d'une question passée/s,
  );
  await world.passes(seconds(2));
  await kadia.presses('SOS');
  await kadia.seesText('Nous avons reçu votre SOS');
});
