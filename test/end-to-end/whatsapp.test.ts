/** What only the WhatsApp channel does: what it leaves behind, who is who, and what happens when it is cut off. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';
import { answersUntil, greets } from './answering.ts';
import type { Person } from './messengers/messenger.ts';
import { onTelegram, onTelegramAt } from './messengers/telegram.ts';
import { type WhatsApp, whatsapp } from './messengers/whatsapp.ts';
import { openWorld, referenceIn, textOf, type World } from './world.ts';

let world: World<WhatsApp>;
/** The same service is on Telegram too. */
let telegram: FakeTelegram;
beforeAll(async () => {
  telegram = await startFakeTelegram();
  world = await openWorld(whatsapp, { config: onTelegramAt(telegram) });
});
afterAll(async () => {
  await world?.close();
  await telegram?.close();
});

test('what is said after an SOS stands neither on the officer’s phone nor in the clear in any table or log', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  const awa = world.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  await kadi.seesText(`CRITIQUE · ${reference}`);
  await kadi.chooses('Je prends');
  await kadi.seesText('À VOUS depuis');
  await awa.says('Kati, derrière le marché');
  await awa.seesText('écrire ici sans danger');
  const said = JSON.stringify(await world.openCase(reference));
  expect(said).toContain('Kati, derrière le marché');
  // Nothing of it on the officer's phone, in the log, or in the table of what was decrypted.
  expect(kadi.screen().join('\n')).not.toContain('Kati, derrière');
  expect(world.logged.join('')).not.toMatch(/Kati|SOS|2237600000|20000000000000/);
  await world.isQuiet();
  expect(
    await foundInTables(['Kati, derrière', awa.phone.number, awa.account, kadi.phone.number, 'Kadi']),
  ).toEqual([]);
  // It would be found: what stands there in the clear is.
  expect(await foundInTables([reference])).toContain(`cases: ${reference}`);
});

test('officers are told in one message who has taken an alert: by its controls, by name, or by a line under the page', async () => {
  const salif = await world.enrolOfficer('Salif', 'supervisor');
  const binta = await world.enrolOfficer('Binta');
  const issa = await world.enrolOfficer('Issa');
  const awa = world.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  const about = (person: Person) => person.screen().filter((line) => line.includes(reference));
  const officers = [salif, binta, issa];
  for (const officer of officers) await officer.seesText(`CRITIQUE · ${reference}`, { ever: true });
  await binta.chooses('Je prends');
  await binta.seesText('À VOUS');
  await salif.seesText(`${reference} : prise par Binta`, { ever: true });
  await issa.seesText('Prise par Binta', { ever: true });
  await world.isQuiet();
  expect(officers.map((officer) => about(officer).length)).toEqual([2, 2, 2]);
});

/** Where these words stand in the clear, in any row of any table, as text or as bytes. */
async function foundInTables(words: readonly string[]): Promise<string[]> {
  const { sql } = world.database;
  const tables = await sql<{ schema: string; name: string }[]>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`;
  const found: string[] = [];
  for (const { schema, name } of tables) {
    const rows = await sql<{ all: string }[]>`select t::text as all from ${sql(schema)}.${sql(name)} t`;
    const text = rows.map((row) => row.all).join('\n');
    for (const word of words)
      if (text.includes(word) || text.includes(Buffer.from(word).toString('hex')))
        found.push(`${name}: ${word}`);
  }
  return found;
}

test('people known now by LID and now by number, while the service is down, stay who they are, each word once and in order', async () => {
  const contacts = async () => (await world.database.sql`select 1 from contacts`).length;
  const before = await contacts();
  const people = Array.from({ length: 10 }, (_, n) => world.person(`P${n}`));
  for (const person of people) await person.says('SOS');
  const references: string[] = [];
  for (const person of people)
    references.push(referenceIn((await person.seesText('Nous avons reçu votre SOS')).text));
  await world.stops();
  for (let word = 1; word <= 20; word++)
    for (const [n, person] of people.entries()) {
      // Known by LID, then by number, in turn: one person all the same.
      person.phone.isAddressedBy(word % 3 === 0 ? 'number' : 'lid');
      await person.says(`mot ${word} de ${n}`);
    }
  await world.starts();
  await world.isQuiet(60_000);
  const wanted = Array.from({ length: 20 }, (_, n) => n + 1);
  for (const [n, reference] of references.entries()) {
    const said = textOf(await world.openCase(reference));
    const words = [...said.matchAll(/mot (\d+) de (\d+)/g)];
    expect(words.map(([, word]) => Number(word))).toEqual(wanted);
    expect(new Set(words.map(([, , who]) => who))).toEqual(new Set([String(n)]));
  }
  expect(await contacts()).toBe(before + people.length);
}, 120_000);

test('an SOS is answered in the end, however often WhatsApp hangs up on the answer', async () => {
  const awa = world.person('Awa');
  world.messenger.fake.fail({ on: 'message', with: 'drop', times: 5, to: awa.phone });
  await awa.says('SOS');
  await awa.seesText('Nous avons reçu votre SOS', { within: 90_000 });
});

test('who writes from a new phone begins anew: nothing of before is shown, and SOS rings at once', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  const awa = world.person('Awa');
  await awa.says('SOS');
  const first = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  await kadi.seesText(first);
  await kadi.chooses('Je prends');
  await kadi.seesText('À VOUS');
  await awa.says('Kati, derrière le marché');
  await awa.seesText('écrire ici sans danger');
  awa.phone.reinstalls();
  await awa.says('statut');
  await awa.seesText('pas de dossier ouvert');
  await awa.says('SOS');
  const second = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  expect(second).not.toBe(first);
  await kadi.seesText(second);
  const screen = awa.screen().join('\n');
  expect(screen.slice(screen.indexOf('statut'))).not.toContain(first);
  // The officer who has the earlier case hears that the person cannot be reached there any more, and why.
  await kadi.seesText(`${first} : le compte de la personne est sur un autre téléphone.`, { ever: true });
  await kadi.says(`parler ${first}`);
  await kadi.seesText(/pas envoyé\. Ici on ne peut plus lui écrire/, { ever: true });
});

test('an officer’s new phone is no officer before it is enrolled again, and the page goes to another officer', async () => {
  const salif = await world.enrolOfficer('Salif');
  const moussa = await world.enrolOfficer('Moussa');
  moussa.phone.reinstalls();
  await moussa.says('liste');
  await moussa.seesText('Choisissez votre langue');
  const awa = world.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  await salif.seesText(reference);
  expect(moussa.screen().join('\n')).not.toContain(reference);
});

test('what the person deletes is erased here, but not from the case', async () => {
  const awa = world.person('Awa');
  await greets(awa);
  await answersUntil(awa, /Racontez/);
  const words = await awa.says('Ils sont venus la nuit.');
  await awa.seesText("C'est noté");
  await awa.phone.deletes(words);
  await awa.seesText('effacé de notre service aussi');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS')).text);
  const place = await awa.says('Kati, derrière le marché');
  await awa.seesText('écrire ici sans danger');
  await awa.phone.deletes(place);
  await awa.seesText(`déjà dans votre dossier ${reference}`);
  const said = JSON.stringify(await world.openCase(reference));
  expect(said).toContain('Kati');
  expect(said).not.toContain('la nuit');
});

test('a call is declined, and how to get help is told; what became of each answer is known', async () => {
  const awa = world.person('Awa');
  await awa.says('bonjour');
  await awa.seesText('Êtes-vous en danger maintenant');
  await awa.phone.seesCallEnd(awa.phone.calls());
  await awa.seesText('Ici, les appels ne sont pas pris');
  awa.phone.reads();
  const fates = () =>
    world.database.sql`select 1 from deliveries where read_at is not null and delivered_at is not null`;
  await expect.poll(async () => (await fates()).length).toBeGreaterThan(0);
});

test('when the handset has disconnected us, an officer on Telegram is told what to do, and reports arrive there', async () => {
  const issa = onTelegram(telegram.person('Issa'));
  await issa.says(`/start ${await world.codeFor('Issa')}`);
  await issa.chooses('Je suis de garde');
  await issa.seesText('Vous êtes de garde');
  world.messenger.fake.handset.unlinks();
  await issa.seesText('./lakana whatsapp pair', { ever: true });
  const awa = onTelegram(telegram.person('Awa'));
  await awa.says('SOS');
  await awa.seesText('Nous avons reçu votre SOS');
  await issa.seesText('CRITIQUE');
});
