/** Telegram, the network and the database as they are on bad days: whoever wrote is answered, and nothing is lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minutes } from '../../src/kernel/time.ts';
import type { Fault } from '../fakes/telegram/faults.ts';
import type { Person } from '../fakes/telegram/person.ts';
import { openWorld, referenceIn, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('polling');
});
afterAll(() => world?.close());

const answers = (person: Person): string[] => person.screen().filter((line) => line.startsWith('bot: '));

/** Cries for help while sending to this person goes wrong in these ways, one after another. */
async function criesWhile(name: string, ...faults: Fault['with'][]): Promise<Person> {
  const person = world.person(name);
  for (const fault of faults) world.telegram.fail({ method: 'sendMessage', chat: person.id, with: fault });
  await person.says('SOS');
  for (const tries of faults.keys()) {
    const isTried = () => world.telegram.callsOf('sendMessage').filter((each) => each.chat_id === person.id);
    await world.telegram.until(() => isTried().length > tries);
    await world.passes(minutes(1));
  }
  return person;
}

describe('somebody who cries for help is answered', () => {
  test.each<[string, Fault['with'][]]>([
    ['asks to slow down', [429]],
    ['is broken for a while', [500, 'html', 500]],
    ['answers half a sentence', ['garbage']],
    ['is hidden behind a page that wants a login', ['portal', 'portal']],
    ['hangs up', ['drop']],
    ['is broken, and then hangs up', [500, 500, 500, 'drop']],
  ])('once, though Telegram %s', async (_, faults) => {
    const awa = await criesWhile('Awa', ...faults);
    const { text } = await awa.seesText('Nous avons reçu votre SOS');
    await awa.says('statut');
    await awa.seesText('Où êtes-vous ?');
    expect(awa.screen().filter((line) => line.includes('Nous avons reçu votre SOS'))).toHaveLength(1);
    const [row] = await world.database
      .sql`select count(*)::int as n from cases where reference = ${referenceIn(text)}`;
    expect(row?.n).toBe(1);
  });

  test('perhaps twice, though Telegram hung up after it had sent: the same words, the same reference', async () => {
    const binta = await criesWhile('Binta', 'accept_then_drop');
    await binta.seesText('Nous avons reçu votre SOS', { times: 2 });
    const [first, second] = answers(binta);
    expect(second).toBe(first);
  });

  test('though the network was gone when they wrote, and the officer’s phone rings', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    world.telegram.fail({ method: '*', with: 'drop', times: Number.POSITIVE_INFINITY });
    const coumba = world.person('Coumba');
    await coumba.says('SOS');
    await world.telegram.until(() => world.telegram.calls.filter(({ status }) => status === 0).length > 3);
    world.telegram.heal();
    const { text } = await coumba.seesText('Nous avons reçu votre SOS', { within: 20_000 });
    await kadi.seesText(referenceIn(text), { ever: true });
  });
});

test('people who write while the database loses its connections are all heard, once and in order', async () => {
  const people = Array.from({ length: 5 }, (_, n) => world.person(`Person ${n}`));
  for (const person of people) await person.says('SOS');
  for (const person of people) await person.seesText('Où êtes-vous ?', { ever: true });
  const confirmed = world.telegram.confirmed();
  for (let n = 1; n <= 5; n++) for (const person of people) await person.says(`mot ${n} de ${person.id}`);
  for (const share of [0, 8, 16]) {
    await world.telegram.until(() => world.telegram.confirmed() >= confirmed + share, 30_000);
    await world.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
  }
  await world.isQuiet(30_000);
  for (const person of people) {
    const { text } = await person.seesText('Nous avons reçu votre SOS', { ever: true });
    const words = JSON.stringify(await world.openCase(referenceIn(text))).match(/mot \d de \d+/g);
    expect(words).toEqual([1, 2, 3, 4, 5].map((n) => `mot ${n} de ${person.id}`));
  }
}, 60_000);

test('whoever came back from blocking the bot is still told of an outage, once they write', async () => {
  const fanta = world.person('Fanta');
  await fanta.says('SOS');
  await fanta.seesText('Où êtes-vous ?');
  await fanta.blocks();
  await world.isQuiet();
  await world.database.sql`insert into outages (started_at, ended_at)
    values (now() - interval '2 hours', now() + interval '1 hour')`;
  await fanta.unblocks();
  await world.isQuiet();
  await fanta.says('statut');
  await fanta.seesText(/^Notre service était en panne de \d\d:\d\d à \d\d:\d\d/);
});
