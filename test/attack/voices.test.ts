/**
 * Recordings as a way to harm people: a translator who sends in a file that says more than the second person hears, and an
 * intruder in the database. The files are made here, and read by a reader of Ogg that the service does not use.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../src/app/records/audit.ts';
import { roomVoices, voicesInUse } from '../../src/app/texts/heard.ts';
import { decideVoice, hearVoice, recordVoice, withdrawVoice } from '../../src/app/texts/recorded.ts';
import { readVoice } from '../../src/app/texts/recorded-reading.ts';
import { join, secondsOf } from '../../src/app/voices/ogg.ts';
import { spokenVersion } from '../../src/conversation/flows/spoken-keys.ts';
import type { MemberRow } from '../../src/db/members.ts';
import { openTextsRoom, type TextsRoom } from '../app/texts-room.ts';
import { EARLIER, keepEarlier } from '../app/voices/earlier-recording.ts';
import { namesIn, oggOf, type Page, pagesOf, piecesIn, recording } from '../ogg.ts';

const KEY = 'report.danger.ask';
const OTHER_KEY = 'report.consent.ask';
const PIECE = `fr/${KEY}`;
const TEXT = { language: 'fr', key: KEY };

let room: TextsRoom;
let mariam: MemberRow;
let oumou: MemberRow;
beforeEach(async () => {
  room = await openTextsRoom();
  room.ctx.voices = voices();
  ({ translator: mariam, coordinator: oumou } = room);
});
afterEach(() => room.close());

type Process = TextsRoom['ctx'];
const voices = (ctx: Process = room.ctx) =>
  roomVoices(
    new Map(),
    () => ctx.conversation,
    () => ctx,
  );
const record = (ogg: Uint8Array = recording('first'), key = KEY) =>
  recordVoice(room.ctx, mariam, {
    ...{ language: 'fr', key, version: spokenVersion(room.ctx.texts, 'fr', key) },
    ogg,
  });
const waiting = async () => (await room.inside((at) => readVoice(at, oumou, TEXT))).voice?.waits;
const counting = async () => (await room.inside((at) => readVoice(at, oumou, TEXT))).voice?.counts;
/** What the second person hears. */
const listens = async () => hearVoice(room.ctx, { ...TEXT, id: (await waiting())?.id ?? '' });
const agrees = async (isYes = true) =>
  decideVoice(room.ctx, oumou, { ...TEXT, id: (await waiting())?.id ?? '', isYes });
const withdraws = async () => {
  await room.ctx.voices.reload();
  return withdrawVoice(room.ctx, oumou, { ...TEXT, id: (await counting())?.id ?? '' });
};
const heardBy = async (ctx: Process = room.ctx) => {
  const note = await ctx.voices.note([PIECE]);
  return note && piecesIn(note.bytes);
};

/** Names of all that a player plays by the file's own words: from behind what it passes over to the last granule. */
function played(bytes: Uint8Array): string[] {
  const [head, , ...pages] = pagesOf(bytes);
  const skipped = Buffer.from(head?.packets[0] ?? []).readUInt16LE(10);
  const end = Number(pages.at(-1)?.granule ?? 0);
  const names = namesIn(bytes);
  let at = 0;
  return pages
    .flatMap(({ packets }) => packets)
    .flatMap((packet, n) => {
      const from = at;
      at += secondsOf(packet) * 48_000;
      // What is cut in the middle counts as heard.
      return at <= skipped || from >= end ? [] : [names[n] ?? ''];
    });
}

/** A whole second of ‘open’ and then one of ‘hidden’, changed as a page or as its head. */
function disguised(change: (pages: Page[], head: Buffer) => Page[]): Uint8Array {
  const one = pagesOf(recording('open'));
  const two = pagesOf(recording('hidden')).slice(2);
  const pages = [...one, ...two].map((page, n, { length }) => ({
    ...page,
    serial: one[0]?.serial ?? 0,
    sequence: n,
    isFirst: n === 0,
    isLast: n === length - 1,
    granule: n < one.length ? page.granule : page.granule + 48_000n,
  }));
  const head = Buffer.from(pages[0]?.packets[0] ?? []);
  const changed = change(pages, head);
  if (changed[0]) changed[0].packets = [new Uint8Array(head)];
  return oggOf(changed);
}
const everyGranule = (pages: Page[], granule: (page: Page, n: number) => bigint) =>
  pages.map((page, n) => (n < 2 ? page : { ...page, granule: granule(page, n) }));

/** Files whose own words hide something from the one or the other. */
const DISGUISES: Readonly<Record<string, () => Uint8Array>> = {
  'the end lies behind the last granule': () =>
    disguised((pages) => everyGranule(pages, ({ granule }) => (granule > 48_000n ? 48_000n : granule))),
  'every granule is nothing': () => disguised((pages) => everyGranule(pages, () => 0n)),
  'the granules begin far behind': () =>
    disguised((pages) => everyGranule(pages, ({ granule }) => granule + 480_000n)),
  'a player is to pass over the first second': () =>
    disguised((pages, head) => {
      head.writeUInt16LE(48_000, 10);
      return pages;
    }),
  'it is to be played without a sound': () =>
    disguised((pages, head) => {
      head.writeInt16LE(-32_768, 16);
      return pages;
    }),
  'it wants to end in the middle': () =>
    disguised((pages) => pages.map((page, n) => ({ ...page, isLast: page.isLast || n === 2 }))),
  'a second stream speaks beside the first': () =>
    disguised((pages) => {
      const [first, tags, ...rest] = pagesOf(recording('beside')).map((page) => ({ ...page, serial: 77 }));
      const [own, ...others] = pages;
      return [own, first, others[0], tags, ...others.slice(1), ...rest].filter((page) => page !== undefined);
    }),
  'a second stream follows the first': () =>
    disguised((pages) => [...pages, ...pagesOf(recording('after')).map((page) => ({ ...page, serial: 78 }))]),
  'its tags want it softer': () =>
    disguised((pages) =>
      pages.map((page, n) => {
        if (n !== 1) return page;
        const gain = Buffer.from('R128_TRACK_GAIN=-32768');
        const size = Buffer.alloc(8);
        size.writeUInt32LE(1);
        size.writeUInt32LE(gain.length, 4);
        return { ...page, packets: [Buffer.concat([Buffer.from('OpusTags\x04\0\0\0test'), size, gain])] };
      }),
    ),
};

describe('a translator who sends in a file that says two things', () => {
  it.each(Object.keys(DISGUISES))(
    'has it heard by the second person as it is heard by everybody: %s',
    async (name) => {
      const done = await record(DISGUISES[name]?.());
      // What nobody can read is refused, and heard by nobody.
      if (!done.ok) return expect(done).toMatchObject({ reason: 'unfit' });
      const agreed = await listens();
      if (!agreed) throw new Error('nothing waits');
      // Whatever stands in it is played, from the first packet to the last, by a file of ours with one stream.
      expect(played(agreed)).toEqual(namesIn(agreed));
      const pages = pagesOf(agreed);
      expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
      const head = Buffer.from(pages[0]?.packets[0] ?? []);
      expect([head.readUInt16LE(10), head.readInt16LE(16), head.length]).toEqual([312, 0, 19]);
      expect(Buffer.from(pages[1]?.packets[0] ?? []).toString('latin1')).not.toContain('GAIN');
      expect(await agrees()).toMatchObject({ ok: true });
      await room.ctx.voices.reload();
      // Alone it leaves byte for byte; with others packet for packet.
      const alone = await room.ctx.voices.note([PIECE]);
      expect(Buffer.from(alone?.bytes ?? []).equals(Buffer.from(agreed))).toBe(true);
      const both = await room.ctx.voices.note([PIECE, PIECE]);
      const packets = namesIn(agreed);
      const pause = Array.from({ length: 16 }, () => '–');
      expect(namesIn(both?.bytes ?? new Uint8Array())).toEqual([...packets, ...pause, ...packets]);
      expect(played(both?.bytes ?? new Uint8Array())).toEqual([...packets, ...pause, ...packets]);
    },
  );

  it('takes away nothing that another person recorded, by a no or by a recording of their own', async () => {
    await record();
    const id = (await waiting())?.id ?? '';
    const fanta = await room.member('translator', 'Fanta');
    expect(await decideVoice(room.ctx, fanta, { ...TEXT, id, isYes: false })).toEqual({
      ok: false,
      reason: 'no_right',
    });
    const own = { ...TEXT, version: spokenVersion(room.ctx.texts, 'fr', KEY), ogg: recording('other') };
    expect(await recordVoice(room.ctx, fanta, own)).toEqual({ ok: false, reason: 'other_waits' });
    expect(await agrees()).toMatchObject({ ok: true });
    await room.ctx.voices.reload();
    expect(await heardBy()).toEqual(['first']);
  });

  it('makes no other recording of a note softer, later or shorter by the head of its own', async () => {
    for (const make of Object.values(DISGUISES)) {
      const note = await join([make(), recording('plain')]).catch(() => undefined);
      if (note) expect(played(note.bytes)).toEqual(namesIn(note.bytes));
    }
  });

  it.each([
    ['of two channels, where one says what the other takes back', Uint8Array.of(0xfc, 1, 2, 3)],
    [
      'that one decoder plays and another one refuses: two frames of half a byte',
      Uint8Array.of(0xf9, 1, 2, 3),
    ],
    ['of no frame', Uint8Array.of(0xfb, 0)],
    ['of more than a tenth of a second', Uint8Array.of(0xfb, 63, ...new Uint8Array(63))],
    ['whose padding ends nowhere', Uint8Array.of(0xfb, 0x41, 255)],
    ['whose frame is longer than any may be', new Uint8Array(1_400).fill(0xf8)],
    ['whose frames say that they are longer than it is', Uint8Array.of(0xfa, 200, 1)],
  ])('gets no packet kept %s', async (_, packet) => {
    const file = disguised((pages) =>
      pages.map((page, n) => (n === 3 ? { ...page, packets: [...page.packets.slice(1), packet] } : page)),
    );
    expect(await record(file)).toMatchObject({ ok: false, reason: 'unfit' });
  });

  it('hides nothing in the padding of a packet, which newer players play and older ones pass over', async () => {
    const padded = Uint8Array.of(0xfb, 0x41, 4, 9, 9, 9, ...Buffer.from('more'));
    const file = disguised((pages) =>
      pages.map((page, n) => (n === 3 ? { ...page, packets: [...page.packets.slice(1), padded] } : page)),
    );
    expect(await record(file)).toMatchObject({ ok: true });
    const agreed = Buffer.from((await listens()) ?? []);
    expect(agreed.includes('more')).toBe(false);
    expect(agreed.includes(Buffer.of(0xfb, 1, 9, 9, 9))).toBe(true);
  });
});

describe('an intruder who writes to the database', () => {
  const rows = () => room.database.sql`select * from voice_recordings order by id`;
  const putsBack = async (old: Awaited<ReturnType<typeof rows>>) => {
    const { sql } = room.database;
    await sql`delete from voice_recordings`;
    for (const row of old) await sql`insert into voice_recordings ${sql(row)}`;
  };
  const agreed = async () => {
    await record();
    await agrees();
    await room.ctx.voices.reload();
    expect(await heardBy()).toEqual(['first']);
  };
  const strange = async () => (await voicesInUse(room.ctx)).strange;

  it('cannot say yes in the name of a member', async () => {
    await record();
    await room.database.sql`update voice_recordings set heard_by = ${oumou.id}, heard_at = now()`;
    await room.ctx.voices.reload();
    expect(await heardBy()).toBeUndefined();
  });

  it('cannot put a recording to another text, nor another sound in its place', async () => {
    await agreed();
    await record(recording('other'), OTHER_KEY);
    const { sql } = room.database;
    await sql`update voice_recordings set ogg = ${Buffer.from(recording('something else'))}`;
    await room.ctx.voices.reload();
    expect(await heardBy()).toBeUndefined();
    await sql`update voice_recordings set key = 'report.place.ask', id = gen_random_uuid()`;
    await room.ctx.voices.reload();
    expect(await heardBy()).toBeUndefined();
    expect(await strange()).toEqual(['fr/report.place.ask', 'fr/report.place.ask', PIECE]);
  });

  it('has none agreed to whose sound they changed after it was made', async () => {
    await record();
    await room.database.sql`update voice_recordings set ogg = ${Buffer.from(recording('something else'))}`;
    expect(await listens()).toBeUndefined();
    expect(await agrees()).toEqual({ ok: false, reason: 'no_such' });
  });

  it('cannot bring back what was withdrawn, also in a process that has not heard of it yet', async () => {
    const ctx = await room.another();
    ctx.voices = voices(ctx);
    await agreed();
    expect(await heardBy(ctx)).toEqual(['first']);
    const old = await rows();
    expect(await withdraws()).toMatchObject({ ok: true });
    // In the same moment, and with the row of the change taken away besides.
    await putsBack(old);
    await room.intrudes(
      (sql) => sql`delete from text_changes where seq = (select max(seq) from text_changes)`,
    );
    expect(await heardBy(ctx)).toBeUndefined();
    await room.ctx.voices.reload();
    expect(await heardBy()).toBeUndefined();
    const later = await room.another();
    later.voices = voices(later);
    expect(await heardBy(later)).toBeUndefined();
    expect(await strange()).toEqual([PIECE]);
  });

  it('cannot bring back what was withdrawn by its row alone, at any later moment', async () => {
    await agreed();
    const old = await rows();
    expect(await withdraws()).toMatchObject({ ok: true });
    await putsBack(old);
    await room.ctx.voices.reload();
    expect(await heardBy()).toBeUndefined();
    const later = await room.another();
    later.voices = voices(later);
    await later.voices.reload();
    expect(await heardBy(later)).toBeUndefined();
    expect(await strange()).toEqual([PIECE]);
  });

  it.each(['spoils', 'takes away'])(
    'cannot bring back what was withdrawn before 0035: who %s the note of that has it heard by no one',
    async (how) => {
      await keepEarlier(room, TEXT, recording('first'));
      await room.ctx.voices.reload();
      expect(await heardBy()).toEqual(['first']);
      const old = await rows();
      const detail = { ...TEXT, recording: EARLIER };
      await room.inside((at) => audit(at, { memberId: oumou.id, what: 'voice_withdrawn', detail }));
      await room.inside((at) => audit(at, { memberId: oumou.id, what: 'signed_in' }));
      await room.ctx.voices.reload();
      expect(await heardBy()).toBeUndefined();
      await room.intrudes((sql) =>
        how === 'spoils'
          ? sql`update audit_log set link = 'x', mac = null where what = 'voice_withdrawn'`
          : sql`delete from audit_log where what = 'voice_withdrawn'`,
      );
      await putsBack(old);
      await room.ctx.voices.reload();
      expect(await heardBy()).toBeUndefined();
    },
  );

  it('cannot bring back what was replaced', async () => {
    await agreed();
    const old = await rows();
    await record(recording('second'));
    await agrees();
    await putsBack(old);
    await room.ctx.voices.reload();
    expect(await heardBy()).toBeUndefined();
    expect(await strange()).toEqual([PIECE, PIECE]);
  });

  it('cannot have agreed to what was refused, or what its speaker took back', async () => {
    await record();
    const id = (await waiting())?.id ?? '';
    const old = await rows();
    expect(await agrees(false)).toMatchObject({ ok: true });
    await putsBack(old);
    expect(await waiting()).toBeNull();
    expect(await hearVoice(room.ctx, { ...TEXT, id })).toBeUndefined();
    const answer = await decideVoice(room.ctx, oumou, { ...TEXT, id, isYes: true });
    expect(answer).toEqual({ ok: false, reason: 'no_such' });
    expect(await withdrawVoice(room.ctx, oumou, { ...TEXT, id })).toEqual({ ok: false, reason: 'no_such' });
  });

  it('keeps no recording of people from being made and heard by rows at its place', async () => {
    await agreed();
    const { sql } = room.database;
    await sql`insert into voice_recordings (id, language, key, version, ms, size, sha256, ogg, recorded_by, recorded_at, heard_at)
      select gen_random_uuid(), language, key, version, ms, size, sha256, ogg, recorded_by, recorded_at, at
      from voice_recordings, (values (now()), (null), (null)) as junk (at)`;
    await room.ctx.voices.reload();
    expect(await heardBy()).toEqual(['first']);
    await record(recording('second'));
    expect(await agrees()).toMatchObject({ ok: true });
    await room.ctx.voices.reload();
    expect(await heardBy()).toEqual(['second']);
  });
});
