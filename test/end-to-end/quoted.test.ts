/** Replies to an earlier question, as each messenger marks them: the question that is quoted is the one that is answered. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person, Seen } from './messengers/messenger.ts';
import { type WhatsApp, whatsapp } from './messengers/whatsapp.ts';
import { afterSos, openWorld, type World } from './world.ts';

/** A reporter who was asked for danger, and is asked for consent now. */
async function atConsent<P extends Person>(newcomer: P): Promise<{ person: P; danger: Seen }> {
  const person = await greets(newcomer);
  const danger = person.newest();
  await answersUntil(person, /Acceptez-vous/);
  return { person, danger };
}

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  test('a number under an old question answers that one, and the present one is asked again', async () => {
    const { person: awa, danger } = await atConsent(world.person('Awa'));
    await awa.quotes(danger, '3');
    await awa.seesText(/^C'est noté pour la question à laquelle vous répondez.*Acceptez-vous/s);
    expect(JSON.stringify(await afterSos(world, awa))).toContain('within_days');
  });

  test('words under an old choice are kept, and the present question is none the wiser', async () => {
    const { person: binta, danger } = await atConsent(world.person('Binta'));
    await binta.quotes(danger, 'ils sont passés hier');
    await binta.seesText(/^Nous avons gardé vos mots sur une ancienne question.*Acceptez-vous/s);
    await binta.chooses('1. Oui');
    expect(JSON.stringify(await afterSos(world, binta))).toContain('ils sont passés hier');
  });

  test('"1. Yes, now" under the old danger question is an alert', async () => {
    const { person: coumba, danger } = await atConsent(world.person('Coumba'));
    await coumba.quotes(danger, '1');
    await coumba.seesText(/Référence|dossier/i);
    await coumba.seesText('Où êtes-vous');
  });

  test('words under the account that was told are added to it', async () => {
    const djeneba = await greets(world.person('Djeneba'));
    const account = await answersUntil(djeneba, /Racontez/);
    await djeneba.says('On me suit.');
    await djeneba.seesText("C'est noté");
    await djeneba.chooses('Terminé');
    await djeneba.seesText(/./, { choices: true });
    await djeneba.quotes(account, 'Une voiture grise.');
    await djeneba.seesText(/^C'est noté pour la question à laquelle vous répondez/);
    const told = (await afterSos(world, djeneba)).filter(({ step }) => step === 'account');
    expect(JSON.stringify(told)).toMatch(/On me suit.*Une voiture grise/s);
  });

  test('what is quoted of two days ago and more answers nothing', async () => {
    const { person: emma, danger } = await atConsent(world.person('Emma'));
    await world.isQuiet();
    // What is just leaving may be what is quoted: then a reply answers what is asked now.
    const leaving = () => world.database.sql`select id from deliveries where state in ('queued', 'sending')`;
    await expect.poll(leaving).toHaveLength(0);
    await world.database.sql`update deliveries set message_ref_index = null, message_ref_sealed = null`;
    await emma.quotes(danger, '1');
    await emma.seesText(/ancienne question.*Acceptez-vous/s);
    await emma.chooses('1. Oui');
    await emma.seesText(/./);
  });

  test('a thumb under a yes/no question has said yes or no', async () => {
    const { person: safi } = await atConsent(world.person('Safi'));
    await world.passes(seconds(2));
    await safi.reacts('👎');
    await safi.seesText('Ce que vous avez écrit est effacé de notre service');
  });
});

describe('on WhatsApp only,', () => {
  let world: World<WhatsApp>;
  beforeAll(async () => {
    world = await openWorld(whatsapp);
  });
  afterAll(() => world?.close());

  test('a reply to a message of their own is an answer to the present question', async () => {
    const { person: awa } = await atConsent(world.person('Awa'));
    const contextInfo = { stanzaId: '3AOWN', participant: awa.phone.jid };
    await awa.phone.sends({ extendedTextMessage: { text: 'oui', contextInfo } });
    await awa.seesText(/^(?!.*ancienne question)/s);
    expect(awa.newest().text).not.toContain('Acceptez-vous');
  });

  test('a voice note in reply to the account is added to it', async () => {
    const binta = await greets(world.person('Binta'));
    const account = await answersUntil(binta, /Racontez/);
    await binta.says('On me suit.');
    await binta.seesText("C'est noté");
    await binta.chooses('Terminé');
    await binta.seesText(/./, { choices: true });
    await binta.phone.sendsVoice(Buffer.from('a voice'), { quoted: { id: account.id } });
    await binta.seesText(/^C'est noté pour la question à laquelle vous répondez/);
    await binta.seesText('Enregistré : 1 fichier.', { ever: true });
  });
});
