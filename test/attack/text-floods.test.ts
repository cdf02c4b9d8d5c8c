/** Rows and comments in very great numbers: they cost what they are, and never the process that pages people. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hashOfRow, type OpenChange, sealChange } from '../../src/app/changes/rows.ts';
import { statesOf } from '../../src/app/changes/states.ts';
import { audit } from '../../src/app/records/audit.ts';
import { benchOf, followTexts, readBench } from '../../src/app/texts/bench.ts';
import { commentOn } from '../../src/app/texts/changing.ts';
import { roomVoices, voicesInUse } from '../../src/app/texts/heard.ts';
import { showText } from '../../src/app/texts/reading.ts';
import { textChanges } from '../../src/db/schema.ts';
import { textChangesByPage } from '../../src/db/text-changes.ts';
import { voicesByPage, voicesStand } from '../../src/db/voice-recordings.ts';
import { readTextsAtStart } from '../../src/service/texts-at-start.ts';
import { OTHER, openTextsRoom, SAFETY, type TextsRoom, THIRD, WHERE } from '../app/texts-room.ts';

let room: TextsRoom;
beforeEach(async () => {
  room = await openTextsRoom();
});
afterEach(() => room.close());

/** What a member who means ill has written in some days. */
async function comments(count: number): Promise<void> {
  const { db, keyring } = room.ctx;
  const rows: (typeof textChanges.$inferInsert)[] = [];
  let before = '';
  for (let seq = 1; seq <= count; seq++) {
    const place = { seq, at: room.clock.at(), ...room.fr(THIRD), before, beforeOfText: seq - 1 };
    const row = sealChange({ keyring }, { ...place, is: 'comment', by: room.translator.id, words: 'x' });
    before = hashOfRow(row);
    rows.push(row);
  }
  for (let n = 0; n < count; n += 500) await db.insert(textChanges).values(rows.slice(n, n + 500));
  const detail = { change: count, is: 'comment', ...room.fr(THIRD), hash: before };
  await room.inside((at) => audit(at, { memberId: null, what: 'text_changed', detail }));
}

describe('a member who comments without end', () => {
  it('costs the next change what it is, however many came before, in this process and in others', async () => {
    const count = 2_000;
    await comments(count);
    await readBench(room.ctx, room.ctx.db);
    const other = await room.another();
    await readBench(other, other.db);
    const opened = vi.spyOn(room.ctx.keyring, 'open');
    await commentOn(room.ctx, room.translator, { ...room.fr(THIRD), words: 'Encore.' });
    expect(await room.says(room.translator, OTHER, 'Rien avant.')).toEqual({ ok: true, is: 'set' });
    await followTexts(other);
    expect(opened.mock.calls.length).toBeLessThan(20);
    for (const ctx of [room.ctx, other]) {
      expect(ctx.texts.t('fr', OTHER)).toBe('Rien avant.');
      expect(benchOf(ctx).states.get(`fr ${THIRD}`)?.changes).toHaveLength(count + 1);
    }
    // What is shown of it has an end.
    const shown = await room.inside((at) => showText(at, room.coordinator, room.fr(THIRD)));
    expect(shown?.history).toHaveLength(300);
    expect(shown?.history[0]).toMatchObject({ words: 'Encore.' });
  });

  it('is linear work for a process that starts', () => {
    const changes = (count: number): OpenChange[] =>
      Array.from({ length: count }, (_, n) => ({
        ...{ seq: n + 1, at: new Date(0), ...room.fr(THIRD), is: 'comment' as const, by: null, words: 'x' },
        ...{ before: '', beforeOfText: n, hash: String(n) },
      }));
    const many = changes(20_000);
    const began = performance.now();
    expect(statesOf(many, []).get(`fr ${THIRD}`)?.changes).toHaveLength(20_000);
    // Quadratic it was fifteen seconds; it is some hundredths of one.
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('an intruder who adds rows without end', () => {
  it('has them looked at for a small part of the time only, and what people change is said at once', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    await room.saysYes(room.coordinator, SAFETY);
    const other = await room.another();
    await readBench(other, other.db);
    const { sql } = room.database;
    const adds = () =>
      sql`insert into text_changes (seq, at, language, key, sealed)
        select 7, now(), 'fr', ${SAFETY}, 'x' from generate_series(1, 500)`;
    let reads = 0;
    for (let n = 0; n < 10; n++) {
      await adds();
      if (await followTexts(other)) reads += 1;
    }
    expect(reads).toBeLessThan(3);
    await room.says(room.translator, OTHER, 'Rien avant.');
    expect(await followTexts(other)).toBe(true);
    expect([SAFETY, OTHER].map((key) => other.texts.t('fr', key))).toEqual([WHERE, 'Rien avant.']);
  });
});

describe('an intruder who adds very many rows, each as long as it may be', () => {
  it('has them read a few megabytes at a time, and no name of a recording that is longer than any', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    await room.saysYes(room.coordinator, SAFETY);
    const { sql, db } = room.database;
    await sql`insert into text_changes (seq, at, language, key, sealed)
      select n, now(), 'fr', ${SAFETY}, convert_to(repeat('x', 250000), 'UTF8') from generate_series(3, 30) as n`;
    await sql`insert into voice_recordings (id, language, key, version, ms, size, sha256, ogg, recorded_by, recorded_at)
      select gen_random_uuid(), 'fr', repeat('x', 380000), 'x', 1, 1, 'x', 'x', gen_random_uuid(), now() from generate_series(1, 20)`;
    let longest = 0;
    let changes = 0;
    for await (const page of textChangesByPage(db)) {
      longest = Math.max(
        longest,
        page.reduce((sum, { sealed }) => sum + sealed.length, 0),
      );
      changes += page.length;
    }
    expect(changes).toBe(30);
    expect(longest).toBeLessThan(2_500_000);
    for await (const page of voicesByPage(db)) expect(page).toEqual([]);
    expect((await voicesStand(db)).length).toBeLessThan(60);
    const ctx = await room.another();
    await readBench(ctx, ctx.db);
    expect(ctx.texts.t('fr', SAFETY)).toBe(WHERE);
    expect(await voicesInUse(ctx)).toMatchObject({ strange: [] });
  });

  it('holds no start up, and ends none: the files are said until what people changed is read', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    await room.saysYes(room.coordinator, SAFETY);
    const ofFiles = (await room.another()).texts.t('fr', SAFETY);
    const ctx = await room.another();
    const their = await room.database.sql.reserve();
    await their`begin`;
    await their`lock table text_changes in access exclusive mode`;
    await readTextsAtStart(ctx, 50);
    expect(ctx.texts.t('fr', SAFETY)).toBe(ofFiles);
    await their`rollback`;
    their.release();
    await expect.poll(() => ctx.texts.t('fr', SAFETY), { timeout: 30_000 }).toBe(WHERE);
    // What fails is no end of the start either.
    const broken = { ...(await room.another()), db: {} as typeof ctx.db };
    await readTextsAtStart(broken);
    expect(broken.texts.t('fr', SAFETY)).toBe(ofFiles);
  });

  it('keeps no answer waiting behind a voice note: what cannot be looked at is not heard, and the words stand alone', async () => {
    const { content, db, keyring } = room.ctx;
    const sound = { language: 'fr', key: SAFETY, version: undefined, source: 'built in' as const, size: 1 };
    const files = new Map([[`fr/${SAFETY}`, { ...sound, read: async () => new Uint8Array([1]) }]]);
    const said = () => ({ flows: content.flows, texts: content.texts });
    const voices = roomVoices(files, said, () => ({ content, db, keyring }), 50);
    const their = await room.database.sql.reserve();
    await their`begin`;
    await their`lock table audit_log in access exclusive mode`;
    const began = performance.now();
    expect(await voices.note([`fr/${SAFETY}`])).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(10_000);
    await their`rollback`;
    their.release();
  });
});
