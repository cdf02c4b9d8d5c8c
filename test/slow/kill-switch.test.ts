/**
 * kill -9 in the middle of going on with the WhatsApp number that stands by, at each place where the service waits for the database
 * or for WhatsApp: afterwards one number is in use, pages leave from it, each person who agreed to be written to has its line with
 * their two words, and nobody else has anything from it.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { referenceIn } from '../end-to-end/world.ts';
import type { Person } from '../fakes/whatsapp/person.ts';
import { userOf } from '../fakes/whatsapp/wire.ts';
import { type LinkedService, openLinkedService, type Process } from '../linked-service.ts';
import { type Gates, openGates, type Place, type Then } from './gates.ts';

const WITHIN = 60_000;
const TELLS = `new.coalesce = 'other-number'`;
const SWITCHES = { table: 'channel_numbers', when: 'update' } as const;
const SWITCH_COMMITS = { ...SWITCHES, when: 'update commits' } as const;
const DECIDES = {
  table: 'contacts',
  when: 'update',
  where: 'new.number_decided is distinct from old.number_decided',
} as const;
const TELLING_COMMITS = { table: 'deliveries', when: 'insert commits', where: TELLS } as const;
/** WhatsApp has the line, and it is not yet noted that they know the number. */
const KNOWS = {
  table: 'contacts',
  when: 'update commits',
  where: 'new.number is distinct from old.number',
} as const;
/** It is noted, and not yet that the line was sent. */
const SETTLES = { table: 'deliveries', when: 'update', where: `new.state = 'sent' and ${TELLS}` } as const;

let service: LinkedService;
let gates: Gates;
let running: Process;
let kadi: Person;
/** Who may be written to, with their cases and words; and who may not. */
let agreed: { person: Person; reference: string; words: string }[];
let others: Person[];

beforeEach(async () => {
  service = await openLinkedService({ hasStandby: true, env: { LOG_LEVEL: 'silent' } });
  gates = await openGates(service.database.url, [
    SWITCHES,
    SWITCH_COMMITS,
    DECIDES,
    TELLING_COMMITS,
    KNOWS,
    SETTLES,
  ]);
  running = service.start();
  await bothStand();
  kadi = await officer('Kadi');
  agreed = [];
  others = [];
  for (const name of ['Awa', 'Binta']) {
    const { person, reference } = await cries(name);
    await person.says('Oui');
    const { text } = await person.seesText(WORDS, { within: WITHIN });
    agreed.push({ person, reference, words: WORDS.exec(text)?.[1] ?? '' });
  }
  const { person: coumba } = await cries('Coumba');
  await coumba.says('Non');
  others.push(coumba, (await cries('Djeneba')).person);
  await service.isQuiet();
}, 180_000);

afterEach(async () => {
  await gates?.close();
  await service?.close();
});

const WORDS = /Vos deux mots : « (\S+ \S+) »/;

async function bothStand(): Promise<void> {
  const { account, other } = service.whatsapp;
  await service.whatsapp.until(() => account.active && other.account.active, WITHIN);
}

async function officer(name: string): Promise<Person> {
  const { database, keyring, whatsapp } = service;
  const { code } = await transact({ db: database.db, clock: databaseClock, keyring }, (at) =>
    addOfficer(at, { name, role: 'supervisor', language: 'fr' }),
  );
  const person = whatsapp.person(name);
  await person.says(`/start ${code}`);
  await person.seesText('de garde', { within: WITHIN });
  await person.says('Je suis de garde');
  await person.seesText('Vous êtes de garde', { within: WITHIN });
  return person;
}

/** An SOS, up to "may we write to you here?". */
async function cries(name: string): Promise<{ person: Person; reference: string }> {
  const person = service.whatsapp.person(name);
  await person.says('SOS');
  const { text } = await person.seesText('Nous avons reçu votre SOS', { within: WITHIN });
  await person.says('Kati, derrière le marché');
  await person.seesText('écrire ici sans danger', { within: WITHIN });
  return { person, reference: referenceIn(text) };
}

/** What the number that stood by said to them. */
const bySecond = (person: Person): string[] =>
  person
    .shown()
    .filter(({ by }) => by === service.whatsapp.other.account.number)
    .map(({ text }) => text);

const lineWith = (words: string): string =>
  `Ce numéro remplace l'ancien, qui ne marche plus. Vos deux mots : « ${words} ».\nSi ce ne sont pas les vôtres, ne répondez pas.`;

const numbers = () =>
  service.database.sql<
    { in_use: string; before: string | null }[]
  >`select in_use, before from channel_numbers`;

/** The next process brings it to its end. `most`: how often one person may have the line. */
async function allIsWell(first: string, most: number): Promise<void> {
  const { whatsapp, database } = service;
  running = service.start();
  await whatsapp.until(() => whatsapp.other.account.active, WITHIN);
  for (const { person, words } of agreed)
    await person.until('the line', WITHIN, () => bySecond(person).includes(lineWith(words)));
  await kadi.seesText('le service continue avec le deuxième numéro', { ever: true, within: WITHIN });
  // A page from it, after everything that was to be said before.
  const fanta = whatsapp.person('Fanta');
  fanta.writesTo(whatsapp.other.account);
  await fanta.says('SOS');
  const { text } = await fanta.seesText('Nous avons reçu votre SOS', { within: WITHIN });
  const page = `CRITIQUE · ${referenceIn(text)}`;
  await kadi.until('the page', WITHIN, () => bySecond(kadi).some((said) => said.includes(page)));
  await service.isQuiet();
  const waiting = () =>
    database.sql`select 1 from deliveries where coalesce = 'other-number' and state in ('queued', 'sending')`;
  await expect.poll(async () => (await waiting()).length, { timeout: WITHIN }).toBe(0);

  const [row, ...more] = await numbers();
  expect(more).toEqual([]);
  expect(row?.before).toBe(first);
  expect(row?.in_use).not.toBe(first);
  for (const { person, words, reference } of agreed) {
    const said = bySecond(person);
    expect(new Set(said)).toEqual(new Set([lineWith(words)]));
    expect(said.length).toBeLessThanOrEqual(most);
    // Nobody is told that they could not be reached.
    expect(kadi.screen().join('\n')).not.toContain(`${reference} : le numéro`);
  }
  for (const person of others) expect(bySecond(person)).toEqual([]);
}

describe('killed while the database', () => {
  test.each<[string, Place, Then, number]>([
    ['notes which number is in use', SWITCHES, 'gives up', 1],
    ['commits which number is in use, and does not', SWITCH_COMMITS, 'gives up', 1],
    ['commits which number is in use, and does', SWITCH_COMMITS, 'goes on', 1],
    ['notes that it is decided whether a person is told', DECIDES, 'gives up', 1],
    ['commits that a person is told, and does not', TELLING_COMMITS, 'gives up', 1],
    ['commits that a person is told, and does', TELLING_COMMITS, 'goes on', 1],
    ['notes that a person was told, and does not', KNOWS, 'gives up', 2],
    ['notes that a person was told, and does', KNOWS, 'goes on', 1],
    ['notes that the line was sent, and does not', SETTLES, 'gives up', 1],
    ['notes that the line was sent, and does', SETTLES, 'goes on', 1],
  ])(
    '%s: one number is in use, and who agreed is told',
    async (_what, place, then, most) => {
      const { whatsapp } = service;
      const [before] = await numbers();
      await gates.shut(place);
      whatsapp.blocks(whatsapp.account);
      await gates.isReached(WITHIN);
      await running.kills();
      await gates.opens(then);
      await allIsWell(before?.in_use ?? '', most);
    },
    180_000,
  );
});

test('killed when WhatsApp has just heard the first line: one number is in use, and who agreed is told', async () => {
  const { whatsapp } = service;
  const [before] = await numbers();
  const { length } = whatsapp.calls;
  const isLine = ({ account, method, stanza }: (typeof whatsapp.calls)[number]) =>
    account === whatsapp.other.account &&
    method === 'message' &&
    agreed.some(({ person }) => person.owns(userOf(stanza.attrs.to)));
  whatsapp.blocks(whatsapp.account);
  await whatsapp.until(() => whatsapp.calls.slice(length).some(isLine), WITHIN);
  await running.kills();
  await allIsWell(before?.in_use ?? '', 2);
}, 180_000);
