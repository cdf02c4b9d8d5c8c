/** An intruder who can write to the database, and does not have the server's key. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Moment, transact } from '../../src/app/ground/transaction.ts';
import { invite } from '../../src/app/members/invitations.ts';
import { beginJoining } from '../../src/app/members/joining.ts';
import { revokeDevice } from '../../src/app/members/members.ts';
import { beginSession, signedIn } from '../../src/app/members/sessions.ts';
import { grantTeamKey } from '../../src/app/members/team-key.ts';
import {
  isOwnDevice,
  vouchedDevice,
  vouchForEarlierMembers,
  wasTakenOut,
} from '../../src/app/members/vouched-rows.ts';
import { audit } from '../../src/app/records/audit.ts';
import { bindEarlierCases } from '../../src/app/records/bound-case.ts';
import { sealMemberName } from '../../src/app/records/member-name.ts';
import { sendRoot, verifyRoot } from '../../src/app/watch/daily-root.ts';
import { createCaseKey, createTeamKey } from '../../src/crypto/case-key.ts';
import { fingerprint } from '../../src/crypto/fingerprint.ts';
import { generateKeyringFile, type Keyring, parseKeyring } from '../../src/crypto/keyring.ts';
import { signMember } from '../../src/crypto/member-binding.ts';
import { findMember, findPasskey, insertMember, insertPasskey } from '../../src/db/members.ts';
import { type MemberId, newId, type PasskeyId } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { minutes } from '../../src/kernel/time.ts';
import { beginWith } from '../../src/service/first-start.ts';
import { type House, openHouse, referenceOn } from '../app/house.ts';
import type { Phone } from '../app/messenger.ts';

let house: House;
let supervisor: Phone;
let awa: Phone;
let reference: string;

/** What a member signs in with. */
const deviceOf = (memberId: MemberId, createdAt: Date) => ({
  id: newId<PasskeyId>(),
  memberId,
  credentialId: 'kadi',
  publicKey: Uint8Array.of(1, 2, 3),
  counter: 0,
  transports: [],
  wrappedBy: 'prf' as const,
  wrappedSecret: new Uint8Array(1),
  createdAt,
});

beforeEach(async () => {
  house = await openHouse();
  supervisor = await house.officer('Fanta');
  await house.database.sql`update officers set role = 'supervisor'`;
  awa = house.person('Awa');
  await awa.says('SOS');
  reference = referenceOn(awa);
});
afterEach(() => house.close());

const sql: House['database']['sql'] = ((...query: Parameters<House['database']['sql']>) =>
  house.database.sql(...query)) as never;

/** Puts a key of the intruder's own, with a wrap for the team as the real one has it, into the place of a case's. */
async function swapsKey(): Promise<void> {
  const own = await createTeamKey();
  const { recipient } = await createCaseKey([{ group: 'team', recipient: own.recipient }], 'any');
  await sql`update cases set recipient = ${recipient}`;
}

const cases = async () =>
  (
    await sql`select id, reference, recipient, chain_length as length, replaces from cases order by opened_at, replaces nulls first`
  ).map(
    (row) =>
      ({ ...row }) as {
        id: string;
        reference: string | null;
        recipient: string;
        length: number;
        replaces: string | null;
      },
  );
const warnings = () => supervisor.screen().filter((text) => text.includes('a changé la clé'));
const itemsOf = async (of: string) => (await house.read(of)).items;

describe('an intruder who can write to the database', () => {
  it('cannot read what comes after putting a key of their own in a case’s place: it goes on in a fresh case', async () => {
    const before = (await cases())[0]?.length;
    await swapsKey();
    house.clock.advance(minutes(1));
    await awa.says('Ils sont devant la maison');
    await awa.says('Ils sont quatre');
    await house.cycle();
    const [old, fresh, ...more] = await cases();
    expect(more).toEqual([]);
    expect(old?.length).toBe(before);
    expect(fresh?.replaces).toBe(old?.id);
    const items = await itemsOf(fresh?.reference ?? '');
    expect(items[0]?.payload).toMatchObject({ what: 'goes_on', from: reference });
    expect(JSON.stringify(items)).toContain('Ils sont devant la maison');
    expect(JSON.stringify(items)).toContain('Ils sont quatre');
    // The person was told nothing of another case; supervisors were, once; and an officer is sought for the fresh one.
    expect(awa.screen().join('\n')).not.toContain(fresh?.reference);
    expect(warnings()).toEqual([expect.stringContaining(`la suite est dans ${fresh?.reference}`)]);
    const alerts =
      await sql`select case_id, level, state, reporter_sealed is not null as leads from alerts order by raised_at`;
    expect(alerts.map((row) => ({ ...row }))).toEqual([
      { case_id: old?.id, level: 'critical', state: 'open', leads: true },
      { case_id: fresh?.id, level: 'critical', state: 'open', leads: true },
    ]);
  });

  it('cannot have a file sealed to a key of theirs, also one that was on its way already', async () => {
    house.phones.upload('note', new Uint8Array(5_000).fill(7));
    await awa.sends('voice', 'note', { seconds: 40 });
    await swapsKey();
    await house.fetch();
    const [, fresh] = await cases();
    const read = await house.read(fresh?.reference ?? '');
    expect(read.files).toEqual([Buffer.alloc(5_000, 7)]);
    expect(awa.last()).toBe('Enregistré : 1 fichier.');
    expect(warnings()).toHaveLength(1);
  });

  it('cannot lead one person’s words into the case of another by saying that it goes on there', async () => {
    const kadi = house.person('Kadi');
    await kadi.says('SOS');
    const [mine, hers] = await cases();
    await sql`update cases set recipient = 'age1pq1qqq', recipient_signature = null where id = ${mine?.id ?? ''}`;
    await sql`update cases set replaces = ${mine?.id ?? ''}, replaces_signature = recipient_signature where id = ${hers?.id ?? ''}`;
    await awa.says('Ils sont devant la maison');
    const fresh = (await cases()).find(({ id, replaces }) => replaces === mine?.id && id !== hers?.id);
    expect(JSON.stringify(await itemsOf(fresh?.reference ?? ''))).toContain('devant la maison');
    expect(JSON.stringify(await itemsOf(hers?.reference ?? ''))).not.toContain('devant la maison');
  });

  it('cannot take a signature away and have the next start sign a key of theirs', async () => {
    // As each start does: what is there from before keys were signed is signed once, by one of two processes.
    const starts = () => transact(house.ctx, bindEarlierCases);
    await sql`update cases set recipient_signature = null, bound_from = 0`;
    expect((await Promise.all([starts(), starts()])).toSorted()).toEqual([1, undefined]);
    await awa.says('Ils sont devant la maison');
    const [only, ...more] = await cases();
    expect([only?.reference, more]).toEqual([reference, []]);
    expect((await sql`select bound_from > 0 as counted from cases`)[0]?.counted).toBe(true);
    await swapsKey();
    await sql`update cases set recipient_signature = null, bound_from = 0`;
    expect(await starts()).toBe(undefined);
    await awa.says('Ils sont quatre');
    expect(await cases()).toHaveLength(2);
    expect((await cases())[0]?.length).toBe(only?.length);
  });

  it('cannot set a case back, or remove one, without the code of an earlier day showing it', async () => {
    await awa.says('Ils sont devant la maison');
    const root = await sendRoot(house.ctx);
    if (!root) throw new Error('no code was made');
    expect(await sendRoot(house.ctx)).toBe(undefined);
    await house.cycle();
    const [told = '', ...more] = supervisor.screen().filter((text) => text.includes(root));
    expect(more).toEqual([]);
    // But the day no number: who must not know of a case could tell from one that it is there.
    expect(told.replace(root, '').replace(/\d{4}-\d{2}-\d{2}/, '')).not.toMatch(/\d/);
    const now = () => verifyRoot(house.database.db, root, house.ctx.keyring.signer);
    // What comes later changes nothing of what was there.
    await awa.says('Ils sont quatre');
    expect(await now()).toMatchObject({ ok: true, cases: 1 });
    // Each row fits the other, and every signature is the server's own: only the code knows better.
    await sql`delete from case_items where place > 0`;
    await sql`update cases set chain_length = 1, chain_head = (select link from case_items)`;
    expect((await house.read(reference)).items).toHaveLength(1);
    expect(await now()).toMatchObject({ ok: false, problem: 'changed', cases: [reference] });
    await sql`update roots set document = jsonb_set(document, '{cases,0,length}', '1')`;
    expect(await now()).toMatchObject({ ok: false, problem: 'unknown' });
    await sql`delete from roots`;
    expect(await now()).toMatchObject({ ok: false, problem: 'unknown' });
  });

  it('cannot become an administrator of the room, nor anybody else, by changing rows of those who sign in', async () => {
    const { ctx, database } = house;
    const site = { origin: 'https://lakana.example.org', rpId: 'lakana.example.org' };
    const inside = <T>(work: (at: Moment) => Promise<T>) => transact(ctx, work);
    const { member, device, token } = await inside(async (at) => {
      const { tx, now } = at;
      const id = newId<MemberId>();
      const recipient = ctx.team.recipient;
      const who = { id, officerId: null, role: 'officer' as const, recipient };
      const signature = signMember(ctx.keyring.signer, who);
      const nameSealed = sealMemberName(ctx, id, 'Kadi');
      await insertMember(tx, { ...who, nameSealed, signature, createdAt: now });
      const row = deviceOf(id, now);
      await insertPasskey(tx, vouchedDevice(ctx, row, who));
      return { member: who, device: row, token: await beginSession(at, id, row.id) };
    });
    const isIn = async () => (await signedIn(database.db, ctx, house.clock.at(), token)) !== undefined;
    const mayUse = async () => {
      const row = await findPasskey(database.db, 'kadi');
      const who = row && (await findMember(database.db, row.memberId));
      return row !== undefined && who !== undefined && isOwnDevice(ctx, row, who);
    };
    const isGranted = () =>
      inside((at) =>
        grantTeamKey(at, member.id, member.id, {
          sealed: new Uint8Array(9),
          fingerprint: fingerprint(ctx.team.recipient),
        }),
      );
    expect([await isIn(), await mayUse(), await isGranted()]).toEqual([true, true, 'no_key']);
    await sql`update members set role = 'administrator'`;
    expect([await isIn(), await mayUse(), await isGranted()]).toEqual([false, false, 'no_such']);
    await sql`update members set role = 'officer', recipient = 'age1pq1own'`;
    expect([await isIn(), await mayUse(), await isGranted()]).toEqual([false, false, 'no_such']);
    await sql`update members set recipient = ${member.recipient}`;
    await sql`update passkeys set public_key = '\\x04'`;
    expect([await isIn(), await mayUse()]).toEqual([true, false]);
    await sql`update passkeys set public_key = ${device.publicKey}`;
    await sql`update sessions set expires_at = expires_at + interval '1 day'`;
    expect([await isIn(), await mayUse()]).toEqual([false, true]);
    // A member who was taken out stays out, also if the rows say that they are there.
    const row = await findPasskey(database.db, 'kadi');
    if (!row) throw new Error('no device');
    expect(await inside(({ tx }) => wasTakenOut(tx, row))).toBe(false);
    await inside((at) => revokeDevice(at, null, row.id));
    await sql`update passkeys set revoked_at = null`;
    expect(await mayUse()).toBe(true);
    expect(await inside(({ tx }) => wasTakenOut(tx, row))).toBe(true);
    const invited = await inside((at) => invite(at, null, { name: 'Kadi', role: 'officer' }));
    if (!invited.ok) throw new Error(invited.reason);
    const begins = () => inside((at) => beginJoining(at, site, invited.code));
    expect(await begins()).toMatchObject({ role: 'officer' });
    await sql`update invitations set role = 'administrator'`;
    expect(await begins()).toBe(undefined);
  });

  it('cannot have the next start vouch for members whom they wrote', async () => {
    const starts = () => transact(house.ctx, vouchForEarlierMembers);
    await Promise.all([starts(), starts()]);
    await sql`insert into members (id, name_sealed, role, recipient, created_at)
      values (gen_random_uuid(), '', 'administrator', 'age1pq1own', now())`;
    await starts();
    expect((await sql`select signature from members`).map(({ signature }) => signature)).toEqual([null]);
    expect(await sql`select 1 from audit_log where what = 'members_bound'`).toHaveLength(1);
  });
});

describe('what lies there from before keys were signed', () => {
  let dataDir: string;
  const said: { event?: string; what?: string; because?: string }[] = [];
  const log = createLog('warn', { write: (line: string) => said.push(JSON.parse(line)) });
  beforeEach(async () => {
    said.length = 0;
    dataDir = await mkdtemp(join(tmpdir(), 'lakana-signed-'));
    // As a version before left it: nothing is signed but what lies in the cases, and the log.
    await sql`update cases set recipient_signature = null`;
    await transact(house.ctx, async (at) => {
      const { tx, ctx, now } = at;
      const id = newId<MemberId>();
      const who = { id, officerId: null, role: 'administrator' as const, recipient: ctx.team.recipient };
      await insertMember(tx, { ...who, nameSealed: sealMemberName(ctx, id, 'Kadi'), createdAt: now });
      await insertPasskey(tx, deviceOf(id, now));
      await audit(at, { memberId: id, what: 'joined', detail: { role: who.role } });
    });
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  /** As each start of the service, and each command, does first. */
  const starts = (more: { mode?: 'trial'; keyring?: Keyring; dataDir?: string } = {}) =>
    beginWith({
      db: house.ctx.db,
      clock: house.clock,
      keyring: house.ctx.keyring,
      log,
      mode: 'live',
      dataDir,
      ...more,
    });
  const signed = async () =>
    (
      await sql`select (select count(recipient_signature)::int from cases) as cases,
        (select count(signature)::int from members) as members, (select count(mac)::int from passkeys) as devices`
    ).map((row) => ({ ...row }))[0];
  const refusals = () => said.splice(0).map(({ event, what, because }) => ({ event, what, because }));
  const refused = (because: string) =>
    ['cases', 'members'].map((what) => ({ event: 'earlier_rows_unsigned', what, because }));
  /** Puts in a member and a key of their own, and takes away whatever the server signed. */
  async function writesOwn(): Promise<void> {
    await swapsKey();
    await sql`update cases set recipient_signature = null, bound_from = 0`;
    await sql`update members set signature = null, recipient = 'age1pq1own'`;
    await sql`update passkeys set mac = null`;
  }
  const unlocksLog = () => sql`alter table audit_log disable trigger all`;
  const NONE = { cases: 0, members: 0, devices: 0 };

  it('is not signed by a start in the wrong mode or with another key, and by the right one afterwards', async () => {
    await sql`update service set mode = 'live'`;
    await sql`insert into service (mode) values ('live') on conflict do nothing`;
    const other = parseKeyring(generateKeyringFile());
    await expect(starts({ mode: 'trial', keyring: other })).rejects.toMatchObject({ code: 'mode_differs' });
    await expect(starts({ keyring: other })).rejects.toMatchObject({
      code: 'wrong_server_key',
      message: expect.stringContaining('SERVER_KEY_FILE'),
    });
    expect(await signed()).toEqual(NONE);
    expect(await sql`select 1 from audit_log where what like '%_bound'`).toHaveLength(0);
    await starts();
    const device = await findPasskey(house.database.db, 'kadi');
    const member = device && (await findMember(house.database.db, device.memberId));
    expect(device && member && isOwnDevice(house.ctx, device, member)).toBe(true);
    await awa.says('Ils sont devant la maison');
    expect(await cases()).toHaveLength(1);
    expect(await sql`select 1 from audit_log where what = 'case_key_unproved'`).toHaveLength(0);
    await expect(starts({ keyring: other })).rejects.toMatchObject({ code: 'wrong_server_key' });
    expect(said).toEqual([]);
  });

  it('is signed once, also for an intruder who takes the marks away, or empties the whole log: the server notes it outside', async () => {
    await starts();
    await writesOwn();
    await unlocksLog();
    await sql`delete from audit_log where what like '%_bound'`;
    await starts();
    expect([await signed(), refusals()]).toEqual([NONE, refused('noted_here')]);
    await sql`delete from audit_log`;
    await starts();
    expect([await signed(), refusals()]).toEqual([NONE, refused('noted_here')]);
    // What it notes says nothing to its reader, and is the server's own.
    expect(await readFile(join(dataDir, 'signed-once'), 'utf8')).toMatch(/^([0-9a-f]{72}\n){2}$/);
  });

  it('is not signed, also where no note is, if the log or any row shows that it was done or that an intruder was there', async () => {
    const elsewhere = () => starts({ dataDir: join(dataDir, 'other') });
    await unlocksLog();
    // A log with a gap, one whose beginning is gone, and one with a changed row.
    const look = () => transact(house.ctx, (at) => audit(at, { memberId: null, what: 'audit_read' }));
    await look();
    await sql`delete from audit_log where what = 'joined'`;
    await elsewhere();
    expect([await signed(), refusals()]).toEqual([NONE, refused('out_of_order')]);
    await sql`update audit_log set seq = 1`;
    await elsewhere();
    expect([await signed(), refusals()]).toEqual([NONE, refused('wrong_link')]);
    // Only a version that signs writes this.
    await sql`delete from audit_log`;
    await transact(house.ctx, (at) => audit(at, { memberId: null, what: 'opening_proved' }));
    await elsewhere();
    expect([await signed(), refusals()]).toEqual([NONE, refused('later_log')]);
    // One row is still signed: nobody else's is from before.
    await sql`delete from audit_log`;
    await house.person('Binta').says('SOS');
    await sql`update passkeys set mac = ${Buffer.alloc(36)}`;
    await elsewhere();
    expect([await signed(), refusals()]).toEqual([
      { cases: 1, members: 0, devices: 1 },
      refused('signed_rows'),
    ]);
  });
});
