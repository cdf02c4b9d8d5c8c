/** How much of files is taken of one person, for one case, and while there is room; words always are. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIntake } from '../../src/app/intake/intake.ts';
import { storeEvidence } from '../../src/app/reporters/evidence.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { createRoomWatch } from '../../src/app/watch/disk-watch.ts';
import type { IncomingContent } from '../../src/channels/channel.ts';
import { createDiskRoom, type RoomState, roomState } from '../../src/db/disk-room.ts';
import { hours, minutes } from '../../src/kernel/time.ts';
import type { FileKind } from '../../src/kernel/vocabulary.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { roomOf } from '../../src/service/disk-room.ts';
import { calm, type House, hold, openHouse, referenceOn, somebodyWaits, until } from './house.ts';
import type { Phone } from './messenger.ts';

const MB = 1_000_000;
let house: House;
let awa: Phone;
beforeEach(async () => {
  house = await openHouse({ floodPerMinute: 1_000 });
  awa = house.person('Awa');
  await awa.says('SOS');
  house.ctx.settings.files = { perPerson: 20 * MB, voice: 3 * MB, perCase: 30 * MB };
});
afterEach(() => house.close());

const noted = async (media: string) =>
  Number((await house.database.sql`select count(*) as n from evidence where media = ${media}`)[0]?.n);
const declined = async (reference: string) =>
  (await house.read(reference)).items.flatMap(({ payload }) =>
    payload.what === 'file_not_saved' ? [payload.reason] : [],
  );

it('takes 25 films of 3 MB from one phone until the day’s share is used; voice notes, words and SOS still pass', async () => {
  for (let n = 0; n < 25; n++) await awa.sends('video', `film-${n}`, { size: 2_900_000 });
  expect(await noted('video')).toBe(6);
  expect(awa.screen().join('\n')).toMatch(
    "Ce fichier n'est pas enregistré : vous en avez déjà envoyé beaucoup.",
  );
  await awa.sends('voice', 'note', { size: 300_000, seconds: 60 });
  expect(await noted('voice')).toBe(1);
  const reference = referenceOn(awa);
  // Once a day, not once a film.
  expect(await declined(reference)).toEqual(['over_budget']);
  const before = (await house.read(reference)).items.length;
  await awa.says('ils reviennent');
  await awa.says('SOS');
  expect((await house.read(reference)).items.length).toBeGreaterThan(before);
  house.clock.advance(hours(25));
  await awa.sends('video', 'film', { size: 2_900_000 });
  expect(await noted('video')).toBe(7);
});

it('counts what came, whatever size was said, and what lies in the case already', async () => {
  for (let n = 0; n < 10; n++) {
    house.phones.upload(`lie-${n}`, randomBytes(2_900_000));
    await awa.sends('video', `lie-${n}`, { size: 1 });
    await house.fetch();
  }
  expect(await noted('video')).toBeLessThan(8);
  house.ctx.settings.files = { perPerson: 1_000 * MB, voice: 1_000 * MB, perCase: 19 * MB };
  await awa.sends('photo', 'photo', { size: 2_900_000 });
  expect(await noted('photo')).toBe(0);
  // A reporter who can only speak is not shut out.
  await awa.sends('voice', 'note', { size: 2_900_000 });
  expect(await noted('voice')).toBe(1);
});

describe('films that are said to be of one byte, all noted before any is fetched,', () => {
  const saved = async () => {
    const rows = await house.database.sql`select id, media, size from evidence where state = 'saved'`;
    return rows.map(({ id, media, size }) => ({ id: String(id), media: String(media), size: Number(size) }));
  };
  const refused = async () =>
    (await house.database.sql`select refusal from evidence where state = 'refused'`).map(
      ({ refusal }) => refusal,
    );
  const bytesKept = async () =>
    Number(
      (await house.database.sql`select coalesce(sum(length(ciphertext)), 0) as n from evidence_chunks`)[0]?.n,
    );
  const bytesOf = (media: string, files: { media: string; size: number }[]) =>
    files.filter((file) => file.media === media).reduce((sum, { size }) => sum + size, 0);
  const film = randomBytes(2_900_000);
  /** A phone sends so many of them, and they wait. */
  async function sendsLies(phone: Phone, count: number, kind: FileKind = 'video') {
    for (let n = 0; n < count; n++) {
      const ref = `${phone.address}-${kind}-${n}`;
      house.phones.upload(ref, film);
      await phone.sends(kind, ref, { size: 1 });
    }
  }
  /** What is said to one person goes out one after another. */
  const later = async () => {
    house.clock.advance(minutes(1));
    await house.deliver();
  };
  const sharesDay = (perPerson: number, perCase: number) => {
    house.ctx.settings.files = { perPerson: perPerson * MB, voice: 3 * MB, perCase: perCase * MB };
  };

  it('take no more than the person’s day; nothing of the others stays, and it is said as if declined at once', async () => {
    sharesDay(10, 20);
    await sendsLies(awa, 6);
    // What was noted by its true size is not pushed out by a lie, and voice notes have their own share, once.
    house.phones.upload('photo', randomBytes(200_000));
    await awa.sends('photo', 'photo', { size: 200_000 });
    await sendsLies(awa, 2, 'voice');
    await house.fetch();
    const files = await saved();
    expect(bytesOf('video', files)).toBeGreaterThan(5 * MB);
    expect(bytesOf('video', files)).toBeLessThan(10 * MB);
    expect([files.filter(({ media }) => media === 'photo').length, bytesOf('voice', files)]).toEqual([
      1,
      expect.closeTo(2.9 * MB, -5),
    ]);
    expect(await bytesKept()).toBe(files.reduce((sum, { size }) => sum + size, 0));
    const rest = await refused();
    expect(rest).toEqual(Array(9 - files.length).fill('over_budget'));
    expect(await declined(referenceOn(awa))).toEqual(['over_budget']);
    await later();
    expect(awa.screen().join('\n')).toMatch(
      "Ce fichier n'est pas enregistré : vous en avez déjà envoyé beaucoup.",
    );
    await awa.says('SOS');
    // A day later there is room again.
    house.clock.advance(hours(25));
    await awa.sends('video', 'Awa-video-0', { size: 1 });
    await house.fetch();
    expect(await saved()).toHaveLength(files.length + 1);
  });

  it('take no more than the case holds, also when two people’s are fetched for it at the same moment', async () => {
    sharesDay(100, 5);
    const binta = house.person('Binta');
    await binta.says('SOS');
    await sendsLies(awa, 1);
    await sendsLies(binta, 1);
    const [one, other] = house.toFetch.splice(0);
    if (!one || !other) throw new Error('no jobs');
    await house.database.sql`update evidence set case_id = (select case_id from evidence where id = ${one})`;
    // While another transaction has the case in hand neither is let through.
    const letGo = await hold(house, (tx) => tx`select 1 from cases for update`);
    const both = [one, other].map((id) => storeEvidence(house.ctx, id, false));
    await until(() => somebodyWaits(house, 2));
    await letGo();
    await Promise.all(both);
    expect((await saved()).length).toBeLessThan(2);
    expect(await refused()).toContain('over_budget');
    expect(await bytesKept()).toBeLessThan(5 * MB);
  });

  it('are not fetched without room for them, and go no further when it ends on their way', async () => {
    let state: RoomState = 'plenty';
    house.ctx.diskRoom = { state: () => state, look: async () => undefined };
    await sendsLies(awa, 2);
    house.phones.files.set('Awa-video-0', () => ({
      ok: true,
      stream: ReadableStream.from(
        (async function* () {
          yield film.subarray(0, MB);
          // Once some of it lies in the database.
          await until(async () => (await bytesKept()) > 0);
          state = 'scarce';
          yield film.subarray(MB);
        })(),
      ),
    }));
    await house.fetch();
    expect([await saved(), await bytesKept()]).toEqual([[], 0]);
    expect(await refused()).toEqual(['no_room', 'no_room']);
    expect(await declined(referenceOn(awa))).toEqual(['no_room']);
    await later();
    expect(awa.screen().join('\n')).toMatch(/nous manquons de place en ce moment/);
  });

  it('are counted once, however often they are tried', async () => {
    await sendsLies(awa, 1);
    const whole = house.phones.files.get('Awa-video-0');
    house.phones.files.set('Awa-video-0', () => ({
      ok: true,
      stream: ReadableStream.from(
        (async function* () {
          yield film.subarray(0, 2 * MB);
          await until(async () => (await bytesKept()) > MB);
          throw new Error('cut');
        })(),
      ),
    }));
    const again = [...house.toFetch];
    await expect(house.fetch()).rejects.toThrow('could not be fetched');
    if (whole) house.phones.files.set('Awa-video-0', whole);
    house.toFetch.push(...again);
    await house.fetch();
    expect(await saved()).toHaveLength(1);
    const [day] = await house.database.sql`select files::int as files, voice::int as voice from file_days`;
    expect({ ...day }).toEqual({ files: film.length, voice: 0 });
  });
});

it('forgets how much a reporter sent when the day is over', async () => {
  const days = async () => (await house.database.sql`select day from file_days`).length;
  await awa.sends('photo', 'photo', { size: 1_000 });
  await forget(house.ctx, calm, keepingOf());
  expect(await days()).toBe(1);
  house.clock.advance(hours(25));
  await forget(house.ctx, calm, keepingOf());
  expect(await days()).toBe(0);
});

it('keeps the words under a file that is declined, and a cry for help among them', async () => {
  house.ctx.settings.files = { perPerson: 0, voice: 0, perCase: 0 };
  const binta = house.person('Binta');
  const receive = createIntake(house.ctx);
  const content: IncomingContent = {
    kind: 'file',
    file: { kind: 'photo', ref: 'x', size: 1_000_000 },
    caption: 'SOS',
  };
  await receive({ channel: house.phones.channel.kind, id: 'captioned', address: 'Binta', content });
  await house.deliver();
  expect(binta.screen().join('\n')).toMatch(/n'est pas enregistré/);
  expect(referenceOn(binta)).toMatch(/^[A-Z]+-\d+$/);
});

it('lets a reporter who answers the danger question twice by a voice that cannot be kept reach a person', async () => {
  house.ctx.settings.files = { perPerson: 0, voice: 0, perCase: 0 };
  const binta = house.person('Binta');
  await binta.says('/start');
  await binta.presses('Français');
  await binta.sends('voice', 'one', { size: 100_000 });
  await binta.sends('voice', 'two', { size: 100_000 });
  expect(referenceOn(binta)).toMatch(/^[A-Z]+-\d+$/);
});

it('declines files before the disk is full, voice notes last, and tells the supervisors ahead, once', async () => {
  const officer = await house.officer('Moussa');
  let state: RoomState = 'plenty';
  house.ctx.diskRoom = {
    state: () => state,
    look: async () => ({ free: 1_900 * MB, state, isAmple: state === 'plenty' }),
  };
  const look = createRoomWatch(house.ctx);
  const told = () => officer.screen().filter((text) => / Go|assez de place/.test(text));
  const becomes = async (next: RoomState) => {
    state = next;
    await look();
    await look();
    await createRoomWatch(house.ctx)();
    await house.deliver();
  };
  await becomes('plenty');
  expect(told()).toEqual([]);
  await becomes('low');
  expect(told()).toEqual([expect.stringMatching(/^Il reste 1\.9 Go pour les fichiers/)]);
  await awa.sends('photo', 'photo', { size: 1_000 });
  await becomes('scarce');
  await awa.sends('photo', 'photo', { size: 1_000 });
  await awa.sends('voice', 'note', { size: 1_000 });
  expect([await noted('photo'), await noted('voice')]).toEqual([1, 1]);
  expect(awa.screen().join('\n')).toMatch(/nous manquons de place en ce moment/);
  await becomes('none');
  await awa.sends('voice', 'note', { size: 1_000 });
  expect(await noted('voice')).toBe(1);
  expect(await declined(referenceOn(awa))).toEqual(['no_room']);
  await becomes('plenty');
  expect(told()).toHaveLength(4);
  expect([400, 900, 1_900, 2_000].map((free) => roomState(free, 1_000))).toEqual([
    'none',
    'scarce',
    'low',
    'plenty',
  ]);
});

it('has the room again, within the hour, of what was erased where room is short', async () => {
  const { sql } = house.database;
  // PostgreSQL's own cleaning up comes when it likes.
  await sql`alter table evidence_chunks set (autovacuum_enabled = false, toast.autovacuum_enabled = false)`;
  const size = async () => Number((await sql`select pg_total_relation_size('evidence_chunks') as n`)[0]?.n);
  for (const film of ['one', 'two', 'three']) {
    house.phones.upload(film, randomBytes(2_900_000));
    await awa.sends('video', film, { size: 2_900_000 });
    await house.fetch();
  }
  const full = await size();
  expect(full).toBeGreaterThan(8 * MB);
  await sql`delete from evidence`;
  await forget(house.ctx, calm, keepingOf());
  expect(await size()).toBe(full);
  house.ctx.diskRoom = { state: () => 'low', look: async () => undefined };
  await forget(house.ctx, calm, keepingOf());
  expect(await size()).toBeLessThan(MB);
});

it('declines nothing for a big database elsewhere unless the operator said how big it may be; supervisors are told', async () => {
  const officer = await house.officer('Moussa');
  const { db } = house.database;
  const elsewhere = { databaseUrl: 'postgres://elsewhere' } as never;
  const { of, reserve } = roomOf(elsewhere);
  expect(of).toEqual({ warnAt: 20_000 * MB });
  const big = createDiskRoom(db, { warnAt: 1 }, reserve);
  house.ctx.diskRoom = big;
  await createRoomWatch(house.ctx)();
  await createRoomWatch(house.ctx)();
  await house.deliver();
  expect(big.state()).toBe('unbounded');
  await awa.sends('photo', 'photo', { size: 1_000 });
  expect(await noted('photo')).toBe(1);
  expect(officer.screen().filter((text) => /DATABASE_MAX_GB/.test(text))).toHaveLength(1);
  const bounded = createDiskRoom(
    db,
    roomOf({ ...(elsewhere as object), databaseMost: 1 } as never).of,
    reserve,
  );
  expect((await bounded.look())?.state).toBe('none');
});
