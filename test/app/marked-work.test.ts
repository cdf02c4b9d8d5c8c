/** What made the service fall three times is put aside and told; everything else goes on. The guardian has counted. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { escalateDue } from '../../src/app/alerts/escalate.ts';
import { createArriving, type Work, workKey } from '../../src/app/alerts/marked-work.ts';
import type { Context } from '../../src/app/ground/context.ts';
import { createUnderWay } from '../../src/app/ground/under-way.ts';
import { runTimers } from '../../src/app/reporters/timers.ts';
import { createLane } from '../../src/app/sending/deliver.ts';
import { minutes } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { calm, type House, openHouse, until } from './house.ts';
import type { Phone } from './messenger.ts';

let house: House;
let kadi: Phone;
beforeEach(async () => {
  house = await openHouse();
  kadi = await house.officer('Kadi');
});
afterEach(() => house.close());

/** The service after it fell so often while it did this. */
function fallen(work: Work, id: string, times = 3): { ctx: Context; marks: string[] } {
  const marks: string[] = [];
  const key = workKey(house.ctx.keyring, work, id);
  const underWay = createUnderWay(
    { begins: (each) => marks.push(`begins ${each}`), ends: (each) => marks.push(`ends ${each}`) },
    new Map([[key, times]]),
  );
  return { ctx: { ...house.ctx, underWay }, marks };
}

const one = async <T>(rows: Promise<T[]>): Promise<T> => {
  const [row] = await rows;
  if (!row) throw new Error('no row');
  return row;
};
const { stringify } = JSON;
const hears = (words: RegExp) => kadi.screen().some((text) => words.test(text));

test('a person’s timer: it is put aside, and another person’s runs', async () => {
  const [awa, binta] = [house.person('Awa'), house.person('Binta')];
  for (const phone of [awa, binta]) {
    await phone.says('/start');
    await phone.presses('Français');
    await phone.sends('voice', 'note');
  }
  const { contact } = await one(
    house.database.sql<{ contact: string }[]>`
      select contact_id as contact from conversations order by updated_at limit 1`,
  );
  const { ctx, marks } = fallen('timer', contact);
  house.clock.advance(minutes(2));
  expect(await runTimers(ctx, calm)).toBe(2);
  expect(marks).toHaveLength(2);
  await house.deliver();
  expect(await house.database.sql`select 1 from cases where status <> 'draft'`).toHaveLength(1);
  expect(binta.screen().join('\n')).toMatch(/ – transmis\./);
  expect(awa.screen().join('\n')).not.toMatch(/ – transmis\./);
  expect(hears(/n'a pas répondu à temps/)).toBe(true);
  expect(await runTimers(ctx, calm)).toBe(0);
});

test('the step of an alert: it waits an hour and is told, and another alert is paged', async () => {
  await house.person('Awa').says('SOS');
  await house.person('Binta').says('SOS');
  const { id, reference } = await one(
    house.database.sql<{ id: string; reference: string }[]>`
      select a.id, c.reference from alerts a join cases c on c.id = a.case_id order by a.raised_at limit 1`,
  );
  const { ctx } = fallen('alert', id);
  while ((await escalateDue(ctx)) > 0);
  await house.deliver();
  expect(hears(new RegExp(reference))).toBe(false);
  expect(hears(/Une alerte ouverte a fait tomber le service trois fois/)).toBe(true);
  const pages = await house.database
    .sql`select 1 from deliveries where class <= ${CLASS.page} and action = 'send'`;
  expect(pages.length).toBeGreaterThanOrEqual(2);
  const steps = await house.database.sql<{ later: boolean }[]>`
    select next_step_at > ${house.clock.at()}::timestamptz + interval '59 minutes' as later from alerts where id = ${id}`;
  expect(stringify(steps)).toBe('[{"later":true}]');
});

test('a message that is to be sent: it is put aside, and the ones behind it leave', async () => {
  const awa = house.person('Awa');
  house.phones.failing.set('Awa', { ok: false, reason: 'unreachable', code: 'x' });
  await awa.says('/start');
  house.phones.failing.delete('Awa');
  const { id } = await one(house.database.sql<{ id: number }[]>`
    select id from deliveries where state = 'queued' order by id limit 1`);
  const { ctx } = fallen('send', String(id));
  house.clock.advance(minutes(5));
  const lane = createLane(ctx, [CLASS.criticalPage, CLASS.reply], 16, () => undefined);
  while ((await lane.run()) > 0) await lane.idle();
  expect(await house.database.sql`select failure from deliveries where id = ${id}`).toMatchObject([
    { failure: 'service_fell' },
  ]);
  await awa.says('bonjour');
  while ((await lane.run()) > 0) await lane.idle();
  expect(awa.screen().length).toBeGreaterThan(0);
  expect(hears(/Un message à envoyer a fait tomber/)).toBe(true);
});

test('what comes from a messenger: less is done with it, all of it is kept for who mends the program, and it is told once', async () => {
  const { ctx, marks } = fallen('update', 'telegram/bot:7');
  const { underWay } = ctx;
  if (!underWay) throw new Error('nothing is marked');
  const arriving = createArriving(ctx.keyring, underWay, () => ctx);
  const read = (id: string) =>
    arriving.read(
      'telegram',
      { id, raw: () => ({ update_id: 7 }) },
      () => 'read',
      () => 'a little',
    );
  expect(['bot:6', 'bot:7', 'bot:7', 'bot:8'].map(read)).toEqual(['read', 'a little', 'a little', 'read']);
  expect(marks).toHaveLength(4);
  const parked = () =>
    house.database.sql`select 1 from inbox where state = 'parked' and body_sealed is not null`;
  await until(async () => (await parked()).length === 1);
  await house.deliver();
  expect(kadi.screen().filter((text) => /arrivé d'une messagerie/.test(text))).toHaveLength(1);
  const handled = arriving.handle(
    'telegram',
    { id: 'bot:7', raw: () => undefined },
    async () => 'read',
    async () => 'a little',
  );
  expect(await handled).toBe('a little');
});

test('what was under way at two falls is done again one at a time; what was done is no suspect any more', async () => {
  const underWay = createUnderWay(undefined, new Map(Object.entries({ a: 2, b: 2, c: 1 })));
  const begun: string[] = [];
  const first = Promise.withResolvers<void>();
  const work = (key: string) => () => {
    begun.push(key);
    return key === 'a' ? first.promise : Promise.resolve();
  };
  const all = ['a', 'b', 'c'].map((key) => underWay.handle(key, work(key), 2));
  await all[2];
  expect(begun).toEqual(['c', 'a']);
  first.resolve();
  await Promise.all(all);
  expect(begun).toEqual(['c', 'a', 'b']);
  expect(['a', 'b', 'c'].map(underWay.falls)).toEqual([0, 0, 0]);
});
