/**
 * A member who is signed in to the officers' room and does what they must not: opens everything, locks others out,
 * signs as another.
 */
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { raiseAlert } from '../../src/app/alerts/alerting.ts';
import { sealedCases } from '../../src/app/console/all-cases.ts';
import { openCaseRoom } from '../../src/app/console/case-room.ts';
import { readInbox } from '../../src/app/console/inbox.ts';
import { setLevel } from '../../src/app/console/level.ts';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { invite } from '../../src/app/members/invitations.ts';
import { revokeDevice, revokeOwnDevice, takeOut } from '../../src/app/members/members.ts';
import { isOwnDevice, vouchedDevice, vouchForEarlierMembers } from '../../src/app/members/vouched-rows.ts';
import { createDraft, openCase } from '../../src/app/records/case-opening.ts';
import { idsOfMember } from '../../src/app/records/may-know.ts';
import { writerOf } from '../../src/commands/case-print.ts';
import { openCaseSecret, openSealed, sealToCase } from '../../src/crypto/case-key.ts';
import { fingerprint } from '../../src/crypto/fingerprint.ts';
import { isSignedMember, signMember } from '../../src/crypto/member-binding.ts';
import { findCase } from '../../src/db/cases.ts';
import { knownCases } from '../../src/db/known.ts';
import {
  findMember,
  findPasskeyById,
  insertMember,
  insertPasskey,
  type MemberRow,
  saveGrant,
  updatePasskey,
} from '../../src/db/members.ts';
import { insertOfficerContact } from '../../src/db/officers.ts';
import { type CaseId, type MemberId, newId, type OfficerId, type PasskeyId } from '../../src/kernel/ids.ts';
import { hours } from '../../src/kernel/time.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { openRoom } from '../app/room.ts';

let room: Awaited<ReturnType<typeof openRoom>>;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());
/** Each test has the members that it makes. */
afterEach(async () => {
  await room.database.sql`update members set removed_at = now() where removed_at is null`;
});

type Person = { row: MemberRow; device: PasskeyId };
async function member(
  name: string,
  role: Role,
  { officerId = null, hasKey = false }: { officerId?: OfficerId | null; hasKey?: boolean } = {},
): Promise<Person> {
  return room.inside(async ({ tx, ctx, now }) => {
    const id = newId<MemberId>();
    const nameSealed = ctx.keyring.seal('member-name', id, new TextEncoder().encode(name));
    const who = { id, officerId, role, recipient: 'age1pq1x' };
    const signature = signMember(ctx.keyring.signer, who);
    await insertMember(tx, { ...who, nameSealed, signature, createdAt: now });
    const device = newId<PasskeyId>();
    await insertPasskey(tx, vouchedDevice(ctx, passkey(device, id, now), who));
    const print = fingerprint(ctx.team.recipient);
    if (hasKey)
      await saveGrant(tx, { memberId: id, sealed: new Uint8Array(1), fingerprint: print, grantedAt: now });
    const row = await findMember(tx, id);
    if (!row) throw new Error('not there');
    return { row, device };
  });
}
const passkey = (id: PasskeyId, memberId: MemberId, createdAt: Date) => ({
  id,
  memberId,
  credentialId: id,
  publicKey: new Uint8Array(1),
  counter: 0,
  transports: [],
  wrappedBy: 'prf' as const,
  wrappedSecret: new Uint8Array(1),
  createdAt,
});
const officer = (name: string): Promise<OfficerId> =>
  room.inside(async (at) => (await addOfficer(at, { name, role: 'officer', language: 'en' })).officerId);
async function newCase(): Promise<{ reference: string; caseId: CaseId }> {
  const contactId = await room.newContact();
  return room.inside(async (at) => {
    const caseId = await createDraft(at, 'telegram');
    const level = 'critical' as const;
    const reference = await openCase(at, caseId, { level, isSubmitted: true, isUnfinished: false });
    await raiseAlert(at, { caseId, reference, level, contactId });
    return { reference, caseId };
  });
}
const told = async (what: string) =>
  (await room.database.sql`select detail from audit_log where what = ${what} order by seq`).map(
    (row) => row.detail,
  );

describe('a member who opens what they do not need', () => {
  it('cannot open many cases unseen: the other administrators are told, once an hour, and they are not', async () => {
    const references: string[] = [];
    for (let n = 0; n < 22; n++) references.push((await newCase()).reference);
    const [officerId, contactId] = [await officer('Awa'), await room.newContact()];
    await room.inside(({ tx, now }) =>
      insertOfficerContact(tx, { contactId, officerId, position: 0, verifiedAt: now }),
    );
    await room.database.sql`update officers set enrolled_at = now() where id = ${officerId}`;
    const heard = () => room.database.sql`select 1 from deliveries where contact_id = ${contactId}`;
    const kadi = await member('Kadi T.', 'administrator');
    const awa = await member('Awa', 'administrator', { officerId });
    const looks = (from: number, to: number) =>
      room.inside(async (at) => {
        for (const reference of references.slice(from, to)) await openCaseRoom(at, kadi.row, reference);
        // The same one again and again is one.
        for (let n = 0; n < 3; n++) await openCaseRoom(at, kadi.row, references[0] ?? '');
      });
    const shownTo = ({ row }: Person) => room.inside(async (at) => (await readInbox(at, row)).opened);
    await looks(0, 20);
    expect(await told('many_opened')).toEqual([]);
    expect(await heard()).toHaveLength(0);
    await looks(20, 22);
    expect(await heard()).toHaveLength(1);
    expect(await told('many_opened')).toEqual([{ count: 21 }]);
    expect(await shownTo(awa)).toMatchObject([{ who: 'Kadi T.', count: 21, isSearch: false }]);
    expect(await shownTo(kadi)).toEqual([]);
    expect(await shownTo(await member('Issa', 'officer'))).toEqual([]);
    // Searching through all is told as what it is.
    await room.inside((at) => sealedCases(at, awa.row, ''));
    expect(await told('all_searched')).toEqual([{ count: 22 }]);
    await room.inside((at) => sealedCases(at, awa.row, ''));
    expect(await told('all_searched')).toHaveLength(1);
    expect(await shownTo(kadi)).toMatchObject([{ who: 'Awa', isSearch: true }]);
    room.clock.advance(hours(2));
    await looks(0, 5);
    expect(await told('many_opened')).toHaveLength(1);
  });
});

describe('an administrator', () => {
  it('cannot lock everybody out: the last who lets others in stays, and the last who opens cases', async () => {
    const kadi = await member('Kadi', 'administrator');
    const issa = await member('Issa', 'officer', { hasKey: true });
    const does = <T>(work: Parameters<typeof room.inside<T>>[0]) => room.inside(work);
    expect(await does((at) => takeOut(at, kadi.row.id, kadi.row.id))).toBe('last_one');
    expect(await does((at) => revokeDevice(at, kadi.row.id, kadi.device))).toBe('last_one');
    expect(await does((at) => revokeOwnDevice(at, kadi.row, kadi.device))).toBe('last_one');
    expect(await does((at) => takeOut(at, kadi.row.id, issa.row.id))).toBe('last_key');
    expect(await does((at) => revokeDevice(at, kadi.row.id, issa.device))).toBe('last_key');
    // An administrator without a device lets nobody in.
    const awa = await member('Awa', 'administrator', { hasKey: true });
    await room.database.sql`update passkeys set revoked_at = now() where id = ${awa.device}`;
    expect(await does((at) => takeOut(at, kadi.row.id, kadi.row.id))).toBe('last_one');
    expect(await does((at) => takeOut(at, kadi.row.id, issa.row.id))).toBe('last_key');
    // Nor does one whose device was written by an intruder without the server's key.
    const device = passkey(newId<PasskeyId>(), awa.row.id, room.clock.at());
    await does(({ tx }) => insertPasskey(tx, device));
    expect(await does((at) => takeOut(at, kadi.row.id, kadi.row.id))).toBe('last_one');
    await does(({ tx, ctx }) =>
      updatePasskey(tx, device.id, { mac: vouchedDevice(ctx, device, awa.row).mac }),
    );
    expect(await does((at) => takeOut(at, kadi.row.id, issa.row.id))).toBe('ok');
    expect(await does((at) => revokeDevice(at, awa.row.id, kadi.device))).toBe('ok');
  });

  it('cannot lock themselves out by taking away their own last device, by whichever way', async () => {
    const [kadi] = [await member('Kadi', 'administrator'), await member('Awa', 'administrator')];
    const second = passkey(newId<PasskeyId>(), kadi.row.id, room.clock.at());
    const revokes = (id: PasskeyId) => room.inside((at) => revokeDevice(at, kadi.row.id, id));
    expect(await revokes(kadi.device)).toBe('last_one');
    await room.inside(({ tx, ctx }) => insertPasskey(tx, vouchedDevice(ctx, second, kadi.row)));
    expect((await Promise.all([revokes(kadi.device), revokes(second.id)])).sort()).toEqual([
      'last_one',
      'ok',
    ]);
  });

  it('cannot leave no one behind by being quick: of two who take each other out at once one stays', async () => {
    const [kadi, awa] = [await member('Kadi', 'administrator'), await member('Awa', 'administrator')];
    const done = await Promise.all([
      room.inside((at) => takeOut(at, kadi.row.id, awa.row.id)),
      room.inside((at) => takeOut(at, awa.row.id, kadi.row.id)),
    ]);
    expect(done.sort()).toEqual(['last_one', 'ok']);
    const [one, other] = [await member('Binta', 'administrator'), await member('Oumar', 'administrator')];
    await room.database
      .sql`update members set removed_at = now() where id not in (${one.row.id}, ${other.row.id})`;
    const devices = await Promise.all([
      room.inside((at) => revokeDevice(at, one.row.id, other.device)),
      room.inside((at) => revokeDevice(at, other.row.id, one.device)),
    ]);
    expect(devices.sort()).toEqual(['last_one', 'ok']);
  });

  it('cannot make two members of one officer', async () => {
    const kadi = await member('Kadi', 'administrator');
    const officerId = await officer('Issa');
    const asks = (by: MemberId | null) =>
      room.inside((at) => invite(at, by, { name: 'Issa', role: 'officer', officerId }));
    expect(await asks(kadi.row.id)).toMatchObject({ ok: true });
    expect(await asks(kadi.row.id)).toEqual({ ok: false, reason: 'officer_invited' });
    // The operator's takes its place; and one that ran out holds nobody up.
    expect(await asks(null)).toMatchObject({ ok: true });
    room.clock.advance(hours(25));
    expect(await asks(kadi.row.id)).toMatchObject({ ok: true });
    const issa = await member('Issa', 'officer', { officerId });
    expect(await asks(null)).toEqual({ ok: false, reason: 'officer_taken' });
    await expect(member('Issa again', 'officer', { officerId })).rejects.toMatchObject({
      cause: { code: '23505' },
    });
    await room.inside((at) => takeOut(at, kadi.row.id, issa.row.id));
    expect(await asks(null)).toMatchObject({ ok: true });
  });

  it('who made two of them before keeps the older one: the upgrade goes through, and locks neither out', async () => {
    const { sql } = room.database;
    await sql`drop index members_officer`;
    await sql`drop index invitations_officer`;
    const officerId = await officer('Sira');
    const first = await member('Sira', 'officer', { officerId });
    room.clock.advance(hours(1));
    const second = await member('Sira too', 'administrator', { officerId });
    await sql`insert into invitations (id, code_index, role, name_sealed, officer_id, expires_at, created_at)
      select gen_random_uuid(), decode(md5(random()::text), 'hex'), 'officer', '', ${officerId}, now() + interval '1 day', now()
      from generate_series(1, 2)`;
    // As on a server that started once since members are signed, with a case of which this officer must not know.
    const vouches = () => room.inside(vouchForEarlierMembers);
    await vouches();
    const { caseId } = await newCase();
    await sql`update alerts set excluded = jsonb_build_array(${officerId}::text) where case_id = ${caseId}`;
    await sql`drop index audit_log_at`;
    const folder = resolve(import.meta.dirname, '../../drizzle');
    const file = (await readdir(folder)).find((name) => name.endsWith('_one_member_for_each_officer.sql'));
    await sql.unsafe(
      (await readFile(resolve(folder, file ?? ''), 'utf8')).replaceAll('--> statement-breakpoint', ''),
    );
    const rows =
      await sql`select id, officer_id from members where id in (${first.row.id}, ${second.row.id}) order by created_at`;
    expect(rows.map((row) => row.officer_id)).toEqual([officerId, null]);
    expect(await sql`select 1 from invitations where officer_id = ${officerId}`).toHaveLength(0);
    const isIn = ({ row, device }: Person) =>
      room.inside(async ({ tx, ctx }) => {
        const [now, its] = [await findMember(tx, row.id), await findPasskeyById(tx, device)];
        if (!now || !its) return false;
        return isSignedMember(ctx.keyring.signer, now, now.signature) && isOwnDevice(ctx, its, now);
      });
    expect([await isIn(first), await isIn(second)]).toEqual([true, false]);
    await vouches();
    expect([await isIn(first), await isIn(second)]).toEqual([true, true]);
    const mayKnow = (id: MemberId) =>
      room.inside(async ({ tx }) => {
        const member = await findMember(tx, id);
        return member && (await knownCases(tx, await idsOfMember(tx, member), [caseId])).has(caseId);
      });
    expect([await mayKnow(first.row.id), await mayKnow(second.row.id)]).toEqual([false, false]);
    // Nor does the next start sign what an intruder wrote: another role, or an officer's record taken from who has it
    // alone.
    await sql`update members set role = 'auditor' where id = ${second.row.id}`;
    await sql`update members set officer_id = null where id = ${first.row.id}`;
    await vouches();
    expect([await isIn(first), await isIn(second)]).toEqual([false, false]);
  });
});

describe('a member’s browser', () => {
  it('cannot say who wrote a note, nor when: the server says so, in the case itself', async () => {
    const { reference, caseId } = await newCase();
    const awa = await member('Awa', 'officer');
    const row = await room.inside(({ tx }) => findCase(tx, caseId));
    if (!row) throw new Error('no case');
    const words = { at: '2020-01-01T00:00:00Z', by: 'Kadi', text: 'it was a mistake' };
    const place = row.chainLength;
    const ciphertext = await sealToCase(
      row.recipient as Parameters<typeof sealToCase>[0],
      { type: 'note', version: 1, caseId, place },
      new TextEncoder().encode(JSON.stringify(words)),
    );
    await room.inside((at) =>
      setLevel(at, awa.row, reference, { level: 'low', reason: { place, ciphertext } }),
    );
    const opened = await room.inside((at) => openCaseRoom(at, awa.row, reference));
    if (!opened.ok) throw new Error(opened.reason);
    const [wrap] = opened.case.wraps;
    const secret = await openCaseSecret(room.team.secret, caseId, wrap?.wrapped ?? new Uint8Array(), 'team');
    const [note, noted] = opened.case.items.slice(-2);
    expect([note?.type, noted?.type]).toEqual(['note', 'event']);
    const header = { type: 'event', version: 1, caseId, place: place + 1 };
    const said = JSON.parse(
      new TextDecoder().decode(await openSealed(secret, header, noted?.ciphertext ?? new Uint8Array())),
    );
    // The person who opens an exported case is told the same, and of a chain that is not whole nobody's name.
    const items = [
      { place, kind: 'note', at: '', content: words },
      { place: place + 1, kind: 'event', at: '', content: said },
    ];
    const [about] = items;
    if (!about) throw new Error('nothing');
    expect(writerOf({ chain: { ok: true }, items }, about)).toEqual({ by: 'Awa', at: said.at });
    expect(writerOf({ chain: { ok: false, problem: 'link', place }, items }, about)).toBe(undefined);
    expect(said).toEqual({
      at: expect.any(String),
      what: 'written',
      place,
      by: 'Awa',
      member: awa.row.id,
    });
  });
});
