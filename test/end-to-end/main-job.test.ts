/** The main job, through the whole service: a messenger's own protocol, real PostgreSQL, real keys and jobs. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER, EVERY_WAY } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { type Telegram, telegram, telegramWith } from './messengers/telegram.ts';
import { openWorld, REFERENCE, referenceIn, textOf, type World } from './world.ts';

describe.each(EVERY_WAY)('on $name', (messenger) => {
  let world: World;
  let supervisor: Person;
  let kadi: Person;
  let issa: Person;
  beforeAll(async () => {
    world = await openWorld(messenger);
    supervisor = await world.enrolOfficer('Salif', 'supervisor');
    kadi = await world.enrolOfficer('Kadi');
    issa = await world.enrolOfficer('Issa');
  });
  afterAll(() => world?.close());

  test('a defender reports what happened, and only the team can read it', async () => {
    const awa = world.person('Awa');
    const voice = Buffer.from('a voice note '.repeat(5_000));
    await awa.says('/start');
    await answersUntil(awa, /Racontez/);
    await awa.says('Deux hommes ont suivi ma moto.');
    await awa.sendsVoice(voice);
    await awa.seesText(/Enregistré : 1/);
    await awa.chooses('Terminé');
    const readBack = await answersUntil(awa, /1\. Envoyer/, { picks: { "qui s'agit-il": 'Moi-même' } });
    expect(readBack.text).toContain('Personne concernée – Moi-même');
    // On second thoughts.
    await awa.chooses('Corriger');
    await awa.chooses('Personne concernée');
    await awa.seesText("De qui s'agit-il");
    await awa.chooses('Mon organisation');
    await answersUntil(awa, /Personne concernée – Mon organisation.*1\. Envoyer/s);
    await awa.chooses('Envoyer');
    const { text } = await awa.seesText('Votre signalement est enregistré');
    const reference = referenceIn(text);
    const items = await world.openCase(reference);
    const said = JSON.stringify(items);
    // The voice note was there before the report was sent.
    expect(items.map(({ kind }) => kind)).toEqual(['evidence', 'report', 'consent']);
    expect(said).toContain('Deux hommes ont suivi ma moto.');
    expect(said).toContain('"step":"consent"');
    expect(said).toContain('"organisation"');
    expect(said).toContain(awa.account);
    expect(await world.openFiles(reference)).toEqual([voice]);
    await world.isQuiet();
  });

  test('an SOS rings an officer, who takes it, and the answers come back', async () => {
    const awa = world.person('Awa');
    await awa.says('SOS');
    const reference = referenceIn((await awa.seesText(/SOS/)).text);
    await Promise.all([kadi.seesText(reference), issa.seesText(reference)]);

    // Both at once: one has it, and everybody who was paged sees who and when.
    await Promise.all([kadi.chooses('Je prends'), issa.chooses('Je prends')]);
    await Promise.all([kadi.seesText(/prise|Prise|À VOUS/), issa.seesText(/prise|Prise|À VOUS/)]);
    const hasIt = (officer: Person) => officer.screen().some((line) => line.includes('À VOUS'));
    await world.messenger.until(() => [kadi, issa].some(hasIt));
    const takers = [kadi, issa].filter(hasIt);
    expect(takers).toHaveLength(1);
    await supervisor.seesText(new RegExp(`${reference}[^]*prise par`, 'i'), { ever: true });

    await awa.says('Kati, derrière le marché');
    await awa.chooses('1. Oui');
    await awa.says('statut');
    await awa.seesText(/s'en occupe depuis \d\d:\d\d/);
    const [taker] = takers;
    await taker?.chooses('pouvez-vous parler');
    await awa.seesText(/parler/);
    await awa.says('Oui, je peux parler');
    await world.isQuiet();
    await world.passes(seconds(5));
    await taker?.seesText(`Nouvelles réponses dans ${reference}`);
    const said = JSON.stringify(await world.openCase(reference));
    expect(said).toContain('Kati, derrière le marché');
    expect(said).toContain('Oui, je peux parler');
    expect(said).toContain('"kind":"phrase"');
    await taker?.says(`clore ${reference}`);
    await taker?.chooses('Danger passé');
    await taker?.seesText(`${reference} : close`);
    await awa.says('statut');
    await awa.seesText("Une personne de l'équipe a fermé cette demande");
  });

  test('an SOS again joins the alert, and the officers see how often', async () => {
    const binta = world.person('Binta');
    await binta.says('SOS');
    const reference = referenceIn((await binta.seesText('Nous avons reçu votre SOS')).text);
    await kadi.seesText(reference, { ever: true });
    await binta.says('SOS');
    await binta.seesText(/./);
    await binta.says('sos');
    await kadi.says(`je prends ${reference}`);
    await kadi.seesText(/redemande : 3e fois/, { ever: true });
    const alerts = await world.database.sql`select 1 from alerts where reference = ${reference}`;
    expect(alerts).toHaveLength(1);
  });

  test('a message that makes the program fail three times becomes a case for a person, and the next one is handled', async () => {
    const { conversation } = world.ctx();
    const { triage } = conversation;
    conversation.triage = (answers, now) => {
      if (JSON.stringify(answers).includes('poison')) throw new Error('a bug');
      return triage(answers, now);
    };
    const coumba = await greets(world.person('Coumba'));
    await coumba.says('poison');
    const told = (await coumba.seesText(/notre programme n'a pas pu le lire/)).text;
    const reference = referenceIn(told);
    await kadi.seesText(reference, { ever: true });
    expect(JSON.stringify(await world.openCase(reference))).toContain('poison');
    await coumba.says('SOS');
    await coumba.seesText('Où êtes-vous ?');
    await world.isQuiet();
  });

  test('after an outage the first answer to each person says from when to when, once', async () => {
    const djeneba = world.person('Djeneba');
    await djeneba.says('bonjour');
    await djeneba.seesText('Êtes-vous en danger maintenant');
    const now = (await world.ctx().clock.now(world.database.db)).toISOString();
    await world.database
      .sql`insert into outages (started_at, ended_at) values (${now}::timestamptz - interval '2 hours', ${now})`;
    await djeneba.chooses('Non, pas en ce moment');
    await djeneba.seesText(/en panne de \d\d:\d\d à \d\d:\d\d/, { ever: true });
    await djeneba.says('bonjour');
    await djeneba.seesText(/./);
    await world.isQuiet();
    expect(djeneba.screen().filter((line) => line.includes('en panne'))).toHaveLength(1);
  });
});

describe.each(EVERY_MESSENGER)('on $name,', (messenger) => {
  let world: World;
  afterEach(() => world?.close());

  test('two processes on one database: every word once and in order, whichever of them takes it', async () => {
    world = await openWorld(messenger, { services: 2 });
    const people = Array.from({ length: 12 }, (_, n) => world.person(`P${n}`));
    for (const person of people) await person.says('SOS');
    for (const person of people) await person.seesText('Où êtes-vous ?');
    for (let n = 1; n <= 6; n++)
      for (const person of people) await person.says(`mot ${n} de ${person.account}`);
    await world.isQuiet(60_000);
    const cases = await world.database.sql<{ reference: string }[]>`select reference from cases`;
    expect(cases).toHaveLength(people.length);
    for (const { reference } of cases) {
      const words = textOf(await world.openCase(reference)).match(/mot \d de \d+/g) ?? [];
      const owner = words[0]?.split(' ').at(-1);
      expect(words).toEqual([1, 2, 3, 4, 5, 6].map((n) => `mot ${n} de ${owner}`));
    }
  });

  test('a person who floods is told once, everything is kept, and an SOS is answered at once', async () => {
    world = await openWorld(messenger, { config: { floodPerMinute: 5 } });
    const awa = world.person('Awa');
    await awa.says('SOS');
    await awa.seesText('Où êtes-vous ?');
    for (let n = 1; n <= 12; n++) await awa.says(`mot ${n} de ${awa.account}`);
    await world.isQuiet(20_000);
    const slowed = () => awa.screen().filter((line) => line.includes('Vous écrivez vite'));
    await world.messenger.until(() => slowed().length > 0);
    expect(slowed()).toHaveLength(1);
    await awa.says('SOS');
    const { text } = await awa.seesText(REFERENCE);
    const said = JSON.stringify(await world.openCase(referenceIn(text)));
    for (let n = 1; n <= 12; n++) expect(said).toContain(`mot ${n} de ${awa.account}`);
  });
});

describe('on Telegram only,', () => {
  let world: World<Telegram>;
  afterEach(() => world?.close());

  test('in a group the bot says once that it only talks in private', async () => {
    world = await openWorld(telegram);
    const { fake } = world.messenger;
    const group = fake.group('Comité');
    const awa = world.person('Awa');
    await awa.phone.saysIn(group, '/start@lakana_test_bot');
    await fake.sawCall((call) => call.method === 'sendMessage');
    await awa.phone.saysIn(group, '/start@lakana_test_bot');
    await world.isQuiet();
    const said = fake.callsOf('sendMessage').map((params) => String(params.text));
    expect(said).toEqual(['Nous répondons seulement en privé. Écrivez-nous directement.']);
  });

  test('a Bot API server that knows two methods carries an SOS', async () => {
    world = await openWorld(telegramWith({ methods: ['getUpdates', 'sendMessage'] }));
    const awa = world.person('Awa');
    await awa.says('au secours');
    await awa.seesText(REFERENCE);
  });
});
