/** A case that can be erased: Awa cried for help, an officer closed the alert, and three members of the team are there. */
import { expect } from 'vitest';
import { openCaseRoom } from '../../src/app/console/case-room.ts';
import { decideErasing, type ErasingAction } from '../../src/app/console/erasure.ts';
import { type Moment, transact } from '../../src/app/ground/transaction.ts';
import { audit } from '../../src/app/records/audit.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { runTimers } from '../../src/app/reporters/timers.ts';
import { fingerprint } from '../../src/crypto/fingerprint.ts';
import { signMember } from '../../src/crypto/member-binding.ts';
import { sql } from '../../src/db/drizzle.cjs';
import { findMember, type MemberRow, saveGrant, vouchMember } from '../../src/db/members.ts';
import type { MemberId, OfficerId } from '../../src/kernel/ids.ts';
import { after, days } from '../../src/kernel/time.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { createTestDatabase } from '../database.ts';
import { joins } from '../http/console/member.ts';
import { calm, type House, type HouseOptions, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

const CODE = /\d{4} \d{4} \d{4} \d{4}/;

type Membership = { age: number; hasKey: boolean; by: MemberId; officer: OfficerId | null };
export type ErasingHouse = Awaited<ReturnType<typeof openErasingHouse>>;

/** `awa`: her address. */
export async function openErasingHouse(options: HouseOptions & { awa?: string } = {}) {
  // As far as here the story is the same for most: it is told once.
  if (Object.keys(options).length > 0) return erasingIn(await openHouse(options), options.awa);
  begun ??= begin();
  const { left, facts } = await begun;
  const { template, ...rest } = left;
  const database = await createTestDatabase({ template, max: 8 });
  return erasingIn(await openHouse({ ...rest, database }), undefined, facts);
}

let begun: ReturnType<typeof begin> | undefined;
async function begin() {
  const { house, reference, code, kadi, moussa, oumou } = await erasingIn(await openHouse());
  return { facts: { reference, code, kadi, moussa, oumou }, left: await house.leave() };
}

type Facts = { reference: string; code: string; kadi: MemberId; moussa: MemberId; oumou: MemberId };

/** `facts`: of a story that has come as far already. */
async function erasingIn(house: House, address = 'Awa', facts?: Facts) {
  const awa = house.person(address);
  const officer = facts ? house.person('Binta') : await house.officer('Binta');

  /** The officer takes the alert that rings, and closes it. */
  async function isSeenTo(): Promise<void> {
    await house.cycle();
    await officer.presses('Je prends');
    await officer.presses('Clore');
    await officer.presses('Danger passé');
  }
  const { reference, code } = facts ?? (await criesForHelp());

  async function criesForHelp() {
    await awa.says('SOS');
    await awa.says('Kati, derrière le marché');
    await awa.presses('Oui');
    const code = awa.screen().flatMap((text) => CODE.exec(text)?.[0] ?? [])[0] ?? '';
    house.phones.upload('voice', Buffer.from('une voix'));
    await awa.sends('voice', 'voice');
    await house.fetch();
    await isSeenTo();
    return { reference: referenceOn(awa), code };
  }

  /** An officer who is a supervisor. */
  async function supervisor(name: string): Promise<Phone> {
    const { sql } = house.database;
    const before = (await sql<{ id: string }[]>`select id from officers`).map(({ id }) => id);
    const boss = await house.officer(name);
    await sql`update officers set role = 'supervisor' where id::text <> all (${before})`;
    return boss;
  }

  const inside = <T>(work: (at: Moment) => Promise<T>): Promise<T> => transact(house.ctx, work);

  const as = <T>(id: MemberId, work: (at: Moment, row: MemberRow) => Promise<T>) =>
    inside(async (at) => {
      const row = await findMember(at.tx, id);
      if (!row) throw new Error('no such member');
      return work(at, row);
    });

  /** A member of the team for a month, with its key, unless said otherwise. */
  async function member(
    name: string,
    role: Role,
    { age = days(30), hasKey = true, by, officer: of = null }: Partial<Membership> = {},
  ): Promise<MemberId> {
    const room = { ...house, inside } as unknown as Parameters<typeof joins>[0];
    const { id } = await joins(room, role, of, { name });
    await as(id, async (at, row) => {
      await vouchMember(at.tx, id, signMember(at.ctx.keyring.signer, row));
      const detail = { role, ...(by ? { by } : {}) };
      const joined = after(at.now, -age);
      // As the log has it: what stands in the row of a member is believed by nothing.
      await audit(Object.assign(Object.create(at) as Moment, { now: joined }), {
        memberId: id,
        what: 'joined',
        detail,
      });
      const given = { sealed: new Uint8Array(1), fingerprint: fingerprint(at.ctx.team.recipient) };
      if (hasKey) await saveGrant(at.tx, { ...given, memberId: id, grantedBy: null, grantedAt: at.now });
      await at.tx.execute(sql`update members set created_at = ${joined.toISOString()} where id = ${id}`);
    });
    return id;
  }
  const kadi = facts?.kadi ?? (await member('Kadi Traoré', 'officer'));
  const moussa = facts?.moussa ?? (await member('Moussa Keïta', 'officer'));
  const oumou = facts?.oumou ?? (await member('Oumou Diarra', 'coordinator'));

  async function decides(id: MemberId, action: ErasingAction, of = reference) {
    const came = await as(id, (at, row) => decideErasing(at, row, of, action));
    await house.deliver();
    return came.ok ? 'ok' : came.reason;
  }
  const asks = (id: MemberId, of?: string) => decides(id, { do: 'ask', because: 'person_asked' }, of);
  const agrees = (id: MemberId, of?: string) => decides(id, { do: 'agree' }, of);
  const stops = (id: MemberId, of?: string) => decides(id, { do: 'stop' }, of);

  return {
    house,
    officer,
    awa,
    reference,
    code,
    kadi,
    moussa,
    oumou,
    isSeenTo,
    supervisor,
    inside,
    as,
    member,
    asks,
    agrees,
    stops,
    async wanted(): Promise<void> {
      expect(await asks(kadi)).toBe('ok');
      expect(await agrees(moussa)).toBe('ok');
    },
    /** Time goes by; what runs each hour runs every day. */
    async pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= days(1)) {
        house.clock.advance(Math.min(left, days(1)));
        await runTimers(house.ctx, calm);
        await forget(house.ctx, calm, keepingOf());
      }
      await house.deliver();
    },
    /** What the last erasing was stopped for. */
    async isEnded(): Promise<string> {
      const [row] = await house.database
        .sql`select stopped_because as because from erasures where state = 'stopped' order by asked_at desc`;
      return String(row?.because);
    },
    erasureSeenBy: (id: MemberId) =>
      as(id, async (at, row) => {
        const opened = await openCaseRoom(at, row, reference);
        return opened.ok ? opened.case.erasure : undefined;
      }),
    /** The tables in which a row says this, as PostgreSQL writes it out. */
    async tablesWith(canary: string): Promise<string[]> {
      const { sql } = house.database;
      const tables = await sql<{ name: string }[]>`
        select table_schema || '.' || quote_ident(table_name) as name from information_schema.tables
        where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`;
      const found: string[] = [];
      for (const { name } of tables) {
        const rows = await sql.unsafe(`select 1 from ${name} t where t::text ilike $1 limit 1`, [
          `%${canary}%`,
        ]);
        if (rows.length > 0) found.push(name);
      }
      return found.sort();
    },
    /** What lies of the case, as it lies: its id, its keys, what is sealed in it, its files and its code. */
    async canaries(): Promise<Record<string, string>> {
      const { sql } = house.database;
      const hex = async (rows: Promise<{ bytes: Uint8Array }[]>): Promise<string> =>
        Buffer.from((await rows)[0]?.bytes ?? [])
          .toString('hex')
          .slice(-64);
      const [row] = await sql`
        select c.id, a.id as alert from cases c join alerts a on a.case_id = c.id where c.reference = ${reference}`;
      const canary = {
        'the case': String(row?.id),
        'its alert': String(row?.alert),
        'its key': await hex(sql`select wrapped_secret as bytes from case_wraps where case_id = ${row?.id}`),
        'its first item': await hex(
          sql`select ciphertext as bytes from case_items where case_id = ${row?.id} order by place`,
        ),
        'its file': await hex(
          sql`select c.ciphertext as bytes from evidence_chunks c join evidence e on e.id = c.evidence_id
            where e.case_id = ${row?.id}`,
        ),
        'its code': await hex(sql`select hash as bytes from receipt_codes where case_id = ${row?.id}`),
        'the way to the person': await hex(
          sql`select reporter_sealed as bytes from alerts where id = ${row?.alert}`,
        ),
      };
      for (const [what, each] of Object.entries(canary)) expect(each.length, what).toBeGreaterThanOrEqual(36);
      return canary;
    },
    isThere: async (): Promise<boolean> =>
      (await house.database.sql`select 1 from cases where reference = ${reference}`).length > 0,
  };
}
