/**
 * kill -9 at each place on the way of a message where the service waits for another program: the database is made to
 * stop it there, or the fake WhatsApp sees it there. `whatsapp_staged` is where a message is kept between its
 * decryption and its handling.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textOf } from '../end-to-end/world.ts';
import type { Person } from '../fakes/whatsapp/person.ts';
import type { Call } from '../fakes/whatsapp/switchboard.ts';
import { type LinkedService, openLinkedService, type Process } from '../linked-service.ts';
import { type Gates, openGates, type Place, type Then, WHEN } from './gates.ts';

let service: LinkedService;
let running: Process;
let gates: Gates;
const people: Person[] = [];

beforeAll(async () => {
  service = await openLinkedService();
  const tables = ['whatsapp_staged', 'whatsapp_session', 'inbox'] as const;
  gates = await openGates(
    service.database.url,
    tables.flatMap((table) => WHEN.map((when) => ({ table, when }))),
  );
  running = service.start({ env: { LOG_LEVEL: 'silent' } });
  await service.isReady();
}, 120_000);

afterAll(async () => {
  await gates?.close();
  await service?.close();
});

/** A reporter calls for help and goes on writing; returns once the service stands at the place. */
async function someoneWrites(): Promise<Person> {
  const person = service.whatsapp.person(`P${people.length}`);
  people.push(person);
  await person.says('SOS');
  await person.says(`mot de ${person.name}`);
  return person;
}

/** What was promised is kept: this moment, and after the next start everything that was said, once. */
async function nothingIsLost(): Promise<void> {
  const promised = people.filter((person) =>
    person.screen().some((line) => line.includes('Nous avons reçu')),
  );
  const before = await service.database.sql`select 1 from cases where status <> 'draft'`;
  expect(before.length).toBeGreaterThanOrEqual(promised.length);
  running = service.start({ env: { LOG_LEVEL: 'silent' } });
  await service.isReady();
  await service.isQuiet();
  const cases = await service.database.sql<{ reference: string }[]>`
    select reference from cases where status <> 'draft' order by opened_at`;
  expect(cases).toHaveLength(people.length);
  const { items } = await service.read(cases.at(-1)?.reference ?? '');
  expect(textOf(items).match(/mot de P\d+/g)).toEqual([`mot de ${people.at(-1)?.name}`]);
  const [{ count } = { count: 0 }] = await service.database.sql`select count(*)::int from contacts`;
  expect(count).toBe(people.length);
}

describe('killed while the database', () => {
  test.each<[string, Place, Then]>([
    ['writes what was learnt of an address', { table: 'whatsapp_session', when: 'insert' }, 'gives up'],
    ['keeps what was decrypted', { table: 'whatsapp_staged', when: 'insert' }, 'gives up'],
    [
      'commits what was decrypted, and does not',
      { table: 'whatsapp_staged', when: 'insert commits' },
      'gives up',
    ],
    ['commits what was decrypted, and does', { table: 'whatsapp_staged', when: 'insert commits' }, 'goes on'],
    ['takes the message in', { table: 'inbox', when: 'insert' }, 'gives up'],
    ['commits what the message caused, and does not', { table: 'inbox', when: 'insert commits' }, 'gives up'],
    ['commits what the message caused, and does', { table: 'inbox', when: 'insert commits' }, 'goes on'],
    ['forgets what is handled, and does not', { table: 'whatsapp_staged', when: 'update' }, 'gives up'],
    ['forgets what is handled, and does', { table: 'whatsapp_staged', when: 'update' }, 'goes on'],
  ])(
    '%s: nothing is lost and nothing comes twice',
    async (_what, place, then) => {
      await gates.shut(place);
      await someoneWrites();
      await gates.isReached();
      await running.kills();
      await gates.opens(then);
      await nothingIsLost();
    },
    120_000,
  );
});

describe('killed when WhatsApp has just heard', () => {
  const receipt = (isRead: boolean) => (call: Call) =>
    call.method === 'receipt' && (call.stanza.attrs.type === 'read') === isRead;

  test.each<[string, (call: Call) => boolean]>([
    ['that it arrived', receipt(false)],
    ['the answer', ({ method }) => method === 'message'],
    ['that it was read', receipt(true)],
  ])(
    '%s: nothing is lost and nothing comes twice',
    async (_what, fits) => {
      const before = service.whatsapp.calls.length;
      const heard = service.whatsapp.until(() => service.whatsapp.calls.slice(before).find(fits), 30_000);
      await someoneWrites();
      await heard;
      await running.kills();
      await nothingIsLost();
    },
    120_000,
  );
});
