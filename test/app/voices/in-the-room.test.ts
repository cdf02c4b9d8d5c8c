/** Recordings made in the room: two people, one text, and a database that others may have written to. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../../src/app/ground/context.ts';
import { NO_VOICES, type Recording } from '../../../src/app/ground/voices.ts';
import { audit } from '../../../src/app/records/audit.ts';
import { roomVoices } from '../../../src/app/texts/heard.ts';
import { decideVoice, hearVoice, recordVoice, withdrawVoice } from '../../../src/app/texts/recorded.ts';
import { readVoice, readVoiceCount } from '../../../src/app/texts/recorded-reading.ts';
import { spokenVersion } from '../../../src/conversation/flows/spoken-keys.ts';
import type { MemberRow } from '../../../src/db/members.ts';
import { checkVoices } from '../../../src/doctor/voices.ts';
import { days } from '../../../src/kernel/time.ts';
import { oggOf, pagesOf, piecesIn, recording } from '../../ogg.ts';
import { openTextsRoom, type TextsRoom } from '../texts-room.ts';
import { EARLIER, keepEarlier } from './earlier-recording.ts';

const KEY = 'report.danger.ask';
const PIECE = `fr/${KEY}`;
const TEXT = { language: 'fr', key: KEY };

let room: TextsRoom;
let mariam: MemberRow;
let oumou: MemberRow;

/** What one process knows of recordings. */
const process = (
  files = new Map(),
  ctx: Pick<Context, 'db' | 'content' | 'keyring' | 'conversation'> = room.ctx,
) =>
  roomVoices(
    files,
    () => ctx.conversation,
    () => ctx,
  );

beforeEach(async () => {
  room = await openTextsRoom();
  room.ctx.voices = process();
  ({ translator: mariam, coordinator: oumou } = room);
});
afterEach(() => room.close());

const version = () => spokenVersion(room.ctx.texts, 'fr', KEY);
const record = (member = mariam, more: Partial<Parameters<typeof recordVoice>[2]> = {}) =>
  recordVoice(room.ctx, member, { ...TEXT, version: version(), ogg: recording('first'), ...more });
const seenBy = async (member = oumou) => (await room.inside((at) => readVoice(at, member, TEXT))).voice;
const DONE = { ok: true, is: 'done' };
const NONE = '00000000-0000-4000-8000-000000000000';
const decide = async (member: MemberRow, isYes: boolean) => {
  const id = (await seenBy())?.waits?.id ?? NONE;
  return decideVoice(room.ctx, member, { ...TEXT, id, isYes });
};
const withdraw = async (member: MemberRow) => {
  await room.ctx.voices.reload();
  const id = (await seenBy())?.counts?.id ?? NONE;
  return withdrawVoice(room.ctx, member, { ...TEXT, id });
};
const heard = async (voices = room.ctx.voices) => {
  const note = await voices.note([PIECE]);
  return note && piecesIn(note.bytes);
};
const refused = (reason: string) => ({ ok: false, reason });

describe('what one person has recorded', () => {
  test('is heard by people only after another one has listened and said yes, of whom one coordinates', async () => {
    expect(await record()).toEqual(DONE);
    await room.ctx.voices.reload();
    expect(await heard()).toBeUndefined();
    expect(await decide(mariam, true)).toEqual(refused('same_person'));
    expect(await decide(await room.member('administrator', 'mariam'), true)).toEqual(refused('same_person'));
    expect(await decide(await room.member('officer', 'Issa'), true)).toEqual(refused('no_right'));
    expect(await decide(await room.member('translator', 'Fanta'), true)).toEqual(refused('no_right'));
    const waits = (await seenBy())?.waits;
    expect(waits).toMatchObject({
      by: { is: 'member', name: 'Mariam' },
      isMine: false,
      isStale: false,
      mayAgree: true,
      seconds: expect.closeTo(1, 1),
    });
    const sound = await hearVoice(room.ctx, { ...TEXT, id: waits?.id });
    expect(piecesIn(sound ?? new Uint8Array())).toEqual(['first']);
    expect(await decide(oumou, true)).toEqual(DONE);
    await room.ctx.voices.reload();
    expect(await heard()).toEqual(['first']);
  });

  test('is not agreed to by who let them in, nor in the first week, nor after a month', async () => {
    await room.inside((at) => audit(at, { memberId: mariam.id, what: 'joined', detail: { by: oumou.id } }));
    await room.member('officer', 'Issa');
    await record();
    expect((await seenBy())?.waits).toMatchObject({ mayAgree: false, whyNot: 'invited' });
    expect(await decide(oumou, true)).toEqual(refused('invited'));
    room.clock.advance(days(8));
    const awa = await room.member('coordinator', 'Awa');
    expect(await decide(awa, true)).toEqual(refused('too_new'));
    room.clock.advance(days(7));
    expect((await seenBy(awa))?.waits?.mayAgree).toBe(true);
    const id = (await seenBy())?.waits?.id ?? NONE;
    room.clock.advance(days(15));
    expect((await seenBy())?.waits).toBeNull();
    expect(await decideVoice(room.ctx, awa, { ...TEXT, id, isYes: true })).toEqual(refused('too_late'));
  });

  test('tells a translator no name of the team', async () => {
    await record(oumou);
    expect((await seenBy(mariam))?.waits?.by).toEqual({ is: 'member', name: null });
    expect((await seenBy(oumou))?.waits).toMatchObject({ by: { is: 'me', name: null }, isMine: true });
  });

  test('leaves in use what is heard now, until it is agreed to itself', async () => {
    await record();
    await decide(oumou, true);
    await record(mariam, { ogg: recording('second') });
    await room.ctx.voices.reload();
    expect(await heard()).toEqual(['first']);
    await decide(oumou, true);
    expect(await heard()).toEqual(['second']);
    expect(await room.database.sql`select 1 from voice_recordings`).toHaveLength(1);
  });

  test('goes when the second person says no, and can be taken back', async () => {
    await record();
    expect(await decide(oumou, false)).toEqual(DONE);
    expect((await seenBy())?.waits).toBeNull();
    await record();
    expect(await decide(mariam, false)).toEqual(DONE);
    expect(await decide(oumou, true)).toEqual(refused('no_such'));
  });

  test('of a text that has changed is kept and agreed to by no one', async () => {
    expect(await record(mariam, { version: '0123456789ab' })).toEqual(refused('moved_on'));
    expect(await record(mariam, { key: 'report.no_such.ask' })).toEqual(refused('no_such'));
    expect(await record(mariam, { language: 'xx' })).toEqual(refused('no_such'));
  });

  test('is refused if it is no recording, or too long', async () => {
    const unfit = async (ogg: Uint8Array) => record(mariam, { ogg });
    expect(await unfit(Buffer.from('RIFF'))).toMatchObject({ unfit: 'not_opus' });
    expect(await unfit(recording('x', { channels: 2 }))).toMatchObject({ unfit: 'not_mono' });
    expect(await unfit(recording('x', { seconds: 61 }))).toMatchObject({ unfit: 'too_long' });
    expect(await unfit(recording('x', { seconds: 5, bytesEach: 200 }))).toMatchObject({ unfit: 'too_big' });
    expect(await room.database.sql`select 1 from voice_recordings`).toHaveLength(0);
  });

  test('can be one of a language that is not on offer yet', async () => {
    expect(room.ctx.texts.languages).not.toContain('bm');
    const bm = { language: 'bm', key: KEY };
    const voice = (await room.inside((at) => readVoice(at, mariam, bm))).voice;
    expect(await record(mariam, { ...bm, version: voice?.version ?? '' })).toEqual(DONE);
    const { all } = readVoiceCount(room.ctx, 'bm');
    expect(all).toBeGreaterThan(200);
  });
});

describe('what counts', () => {
  beforeEach(async () => {
    await record();
    await decide(oumou, true);
  });

  test('is withdrawn by who recorded it, or who coordinates, and by no one else; then the text stands alone', async () => {
    const issa = await room.member('officer', 'Issa');
    expect(await heard()).toEqual(['first']);
    expect(await withdraw(issa)).toEqual(refused('no_right'));
    expect((await seenBy(issa))?.counts?.mayWithdraw).toBe(false);
    expect((await seenBy(mariam))?.counts).toMatchObject({ mayWithdraw: true, by: { is: 'me' } });
    expect(await withdraw(mariam)).toEqual(DONE);
    expect(await heard()).toBeUndefined();
    await record();
    await decide(oumou, true);
    expect(await heard()).toEqual(['first']);
    expect(await withdraw(oumou)).toEqual(DONE);
    const said = await room.database.sql`select what from audit_log where what like 'voice_%' order by seq`;
    const once = ['voice_recorded', 'voice_agreed', 'voice_withdrawn'];
    expect(said.map(({ what }) => what)).toEqual([...once, ...once]);
  });

  test('is not heard once more in another process that has not heard that it was withdrawn or replaced', async () => {
    const ctx = await room.another();
    const other = process(new Map(), ctx);
    expect(await heard(other)).toEqual(['first']);
    await record(mariam, { ogg: recording('second') });
    await decide(oumou, true);
    expect(await heard(other)).toEqual(['second']);
    await withdraw(mariam);
    expect(await heard(other)).toBeUndefined();
  });
});

test('a recording of the room is heard in the place of a file', async () => {
  const file = {
    ...({ language: 'fr', key: KEY, version: version(), source: 'built in', size: 1 } as const),
    read: async () => recording('of a file'),
  };
  room.ctx.voices = process(new Map([[PIECE, file]]));
  await room.ctx.voices.reload();
  expect(await heard()).toEqual(['of a file']);
  await record();
  await decide(oumou, true);
  expect(await heard()).toEqual(['first']);
});

describe('what was agreed to before the changes said what counts', () => {
  const earlier = async (ogg = recording('earlier')) => {
    await keepEarlier(room, TEXT, ogg);
    await room.ctx.voices.reload();
  };
  const rows = () => room.database.sql`select * from voice_recordings`;

  test('goes on being heard, and is shown with who made it', async () => {
    await earlier();
    expect(await heard()).toEqual(['earlier']);
    expect((await seenBy())?.counts).toMatchObject({
      id: EARLIER,
      by: { name: 'Mariam' },
      mayWithdraw: true,
    });
    // Notes that no server signed say nothing of it.
    await room.database.sql`insert into audit_log (seq, at, what, detail, link, signature)
      select max(seq) + 1, now(), 'voice_withdrawn', ${JSON.stringify({ ...TEXT, recording: EARLIER })}::text::jsonb, 'x', 'y'
      from audit_log`;
    await room.ctx.voices.reload();
    expect(await heard()).toEqual(['earlier']);
    // A new one that waits changes nothing before it is agreed to.
    await record();
    await room.ctx.voices.reload();
    expect(await heard()).toEqual(['earlier']);
    await decide(oumou, true);
    await room.ctx.voices.reload();
    expect(await heard()).toEqual(['first']);
  });

  test('accuses the office of nothing where it waited for a yes: it is to be made anew, and goes when that is done', async () => {
    await keepEarlier(room, TEXT, recording('earlier'), false);
    await room.ctx.voices.reload();
    expect(await heard()).toBeUndefined();
    expect(room.ctx.voices.strange()).toEqual([]);
    const said = () => checkVoices(room.database.db, room.ctx.keyring);
    expect(await said()).toMatchObject([
      { state: 'warn', detail: expect.stringContaining(PIECE), mend: expect.stringContaining('anew') },
    ]);
    await record();
    await decide(oumou, true);
    expect(await said()).toEqual([]);
  });

  test('is withdrawn for good', async () => {
    await earlier();
    const [old] = await rows();
    expect(await withdraw(mariam)).toEqual(DONE);
    expect(await heard()).toBeUndefined();
    const { sql } = room.database;
    await sql`insert into voice_recordings ${sql(old ?? {})}`;
    await room.ctx.voices.reload();
    expect(await heard()).toBeUndefined();
  });

  test('is not heard where the file that a person agreed to plays less than its packets do', async () => {
    const pages = pagesOf(recording('earlier', { seconds: 3 }));
    const cut = pages.map((page) => ({ ...page, granule: page.granule > 48_000n ? 48_000n : page.granule }));
    await earlier(oggOf(cut));
    expect(await heard()).toBeUndefined();
  });
});

test('how much of a language is recorded is counted once, however often it is asked, until something changes', async () => {
  let looks = 0;
  class Counting extends Map<string, Recording> {
    override get(piece: string) {
      looks += 1;
      return super.get(piece);
    }
  }
  let recordings = new Counting();
  const voices = { ...NO_VOICES, recordings: () => recordings };
  const count = () => readVoiceCount({ ...room.ctx, voices }, 'fr');
  const { all } = count();
  const once = looks;
  expect(once).toBeGreaterThanOrEqual(all);
  for (let n = 0; n < 20; n++) count();
  expect(looks).toBe(once);
  recordings = new Counting();
  count();
  expect(looks).toBe(2 * once);
});
