/** The chain of changes with something taken out of the middle of it, or of the log that notes it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { audit } from '../../src/app/records/audit.ts';
import { auditEnd } from '../../src/app/records/audit-end.ts';
import { benchOf, readBench, rememberTexts } from '../../src/app/texts/bench.ts';
import { commentOn } from '../../src/app/texts/changing.ts';
import { textAt } from '../../src/conversation/said/own-texts.ts';
import { auditLink, signAuditLink } from '../../src/crypto/audit-chain.ts';
import { appendAudit } from '../../src/db/audit.ts';
import { auditLog } from '../../src/db/schema.ts';
import { checkTexts } from '../../src/doctor/texts.ts';
import { forgetSeenTexts, seenTextsIn } from '../../src/service/seen-texts.ts';
import { ORDINARY, OTHER, openTextsRoom, SAFETY, type TextsRoom, THIRD, WHERE } from '../app/texts-room.ts';

let room: TextsRoom;
beforeEach(async () => {
  room = await openTextsRoom();
});
afterEach(() => room.close());

const EVIL = 'Où êtes-vous ? Appelez Awa.';

/** A process that starts now. */
async function atTheNextStart() {
  const ctx = await room.another();
  await readBench(ctx, ctx.db);
  return { ctx, says: (key: string) => ctx.texts.t('fr', key), faults: benchOf(ctx).faults };
}
const says = async (text: string, ctx = room.ctx) => {
  await room.says(room.translator, SAFETY, text, ctx);
  return room.saysYes(room.coordinator, SAFETY, undefined, ctx);
};
const signsIn = () => room.inside((at) => audit(at, { memberId: room.coordinator.id, what: 'signed_in' }));
/** As a version before 0036 noted it, which said nothing there of changes. */
async function signsInAsBefore(): Promise<void> {
  const { db, keyring } = room.ctx;
  const { last, next } = await auditEnd(db, keyring);
  const row = { seq: next, at: room.clock.at(), memberId: room.coordinator.id, what: 'signed_in' };
  const entry = { ...row, caseId: null, detail: {} };
  const link = auditLink(last?.link ?? null, entry);
  await room.inside(({ tx }) => appendAudit(tx, { ...entry, link, signature: signAuditLink(keyring, link) }));
}
const ofTheFiles = (key: string) => textAt(room.ctx.content.ofFiles, 'fr', key);
/** Takes away what a change was and what the log says of it. */
const takesAway = (from: number, to = 1_000) =>
  room.intrudes(async (sql) => {
    await sql`delete from text_changes where seq between ${from} and ${to}`;
    await sql`delete from audit_log where (detail->>'change')::int between ${from} and ${to}`;
  });

describe('an intruder who may do everything in the database', () => {
  it('cannot have a yes said to another proposal than the one it was said to, behind a gap', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    await room.says(room.translator, SAFETY, EVIL);
    const [evil] = await room.changes();
    // It is as if it had never been, and people propose something else at its place.
    await takesAway(1);
    const { ctx } = await atTheNextStart();
    await room.says(room.translator, SAFETY, WHERE, ctx);
    await commentOn(ctx, room.translator, { ...room.fr(THIRD), words: 'Trop long ?' });
    expect(await room.saysYes(room.coordinator, SAFETY, 1, ctx)).toMatchObject({ ok: true });
    expect(ctx.texts.t('fr', SAFETY)).toBe(WHERE);
    // The old one in the place of the new, nothing between it and the yes that names it, and no note of it.
    await takesAway(1, 1);
    await room.intrudes(async (sql) => {
      await sql`delete from text_changes where seq = 2`;
      await sql`insert into text_changes ${sql(evil ?? {})}`;
    });
    const later = await atTheNextStart();
    expect(later.says(SAFETY)).toBe(ofFiles);
    expect(later.faults.map(({ seq, why }) => `${seq} ${why}`)).toEqual(['1 replaced', '2 missing']);
  });

  it('cannot bring an older sentence back by taking the newer ones out of the middle of the log', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    await says(EVIL);
    await says(WHERE);
    await signsIn();
    await signsIn();
    await takesAway(3);
    const { ctx, says: said, faults } = await atTheNextStart();
    expect(said(SAFETY)).toBe(ofFiles);
    expect(faults.map(({ seq, why }) => `${seq} ${why}`)).toEqual(['3 missing', '4 missing']);
    // Nor with the next change of another text, or the next row of the log.
    expect(await room.says(room.translator, OTHER, 'Rien avant.', ctx)).toEqual({ ok: true, is: 'set' });
    await signsIn();
    const later = await atTheNextStart();
    expect(later.says(SAFETY)).toBe(ofFiles);
    expect(later.says(OTHER)).toBe('Rien avant.');
    expect(await says(WHERE, later.ctx)).toMatchObject({ ok: true });
    expect((await atTheNextStart()).says(SAFETY)).toBe(WHERE);
  });

  it('cannot do so in a log of a version that said nothing of it in its other rows', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    await says(EVIL);
    await says(WHERE);
    await signsInAsBefore();
    await signsInAsBefore();
    await room.intrudes((sql) => sql`update audit_log set mac = null`);
    expect((await atTheNextStart()).says(SAFETY)).toBe(WHERE);
    await takesAway(3);
    expect((await atTheNextStart()).says(SAFETY)).toBe(ofFiles);
    // The first row of the version that says it says that it is not known.
    await signsIn();
    expect((await atTheNextStart()).says(SAFETY)).toBe(ofFiles);
  });

  it('takes no other text away with one row, of the changes or of the log, and not the one where either is left', async () => {
    await says(WHERE);
    await room.says(room.translator, ORDINARY, 'Votre message est vide.');
    await room.says(room.translator, OTHER, 'Rien avant.');
    await signsIn();
    const { sql } = room.database;
    const all =
      await sql`select seq, coalesce((detail->>'change')::int, 0) as change from audit_log order by seq`;
    expect(all.length).toBeGreaterThan(5);
    for (const { seq } of all) {
      const [row] = await sql`select * from audit_log where seq = ${seq}`;
      await room.intrudes((on) => on`delete from audit_log where seq = ${seq}`);
      const { says: said } = await atTheNextStart();
      expect([said(SAFETY), said(ORDINARY), said(OTHER)]).toEqual([
        WHERE,
        'Votre message est vide.',
        'Rien avant.',
      ]);
      await room.intrudes((on) => on`insert into audit_log ${on(row ?? {})}`);
    }
    for (const row of await room.changes()) {
      await room.intrudes((on) => on`delete from text_changes where seq = ${row.seq}`);
      const { says: said } = await atTheNextStart();
      const there = new Map([
        [SAFETY, WHERE],
        [ORDINARY, 'Votre message est vide.'],
        [OTHER, 'Rien avant.'],
      ]);
      for (const [key, text] of there)
        expect(said(key), `${row.seq} ${key}`).toBe(key === row.key ? ofTheFiles(key) : text);
      await room.intrudes((on) => on`insert into text_changes ${on(row)}`);
    }
  });

  it('brings no text back to an older sentence by taking the last row of the log: that one text is said as the files say it', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    await says(EVIL);
    await room.says(room.translator, OTHER, 'Rien avant.');
    await says(WHERE);
    await room.intrudes((sql) => sql`delete from audit_log where seq = (select max(seq) from audit_log)`);
    const { ctx, says: said, faults } = await atTheNextStart();
    expect([said(SAFETY), said(OTHER)]).toEqual([ofFiles, 'Rien avant.']);
    expect(faults).toEqual([{ seq: 5, why: 'not_noted', of: [room.fr(SAFETY)] }]);
    // Nor does it come back when people go on.
    await room.says(room.translator, ORDINARY, 'Votre message est vide.', ctx);
    const later = await atTheNextStart();
    expect([later.says(SAFETY), later.says(ORDINARY)]).toEqual([ofFiles, 'Votre message est vide.']);
    expect(await says(WHERE, later.ctx)).toMatchObject({ ok: true });
    expect((await atTheNextStart()).says(SAFETY)).toBe(WHERE);
  });
});

/** Each follows the one before it as it should; only the signature no server made. */
async function notesWithTrueLinks(count: number): Promise<void> {
  const { db, keyring } = room.ctx;
  let { last } = await auditEnd(db, keyring);
  const rows: (typeof auditLog.$inferInsert)[] = [];
  for (let n = 1; n <= count; n++) {
    const detail = { change: 9, hash: 'ff', language: 'fr', key: 'bot.help' };
    const at = room.clock.at();
    const entry = {
      seq: (last?.seq ?? 0) + 1,
      at,
      memberId: null,
      what: 'text_changed',
      caseId: null,
      detail,
    };
    const link = auditLink(last?.link ?? null, entry);
    const signature = Buffer.concat([Buffer.from(keyring.currentKeyId, 'hex'), Buffer.alloc(64, 7)]);
    last = { ...entry, link, signature };
    rows.push({ ...entry, link, signature });
  }
  for (let n = 0; n < count; n += 1_000) await db.insert(auditLog).values(rows.slice(n, n + 1_000));
}

describe('an intruder who sets the changes and the log back to an earlier moment, all of it, while nothing runs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakana-seen-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  /** A process that starts now on the machine of that folder. */
  async function onThisMachine() {
    const ctx = await room.another();
    rememberTexts(ctx, seenTextsIn(folder, ctx.keyring, ctx.log));
    await readBench(ctx, ctx.db);
    return { ctx, says: (key: string) => ctx.texts.t('fr', key), faults: benchOf(ctx).faults };
  }
  const setsBack = () =>
    room.intrudes(async (sql) => {
      await sql`delete from text_changes where seq > 2`;
      await sql`delete from audit_log where seq > (select seq from audit_log where detail->>'change' = '2')`;
    });

  it('is known by what was seen on the machine: these texts are said as the files say them, until people say them anew', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    const { ctx } = await onThisMachine();
    await room.says(room.translator, OTHER, 'Rien avant.', ctx);
    await room.says(room.translator, THIRD, 'Rien à finir.', ctx);
    await says(WHERE, ctx);
    await setsBack();
    // What was there then is said, what came after it is not, and nothing older stands for that.
    const { ctx: next, says: said, faults } = await onThisMachine();
    expect([said(SAFETY), said(OTHER), said(THIRD)]).toEqual([ofFiles, 'Rien avant.', 'Rien à finir.']);
    expect(faults).toEqual([{ seq: 2, why: 'missing', of: [room.fr(SAFETY)] }]);
    // Another text does not bring it back, nor does another start; two people do.
    await room.says(room.translator, ORDINARY, 'Votre message est vide.', next);
    const doctor = () =>
      checkTexts(room.database.db, next.keyring, room.clock.at(), seenTextsIn(folder, next.keyring));
    const later = await onThisMachine();
    expect(later.says(SAFETY)).toBe(ofFiles);
    expect(await doctor()).toMatchObject({ state: 'fail', detail: expect.stringContaining(SAFETY) });
    expect(await says(WHERE, later.ctx)).toMatchObject({ ok: true });
    const last = await onThisMachine();
    expect([last.says(SAFETY), last.says(ORDINARY)]).toEqual([WHERE, 'Votre message est vide.']);
    expect(last.faults).toEqual([]);
    expect(await doctor()).not.toMatchObject({ state: 'fail' });
  });

  it('brings no older sentence back by that, also not a second time', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    const { ctx } = await onThisMachine();
    await says(EVIL, ctx);
    await says(WHERE, ctx);
    await setsBack();
    expect((await onThisMachine()).says(SAFETY)).toBe(ofFiles);
    const { ctx: next } = await onThisMachine();
    await says('Dites où vous êtes.', next);
    expect((await onThisMachine()).says(SAFETY)).toBe('Dites où vous êtes.');
    await setsBack();
    expect((await onThisMachine()).says(SAFETY)).toBe(ofFiles);
  });

  it('brings no older sentence back by rows prepared before, one of which says that the sentence was lost', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    // Elsewhere, before: the note of a yes is taken away, so that the next change says that the sentence is lost.
    await says(EVIL);
    await room.intrudes((sql) => sql`delete from audit_log where seq = (select max(seq) from audit_log)`);
    const { ctx: before } = await atTheNextStart();
    await room.says(room.translator, OTHER, 'Rien avant.', before);
    await says(EVIL, before);
    const [changes, log] = [
      await room.changes(),
      await room.database.sql`select * from audit_log order by seq`,
    ];
    const first = log.find(({ what }) => what === 'text_changed')?.seq;
    const empties = () =>
      room.intrudes(async (sql) => {
        await sql`delete from text_changes`;
        await sql`delete from audit_log where seq >= ${first}`;
      });
    await empties();
    const { ctx } = await onThisMachine();
    await says(WHERE, ctx);
    await empties();
    await room.intrudes(async (sql) => {
      for (const row of changes) await sql`insert into text_changes ${sql(row)}`;
      for (const row of log.filter(({ seq }) => seq >= first)) await sql`insert into audit_log ${sql(row)}`;
    });
    const { ctx: next, says: said, faults } = await onThisMachine();
    expect(said(SAFETY)).toBe(ofFiles);
    expect(faults).toContainEqual(expect.objectContaining({ why: 'missing', of: [room.fr(SAFETY)] }));
    // What two people say anew counts, also after the next start.
    expect(await says(WHERE, next)).toMatchObject({ ok: true });
    expect((await onThisMachine()).says(SAFETY)).toBe(WHERE);
  });

  it('is not taken for one where a backup was put back: what stood in it counts', async () => {
    const { ctx } = await onThisMachine();
    await says(WHERE, ctx);
    await says('Dites où vous êtes.', ctx);
    await setsBack();
    await forgetSeenTexts(folder);
    const { says: said, faults } = await onThisMachine();
    expect(said(SAFETY)).toBe(WHERE);
    expect(faults).toEqual([]);
  });
});

describe('an intruder who only adds rows', () => {
  it('brings no text back to the files by a row of the log that the server once signed, and that stands in it no more', async () => {
    await says(WHERE);
    await room.says(room.translator, OTHER, 'Rien avant.');
    await room.says(room.translator, THIRD, 'Rien à finir.');
    for (let n = 0; n < 5; n++) await signsIn();
    const { sql } = room.database;
    const [old] = await sql`select * from audit_log order by seq desc limit 1`;
    const changes = (await room.changes()).slice(2);
    // An earlier copy was put back since, and people went on.
    await room.intrudes(async (on) => {
      await on`delete from text_changes where seq > 2`;
      await on`delete from audit_log where seq > (select seq from audit_log where detail->>'change' = '2')`;
    });
    room.clock.advance(60_000);
    await signsIn();
    const { ctx } = await atTheNextStart();
    await room.says(room.translator, ORDINARY, 'Votre message est vide.', ctx);
    await room.intrudes(async (on) => {
      await on`insert into audit_log ${on(old ?? {})}`;
      for (const row of changes) await on`insert into text_changes ${on(row)}`;
    });
    const later = await atTheNextStart();
    expect([later.says(SAFETY), later.says(ORDINARY)]).toEqual([WHERE, 'Votre message est vide.']);
    expect(later.says(OTHER)).toBe(ofTheFiles(OTHER));
    expect(later.faults.map(({ seq, why }) => `${seq} ${why}`)).toEqual(['3 foreign', '4 foreign']);
  });

  it('costs a process no signature for each of ten thousand notes with a true link, and no row of the log its place', async () => {
    await says(WHERE);
    await notesWithTrueLinks(10_000);
    const checks = vi.spyOn(room.ctx.keyring.signer, 'verify');
    const { ctx, says: said, faults } = await atTheNextStart();
    expect(said(SAFETY)).toBe(WHERE);
    expect(faults.length).toBe(200);
    await room.says(room.translator, OTHER, 'Rien avant.', ctx);
    expect(ctx.texts.t('fr', OTHER)).toBe('Rien avant.');
    expect(checks.mock.calls.length).toBeLessThan(2_500);
  });
});
