/** The database goes away while people write: they are told the truth, once per outage, and nothing is lost. */
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Context } from '../../src/app/ground/context.ts';
import { createIntake } from '../../src/app/intake/intake.ts';
import { createEpochs } from '../../src/app/keys/epochs.ts';
import type { IncomingContent, IncomingMessage, Receive } from '../../src/channels/channel.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { isConnectionError } from '../../src/db/failure.ts';
import { layCable } from './cable.ts';
import { type House, openHouse } from './house.ts';
import type { Phone } from './messenger.ts';

const NOT_SAVED =
  "Notre service est en panne. Votre message n'est pas encore enregistré.\n" +
  "Il sera pris dès le retour du service, s'il revient dans les 24 heures.\n" +
  'Si vous ne pouvez pas attendre, prévenez une personne de confiance.';

let house: House;
let cable: Awaited<ReturnType<typeof layCable>>;
let ctx: Context;
let receive: Receive;
let awa: Phone;

beforeEach(async () => {
  house = await openHouse();
  cable = await layCable(house.database.url);
  const far = await openDatabase({ url: cable.url, max: 2, connectTimeout: 2 });
  pools.push(far);
  ctx = { ...house.ctx, db: far.db, epochs: createEpochs(far.db, house.ctx.keyring) };
  receive = createIntake(ctx);
  awa = house.person('Awa');
});
afterEach(async () => {
  await cable.pull();
  await house.close();
});
// A pool that cannot reach its database takes its time to close: all of them at once.
const pools: Database[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

let ids = 0;
function message(content: IncomingContent | string, more: Partial<IncomingMessage> = {}): IncomingMessage {
  ids += 1;
  const said = typeof content === 'string' ? { kind: 'text' as const, text: content } : content;
  return { channel: 'telegram', id: String(ids), address: 'Awa', content: said, ...more };
}

/** Whether the messenger has to deliver it again. */
const isKeptByMessenger = (what: IncomingMessage): Promise<boolean> =>
  receive(what).then(
    () => false,
    (error: unknown) => isConnectionError(error),
  );

/** Two heartbeats that reach the database. */
const heartbeats = (): void => {
  ctx.unsaved.databaseAnswers();
  ctx.unsaved.databaseAnswers();
};

const inbox = async (): Promise<number> =>
  Number((await house.database.sql`select count(*) as n from inbox`)[0]?.n);

test('a person who writes is told that it is not saved and whom to turn to; the messenger keeps the message and brings it again', async () => {
  await cable.pull();
  const sos = message('SOS');
  expect(await isKeptByMessenger(sos)).toBe(true);
  expect(awa.screen()).toEqual([NOT_SAVED]);
  expect(await inbox()).toBe(0);
  await cable.putBack();
  expect(await isKeptByMessenger(sos)).toBe(false);
  await house.deliver();
  expect(awa.last()).toContain('Nous avons reçu votre SOS');
});

test('each person once, however often they write and the messenger tries', async () => {
  const binta = house.person('Binta');
  await cable.pull();
  const first = message('SOS');
  for (const each of [first, first, message('vite'), first]) expect(await isKeptByMessenger(each)).toBe(true);
  expect(await isKeptByMessenger(message('bonjour', { address: 'Binta' }))).toBe(true);
  expect(awa.screen()).toEqual([NOT_SAVED]);
  expect(binta.screen()).toEqual([NOT_SAVED]);
});

test.each([
  ['en', /^Our service is down\. Your message is not saved yet\./],
  ['en-GB', /^Our service is down/],
  ['fr', /^Notre service est en panne/],
  ['bm', /^Notre service est en panne/],
])('in the language of a phone set to %s', async (languageHint, text) => {
  await cable.pull();
  await isKeptByMessenger(message('SOS', { languageHint }));
  expect(awa.last()).toMatch(text);
});

test('nothing is told to a group, nor to a person who only blocked the service', async () => {
  await cable.pull();
  expect(await isKeptByMessenger(message({ kind: 'group' }))).toBe(true);
  expect(await isKeptByMessenger(message({ kind: 'blocked' }))).toBe(true);
  expect(awa.screen()).toEqual([]);
});

test('a person who could not be told is told when they write again', async () => {
  await cable.pull();
  house.phones.failing.set('Awa', { ok: false, reason: 'unreachable', code: '502' });
  await isKeptByMessenger(message('SOS'));
  house.phones.failing.delete('Awa');
  await isKeptByMessenger(message('SOS'));
  expect(awa.screen()).toEqual([NOT_SAVED]);
});

test('the next outage is told of anew', async () => {
  await cable.pull();
  await isKeptByMessenger(message('SOS'));
  await cable.putBack();
  heartbeats();
  await cable.pull();
  await isKeptByMessenger(message('SOS'));
  expect(awa.screen()).toEqual([NOT_SAVED, NOT_SAVED]);
});

test('an outage in which some connections still work is one outage', async () => {
  await cable.pull();
  for (let beat = 0; beat < 5; beat++) {
    await isKeptByMessenger(message('SOS'));
    ctx.unsaved.databaseAnswers();
  }
  expect(awa.screen()).toEqual([NOT_SAVED]);
});

test('a connection that breaks off in the middle of a message counts as no try: it is handled when it comes again', async () => {
  const sos = message('SOS');
  const epochs: Context['epochs'] = {
    ...ctx.epochs,
    current: async (tx, now) => {
      await cable.pull();
      return house.ctx.epochs.current(tx, now);
    },
  };
  const lost = { ...ctx, epochs, jobs: house.ctx.jobs };
  for (let tried = 0; tried < 4; tried++) {
    await cable.putBack();
    await expect(createIntake(lost)(sos)).rejects.toSatisfy(isConnectionError);
  }
  await cable.putBack();
  expect(await inbox()).toBe(0);
  await receive(sos);
  await house.deliver();
  expect(awa.screen()).toEqual([NOT_SAVED, expect.stringContaining('Nous avons reçu votre SOS')]);
});

test('a process to which no message comes any more says nothing of it: another one has it by now', async () => {
  await cable.pull();
  Object.assign(ctx.channels.get('telegram') ?? {}, { takesIn: () => false });
  expect(await isKeptByMessenger(message('SOS'))).toBe(true);
  expect(awa.screen()).toEqual([]);
});
