/** Rows of megabytes in the tables that a process reads whole: they end neither a start nor anything else. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditEnd } from '../../src/app/records/audit-end.ts';
import { readBench } from '../../src/app/texts/bench.ts';
import { verifyAudit } from '../../src/crypto/audit-chain.ts';
import { auditFrom, auditRows } from '../../src/db/audit.ts';
import { tooLong } from '../../src/db/lengths.ts';
import { allMembers, listMembers } from '../../src/db/members.ts';
import { allOfficers, enrolledOfficers, listOfficerRows } from '../../src/db/officers.ts';
import { soundOfVoice, type VoiceRow, voicesByPage } from '../../src/db/voice-recordings.ts';
import { openTextsRoom, SAFETY, type TextsRoom, WHERE } from '../app/texts-room.ts';

let room: TextsRoom;
beforeEach(async () => {
  room = await openTextsRoom();
});
afterEach(() => room.close());

const TABLES = ['audit_log', 'members', 'officers', 'team_keys', 'text_changes', 'voice_recordings'];
const ID = '11111111-0000-4000-8000-000000000000';
/** Bytes that PostgreSQL can pack, and such that it cannot. */
const LONG = 3_000_000;
const packed = Buffer.alloc(LONG, 'x');

const allVoices = async (): Promise<VoiceRow[]> => {
  const rows: VoiceRow[] = [];
  for await (const page of voicesByPage(room.database.db)) rows.push(...page);
  return rows;
};

/** A row of megabytes in each table. */
async function addsLongRows(): Promise<void> {
  const { sql } = room.database;
  const long = packed;
  await sql`insert into audit_log (seq, at, what, detail, link, signature)
    select max(seq) + 1, now(), 'text_changed', jsonb_build_object('change', 1, 'hash', ${packed.toString()}::text), 'x', 'y' from audit_log`;
  await sql`insert into audit_log (seq, at, what, detail, link, signature)
    select max(seq) + 1, now(), ${packed.toString()}, '{}', 'x', 'y' from audit_log`;
  await sql`insert into members (id, name_sealed, role, recipient, created_at) values (${ID}, ${long}, 'officer', 'x', now())`;
  await sql`insert into officers (id, name_sealed, role, language, code_index, code_expires_at, created_at) values (${ID}, ${long}, 'officer', 'fr', 'x', now(), now())`;
  await sql`insert into team_keys (fingerprint, recipient, vouched_by, voucher, made_at) values ('x', 'x', 'x', ${long}, now())`;
  await sql`insert into text_changes (seq, at, language, key, sealed) values (3, now(), 'fr', ${SAFETY}, ${long}), (0, now(), ${packed.toString()}, 'x', 'x')`;
  await sql`insert into voice_recordings (id, language, key, version, ms, size, sha256, ogg, recorded_by, recorded_at)
    values (${ID}, 'fr', ${SAFETY}, 'x', 1, 1, 'x', ${long}, ${ID}, now())`;
}

describe('an intruder who writes rows of megabytes', () => {
  it('is refused by the database, as long as they do not own the tables', async () => {
    const { sql } = room.database;
    const refused = sql`insert into members (id, name_sealed, role, recipient, created_at)
      values (${ID}, ${packed}, 'officer', 'x', now())`;
    await expect(refused).rejects.toThrow('members_is_short');
    const constraints =
      await sql`select conrelid::regclass::text as name from pg_constraint where conname like '%_is_short'`;
    expect(constraints.map(({ name }) => name).sort()).toEqual(TABLES);
  });

  it('has them passed over before they are read, and named: what counts is said, and people go on', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    await room.saysYes(room.coordinator, SAFETY);
    const members = (await allMembers(room.database.db)).length;
    await room.intrudes(async (sql) => {
      for (const table of TABLES) await sql.unsafe(`alter table ${table} drop constraint ${table}_is_short`);
    });
    await addsLongRows();
    const { db } = room.database;
    expect(await allMembers(db)).toHaveLength(members);
    expect(await listMembers(db)).toHaveLength(members);
    expect([
      ...(await allOfficers(db)),
      ...(await listOfficerRows(db)),
      ...(await enrolledOfficers(db)),
    ]).toEqual([]);
    expect(await allVoices()).toEqual([]);
    expect(await soundOfVoice(db, ID)).toBeUndefined();
    const ctx = await room.another();
    const { faults } = await readBench(ctx, ctx.db);
    expect(ctx.texts.t('fr', SAFETY)).toBe(WHERE);
    expect(faults.map(({ seq, why }) => `${seq} ${why}`)).toEqual(['0 foreign', '3 foreign']);
    // The log goes on behind them, and is not whole as long as they stand there.
    const { last, next } = await auditEnd(db, ctx.keyring);
    expect(next).toBe((last?.seq ?? 0) + 3);
    const behind = await auditFrom(db, (last?.seq ?? 0) + 1, 9);
    expect(behind.map(({ what, detail, link }) => [what, detail, link.length])).toEqual([
      ['', {}, 0],
      ['', {}, 0],
    ]);
    expect(await verifyAudit(auditRows(db), ctx.keyring.signer)).toMatchObject({ ok: false });
    expect(await tooLong(db)).toEqual([
      { table: 'audit_log', rows: 2 },
      { table: 'members', rows: 1 },
      { table: 'officers', rows: 1 },
      { table: 'team_keys', rows: 1 },
      { table: 'text_changes', rows: 2 },
      { table: 'voice_recordings', rows: 1 },
    ]);
  });

  it('has rows with a time that is none, and with nothing where there are details, passed over: the start and people go on', async () => {
    await room.says(room.translator, SAFETY, WHERE);
    await room.saysYes(room.coordinator, SAFETY);
    const { sql, db } = room.database;
    const last = (await auditEnd(db, (await room.another()).keyring)).last?.seq ?? 0;
    await sql`insert into audit_log (seq, at, what, detail, link, signature, mac) values
      (${last + 1}, 'infinity', 'text_changed', '{}', 'x', 'y', 'z'),
      (${last + 2}, now(), 'text_changed', 'null'::jsonb, 'x', 'y', 'z'),
      (${last + 3}, 'infinity', 'x', 'null'::jsonb, 'x', 'y', null),
      (2147483646, '-infinity', 'x', '[]'::jsonb, 'x', 'y', 'z')`;
    await sql`insert into text_changes (seq, at, language, key, sealed) values (3, 'infinity', 'fr', ${SAFETY}, 'x')`;
    await sql`insert into voice_recordings (id, language, key, version, ms, size, sha256, ogg, recorded_by, recorded_at)
      values (${ID}, 'fr', ${SAFETY}, 'x', 1, 1, 'x', 'y', ${ID}, 'infinity')`;
    const ctx = await room.another();
    await readBench(ctx, ctx.db);
    expect(ctx.texts.t('fr', SAFETY)).toBe(WHERE);
    await allVoices();
    // People go on: the next row of the log and the next change are the server's own.
    await room.says(room.translator, SAFETY, `${WHERE} Un mot.`);
    await room.saysYes(room.coordinator, SAFETY);
    await readBench(ctx, ctx.db);
    expect(ctx.texts.t('fr', SAFETY)).toBe(`${WHERE} Un mot.`);
    expect(await verifyAudit(auditRows(db), ctx.keyring.signer)).toMatchObject({ ok: false });
  });
});
