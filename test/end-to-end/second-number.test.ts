/** WhatsApp cuts the number off that everybody knows: the service goes on with the one that was linked ahead. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseKeyring } from '../../src/crypto/keyring.ts';
import type { LakanaError } from '../../src/kernel/errors.ts';
import { createLog } from '../../src/kernel/log.ts';
import { entrance } from '../../src/messengers/whatsapp/entrance.ts';
import { switchNumbers } from '../../src/messengers/whatsapp/switch.ts';
import { whatsappAt } from '../live-config.ts';
import { type WhatsApp, whatsappWithStandby } from './messengers/whatsapp.ts';
import { lineWith, type Someone, twoNumbers, WORDS, wordsIn } from './two-numbers.ts';
import { openWorld, referenceIn, type World } from './world.ts';

let world: World<WhatsApp>;
beforeAll(async () => {
  world = await openWorld(whatsappWithStandby);
  await world.messenger.fake.other.isReady();
});
afterAll(() => world?.close());

const { bySecond, cries } = twoNumbers(() => world);
const inUse = async () => (await world.database.sql`select * from channel_numbers`)[0];

let kadi: Someone;
let awa: { person: Someone; reference: string };
let binta: { person: Someone; reference: string };
let coumba: { person: Someone; reference: string };
let words: string;

test('who agrees to be written to is given two words, and can ask for them again; who does not is given none', async () => {
  kadi = await world.enrolOfficer('Kadi', 'supervisor');
  awa = await cries('Awa', 'Oui');
  words = wordsIn((await awa.person.seesText(WORDS)).text);
  expect(words).toMatch(/^\S+ \S+$/);
  await awa.person.says('statut');
  expect((await awa.person.seesText(`vos deux mots : « ${words} »`)).text).toContain(awa.reference);
  binta = await cries('Binta', 'Non');
  coumba = await cries('Coumba', '');
  await binta.person.says('statut');
  await binta.person.seesText(binta.reference);
  await kadi.says(`prendre ${binta.reference}`);
  await kadi.seesText('À VOUS');
  for (const { person } of [binta, coumba]) expect(person.screen().join('\n')).not.toMatch(/deux mots/);
  // Nothing of the words stands in the clear.
  const states = await world.database.sql`select encode(state_sealed, 'escape') as said from conversations`;
  expect(JSON.stringify(states)).not.toContain(words);
});

test('a number that stands by takes over when the handset of the first has unlinked us: one line to who agreed, with the words', async () => {
  const { fake } = world.messenger;
  fake.blocks(fake.account, 401);
  await awa.person.seesText(`Vos deux mots : « ${words} »`, { ever: true, times: 2, within: 60_000 });
  expect(bySecond(awa.person)).toEqual([lineWith(words)]);
  expect(await inUse()).toMatchObject({ channel: 'whatsapp', because: 'logged_out' });
});

test('the supervisor is told by the second number what to do, and which persons hear nothing from it', async () => {
  const told = await kadi.seesText('le service continue avec le deuxième numéro, +223 70 00 00 02', {
    ever: true,
  });
  expect(told.text).toContain('Publiez +223 70 00 00 02');
  await kadi.seesText(`${binta.reference} : le numéro que la personne connaît est coupé`, { ever: true });
  expect(kadi.screen().join('\n')).not.toContain(`${awa.reference} : le numéro`);
  expect(bySecond(kadi).length).toBeGreaterThanOrEqual(2);
});

test('a person who did not agree gets nothing from the second number, whatever an officer sends', async () => {
  kadi.phone.writesTo(world.messenger.fake.other.account);
  await kadi.says(`prendre ${coumba.reference}`);
  await kadi.seesText(
    "Le numéro que la personne connaît est coupé, et elle n'a pas été prévenue de l'autre.",
  );
  await kadi.says(`parler ${coumba.reference}`);
  await kadi.seesText(/le numéro que la personne connaît est coupé/, { ever: true });
  for (const { person } of [binta, coumba]) expect(bySecond(person)).toEqual([]);
});

test('who writes to the second number is answered by it, and is the same person', async () => {
  const { other } = world.messenger.fake;
  awa.person.phone.writesTo(other.account);
  await awa.person.says('statut');
  await awa.person.seesText(awa.reference);
  expect(bySecond(awa.person).at(-1)).toContain(awa.reference);
  binta.person.phone.writesTo(other.account);
  await binta.person.says('statut');
  await binta.person.seesText(binta.reference);
});

test('a person who has never written writes to it by themselves: it answers as the line, and pages go out from it', async () => {
  const djeneba = world.person('Djeneba');
  djeneba.phone.writesTo(world.messenger.fake.other.account);
  await djeneba.says('SOS');
  const reference = referenceIn((await djeneba.seesText('Nous avons reçu votre SOS')).text);
  await kadi.seesText(`CRITIQUE · ${reference}`);
  expect(bySecond(kadi).join('\n')).toContain(`CRITIQUE · ${reference}`);
});

test('the number in use is the one that is published', async () => {
  const at = { db: world.ctx().db, keyring: parseKeyring(world.serverKey) };
  expect(await entrance.known(whatsappAt(''), at)).toMatchObject({ shown: '+223 70 00 00 02' });
});

test('a first number that comes back takes nothing over: what people write to it is answered, by it alone', async () => {
  const { fake } = world.messenger;
  await world.stops();
  fake.admits(fake.account);
  // As if the block had ended: the session is whole.
  await world.starts();
  await fake.other.isReady();
  const before = bySecond(coumba.person).length;
  await coumba.person.says('statut');
  await coumba.person.seesText(coumba.reference);
  expect(bySecond(coumba.person)).toHaveLength(before);
  expect(await inUse()).toMatchObject({ because: 'logged_out' });
  expect(
    await entrance.known(whatsappAt(''), { db: world.ctx().db, keyring: parseKeyring(world.serverKey) }),
  ).toMatchObject({
    shown: '+223 70 00 00 02',
  });
});

test('the operator decides that the first one is in use again: it is published, and each person is answered where they write', async () => {
  const { database } = world;
  const keyring = parseKeyring(world.serverKey);
  const at = { own: whatsappAt(''), database, keyring, timeZone: 'Africa/Bamako', log: createLog('silent') };
  const decides = () =>
    switchNumbers({ ...at, now: new Date() }).catch(({ code }: LakanaError) => ({ json: code }));
  // It is decided only once that number is seen to work.
  await expect.poll(async () => (await decides()).json).toEqual({ switched: true, numberEndsIn: '01' });
  expect(await entrance.known(whatsappAt(''), { db: database.db, keyring })).toMatchObject({
    shown: '+223 70 00 00 01',
  });
  const before = bySecond(awa.person).length;
  await awa.person.says('statut');
  await awa.person.seesText(awa.reference);
  expect(bySecond(awa.person).length).toBeGreaterThan(before);
});
