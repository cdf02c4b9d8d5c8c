/** Texts as a way to harm people: an intruder in the database, and a translator who means ill. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOfRow } from '../../src/app/changes/rows.ts';
import { benchOf, followTexts, readBench } from '../../src/app/texts/bench.ts';
import { checkTexts } from '../../src/doctor/texts.ts';
import { ORDINARY, OTHER, openTextsRoom, SAFETY, type TextsRoom, THIRD, WHERE } from '../app/texts-room.ts';

let room: TextsRoom;
beforeEach(async () => {
  room = await openTextsRoom();
});
afterEach(() => room.close());

/** What a process says that starts now, and what it finds wrong. */
async function atTheNextStart() {
  const ctx = await room.another();
  const { faults } = await readBench(ctx, ctx.db);
  return { says: (key: string) => ctx.texts.t('fr', key), faults };
}
/** Two sentences in force, the second of which took another one's place. */
async function twoSaid(): Promise<string> {
  const ofFiles = room.ctx.texts.t('fr', SAFETY);
  for (const text of ['Où êtes-vous ? Appelez Awa.', WHERE]) {
    await room.says(room.translator, SAFETY, text);
    await room.saysYes(room.coordinator, SAFETY);
  }
  await room.says(room.translator, ORDINARY, 'Votre message est vide.');
  return ofFiles;
}

describe('an intruder who may do everything in the database', () => {
  it('cannot put a sentence of their own into anybody’s mouth', async () => {
    await twoSaid();
    await room.intrudes(async (sql) => {
      await sql`update text_changes set key = ${SAFETY} where key = ${ORDINARY}`;
      await sql`insert into text_changes values (99, now(), 'fr', 'bot.help', 'x')`;
    });
    const { says, faults } = await atTheNextStart();
    expect(says('bot.help')).toBe(room.ctx.content.texts.t('fr', 'bot.help'));
    expect(says(ORDINARY)).not.toBe('Votre message est vide.');
    expect(faults.map(({ why }) => why)).toContain('changed');
    // The row that was moved takes nothing away from the text to which it was moved.
    expect(says(SAFETY)).toBe(WHERE);
  });

  it('cannot bring back an older sentence by taking the last ones away: the files are said, and it is named', async () => {
    const ofFiles = await twoSaid();
    await room.intrudes((sql) => sql`delete from text_changes where seq > 2`);
    const { says, faults } = await atTheNextStart();
    expect(says(SAFETY)).toBe(ofFiles);
    expect(says(SAFETY)).not.toContain('Awa');
    const doctor = await checkTexts(room.database.db, room.ctx.keyring, room.clock.at());
    expect(doctor).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining(`missing: row 4, fr ${SAFETY}`),
    });
    expect(faults).toMatchObject([
      { seq: 3, why: 'missing', of: [{ language: 'fr', key: SAFETY }] },
      { seq: 4, why: 'missing', of: [{ language: 'fr', key: SAFETY }] },
      { seq: 5, why: 'missing', of: [{ language: 'fr', key: ORDINARY }] },
    ]);
  });

  it('cannot bring it back by spoiling the proof of the last one besides', async () => {
    const ofFiles = await twoSaid();
    await room.intrudes(async (sql) => {
      await sql`delete from text_changes where seq > 2`;
      await sql`update audit_log set link = set_byte(link, 0, 255 - get_byte(link, 0))
        where seq = (select max(seq) from audit_log where what = 'text_changed')`;
    });
    const { says, faults } = await atTheNextStart();
    expect(says(SAFETY)).toBe(ofFiles);
    expect(faults).toContainEqual({ seq: 5, why: 'foreign', of: [] });
  });

  it('cannot bring it back behind more junk than is named', async () => {
    const ofFiles = await twoSaid();
    await room.intrudes(async (sql) => {
      await sql`insert into text_changes select -n, now(), 'fr', 'bot.help', 'x' from generate_series(0, 300) as n`;
      await sql`delete from text_changes where seq = 4`;
    });
    const { says } = await atTheNextStart();
    expect(says(SAFETY)).toBe(ofFiles);
  });

  it('cannot end all further changes by a row of the highest number, nor by rows at the next numbers', async () => {
    await twoSaid();
    await room.intrudes(
      (sql) => sql`insert into text_changes (seq, at, language, key, sealed)
        select n, now(), 'fr', ${SAFETY}, 'x' from unnest(array[2147483647, 6, 7, 8, 8]) as n`,
    );
    const ctx = await room.another();
    await readBench(ctx, ctx.db);
    // What holds is said, and the rows are named.
    expect(ctx.texts.t('fr', SAFETY)).toBe(WHERE);
    expect(benchOf(ctx).faults.map(({ seq, why }) => `${seq} ${why}`)).toEqual([
      '6 foreign',
      '7 foreign',
      '8 foreign',
      '8 foreign',
      '2147483647 foreign',
    ]);
    for (const text of ['Rien avant.', 'Rien ici.']) {
      expect(await room.says(room.translator, OTHER, text, ctx)).toEqual({ ok: true, is: 'set' });
      expect(ctx.texts.t('fr', OTHER)).toBe(text);
    }
    expect(benchOf(ctx).end.seq).toBe(7);
    // Another process hears of it, though the row of the highest number is still the last.
    expect(await followTexts(room.ctx)).toBe(true);
    expect(room.ctx.texts.t('fr', OTHER)).toBe('Rien ici.');
    expect(await followTexts(room.ctx)).toBe(false);
    const { says } = await atTheNextStart();
    expect(says(OTHER)).toBe('Rien ici.');
    expect(says(SAFETY)).toBe(WHERE);
  });

  it('cannot keep the service from starting by a note of a change with no number in it', async () => {
    await twoSaid();
    await room.intrudes(async (sql) => {
      await sql`insert into text_changes (seq, at, language, key, sealed)
        select seq, at, language, key, sealed from text_changes where seq = 4`;
      await sql`insert into audit_log (seq, at, what, detail, link, signature)
        select max(seq) + n, now(), 'text_changed', jsonb_build_object('change', word), '', ''
        from audit_log, (values (1, 'x'), (2, '99999999999')) as junk (n, word) group by n, word`;
    });
    const ctx = await room.another();
    await readBench(ctx, ctx.db);
    expect(benchOf(ctx).faults.length).toBeGreaterThan(0);
  });

  it('cannot bring an older sentence back by putting a row of the server’s own beside the one that counts', async () => {
    await twoSaid();
    const before = await room.changes();
    const first = before.find(({ seq }) => seq === 2);
    const last = before.find(({ seq }) => seq === 4);
    if (!first || !last) throw new Error('no rows');
    await room.intrudes(async (sql) => {
      // Once more what is there, and the older one's words at the place of the newer.
      await sql`insert into text_changes (seq, at, language, key, sealed)
        values (4, ${last.at}, 'fr', ${SAFETY}, ${last.sealed}), (4, ${first.at}, 'fr', ${SAFETY}, ${first.sealed})`;
    });
    const { says, faults } = await atTheNextStart();
    expect(says(SAFETY)).toBe(WHERE);
    expect(faults.map(({ why }) => why)).toEqual(['foreign']);
  });

  it('cannot bring it back in a process that runs: it goes on as it is, and says that something is gone', async () => {
    await twoSaid();
    await room.intrudes((sql) => sql`delete from text_changes where seq > 2`);
    // Also if the log of it is cut off at the same place.
    await room.intrudes(
      (sql) => sql`delete from audit_log where what = 'text_changed' and (detail->>'change')::int > 2`,
    );
    const { isSetBack } = await readBench(room.ctx, room.ctx.db);
    expect(isSetBack).toBe(true);
    expect(room.ctx.texts.t('fr', SAFETY)).toBe(WHERE);
  });

  it('cannot leave out one in the middle, nor the proof of it', async () => {
    const other = room.ctx.texts.t('fr', OTHER);
    await room.says(room.translator, OTHER, 'Rien avant.');
    const ofFiles = await twoSaid();
    await room.intrudes(async (sql) => {
      await sql`delete from text_changes where seq = 5`;
      await sql`delete from audit_log where what = 'text_changed' and (detail->>'change')::int = 5`;
    });
    const { says, faults } = await atTheNextStart();
    // Which text it was about is not known any more: what was said before it is not trusted, whatever it is about.
    expect(faults).toEqual([{ seq: 5, why: 'missing', of: undefined }]);
    expect(says(SAFETY)).toBe(ofFiles);
    expect(says(OTHER)).toBe(other);
    // What was said behind it is.
    expect(says(ORDINARY)).toBe('Votre message est vide.');
  });

  it('cannot put another of the server’s own rows in the place of one', async () => {
    const ofFiles = await twoSaid();
    const before = await room.changes();
    // They set the last row back, and what people write then takes its place; the old one they have kept.
    const last = before.at(-1);
    if (!last) throw new Error('no row');
    await room.intrudes(async (sql) => {
      await sql`delete from text_changes where seq = ${last.seq}`;
      await sql`delete from audit_log where what = 'text_changed' and (detail->>'change')::int = ${last.seq}`;
    });
    const other = await room.another();
    await readBench(other, other.db);
    await room.says(room.translator, OTHER, 'Rien avant.', other);
    await room.says(room.translator, THIRD, 'Rien à finir.', other);
    await room.intrudes(
      (sql) =>
        sql`update text_changes set sealed = ${last.sealed}, key = ${last.key}, at = ${last.at} where seq = ${last.seq}`,
    );
    const { says, faults } = await atTheNextStart();
    expect(faults).toMatchObject([{ seq: last.seq, why: 'replaced' }]);
    expect(says(ORDINARY)).not.toBe('Votre message est vide.');
    expect(says(THIRD)).toBe('Rien à finir.');
    expect(ofFiles).not.toBe('');
  });

  it('cannot have a sentence said that they took back, once a person says it anew', async () => {
    await twoSaid();
    await room.intrudes((sql) => sql`delete from text_changes where seq > 2`);
    const ctx = await room.another();
    await readBench(ctx, ctx.db);
    expect(await room.says(room.coordinator, SAFETY, WHERE, ctx)).toMatchObject({ is: 'propose' });
    const rows = await room.changes();
    // It stands behind everything that was there.
    expect(rows.at(-1)?.seq).toBe(6);
    expect(rows.map(hashOfRow)).toHaveLength(3);
    expect(benchOf(ctx).faults).toHaveLength(3);
  });

  it('finds rows that refuse to be changed, as long as they are not the owner of the tables', async () => {
    await twoSaid();
    const { sql } = room.database;
    for (const work of [
      sql`update text_changes set key = 'x'`,
      sql`delete from text_changes`,
      sql`truncate text_changes`,
    ])
      await expect(work).rejects.toThrow('changes of texts are kept as they are');
  });
});
