/** What stands beside a file or a place, and what comes as a card: on every messenger it is in the case. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { telegram } from './messengers/telegram.ts';
import { type WhatsApp, whatsapp } from './messengers/whatsapp.ts';
import { entriesOf, openWorld, referenceIn, type World } from './world.ts';

/** A reporter in no danger who is asked for consent: a question that is answered by a choice. */
async function atConsent<P extends Person>(newcomer: P): Promise<P> {
  const person = await greets(newcomer);
  await answersUntil(person, /Acceptez-vous/);
  return person;
}

/** The words in the case, in order, of a person who has called for help. */
async function toldIn(world: Pick<World, 'openCase'>, seen: { text: string }): Promise<string[]> {
  const entries = entriesOf(await world.openCase(referenceIn(seen.text)));
  const parts = entries.flatMap(({ answer }) => (answer.parts ?? []) as { kind: string; text?: string }[]);
  return parts.map(({ kind, text }) => text ?? kind);
}

const afterSos = async (person: Person): Promise<{ text: string }> => {
  await person.says('SOS');
  return person.seesText('Nous avons reçu votre SOS');
};

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  test('a photo with a cry for help under it is an SOS at once, with the photo', async () => {
    const awa = await atConsent(world.person('Awa'));
    await awa.sendsPhoto(Buffer.from('the door'), { caption: 'SOS ils sont devant la porte' });
    const seen = await awa.seesText('Nous avons reçu votre SOS');
    expect(await toldIn(world, seen)).toEqual(['file', 'SOS ils sont devant la porte']);
    await awa.seesText('Enregistré : 1 fichier.', { ever: true });
    expect((await world.openFiles(referenceIn(seen.text))).map(String)).toEqual(['the door']);
  });

  test('the name of a place and a contact card are read in the case', async () => {
    const binta = await atConsent(world.person('Binta'));
    await binta.sendsLocation(12.6, -8, { name: 'Mosquée', address: 'Kati' });
    await binta.seesText(/^Merci, nous avons gardé votre position.*Acceptez-vous/s);
    await binta.sendsContact('Moussa', '+223 70 00 00 00');
    await binta.seesText(/^Merci, nous avons gardé ce contact.*si elle est d'accord.*Acceptez-vous/s);
    expect(await toldIn(world, await afterSos(binta))).toEqual([
      'point',
      'Mosquée, Kati',
      'Moussa, +223 70 00 00 00',
    ]);
  });

  test('words that are changed under a photo are added, and the photo is fetched once', async () => {
    const coumba = await atConsent(world.person('Coumba'));
    const photo = await coumba.sendsPhoto(Buffer.from('a wall'), { caption: 'Le mur' });
    await coumba.seesText('nous avons reçu votre fichier');
    await coumba.edits(photo, 'Le mur du bureau');
    await coumba.seesText('Votre correction est notée');
    await coumba.seesText('Enregistré : 1 fichier.', { ever: true });
    const seen = await afterSos(coumba);
    expect(await toldIn(world, seen)).toEqual(['file', 'Le mur', 'Le mur du bureau']);
    expect((await world.openFiles(referenceIn(seen.text))).map(String)).toEqual(['a wall']);
    const [{ noted }] = await world.database.sql<[{ noted: number }]>`
      select count(*)::int as noted from evidence where case_id =
        (select id from cases where reference = ${referenceIn(seen.text)})`;
    expect(noted).toBe(1);
  });
});

describe('on Telegram only,', () => {
  test('what a poll asks and what a list says are kept as words', async () => {
    const world = await openWorld(telegram);
    const awa = await atConsent(world.person('Awa'));
    await awa.phone.sends({ poll: { id: '1', question: 'Qui était là ?', options: [{ text: 'Lui' }] } });
    await awa.seesText(/^Merci, nous avons gardé vos mots.*Acceptez-vous/s);
    await awa.phone.sends({
      checklist: { title: 'Ce qui manque', tasks: [{ id: 1, text: 'Le téléphone' }] },
    });
    await awa.seesText(/^Merci, nous avons gardé vos mots.*Acceptez-vous/s);
    expect(await toldIn(world, await afterSos(awa))).toEqual([
      'Qui était là ?\nLui',
      'Ce qui manque\nLe téléphone',
    ]);
    await world.close();
  });

  test('a photo that is put in the place of another one is fetched too', async () => {
    const world = await openWorld(telegram);
    const awa = await atConsent(world.person('Awa'));
    const wires = () => awa.phone.room.messages.filter(({ wire }) => 'photo' in wire);
    const first = await awa.phone.sendsPhoto(Buffer.from('one'), { caption: 'la cour' });
    await awa.seesText('nous avons reçu votre fichier');
    await world.passes(seconds(10));
    await awa.phone.sendsPhoto(Buffer.from('two'));
    await awa.seesText('Acceptez-vous');
    await awa.phone.edits(first, wires()[1]?.wire ?? {});
    const seen = await afterSos(awa);
    await awa.seesText('Enregistré : 3 fichiers.', { ever: true });
    expect((await world.openFiles(referenceIn(seen.text))).map(String)).toEqual(['one', 'two', 'two']);
    await world.close();
  });
});

describe('on WhatsApp only,', () => {
  let world: World<WhatsApp>;
  beforeAll(async () => {
    world = await openWorld(whatsapp);
  });
  afterAll(() => world?.close());

  test('an album is its pictures: what announces it is no message, and gets no answer', async () => {
    const awa = await atConsent(world.person('Awa'));
    await awa.phone.sends({ albumMessage: { expectedImageCount: 1 } });
    await awa.sendsPhoto(Buffer.from('one'), { caption: 'la cour' });
    await awa.seesText(/^Merci, nous avons reçu votre fichier.*Acceptez-vous/s);
    expect(awa.screen().join('\n')).not.toContain('ne pouvons pas lire');
  });

  test('two contacts in one message are two lines, and where a place is shared live its words are kept', async () => {
    const binta = await atConsent(world.person('Binta'));
    const vcard = (name: string) => `BEGIN:VCARD\nFN:${name}\nTEL:+223 70 00 00 00\nEND:VCARD`;
    const contacts = ['Moussa', 'Oumar'].map((name) => ({ displayName: name, vcard: vcard(name) }));
    await binta.phone.sends({ contactsArrayMessage: { displayName: '2 contacts', contacts } });
    await binta.seesText('nous avons gardé ce contact');
    await binta.phone.sends({
      liveLocationMessage: { degreesLatitude: 12, degreesLongitude: -8, caption: 'on me suit' },
    });
    await binta.seesText('nous avons gardé votre position');
    expect(await toldIn(world, await afterSos(binta))).toEqual([
      'Moussa, +223 70 00 00 00\nOumar, +223 70 00 00 00',
      'point',
      'on me suit',
    ]);
  });

  test('a sealed edit is read, and one that cannot be read is asked for again', async () => {
    const coumba = await atConsent(world.person('Coumba'));
    const sent = await coumba.says('On me suit depuis lundi');
    await coumba.seesText('nous avons gardé vos mots');
    await coumba.phone.editsSealed(sent, 'On me suit depuis mardi');
    await coumba.seesText(
      /^Si vous avez besoin d'aide tout de suite, répondez SOS\.\s+Votre correction est notée.*Acceptez-vous/s,
    );
    for (const _ of [1, 2]) {
      await coumba.phone.editsSealed({ id: '3AUNKNOWN' }, 'jeudi');
      await coumba.seesText(/^Nous n'avons pas pu lire votre correction\. Écrivez-la.*Acceptez-vous/s);
    }
    await coumba.phone.editsSealed(sent, 'SOS');
    const told = await toldIn(world, await coumba.seesText('Nous avons reçu votre SOS'));
    expect(told).toEqual(['On me suit depuis lundi', 'On me suit depuis mardi']);
  });
});
