/** Recordings made in the room: two people, one text, and a database that others may have written to. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  decideVoice,
  hearVoice,
  readVoiceRoom,
  recordVoice,
  strangeVoices,
  voicesOfRoom,
} from '../../../src/app/voices/in-the-room.ts';
import { createVoices } from '../../../src/app/voices/recordings.ts';
import { spokenVersion } from '../../../src/conversation/flows/spoken-keys.ts';
import type { MemberId } from '../../../src/kernel/ids.ts';
import { joins } from '../../http/console/member.ts';
import { piecesIn, recording } from '../../ogg.ts';
import { openRoom } from '../room.ts';

const KEY = 'report.danger.ask';
const PIECE = `fr/${KEY}`;

let room: Awaited<ReturnType<typeof openRoom>>;
let kadi: { id: MemberId };
let issa: { id: MemberId };

beforeEach(async () => {
  room = await openRoom();
  const { ctx } = room;
  ctx.voices = createVoices(
    new Map(),
    () => ctx.conversation,
    () => voicesOfRoom(ctx.db, ctx),
  );
  kadi = await joins(room, 'officer', null, { name: 'Kadi' });
  issa = await joins(room, 'coordinator', null, { name: 'Issa' });
});
afterEach(() => room.close());

const version = () => spokenVersion(room.ctx.texts, 'fr', KEY);
const record = (member = kadi, more: Partial<Parameters<typeof recordVoice>[2]> = {}) =>
  room.inside((at) =>
    recordVoice(at, member, {
      language: 'fr',
      key: KEY,
      version: version(),
      ogg: recording('first'),
      ...more,
    }),
  );
const rowOf = async (member = issa) => {
  const { rows } = await room.inside((at) => readVoiceRoom(at, member, 'fr'));
  return rows.find(({ key }) => key === KEY);
};
const decide = async (member: { id: MemberId }, isYes: boolean) => {
  const id = (await rowOf())?.waits?.id ?? '00000000-0000-4000-8000-000000000000';
  const done = await room.inside((at) => decideVoice(at, member, { id, isYes }));
  await room.ctx.voices.reload();
  return done;
};
const heard = async () => {
  const note = await room.ctx.voices.note([PIECE]);
  return note && piecesIn(note.bytes);
};

describe('what one person has recorded', () => {
  test('is heard by people only after another one has listened and said yes', async () => {
    expect(await record()).toEqual({ ok: true });
    expect(await heard()).toBeUndefined();
    expect(await decide(kadi, true)).toEqual({ ok: false, reason: 'same_person' });
    const again = await joins(room, 'administrator', null, { name: 'kadi' });
    expect(await decide(again, true)).toEqual({ ok: false, reason: 'same_person' });
    expect(await heard()).toBeUndefined();
    const waits = (await rowOf())?.waits;
    expect(waits).toMatchObject({ isMine: false, isStale: false, seconds: expect.closeTo(1, 1) });
    const sound = await hearVoice(room.ctx, { language: 'fr', key: KEY, id: waits?.id });
    expect(piecesIn(sound ?? new Uint8Array())).toEqual(['first']);
    expect(await decide(issa, true)).toEqual({ ok: true });
    expect(await heard()).toEqual(['first']);
  });

  test('leaves in use what is heard now, until it is agreed to itself', async () => {
    await record();
    await decide(issa, true);
    await record(kadi, { ogg: recording('second') });
    expect(await heard()).toEqual(['first']);
    await decide(issa, true);
    expect(await heard()).toEqual(['second']);
    expect(await room.database.sql`select 1 from voice_recordings`).toHaveLength(1);
  });

  test('goes when the second person says no, and can be taken back', async () => {
    await record();
    expect(await decide(issa, false)).toEqual({ ok: true });
    expect((await rowOf())?.waits).toBeNull();
    await record();
    expect(await decide(kadi, false)).toEqual({ ok: true });
    expect(await decide(issa, true)).toEqual({ ok: false, reason: 'no_such' });
  });

  test('of a text that has changed is kept and agreed to by no one', async () => {
    expect(await record(kadi, { version: '0123456789ab' })).toEqual({ ok: false, reason: 'moved_on' });
    expect(await record(kadi, { key: 'report.no_such.ask' })).toEqual({ ok: false, reason: 'no_such' });
    expect(await record(kadi, { language: 'xx' })).toEqual({ ok: false, reason: 'no_such' });
  });

  test('is refused if it is no recording, or too long', async () => {
    const unfit = async (ogg: Uint8Array) => record(kadi, { ogg });
    expect(await unfit(Buffer.from('RIFF'))).toMatchObject({ unfit: 'not_opus' });
    expect(await unfit(recording('x', { channels: 2 }))).toMatchObject({ unfit: 'not_mono' });
    expect(await unfit(recording('x', { seconds: 61 }))).toMatchObject({ unfit: 'too_long' });
    expect(await unfit(recording('x', { seconds: 5, bytesEach: 200 }))).toMatchObject({ unfit: 'too_big' });
    expect(await room.database.sql`select 1 from voice_recordings`).toHaveLength(0);
  });
});

describe('an intruder who writes to the database', () => {
  const agreed = async () => {
    await record();
    await decide(issa, true);
  };
  const nobodyHears = async (named = PIECE) => {
    await room.ctx.voices.reload();
    expect(await heard()).toBeUndefined();
    expect(await strangeVoices(room.ctx.db, room.ctx)).toEqual([named]);
  };
  test('cannot say yes in the name of a member', async () => {
    await record();
    await room.database.sql`update voice_recordings set heard_by = ${issa.id}, heard_at = now()`;
    await nobodyHears();
  });

  test('cannot put a recording to another text, language or version', async () => {
    await agreed();
    await room.database.sql`update voice_recordings set key = 'report.consent.ask'`;
    await nobodyHears('fr/report.consent.ask');
    await room.database.sql`update voice_recordings set key = ${KEY}, language = 'en'`;
    await nobodyHears(`en/${KEY}`);
    await room.database.sql`update voice_recordings set language = 'fr', version = '0123456789ab'`;
    await nobodyHears();
  });

  test('cannot put another sound in its place', async () => {
    await agreed();
    await room.database.sql`update voice_recordings set ogg = ${Buffer.from(recording('something else'))}`;
    await room.ctx.voices.reload();
    expect(await heard()).toBeUndefined();
  });
});

test('a recording of the room is heard in the place of a file', async () => {
  const file = {
    ...({ language: 'fr', key: KEY, version: version(), source: 'built in', size: 1 } as const),
    read: async () => recording('of a file'),
  };
  const { ctx } = room;
  const files = new Map([[PIECE, file]]);
  ctx.voices = createVoices(
    files,
    () => ctx.conversation,
    async () => new Map([...files, ...(await voicesOfRoom(ctx.db, ctx))]),
  );
  expect(await heard()).toEqual(['of a file']);
  await record();
  await decide(issa, true);
  expect(await heard()).toEqual(['first']);
});
