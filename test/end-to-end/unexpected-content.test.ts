/** What people send that is no answer: every time they are told, the question comes again, and nothing is lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import { ODD, type Person } from './messengers/messenger.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { type WhatsApp, whatsapp } from './messengers/whatsapp.ts';
import { afterSos, type Entry, entriesOf, openWorld, referenceIn, type World } from './world.ts';

const partsOf = (entries: readonly Entry[]) =>
  entries.flatMap(({ answer }) => (answer.parts ?? []) as Record<string, unknown>[]);

const replies = (person: Person) => person.screen().filter((line) => line.startsWith('bot: '));

/** A reporter in no danger who is asked for consent: a question that must be answered. */
async function atConsent<P extends Person>(newcomer: P): Promise<P> {
  const person = await greets(newcomer);
  await answersUntil(person, /Acceptez-vous/);
  return person;
}

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  const newcomer = (name: string) => greets(world.person(name));

  describe('a person who sends', () => {
    test('a sticker, something unknown or nothing at all is told so, and asked again', async () => {
      const awa = await atConsent(world.person('Awa'));
      for (const odd of ODD) {
        await awa.sendsOddly(odd);
        await awa.seesText(/^Nous ne pouvons pas lire ce type de message.*Acceptez-vous/s);
      }
      for (const nothing of ['   ', '\u200B\u200D\u2060', '\u202E']) {
        await awa.says(nothing);
        await awa.seesText(/^Votre message est vide.*Acceptez-vous/s);
      }
      await awa.chooses('1. Oui');
      await awa.seesText('sur ce téléphone sans danger');
    });

    test('words, places and films where a choice was asked finds all of it in the case, as it was', async () => {
      const binta = await atConsent(world.person('Binta'));
      const words = [
        '😭😭',
        'سلام عليكم، هددوني',
        '<b>gras</b> & [lien](tg://user?id=1) *_x_*',
        '{{reference}} $t(bot.left) %s',
        "Le maire écrit 'drop table cases; --",
      ];
      for (const each of words) {
        await world.passes(seconds(10));
        await binta.says(each);
        await binta.seesText(/^Merci, nous avons gardé vos mots.*Acceptez-vous/s);
      }
      await binta.sendsLocation(12.6, -8);
      await binta.seesText(/^Merci, nous avons gardé votre position.*Acceptez-vous/s);
      await binta.sendsVideo(Buffer.from('a film'));
      await binta.seesText(/^Merci, nous avons reçu votre fichier.*Acceptez-vous/s);
      expect(partsOf(await afterSos(world, binta))).toMatchObject([
        ...words.map((text) => ({ kind: 'text', text })),
        { kind: 'point', latitude: 12.6, longitude: -8 },
        { kind: 'file', media: 'video' },
      ]);
    });

    test('text that turns around or hides is read by the team without its tricks', async () => {
      const coumba = await atConsent(world.person('Coumba'));
      await coumba.says('\u202Egro\u2066.tset\u0000\u202C \u2060ici');
      await coumba.seesText('nous avons gardé vos mots');
      expect(partsOf(await afterSos(world, coumba))).toMatchObject([{ text: 'gro.tset ici' }]);
    });

    test('a long text, cut in five as Telegram does it, gets one reply, and every letter is kept', async () => {
      const djeneba = await newcomer('Djeneba');
      await answersUntil(djeneba, /Racontez/);
      const story = Array.from({ length: 20_000 }, (_, n) => String.fromCodePoint(97 + (n % 26))).join('');
      const sendsIt = () =>
        world.atOnce(async () => {
          for (let from = 0; from < story.length; from += 4_096)
            await djeneba.says(story.slice(from, from + 4_096));
          await world.isQuiet();
        });
      const before = replies(djeneba).length;
      await sendsIt();
      await djeneba.seesText("C'est noté. Vous pouvez continuer.");
      expect(replies(djeneba)).toHaveLength(before + 1);
      await djeneba.chooses('Terminé');
      await answersUntil(djeneba, /De quoi s'agit-il surtout/);
      // Told again where a choice is asked: no question is burnt by it.
      await sendsIt();
      await djeneba.chooses('Menaces');
      await djeneba.seesText('Quelle réponse est la plus proche');
      const told = partsOf(await afterSos(world, djeneba)).map(({ text }) => text);
      expect(told.join('')).toBe(story + story);
    });

    test('long answers in emoji reads them back in several messages, literally and in whole characters', async () => {
      const emma = await newcomer('Emma');
      const words = `a<i>${'😀'.repeat(400)}`;
      const picks = {
        "De quoi s'agit-il surtout": 'Arrestation',
        'Savez-vous où vous êtes': 'Oui',
        'à une autorité': 'Oui',
        "Y a-t-il eu d'autres menaces": 'Oui',
      };
      const way = { picks, words };
      await answersUntil(emma, /De quoi s'agit-il surtout/, way);
      await answersUntil(emma, /1\. Envoyer/, way);
      const begins = emma.screen().findLastIndex((line) => line.includes('Voici ce que vous avez dit.'));
      const readBack = emma.screen().slice(begins);
      expect(readBack.join('\n')).toMatch(/^bot: Voici ce que vous avez dit\..*a<i>😀.*a<i>😀/s);
      const hasButtons = readBack.map((line) => line.includes('1. Envoyer'));
      expect(hasButtons.length).toBeGreaterThan(1);
      expect(hasButtons.indexOf(true)).toBe(hasButtons.length - 1);
      await emma.chooses('Envoyer');
      const { text } = await emma.seesText('Votre signalement est enregistré');
      const told = entriesOf(await world.openCase(referenceIn(text)));
      expect(told.filter(({ answer }) => answer.text === words).length).toBeGreaterThan(3);
    });

    test('an edit has it added, and a person who edits a message into SOS is heard', async () => {
      const fanta = await newcomer('Fanta');
      await answersUntil(fanta, /Racontez/);
      const said = await fanta.says("C'était lundi");
      const shown = await fanta.sendsPhoto(Buffer.from('a photo'));
      await fanta.chooses('Terminé');
      await answersUntil(fanta, /De quoi s'agit-il surtout/);
      await fanta.edits(said, "C'était mardi");
      await fanta.seesText(/^Votre correction est notée.*De quoi s'agit-il surtout/s);
      // A caption that is put right three times is no answer to the question.
      for (const caption of ['La porte', 'La porte du bureau', 'La porte de notre bureau']) {
        await fanta.edits(shown, caption);
        await fanta.seesText(/^Votre correction est notée.*De quoi s'agit-il surtout/s);
      }
      await fanta.edits(said, 'SOS');
      const { text } = await fanta.seesText('Nous avons reçu votre SOS');
      const told = JSON.stringify(entriesOf(await world.openCase(referenceIn(text))));
      for (const each of ["C'était lundi", "C'était mardi", 'La porte de notre bureau'])
        expect(told).toContain(each);
    });
  });

  describe('a person who shares where they are as they move', () => {
    test('is not written to at every step, and the officers’ team sees the way', async () => {
      const hawa = world.person('Hawa');
      await hawa.says('SOS');
      const reference = referenceIn((await hawa.seesText('Où êtes-vous ?')).text);
      const sent = await hawa.sharesWay(12, -8);
      await hawa.seesText('Est-ce que nous pouvons vous écrire ici');
      // Hers: what becomes of other people's alerts goes on meanwhile.
      const outgoing = async () =>
        (
          await world.database.sql`select 1 from deliveries where contact_id =
            (select id from contacts order by created_at desc limit 1)`
        ).length;
      const before = await outgoing();
      for (const step of [1, 2, 3]) await hawa.moves(sent, 12 + step / 100, -8);
      await world.isQuiet();
      expect(await outgoing()).toBe(before);
      await hawa.chooses('1. Oui');
      await hawa.seesText('Pouvez-vous continuer maintenant ?');
      const told = entriesOf(await world.openCase(reference));
      // Of a way within a minute: where it began, the first move, and where it has come to.
      expect(partsOf(told).map(({ latitude }) => latitude)).toEqual([12, 12.01, 12.03]);
      expect(told).toContainEqual({ step: 'safe', answer: { kind: 'choice', value: 'yes' } });
    });

    test('and has everything erased is not followed any further, and learns how to delete the chat there', async () => {
      const issa = await atConsent(world.person('Issa'));
      const sent = await issa.sharesWay(12, -8);
      await issa.seesText('nous avons gardé votre position');
      await issa.moves(sent, 12.01, -8);
      await issa.says('tout effacer');
      const { text } = await issa.seesText('est effacé de notre service');
      const ownWords = /^(Telegram|WhatsApp)/.exec(messenger.name);
      expect(text).toMatch(ownWords ? `Sur ${ownWords[0]} : dans la liste` : /sur votre téléphone\.\n\n/);
      await issa.moves(sent, 12.02, -8);
      expect(partsOf(await afterSos(world, issa))).toEqual([]);
    });
  });

  describe('a person who sends files', () => {
    test('five photos of one album where a choice was asked gets one reply, and all five are saved', async () => {
      const kadia = await atConsent(world.person('Kadia'));
      const before = replies(kadia).length;
      const photos = [1, 2, 3, 4, 5].map((n) => Buffer.from(`photo ${n}`));
      await world.atOnce(async () => {
        for (const photo of photos) await kadia.sendsPhoto(photo, { album: 'album-1' });
        await world.isQuiet();
      });
      await kadia.seesText(/^Merci, nous avons reçu votre fichier.*Acceptez-vous/s);
      await kadia.seesText('Enregistré : 5 fichiers.');
      const asked = replies(kadia)
        .slice(before)
        .filter((line) => line.includes('Acceptez-vous'));
      expect(asked).toHaveLength(1);
      await kadia.says('SOS');
      const { text } = await kadia.seesText('Nous avons reçu votre SOS');
      const saved = (await world.openFiles(referenceIn(text))).map(String);
      expect(saved.sort()).toEqual(photos.map(String));
    });

    test('one that is too big is told the limit, one that the messenger has lost is asked for again', async () => {
      const mariam = await atConsent(world.person('Mariam'));
      const { mostMegabytes } = world.messenger;
      await mariam.sendsVideo(Buffer.from('long'), { size: (mostMegabytes + 10) * 1_000_000 });
      await mariam.seesText(
        new RegExp(
          `^Ce fichier est trop gros\\. La limite est de ${mostMegabytes} Mo\\..*Acceptez-vous`,
          's',
        ),
      );
      world.messenger.losesNextFile();
      await mariam.sendsVoice(Buffer.from('lost'));
      await mariam.seesText(/Ce fichier n'est plus disponible\. Il n'est pas enregistré\..*encore une fois/s);
      await mariam.sendsVoice(Buffer.from('again'));
      await mariam.seesText('Enregistré : 1 fichier.');
      await mariam.says('SOS');
      const reference = referenceIn((await mariam.seesText('Nous avons reçu votre SOS')).text);
      expect((await world.openFiles(reference)).map(String)).toEqual(['again']);
      expect(JSON.stringify(await world.openCase(reference))).toContain('"what":"file_not_saved"');
    });

    test('a voice note before anything was asked reaches an officer if no answer follows', async () => {
      const oumou = world.person('Oumou');
      await oumou.sendsVoice(Buffer.from('on frappe à la porte'));
      await oumou.seesText(/Choisissez votre langue|Êtes-vous en danger/);
      await world.passes(seconds(121));
      await oumou.seesText(/– transmis\. Vous pouvez écrire/);
      const [row] = await world.database.sql<{ reference: string }[]>`select reference from cases
        where reference is not null order by opened_at desc limit 1`;
      const files = await world.openFiles(row?.reference ?? 'none');
      expect(files.map(String)).toEqual(['on frappe à la porte']);
    });
  });

  describe('a person who answers', () => {
    test('a yes/no question with a thumb that they write has said yes or no', async () => {
      const safi = await atConsent(world.person('Safi'));
      await safi.says('👍🏿');
      await safi.seesText('sur ce téléphone sans danger');
      await safi.says('retour');
      await safi.seesText('Acceptez-vous');
      await safi.reacts('🐘');
      await safi.seesText(/^Nous ne comprenons pas ce signe.*Acceptez-vous/s);
      await safi.says('👎');
      await safi.seesText('Ce que vous avez écrit est effacé de notre service');
    });

    test('with numbers as people type them is understood: a keycap, "1 et 3", "1,3"', async () => {
      const tata = await newcomer('Tata');
      await tata.says('4️⃣');
      await tata.seesText('Comment pouvons-nous vous aider');
      await answersUntil(tata, /Et maintenant, que se passe-t-il/, {
        picks: { "De quoi s'agit-il surtout": 'Menaces' },
      });
      await tata.says('1 et 3');
      await tata.seesText(
        "Vous avez choisi : Cela s'est arrêté, Plusieurs fois en 30 jours. Ajoutez une réponse, ou répondez « Terminé ».",
      );
      await tata.says('1,4');
      await tata.seesText(/Vous avez choisi : .*Cela devient plus grave/);
      await tata.says('Terminé');
      await tata.seesText("Y a-t-il eu d'autres menaces");
      const course = (await afterSos(world, tata)).filter(({ step }) => step === 'course');
      expect(JSON.stringify(course)).toContain('several_30_days');
    });
  });
});

describe('on Telegram only,', () => {
  let world: World<Telegram>;
  beforeAll(async () => {
    world = await openWorld(telegram);
  });
  afterAll(() => world?.close());

  test('a die, a story, the name of a place and a round film are handled, and nothing is sent as markup', async () => {
    const awa = await atConsent(world.person('Awa'));
    for (const wire of [{ dice: { emoji: '🎲', value: 3 } }, { story: { id: 1 } }]) {
      await awa.phone.sends(wire);
      await awa.seesText(/^Nous ne pouvons pas lire ce type de message.*Acceptez-vous/s);
    }
    const location = { latitude: 16.77, longitude: -3 };
    await awa.phone.sends({ venue: { location, title: 'Mosquée', address: 'Kati' }, location });
    await awa.seesText(/^Merci, nous avons gardé votre position.*Acceptez-vous/s);
    await awa.phone.sends({ video_note: { file_id: 'note-1', file_size: 10, duration: 2, length: 240 } });
    await awa.seesText(/^Merci, nous avons reçu votre fichier.*Acceptez-vous/s);
    expect(partsOf(await afterSos(world, awa))).toMatchObject([
      { kind: 'point', ...location },
      { kind: 'text', text: 'Mosquée, Kati' },
      { kind: 'file', media: 'video' },
    ]);
    const { fake } = world.messenger;
    expect(fake.callsOf('sendMessage').some((params) => 'parse_mode' in params)).toBe(false);
  });

  test('a thumb under a notice of ours is no yes, and they are asked again', async () => {
    const safi = await atConsent(world.person('Safi'));
    await safi.sendsVideo(Buffer.from('a film'));
    await safi.seesText('Enregistré : 1 fichier.', { ever: true });
    await safi.reacts('👍');
    await safi.seesText(/^Nous ne comprenons pas ce signe.*Acceptez-vous/s);
  });
});

describe('on WhatsApp only,', () => {
  let world: World<WhatsApp>;
  beforeAll(async () => {
    world = await openWorld(whatsapp);
  });
  afterAll(() => world?.close());

  test('words and a photo that are set to disappear are kept, and what is to be seen once is asked for again', async () => {
    const awa = await atConsent(world.person('Awa'));
    await awa.phone.letsDisappear(86_400);
    await awa.says('On me suit');
    await awa.seesText(
      /^Si vous avez besoin d'aide tout de suite, répondez SOS\.\s+Merci, nous avons gardé vos mots.*Acceptez-vous/s,
    );
    await awa.phone.sendsPhoto(Buffer.from('seen once'), { viewOnce: 'sent' });
    await awa.seesText(/^Merci, nous avons reçu votre fichier.*Acceptez-vous/s);
    await awa.phone.sendsPhoto(Buffer.from('withheld'), { viewOnce: 'withheld' });
    await awa.seesText(/^Nous ne pouvons pas voir ce qui est envoyé en « vue unique ».*Acceptez-vous/s);
    await awa.seesText('Enregistré : 1 fichier.', { ever: true });
    await awa.says('SOS');
    const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
    expect((await world.openFiles(reference)).map(String)).toEqual(['seen once']);
    expect(JSON.stringify(await world.openCase(reference))).toContain('On me suit');
  });

  test('a call is declined in words, whatever is being asked', async () => {
    const binta = await atConsent(world.person('Binta'));
    await binta.phone.seesCallEnd(binta.phone.calls());
    await binta.seesText('Acceptez-vous');
  });

  test('a thumb under an older question is no answer to the present one', async () => {
    const coumba = await greets(world.person('Coumba'));
    const danger = coumba.newest();
    await answersUntil(coumba, /Acceptez-vous/);
    await coumba.phone.reacts('👍', danger);
    await coumba.seesText(/ancienne question.*Acceptez-vous/s);
  });
});
