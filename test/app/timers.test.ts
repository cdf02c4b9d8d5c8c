/** What happens to people who say nothing more: the danger question, 72 hours of silence. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTimers } from '../../src/app/reporters/timers.ts';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';

import { calm, type House, holdContacts, openHouse, referenceOn, somebodyWaits, until } from './house.ts';
import type { Phone } from './messenger.ts';

let house: House;
let sql: House['database']['sql'];
let awa: Phone;
beforeEach(async () => {
  house = await openHouse();
  sql = house.database.sql;
  awa = house.person('Awa');
});
afterEach(() => house.close());

/** So much later, timers run, and what they say leaves. */
async function later(ms: number): Promise<number> {
  house.clock.advance(ms);
  const due = await runTimers(house.ctx, calm);
  await house.deliver();
  return due;
}

const alerts = async () =>
  (await sql`select level, state from alerts order by raised_at`).map((row) => ({ ...row }));
const cases = async () =>
  (await sql`select status, is_unfinished as unfinished from cases order by opened_at`).map((row) => ({
    ...row,
  }));

/** A reporter who cannot write sends a voice note instead of answering whether they are in danger. */
async function speaks(phone: Phone): Promise<void> {
  await phone.says('/start');
  await phone.presses('Français');
  await phone.sends('voice', 'note');
}

/** A report that is begun: no danger, a voice note, consent. */
async function begins(phone: Phone): Promise<void> {
  await phone.says('/start');
  await phone.presses('Français');
  await phone.presses('Non, pas en ce moment');
  await phone.sends('voice', 'note');
  await phone.presses('Signaler');
  await phone.presses('Oui');
}

/** What a clock pushed names no reference: who asks where things stand learns it. */
async function asksFor(phone: Phone): Promise<string> {
  await phone.says('statut');
  return referenceOn(phone);
}

describe('the danger question', () => {
  test('unanswered for two minutes after a voice note counts as unknown: officers are paged, and the note is there for them', async () => {
    const kadi = await house.officer('Kadi');
    const voice = randomBytes(1_000);
    house.phones.upload('note', voice);
    await speaks(awa);
    expect(await later(seconds(119))).toBe(0);
    expect(await alerts()).toEqual([]);
    expect(await later(seconds(1))).toBe(1);
    expect(await alerts()).toMatchObject([{ state: 'open' }]);
    await house.cycle();
    const reference = await asksFor(awa);
    expect(kadi.last()).toContain(reference);
    await house.fetch();
    const { items, files } = await house.read(reference);
    expect(JSON.stringify(items[0])).toContain('"value":"unclear"');
    expect(files).toEqual([voice]);
  });

  test('is not waited for twice: two processes, one alert, one answer', async () => {
    await speaks(awa);
    const before = awa.screen().length;
    house.clock.advance(minutes(2));
    await Promise.all([runTimers(house.ctx, calm), runTimers(house.another(), calm)]);
    await house.deliver();
    expect(await alerts()).toHaveLength(1);
    expect(
      awa
        .screen()
        .slice(before)
        .filter((text) => text.includes('– transmis.')),
    ).toHaveLength(1);
    expect(await later(hours(1))).toBe(0);
  });

  test('answered in time raises nothing', async () => {
    await speaks(awa);
    await awa.presses('Non, pas en ce moment');
    await later(minutes(3));
    expect(await alerts()).toEqual([]);
  });

  test('answered at the very moment: the person wins, and the timer does nothing', async () => {
    await speaks(awa);
    house.clock.advance(minutes(2));
    const letGo = await holdContacts(house);
    const answering = awa.presses('Non, pas en ce moment');
    await until(() => somebodyWaits(house));
    const timing = runTimers(house.ctx, calm);
    await until(() => somebodyWaits(house, 2));
    await letGo();
    await Promise.all([answering, timing]);
    expect(await alerts()).toEqual([]);
  });
});

describe('72 hours of silence', () => {
  test('erase what was begun and not sent, with its files; who comes back is told so, once', async () => {
    house.phones.upload('note', randomBytes(1_000));
    await begins(awa);
    await house.fetch();
    await later(hours(72) - 1);
    expect(await cases()).toEqual([{ status: 'draft', unfinished: false }]);
    const before = awa.screen().length;
    await later(1);
    expect(await cases()).toEqual([]);
    expect(await sql`select 1 from evidence_chunks`).toHaveLength(0);
    // The phone may be in other hands: nothing is said unasked.
    expect(awa.screen()).toHaveLength(before);
    await awa.says('bonjour');
    await awa.says('bonjour');
    const told = awa
      .screen()
      .slice(before)
      .filter((text) => /vos réponses non envoyées sont effacées/.test(text));
    expect(told).toHaveLength(1);
  });

  test('begin anew with each word', async () => {
    await begins(awa);
    await later(hours(71));
    await awa.says('je suis encore là');
    await later(hours(71));
    expect(await cases()).toHaveLength(1);
    await later(hours(1));
    expect(await cases()).toEqual([]);
  });

  test('a word sent just before they are over wins, also when the timer comes at the same moment', async () => {
    await begins(awa);
    house.clock.advance(hours(72) - seconds(1));
    const letGo = await holdContacts(house);
    const writing = awa.says('je suis encore là');
    await until(() => somebodyWaits(house));
    house.clock.advance(seconds(1));
    const timing = runTimers(house.ctx, calm);
    await until(() => somebodyWaits(house, 2));
    await letGo();
    await Promise.all([writing, timing]);
    expect(await cases()).toEqual([{ status: 'draft', unfinished: false }]);
  });
});

test('one conversation that cannot be read does not hold up the others, and has its turn again each minute', async () => {
  await speaks(awa);
  const [broken] = await sql`select contact_id, state_sealed from conversations`;
  await sql`update conversations set state_sealed = ${randomBytes(64)}`;
  const binta = house.person('Binta');
  await speaks(binta);
  await later(minutes(2));
  expect(await alerts()).toHaveLength(1);
  expect(await asksFor(binta)).not.toBe('none');
  expect(await later(seconds(59))).toBe(0);
  await sql`update conversations set state_sealed = ${broken?.state_sealed} where contact_id = ${broken?.contact_id}`;
  await later(seconds(1));
  expect(await alerts()).toHaveLength(2);
  expect(await asksFor(awa)).not.toBe('none');
});
