/** The chain of changes under an intruder who adds rows to it: junk, copies, notes that no server signed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../src/app/records/audit.ts';
import { stateOf } from '../../src/app/texts/appending.ts';
import { benchOf, followTexts, readBench } from '../../src/app/texts/bench.ts';
import { commentOn, decideText } from '../../src/app/texts/changing.ts';
import { showText } from '../../src/app/texts/reading.ts';
import { verifyAudit } from '../../src/crypto/audit-chain.ts';
import { auditRows } from '../../src/db/audit.ts';
import { findMember, type MemberRow } from '../../src/db/members.ts';
import { days } from '../../src/kernel/time.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { OTHER, openTextsRoom, SAFETY, type TextsRoom, THIRD, WHERE } from '../app/texts-room.ts';

let room: TextsRoom;
beforeEach(async () => {
  room = await openTextsRoom();
});
afterEach(() => room.close());

/** A process that starts now. */
async function atTheNextStart() {
  const ctx = await room.another();
  await readBench(ctx, ctx.db);
  return { ctx, says: (key: string) => ctx.texts.t('fr', key), faults: benchOf(ctx).faults };
}
/** A sentence on which safety hangs, in force: places 1 and 2. */
async function inForce(): Promise<void> {
  await room.says(room.translator, SAFETY, WHERE);
  await room.saysYes(room.coordinator, SAFETY);
}
/** A note of a change as the intruder writes it, at the next places of the log or at the last that there can be. */
const note = (change: number, { key = SAFETY, behind = 1 }: { key?: string; behind?: number } = {}) =>
  room.intrudes(
    (sql) => sql`insert into audit_log (seq, at, what, detail, link, signature)
      select max(seq) + ${behind}, now(), 'text_changed',
        jsonb_build_object('change', ${change}::int, 'is', 'agree', 'language', 'fr', 'key', ${key}::text, 'hash', 'ff'), 'x', 'y'
      from audit_log where seq < 2000000000`,
  );

describe('an intruder who only adds rows', () => {
  it('cannot end all changes by taking the ids that come next', async () => {
    await inForce();
    const { sql } = room.database;
    const [{ counter } = {}] = await sql`select pg_get_serial_sequence('text_changes', 'id') as counter`;
    if (counter)
      await sql`insert into text_changes (id, seq, at, language, key, sealed)
        select nextval(${counter}::regclass) + 10, 9000 + n, now(), 'fr', 'bot.help', 'x' from generate_series(1, 20) as n`;
    // Nobody knows the next one.
    expect(counter).toBeNull();
    const { ctx } = await atTheNextStart();
    expect(await room.says(room.translator, OTHER, 'Rien avant.', ctx)).toEqual({ ok: true, is: 'set' });
    expect(ctx.texts.t('fr', OTHER)).toBe('Rien avant.');
  });

  it('hides none of the true ones behind copies, however many', async () => {
    for (let n = 0; n < 205; n++)
      await commentOn(room.ctx, room.translator, { ...room.fr(THIRD), words: `${n}` });
    await inForce();
    await room.intrudes(
      (sql) => sql`insert into text_changes (seq, at, language, key, sealed)
        select seq, at, language, key, sealed from text_changes`,
    );
    const { says, faults } = await atTheNextStart();
    expect(says(SAFETY)).toBe(WHERE);
    expect(faults).toEqual([]);
  });

  it.each([1, 500])(
    'brings no text back to the files by a note of a change that no server signed (%i places on)',
    async (behind) => {
      await inForce();
      await note(3, { behind });
      const { ctx, says, faults } = await atTheNextStart();
      expect(says(SAFETY)).toBe(WHERE);
      expect(faults).toEqual([{ seq: 3, why: 'foreign', of: [] }]);
      // What people change goes on, in this process and in others, and the note stays named.
      expect(await room.says(room.translator, OTHER, 'Rien avant.', ctx)).toEqual({ ok: true, is: 'set' });
      expect(await followTexts(room.ctx)).toBe(true);
      expect(room.ctx.texts.t('fr', OTHER)).toBe('Rien avant.');
      const later = await atTheNextStart();
      expect(later.says(OTHER)).toBe('Rien avant.');
      expect(later.says(SAFETY)).toBe(WHERE);
      // The log is not whole as long as the row stands there, and is so again once it is taken away.
      const verdict = () => verifyAudit(auditRows(room.database.db), room.ctx.keyring.signer);
      expect(await verdict()).toMatchObject({ ok: false });
      await room.intrudes((sql) => sql`delete from audit_log where link = 'x'`);
      expect(await verdict()).toMatchObject({ ok: true });
    },
  );

  it('does not stop the log, nor all that must be noted, by a row at its last possible place', async () => {
    await inForce();
    await room.intrudes(
      (sql) => sql`insert into audit_log (seq, at, what, detail, link, signature)
        values (2147483647, now(), 'text_changed', '{"change": 2147483647}', 'x', 'y')`,
    );
    const { ctx, says } = await atTheNextStart();
    await room.inside((at) => audit(at, { memberId: room.coordinator.id, what: 'signed_in' }));
    expect(await room.says(room.translator, OTHER, 'Rien avant.', ctx)).toEqual({ ok: true, is: 'set' });
    expect(says(SAFETY)).toBe(WHERE);
  });

  it('lets no member make too many changes for a day by notes in their name', async () => {
    await room.intrudes(
      (sql) => sql`insert into audit_log (seq, at, member_id, what, detail, link, signature)
        select max(seq) + n, now(), ${room.translator.id}, 'text_changed', '{"change": 1}', 'x', 'y'
        from audit_log, generate_series(1, 3001) as n group by n`,
    );
    expect(await room.says(room.translator, OTHER, 'Rien avant.')).toEqual({ ok: true, is: 'set' });
  });
});

describe('an intruder who may do everything in the database', () => {
  it('cannot bring an older sentence back by spoiling all proofs of the newer ones, once anything else was noted', async () => {
    const ofFiles = room.ctx.texts.t('fr', SAFETY);
    await room.says(room.translator, SAFETY, 'Où êtes-vous ? Appelez Awa.');
    await room.saysYes(room.coordinator, SAFETY);
    await inForce();
    await room.inside((at) => audit(at, { memberId: room.coordinator.id, what: 'signed_in' }));
    await room.intrudes(async (sql) => {
      await sql`delete from text_changes where seq > 2`;
      await sql`update audit_log set link = 'x' where what = 'text_changed' and (detail->>'change')::int > 2`;
    });
    const { ctx, says } = await atTheNextStart();
    expect(says(SAFETY)).toBe(ofFiles);
    // Nor does it come back with the next change of another text, whose note is whole.
    expect(await room.says(room.translator, OTHER, 'Rien avant.', ctx)).toEqual({ ok: true, is: 'set' });
    const later = await atTheNextStart();
    expect(later.says(SAFETY)).toBe(ofFiles);
    expect(later.says(OTHER)).toBe('Rien avant.');
  });

  it('ends no sentence for good: what two people say anew counts, whatever was taken away before', async () => {
    await inForce();
    await room.intrudes((sql) => sql`delete from text_changes`);
    const ctx = await room.another();
    await readBench(ctx, ctx.db);
    expect(ctx.texts.t('fr', SAFETY)).not.toBe(WHERE);
    expect(await room.says(room.translator, SAFETY, WHERE, ctx)).toMatchObject({ is: 'propose' });
    const of = stateOf(ctx, room.fr(SAFETY))?.proposed?.seq ?? 0;
    expect(await decideText(ctx, room.coordinator, { ...room.fr(SAFETY), of, isYes: true })).toMatchObject({
      is: 'done',
    });
    expect((await atTheNextStart()).says(SAFETY)).toBe(WHERE);
  });
});

describe('the week of membership before a second yes counts', () => {
  const joins = async (role: Role, name: string): Promise<MemberRow> => {
    const member = await room.member(role, name);
    await room.inside((at) => audit(at, { memberId: member.id, what: 'joined', detail: { role } }));
    return member;
  };
  const saysYes = (who: MemberRow) => room.saysYes(who, SAFETY);

  it('is not had by an intruder who writes another date to a new member, or takes all others away', async () => {
    const oumou = await joins('coordinator', 'Oumou Keita');
    const mariam = await joins('translator', 'Mariam Keita');
    room.clock.advance(days(8));
    const binta = await joins('coordinator', 'Binta');
    await room.says(mariam, SAFETY, WHERE);
    expect(await saysYes(binta)).toEqual({ ok: false, reason: 'too_new' });
    const { sql } = room.database;
    await sql`update members set created_at = '2020-01-01' where id = ${binta.id}`;
    expect(await saysYes(await row(binta))).toEqual({ ok: false, reason: 'too_new' });
    // The log tells who was there, whatever their rows say.
    await sql`update members set created_at = now() + interval '1 year' where id <> ${binta.id}`;
    await sql`update members set removed_at = '2020-01-01' where id not in (${binta.id}, ${mariam.id})`;
    expect(await saysYes(await row(binta))).toEqual({ ok: false, reason: 'too_new' });
    await sql`update members set removed_at = null`;
    // Nor is it taken from those who have it.
    expect(await saysYes(await row(oumou))).toEqual({ ok: true, is: 'done' });
  });

  it('is not had by an intruder who takes the note away that says when a new member joined, and writes an older date', async () => {
    const oumou = await joins('coordinator', 'Oumou Keita');
    const mariam = await joins('translator', 'Mariam Keita');
    room.clock.advance(days(8));
    const binta = await joins('coordinator', 'Binta');
    await room.says(mariam, SAFETY, WHERE);
    await room.intrudes(async (sql) => {
      await sql`delete from audit_log where what = 'joined' and member_id = ${binta.id}`;
      await sql`update members set created_at = '2020-01-01' where id = ${binta.id}`;
    });
    expect(await saysYes(await row(binta))).toEqual({ ok: false, reason: 'too_new' });
    expect(await saysYes(oumou)).toEqual({ ok: true, is: 'done' });
  });
});

async function row({ id }: MemberRow): Promise<MemberRow> {
  const found = await findMember(room.database.db, id);
  if (!found) throw new Error('nobody');
  return found;
}

describe('a translator who means ill', () => {
  it('takes away nothing that another person proposed, by a no or by a proposal of their own; who answers for texts does', async () => {
    const fanta = await room.member('translator', 'Fanta');
    await room.says(room.translator, SAFETY, WHERE);
    const of = room.proposedAt(SAFETY);
    const refuses = (who: MemberRow) => decideText(room.ctx, who, { ...room.fr(SAFETY), of, isYes: false });
    const shown = (who: MemberRow) => room.inside((at) => showText(at, who, room.fr(SAFETY)));
    expect(await refuses(fanta)).toEqual({ ok: false, reason: 'no_right' });
    expect((await shown(fanta))?.proposed).toMatchObject({ mayRefuse: false, text: WHERE });
    expect(await room.says(fanta, SAFETY, 'Où ?')).toEqual({ ok: false, reason: 'other_waits' });
    expect(room.proposedAt(SAFETY)).toBe(of);
    expect((await shown(room.coordinator))?.proposed).toMatchObject({ mayRefuse: true });
    expect(await refuses(room.coordinator)).toEqual({ ok: true, is: 'done' });
    // Nor do they keep a text for themselves: what waits too long, or was refused, leaves its place.
    expect(await room.says(fanta, SAFETY, 'Où ?')).toEqual({ ok: true, is: 'propose' });
    expect(await room.says(room.coordinator, SAFETY, WHERE)).toEqual({ ok: true, is: 'propose' });
    room.clock.advance(days(30));
    expect(await room.says(fanta, SAFETY, 'Où donc ?')).toEqual({ ok: true, is: 'propose' });
  });
});
