/** The main job, through the whole service: real HTTP to a Bot API server, real PostgreSQL, real keys and jobs. */

import { afterEach, describe, expect, test } from 'vitest';

import type { Person } from '../fakes/telegram/person.ts';
import { MODES, openWorld, REFERENCE, referenceIn, type World } from './world.ts';

let world: World;
afterEach(() => world?.close());

/** Answers every question with its first option, the account in words and a voice note; returns the last screen. */
async function reports(person: Person, account: string, voice?: Uint8Array): Promise<string> {
  for (let screens = 0; screens < 80; screens++) {
    const seen = await person.seesText(/./);
    const labels = seen.rows.flat().map((button) => button.text);
    if (/Racontez/.test(seen.text)) {
      await person.says(account);
      if (voice) {
        await person.sendsVoice(voice);
        await person.seesText(/Enregistré : 1/);
      }
      await person.presses('Terminé');
    } else if (labels.some((label) => /Envoyer/.test(label))) {
      await person.presses('Envoyer');
      return (await person.seesText(/\d{4} \d{4} \d{4} \d{4}/)).text;
    } else if (/Êtes-vous en danger maintenant/.test(seen.text))
      await person.presses('Non, pas en ce moment');
    else if (labels.includes('Passer')) await person.presses('Passer');
    else await person.presses(labels[0] ?? 'Terminé');
  }
  throw new Error(`the report has no end:\n${person.screen().slice(-3).join('\n')}`);
}

describe.each(MODES)('by %s', (mode) => {
  test('a defender reports what happened, and only the team can read it', async () => {
    world = await openWorld(mode);
    const awa = world.person('Awa');
    await awa.says('/start');
    await awa.seesText('Choisissez votre langue');
    const voice = Buffer.from('a voice note '.repeat(5_000));
    const last = await reports(awa, 'Deux hommes ont suivi ma moto.', voice);
    const reference = referenceIn(last);
    const items = await world.openCase(reference);
    const said = JSON.stringify(items);
    // The voice note was there before the report was sent.
    expect(items.map(({ kind }) => kind)).toEqual(['evidence', 'report']);
    expect(said).toContain('Deux hommes ont suivi ma moto.');
    expect(said).toContain('"step":"consent"');
    expect(said).toContain(String(awa.id));
    expect(await world.openFiles(reference)).toEqual([voice]);
    await world.isQuiet();
  });

  test('an SOS rings an officer, who takes it, and the answers come back', async () => {
    world = await openWorld(mode);
    const supervisor = await world.enrolOfficer('Salif', 'supervisor');
    const kadi = await world.enrolOfficer('Kadi');
    const issa = await world.enrolOfficer('Issa');
    const awa = world.person('Awa');
    await awa.says('SOS');
    const reference = referenceIn((await awa.seesText(/SOS/)).text);
    await Promise.all([kadi.seesText(reference), issa.seesText(reference)]);

    // Both press at once: one has it, and everybody who was paged sees who and when.
    await Promise.all([kadi.presses('Je prends'), issa.presses('Je prends')]);
    await Promise.all([kadi.seesText(/prise|Prise|À VOUS/), issa.seesText(/prise|Prise|À VOUS/)]);
    const hasIt = (person: Person) => person.screen().some((line) => line.includes('À VOUS'));
    await world.telegram.until(() => [kadi, issa].some(hasIt));
    const takers = [kadi, issa].filter(hasIt);
    expect(takers).toHaveLength(1);
    await supervisor.seesText(new RegExp(`${reference}[^]*prise par`, 'i'), { ever: true });

    await awa.says('Kati, derrière le marché');
    await awa.presses('Oui');
    await awa.says('statut');
    await awa.seesText(/s'en occupe depuis \d\d:\d\d/);
    const [taker] = takers;
    await taker?.presses('pouvez-vous parler');
    await awa.seesText(/parler/);
    await awa.says('Oui, je peux parler');
    await taker?.seesText(`Nouvelles réponses dans ${reference}`, { within: 15_000 });
    const said = JSON.stringify(await world.openCase(reference));
    expect(said).toContain('Kati, derrière le marché');
    expect(said).toContain('Oui, je peux parler');
    expect(said).toContain('"kind":"phrase"');
  });
});

test('in a group the bot says once that it only talks in private', async () => {
  world = await openWorld('polling');
  const group = world.telegram.group('Comité');
  const awa = world.person('Awa');
  await awa.saysIn(group, '/start@lakana_test_bot');
  await world.telegram.sawCall((call) => call.method === 'sendMessage');
  await awa.saysIn(group, '/start@lakana_test_bot');
  await world.isQuiet();
  const said = world.telegram.callsOf('sendMessage').map((params) => String(params.text));
  expect(said).toEqual(['Je réponds seulement en privé. Écrivez-moi directement.']);
});

test('an SOS again joins the alert, and the officers see how often', async () => {
  world = await openWorld('polling');
  const kadi = await world.enrolOfficer('Kadi');
  const awa = world.person('Awa');
  await awa.says('SOS');
  const reference = referenceIn((await awa.seesText(/SOS/)).text);
  await kadi.seesText(reference);
  await awa.says('SOS');
  await awa.seesText(/./);
  await awa.says('sos');
  await kadi.seesText(/redemande : 3e fois/, { ever: true });
  const rows = await world.database.sql`select count(*)::int as n from alerts`;
  expect(rows[0]?.n).toBe(1);
});

test('two processes on one database: every word once and in order, whichever of them takes it', async () => {
  world = await openWorld('polling', { services: 2 });
  const people = Array.from({ length: 12 }, (_, n) => world.person(`P${n}`));
  for (const person of people) await person.says('SOS');
  for (const person of people) await person.seesText('Où êtes-vous ?');
  for (let n = 1; n <= 6; n++) for (const person of people) await person.says(`mot ${n} de ${person.id}`);
  await world.isQuiet(30_000);
  const cases = await world.database.sql<{ reference: string }[]>`select reference from cases`;
  expect(cases).toHaveLength(people.length);
  const told = await Promise.all(
    cases.map(async ({ reference }) => {
      const words = JSON.stringify(await world.openCase(reference)).match(/mot \d de \d+/g) ?? [];
      return words;
    }),
  );
  for (const words of told) {
    const owner = words[0]?.split(' ').at(-1);
    expect(words).toEqual([1, 2, 3, 4, 5, 6].map((n) => `mot ${n} de ${owner}`));
  }
});

test('a Bot API server that knows two methods carries an SOS', async () => {
  world = await openWorld('polling', { telegram: { methods: ['getUpdates', 'sendMessage'] } });
  const awa = world.person('Awa');
  await awa.says('au secours');
  await awa.seesText(REFERENCE);
});

test('a message that makes the program fail three times becomes a case for a person, and the next one is handled', async () => {
  world = await openWorld('polling');
  const kadi = await world.enrolOfficer('Kadi');
  const { conversation } = world.service.ctx;
  const { triage } = conversation;
  conversation.triage = (answers, now) => {
    if (JSON.stringify(answers).includes('poison')) throw new Error('a bug');
    return triage(answers, now);
  };
  const awa = world.person('Awa');
  await awa.says('/start');
  await awa.presses('Français');
  await awa.seesText('Êtes-vous en danger');
  await awa.says('poison');
  const told = (await awa.seesText(/la machine ne l'a pas compris/, { within: 20_000 })).text;
  const reference = referenceIn(told);
  await kadi.seesText(reference, { ever: true });
  expect(JSON.stringify(await world.openCase(reference))).toContain('poison');
  await awa.says('SOS');
  await awa.seesText('Où êtes-vous ?');
  await world.isQuiet();
}, 60_000);

test('somebody who floods is told once, everything is kept, and an SOS is answered at once', async () => {
  world = await openWorld('polling', { config: { floodPerMinute: 5 } });
  const awa = world.person('Awa');
  await awa.says('SOS');
  await awa.seesText('Où êtes-vous ?');
  for (let n = 1; n <= 12; n++) await awa.says(`mot ${n} de ${awa.id}`);
  await world.isQuiet(20_000);
  const slowed = () => awa.screen().filter((line) => line.includes('Vous écrivez vite'));
  await world.telegram.until(() => slowed().length > 0);
  expect(slowed()).toHaveLength(1);
  await awa.says('SOS');
  const { text } = await awa.seesText(REFERENCE);
  const said = JSON.stringify(await world.openCase(referenceIn(text)));
  for (let n = 1; n <= 12; n++) expect(said).toContain(`mot ${n} de ${awa.id}`);
}, 60_000);

test('after an outage the first answer to each person says from when to when, once', async () => {
  world = await openWorld('polling');
  const awa = world.person('Awa');
  await awa.says('/start');
  await awa.seesText('Choisissez votre langue');
  await world.database
    .sql`insert into outages (started_at, ended_at) values (now() - interval '2 hours', now())`;
  await awa.presses('Français');
  await awa.seesText(/en panne de \d\d:\d\d à \d\d:\d\d/, { ever: true });
  await awa.says('bonjour');
  await awa.seesText(/./);
  await world.isQuiet();
  expect(awa.screen().filter((line) => line.includes('en panne'))).toHaveLength(1);
});
