/** Rows of the server's own that an intruder kept and puts back, and rows that take the place of what is missing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../src/app/records/audit.ts';
import { benchOf, readBench, rememberTexts } from '../../src/app/texts/bench.ts';
import { commentOn } from '../../src/app/texts/changing.ts';
import { textAt } from '../../src/conversation/said/own-texts.ts';
import { type Keyring, parseKeyring } from '../../src/crypto/keyring.ts';
import { ORDINARY, OTHER, openTextsRoom, SAFETY, type TextsRoom, THIRD, WHERE } from '../app/texts-room.ts';

let room: TextsRoom;
beforeEach(async () => {
  room = await openTextsRoom();
});
afterEach(() => room.close());

const OLD = 'Où êtes-vous ? Appelez Awa.';

/** A process that starts now, and remembers nothing of the log. */
async function atTheNextStart() {
  const keyring: Keyring = parseKeyring(room.serverKey);
  const ctx = { ...(await room.another()), keyring };
  await readBench(ctx, ctx.db);
  return { ctx, says: (key: string) => ctx.texts.t('fr', key), faults: benchOf(ctx).faults };
}
const says = async (text: string, ctx = room.ctx) => {
  await room.says(room.translator, SAFETY, text, ctx);
  return room.saysYes(room.coordinator, SAFETY, undefined, ctx);
};
const signsIn = () => room.inside((at) => audit(at, { memberId: room.coordinator.id, what: 'signed_in' }));
const takesTheNextPlaces = () =>
  room.intrudes(
    (sql) => sql`insert into audit_log (seq, at, what, detail, link, signature)
      select max(seq) + n, now(), 'x', '{}', 'x', 'y' from audit_log, generate_series(1, 3) as n group by n`,
  );
const takesItAway = () => room.intrudes((sql) => sql`delete from audit_log where link = 'x'`);
const lastNote = () =>
  room.intrudes((sql) => sql`delete from audit_log where seq = (select max(seq) from audit_log)`);

describe('an intruder who kept rows of the server’s own', () => {
  it('cannot end the log by an older row of it at a place that was skipped', async () => {
    await says(WHERE);
    // Rows of theirs stood in the next places, so that a row of the server's own stood behind them.
    await takesTheNextPlaces();
    await signsIn();
    const [old] = await room.database.sql`select * from audit_log order by seq desc limit 1`;
    await room.intrudes((sql) => sql`delete from audit_log where seq = ${old?.seq ?? 0}`);
    await takesItAway();
    room.clock.advance(60_000);
    const { ctx } = await atTheNextStart();
    await room.says(room.translator, OTHER, 'Rien avant.', ctx);
    await room.intrudes((sql) => sql`insert into audit_log ${sql(old ?? {})}`);
    const later = await atTheNextStart();
    expect([later.says(SAFETY), later.says(OTHER)]).toEqual([WHERE, 'Rien avant.']);
    expect(later.faults).toEqual([]);
    // The log goes on from its true end, and what people change next counts, here and in a process that ran meanwhile.
    expect(await room.says(room.translator, THIRD, 'Rien à finir.', later.ctx)).toEqual({
      ok: true,
      is: 'set',
    });
    expect(await room.says(room.translator, ORDINARY, 'Votre message est vide.', ctx)).toMatchObject({
      ok: true,
    });
    const last = await atTheNextStart();
    expect([OTHER, THIRD, ORDINARY].map(last.says)).toEqual([
      'Rien avant.',
      'Rien à finir.',
      'Votre message est vide.',
    ]);
  });

  it('brings no older sentence back by taking away what says that the newer one was lost, or its note', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    await says(OLD);
    await says(WHERE);
    await lastNote();
    const { ctx } = await atTheNextStart();
    expect(ctx.texts.t('fr', SAFETY)).toBe(ofFiles);
    // This change says that the sentence was lost; another one of the same text stands behind it.
    await room.says(room.translator, OTHER, 'Rien avant.', ctx);
    const [row] = (await room.changes()).filter(({ key }) => key === OTHER);
    const { sql } = room.database;
    const [its] = await sql`select * from audit_log where detail->>'key' = ${OTHER}`;
    await room.intrudes((on) => on`delete from audit_log where seq = ${its?.seq ?? 0}`);
    expect((await atTheNextStart()).says(SAFETY), 'without its note').toBe(ofFiles);
    await room.intrudes((on) => on`insert into audit_log ${on(its ?? {})}`);
    await room.intrudes((on) => on`delete from text_changes where key = ${OTHER}`);
    expect((await atTheNextStart()).says(SAFETY), 'without it').toBe(ofFiles);
    await room.intrudes((on) => on`insert into text_changes ${on(row ?? {})}`);
    await commentOn(ctx, room.translator, { ...room.fr(OTHER), words: 'Bien.' });
    await room.intrudes(async (on) => {
      await on`delete from text_changes where seq = ${row?.seq ?? 0} and sealed = ${row?.sealed ?? Buffer.alloc(0)}`;
      await on`delete from audit_log where seq = ${its?.seq ?? 0}`;
    });
    expect((await atTheNextStart()).says(SAFETY), 'without both, where later ones stand').toBe(ofFiles);
  });

  it('takes no text to the files by junk at the place of a change that is gone: only the one that it was about', async () => {
    await says(WHERE);
    await room.says(room.translator, ORDINARY, 'Votre message est vide.');
    await room.says(room.translator, OTHER, 'Rien avant.');
    await room.intrudes(async (sql) => {
      await sql`delete from text_changes where seq = 4`;
      await sql`insert into text_changes (seq, at, language, key, sealed)
        select 4, now(), 'fr', key, 'x' from unnest(array[${SAFETY}, ${ORDINARY}, ${THIRD}]) as key`;
    });
    const { says: said, faults } = await atTheNextStart();
    expect([said(SAFETY), said(ORDINARY)]).toEqual([WHERE, 'Votre message est vide.']);
    expect(said(OTHER)).toBe(textAt(room.ctx.content.ofFiles, 'fr', OTHER));
    expect(faults).toMatchObject([{ seq: 4, why: 'changed', of: [room.fr(OTHER)] }]);
  });

  it('brings a text that they took to the files no further: it stays named until two people say that it is well, where it took two', async () => {
    await says(WHERE);
    await room.says(room.translator, OTHER, 'Rien avant.');
    await room.intrudes((sql) => sql`delete from text_changes where seq in (2, 3)`);
    const { ctx } = await atTheNextStart();
    const isNamed = (key: string) => benchOf(ctx).states.get(`fr ${key}`)?.isDistrusted;
    expect([isNamed(SAFETY), isNamed(OTHER)]).toEqual([true, true]);
    const ofFiles = String(room.now(SAFETY, ctx));
    for (const text of [null, ofFiles]) {
      expect(await room.says(room.translator, SAFETY, text, ctx)).toEqual({ ok: true, is: 'propose' });
      expect(isNamed(SAFETY)).toBe(true);
    }
    expect(await room.saysYes(room.translator, SAFETY, undefined, ctx)).toMatchObject({ ok: false });
    expect(await room.saysYes(room.coordinator, SAFETY, undefined, ctx)).toMatchObject({ ok: true });
    expect(isNamed(SAFETY)).toBe(false);
    expect(ctx.texts.t('fr', SAFETY)).toBe(ofFiles);
    // A harmless one that never took two takes one.
    expect(await room.says(room.translator, OTHER, null, ctx)).toEqual({ ok: true, is: 'set' });
    expect(isNamed(OTHER)).toBe(false);
  });

  it('does not end all changes by putting very many texts in doubt at once', async () => {
    await says(WHERE);
    const count = 2_500;
    // A machine saw them, and none is there any more.
    const ctx = await room.another();
    const gone = Array.from({ length: count }, (_, n) => ({
      ...room.fr(`report.${'a_very_long_name_of_a_question_'.repeat(3)}${n}.ask`),
      hash: String(n).padStart(64, '0'),
    }));
    rememberTexts(ctx, {
      read: async () => gone,
      write: async (next) => void gone.splice(0, count, ...next),
    });
    await readBench(ctx, ctx.db);
    expect(benchOf(ctx).inDoubt).toHaveLength(count);
    expect(await room.says(room.translator, OTHER, 'Rien avant.', ctx)).toEqual({ ok: true, is: 'set' });
    expect(benchOf(ctx).inDoubt).toEqual([]);
    const { says: said } = await atTheNextStart();
    expect([said(SAFETY), said(OTHER)]).toEqual([WHERE, 'Rien avant.']);
  });
});

describe('an intruder who adds rows without end', () => {
  it('holds no change up: it is decided anew only where another person was faster', async () => {
    await says(WHERE);
    const { sql } = room.database;
    const adds = () =>
      sql`insert into text_changes (seq, at, language, key, sealed) values (9, now(), 'fr', ${SAFETY}, 'x')`;
    // A row comes each time between what was read and what is written.
    const begin = room.ctx.db.transaction.bind(room.ctx.db);
    const ctx = {
      ...room.ctx,
      db: new Proxy(room.ctx.db, {
        get: (db, name) =>
          name === 'transaction'
            ? async (...work: Parameters<typeof begin>) => {
                await adds();
                return begin(...work);
              }
            : Reflect.get(db, name),
      }),
    };
    expect(await room.says(room.translator, OTHER, 'Rien avant.', ctx)).toEqual({ ok: true, is: 'set' });
    expect((await atTheNextStart()).says(OTHER)).toBe('Rien avant.');
  });
});
