/**
 * The messenger, the network and the database as they are on bad days: each person who wrote is answered, and nothing
 * is lost.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { minutes } from '../../src/kernel/time.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person, Trouble } from './messengers/messenger.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { type WhatsApp, whatsapp } from './messengers/whatsapp.ts';
import { openWorld, referenceIn, textOf, type World } from './world.ts';

const answers = (person: Person): string[] => person.screen().filter((line) => line.startsWith('bot: '));

/** Cries for help while sending to this person goes wrong in these ways, one after another. */
async function criesWhile(world: World, person: Person, ...troubles: Trouble[]): Promise<void> {
  const { messenger } = world;
  for (const trouble of troubles) messenger.fails(person, trouble);
  await person.says('SOS');
  for (const tries of troubles.keys()) {
    await messenger.until(() => messenger.triesFor(person) > tries);
    await world.isConnected();
    await world.passes(minutes(1));
  }
}

/** In all these nothing arrives of what goes wrong. */
const TROUBLES: Readonly<Record<string, [string, Trouble[]][]>> = {
  Telegram: [
    ['asks to slow down', [429]],
    ['is broken for a while', [500, 'html', 500]],
    ['answers half a sentence', ['garbage']],
    ['is hidden behind a page that wants a login', ['portal', 'portal']],
    ['hangs up', ['drop']],
    ['is broken, and then hangs up', [500, 500, 500, 'drop']],
  ],
  WhatsApp: [['hangs up', ['drop']]],
  'a third messenger': [['hangs up', ['drop']]],
};

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  describe('a person who cries for help is answered', () => {
    test.each(TROUBLES[messenger.name] ?? [])(`once, though ${messenger.name} %s`, async (_, troubles) => {
      const awa = world.person('Awa');
      await criesWhile(world, awa, ...troubles);
      const { text } = await awa.seesText('Nous avons reçu votre SOS');
      await awa.says('statut');
      await awa.seesText('Où êtes-vous ?');
      expect(answers(awa).filter((line) => line.includes('Nous avons reçu votre SOS'))).toHaveLength(1);
      const [row] = await world.database
        .sql`select count(*)::int as n from cases where reference = ${referenceIn(text)}`;
      expect(row?.n).toBe(1);
    });

    test('though the messenger hung up after it had sent: with the same words and reference, if it shows twice', async () => {
      const binta = world.person('Binta');
      await criesWhile(world, binta, 'accept_then_drop');
      // On WhatsApp the phone says that it has it, and what is sent again is the same message to it.
      await binta.seesText('Nous avons reçu votre SOS', { times: messenger.name === 'Telegram' ? 2 : 1 });
      expect(new Set(answers(binta)).size).toBe(1);
    });

    test('though the network was gone when they wrote, and the officer’s phone rings', async () => {
      const kadi = await world.enrolOfficer('Kadi');
      world.messenger.falls();
      const coumba = world.person('Coumba');
      await coumba.says('SOS');
      await world.messenger.hasTriedInVain();
      world.messenger.heals();
      const { text } = await coumba.seesText('Nous avons reçu votre SOS');
      await kadi.seesText(referenceIn(text), { ever: true });
    });
  });

  test('what people write while the service is down is handled once and in order when it is back', async () => {
    const people = Array.from({ length: 5 }, (_, n) => world.person(`P${n}`));
    for (const person of people) await person.says('SOS');
    for (const person of people) await person.seesText('Où êtes-vous ?', { ever: true });
    await world.stops();
    for (let n = 1; n <= 5; n++)
      for (const person of people) await person.says(`mot ${n} de ${person.account}`);
    await world.starts();
    await world.isQuiet(60_000);
    for (const person of people) {
      const { text } = await person.seesText('Nous avons reçu votre SOS', { ever: true });
      const words = textOf(await world.openCase(referenceIn(text))).match(/mot \d+ de \d+/g);
      expect(words).toEqual(Array.from({ length: 5 }, (_, n) => `mot ${n + 1} de ${person.account}`));
    }
  }, 120_000);

  test('people who write while the database loses its connections are all heard, once and in order', async () => {
    const people = Array.from({ length: 5 }, (_, n) => world.person(`Person ${n}`));
    for (const person of people) await person.says('SOS');
    for (const person of people) await person.seesText('Où êtes-vous ?', { ever: true });
    await world.isQuiet();
    const confirmed = world.messenger.confirmed();
    for (let n = 1; n <= 5; n++)
      for (const person of people) await person.says(`mot ${n} de ${person.account}`);
    const breaker = await openDatabase({ url: world.database.url, max: 1 });
    for (const share of [0, 8, 16]) {
      await world.messenger.until(() => world.messenger.confirmed() >= confirmed + share, 30_000);
      await breaker.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
    }
    await breaker.close();
    await world.isQuiet(30_000);
    for (const person of people) {
      const { text } = await person.seesText('Nous avons reçu votre SOS', { ever: true });
      const words = textOf(await world.openCase(referenceIn(text))).match(/mot \d de \d+/g);
      expect(words).toEqual([1, 2, 3, 4, 5].map((n) => `mot ${n} de ${person.account}`));
    }
  });
});

describe('on Telegram only,', () => {
  let world: World<Telegram>;
  beforeAll(async () => {
    world = await openWorld(telegram);
  });
  afterAll(() => world?.close());

  test('a reporter who had blocked the bot and comes back is still told of an outage, once they write', async () => {
    const fanta = world.person('Fanta');
    await fanta.says('SOS');
    await fanta.seesText('Où êtes-vous ?');
    await fanta.phone.blocks();
    await world.isQuiet();
    await world.database.sql`insert into outages (started_at, ended_at)
    values (now() - interval '2 hours', now() + interval '1 hour')`;
    await fanta.phone.unblocks();
    await world.isQuiet();
    await fanta.says('statut');
    await fanta.seesText(/^Notre service était en panne de \d\d:\d\d à \d\d:\d\d/);
  });
});

describe('on WhatsApp only,', () => {
  let world: World<WhatsApp>;
  beforeAll(async () => {
    world = await openWorld(whatsapp);
  });
  afterAll(() => world?.close());

  test('what comes twice, and late, counts once', async () => {
    const awa = world.person('Awa');
    await awa.says('SOS');
    const reference = referenceIn((await awa.seesText('Où êtes-vous ?')).text);
    world.messenger.fake.holds();
    const first = await awa.says('Kati');
    const second = await awa.says('derrière le marché');
    world.messenger.fake.delivers();
    world.messenger.fake.repeats(first);
    await awa.phone.sendsAgain(second);
    await world.isQuiet();
    const said = textOf(await world.openCase(reference));
    for (const words of ['Kati', 'derrière le marché']) expect(said.split(words)).toHaveLength(2);
    expect(answers(awa).filter((line) => line.includes("C'est ajouté"))).toHaveLength(0);
  });

  test('a reporter to whom we may not write is not tried again, and the officer’s phone rings all the same', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const binta = world.person('Binta');
    world.messenger.fails(binta, 463);
    await binta.says('SOS');
    await kadi.seesText('CRITIQUE');
    const failed = () =>
      world.database.sql`select 1 from deliveries where failure = 'ack_463' and state = 'failed'`;
    await expect.poll(async () => (await failed()).length).toBe(1);
    expect(world.messenger.triesFor(binta)).toBe(1);
  });

  test('a reporter who turned the phone off finds every answer when it is on again', async () => {
    const coumba = world.person('Coumba');
    await coumba.says('bonjour');
    await coumba.seesText('Êtes-vous en danger maintenant');
    coumba.phone.turnsOff();
    await coumba.says('SOS');
    await world.messenger.until(() => world.messenger.triesFor(coumba) > 1);
    await coumba.phone.turnsOn();
    await coumba.seesText('Nous avons reçu votre SOS');
  });
});
