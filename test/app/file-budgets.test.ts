/** How much of files is taken of one person, for one case, and while there is room; words always are. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forget } from '../../src/app/forget.ts';
import { createIntake } from '../../src/app/intake.ts';
import { createRoomWatch } from '../../src/app/room-watch.ts';
import type { IncomingContent } from '../../src/channels/channel.ts';
import { createDiskRoom, type RoomState, roomState } from '../../src/db/disk-room.ts';
import { hours } from '../../src/kernel/time.ts';
import { roomOf } from '../../src/service/room.ts';
import { calm, type House, openHouse, referenceOn } from './house.ts';
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
    "Ce fichier n'est pas enregistré : nous en avons déjà beaucoup de vous.",
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
  house.ctx.settings.files = { perPerson: 1_000 * MB, voice: 1_000 * MB, perCase: 21 * MB };
  await awa.sends('photo', 'photo', { size: 2_900_000 });
  expect(await noted('photo')).toBe(0);
  // Somebody who can only speak is not shut out.
  await awa.sends('voice', 'note', { size: 2_900_000 });
  expect(await noted('voice')).toBe(1);
});

it('forgets how much somebody sent when the day is over', async () => {
  const days = async () => (await house.database.sql`select day from file_days`).length;
  await awa.sends('photo', 'photo', { size: 1_000 });
  await forget(house.ctx, calm);
  expect(await days()).toBe(1);
  house.clock.advance(hours(25));
  await forget(house.ctx, calm);
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

it('lets somebody who answers the danger question twice by a voice that cannot be kept reach a person', async () => {
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

it('declines nothing for a big database elsewhere unless somebody said how big it may be; supervisors are told', async () => {
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
