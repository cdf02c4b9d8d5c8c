/**
 * A case whose time is over: told a week before, kept by those who may, destroyed in the order of every erasing, counted
 * in one sealed record, and not brought back.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { retentionNow, sayHold } from '../../src/app/console/kept.ts';
import { followRestore } from '../../src/app/keeping/after-restore.ts';
import { erasedHere } from '../../src/app/keeping/known.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { tellTimeOver } from '../../src/app/retention/time-over.ts';
import { decrypterFor } from '../../src/crypto/age.ts';
import type { MemberId, OfficerId } from '../../src/kernel/ids.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { type ErasingHouse, openErasingHouse } from './erasing-house.ts';
import { calm, hold, referenceOn, somebodyWaits, until } from './house.ts';
import type { Phone } from './messenger.ts';

let world: ErasingHouse;
let house: ErasingHouse['house'];
let reference: string;
let boss: Phone;
beforeEach(async () => {
  world = await openErasingHouse();
  ({ house, reference } = world);
  boss = await world.supervisor('Sira');
});
afterEach(() => house.close());

const sql = () => house.database.sql;
const FIVE_YEARS = days(5 * 365 + 2);

/** The five years go by in one step: what runs each hour has nothing to do in them. */
async function yearsPass(ms = FIVE_YEARS): Promise<void> {
  house.clock.advance(ms);
  await sql()`update service set last_alive_at = ${house.clock.at()}`;
  await forget(house.ctx, calm, keepingOf());
}
async function night(): Promise<number> {
  const told = await tellTimeOver(house.ctx, calm);
  await house.deliver();
  return told;
}
async function week(): Promise<void> {
  house.clock.advance(days(7) + hours(1));
  await sql()`update service set last_alive_at = ${house.clock.at()}`;
  await forget(house.ctx, calm, keepingOf());
  await house.deliver();
}
const holds = async (id: MemberId, what: Parameters<typeof sayHold>[3]) => {
  const came = await world.as(id, (at, row) => sayHold(at, row, reference, what));
  await house.deliver();
  return came.ok ? 'ok' : came.reason;
};
const erasures = () => sql()`select state, because, rule, stopped_because from erasures order by asked_at`;

describe('a case that ended five years ago', () => {
  test('is told by its reference a week before, and then destroyed; what remains is one sealed record of months and codes', async () => {
    const lay = await world.canaries();
    await yearsPass(FIVE_YEARS - days(10));
    expect(await night()).toBe(0);
    house.clock.advance(days(11));
    expect(await night()).toBe(1);
    expect(boss.last()).toContain(`Durée de conservation passée : ${reference}`);
    expect(boss.last()).not.toMatch(/Kati|marché/);
    // Told once.
    expect(await night()).toBe(0);
    expect(await world.isThere()).toBe(true);
    const awaBefore = world.awa.screen();
    await week();
    expect(await world.isThere()).toBe(false);
    expect(boss.last()).toContain(`${reference} : détruit`);
    expect(world.awa.screen()).toEqual(awaBefore);
    expect(await world.tablesWith(reference)).toEqual(['public.audit_log', 'public.erasures']);
    for (const [what, each] of Object.entries(lay))
      expect(await world.tablesWith(each), what).toEqual(
        what === 'the case' ? ['public.audit_log', 'public.erasures'] : [],
      );
    const [row] = await sql()`select statistics, rule, because from erasures`;
    expect(row).toMatchObject({ because: 'time_over', rule: 'closed_cases' });
    const opened = await decrypterFor(house.team.secret).decrypt(row?.statistics as Uint8Array, 'text');
    expect(JSON.parse(opened)).toMatchObject({
      type: 'statistics',
      level: 'critical',
      status: 'closed',
      reason: 'resolved',
      openedIn: expect.stringMatching(/^\d{4}-\d{2}$/),
      files: 1,
      rule: 'closed_cases',
    });
    expect(opened).not.toMatch(/[A-Z]{4}-\d{4}|Kati|[0-9a-f]{8}-/);
  });

  test('of a person who objected to being counted leaves no record', async () => {
    await sql()`update cases set objected_at = ${house.clock.at()}`;
    await yearsPass();
    await night();
    await week();
    expect(await world.isThere()).toBe(false);
    expect(await sql()`select 1 from erasures where statistics is not null`).toHaveLength(0);
  });

  test('stays as long as no coordinator and no supervisor can be told', async () => {
    await sql()`update officers set role = 'officer'`;
    await yearsPass();
    expect(await night()).toBe(0);
    await week();
    expect(await world.isThere()).toBe(true);
    await sql()`update officers set role = 'supervisor'`;
    expect(await night()).toBe(1);
  });

  test('is told together with others that are due that night, each to those who may know of it, and never without being told', async () => {
    const fanta = house.person('Fanta');
    await fanta.says('SOS');
    await world.isSeenTo();
    const other = referenceOn(fanta);
    const known = (await sql()<{ id: string }[]>`select id from officers`).map(({ id }) => id);
    const second = await world.supervisor('Fatou');
    const [row] = await sql()<{ id: OfficerId }[]>`select id from officers where id::text <> all (${known})`;
    await sql()`update alerts set excluded = jsonb_build_array(${row?.id ?? ''}::text) where reference = ${reference}`;
    await yearsPass();
    // The process ends before anybody is told: nothing was begun either.
    const { texts } = house.ctx;
    const broken = {
      ...house.ctx,
      texts: {
        ...texts,
        t: () => {
          throw new Error('the process ends');
        },
      },
    };
    expect(await tellTimeOver(broken as unknown as typeof house.ctx, calm)).toBe(0);
    expect(await erasures()).toEqual([]);
    expect(await night()).toBe(2);
    const both = new RegExp(`: (${reference}, ${other}|${other}, ${reference})\\n`);
    expect(boss.last()).toMatch(both);
    expect(second.last()).toContain(`Durée de conservation passée : ${other}\n`);
  });

  test('is told to no officer who must not know of it', async () => {
    const [row] = await sql()<{ id: OfficerId }[]>`select id from officers where role = 'supervisor'`;
    await sql()`update alerts set excluded = jsonb_build_array(${row?.id ?? ''}::text)`;
    await yearsPass();
    const before = boss.screen();
    expect(await night()).toBe(0);
    expect(boss.screen()).toEqual(before);
  });

  test('stays while no one trusts the clock, and is not told', async () => {
    await yearsPass();
    expect(await tellTimeOver(house.ctx, { mayErase: () => false })).toBe(0);
    expect(await erasures()).toHaveLength(0);
  });

  test('that goes on again is kept, and what the person writes in the week stops it', async () => {
    await yearsPass();
    await night();
    await sql()`delete from conversations`;
    const other = house.person('Awa, ailleurs');
    await other.says(`${reference} ${world.code}`);
    await week();
    expect(await world.isThere()).toBe(true);
    expect(await erasures()).toMatchObject([{ state: 'stopped', stopped_because: 'reporter' }]);
  });

  test('that a coordinator stops is told again after ninety days and not before', async () => {
    await yearsPass();
    await night();
    expect(await world.stops(world.kadi)).toBe('not_yours');
    expect(await world.stops(world.oumou)).toBe('ok');
    await week();
    expect(await world.isThere()).toBe(true);
    expect(await night()).toBe(0);
    await yearsPass(days(90));
    expect(await night()).toBe(1);
  });

  test('is destroyed by the word of the log, not by that of the database', async () => {
    await sql()`insert into erasures (id, case_id, reference, state, because, rule, asked_at, agreed_at, due_at)
      select gen_random_uuid(), id, reference, 'waiting', 'time_over', 'closed_cases', now(), now(), ${house.clock.at()} from cases`;
    await week();
    expect(await world.isThere()).toBe(true);
    expect(await erasures()).toMatchObject([{ state: 'stopped', stopped_because: 'unproved' }]);
    // A day in the past that an intruder wrote is told like any other, and a week remains.
    await sql()`update cases set closed_at = '2016-01-01'`;
    expect(await night()).toBe(1);
    await sql()`update cases set closed_at = ${house.clock.at()}`;
    await week();
    expect(await world.isThere()).toBe(true);
    expect(await sql()`select stopped_because from erasures order by asked_at desc`).toMatchObject([
      { stopped_because: 'kept_longer' },
      { stopped_because: 'unproved' },
    ]);
  });

  test('does not go before its week is over, whatever day an intruder writes', async () => {
    await yearsPass();
    await night();
    await sql()`update erasures set due_at = '2026-01-01'`;
    await world.pass(hours(1));
    expect(await world.isThere()).toBe(true);
    expect(await erasures()).toMatchObject([{ state: 'stopped', stopped_because: 'unproved' }]);
  });

  test('killed in the middle of it stays whole, and goes with the next run', async () => {
    await yearsPass();
    await night();
    house.clock.advance(days(7) + hours(1));
    await sql()`update service set last_alive_at = ${house.clock.at()}`;
    const counts = () => sql()`
      select (select count(*)::int from case_wraps) as wraps, (select count(*)::int from case_items) as items,
        (select count(*)::int from evidence_chunks) as files, (select count(*)::int from erasures where state = 'done') as done`;
    const before = await counts();
    const release = await hold(house, (tx) => tx`select 1 from receipt_codes for update`);
    const run = forget(house.ctx, calm, keepingOf());
    await until(() => somebodyWaits(house));
    await sql()`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    expect(await counts()).toEqual(before);
    await release();
    await run;
    await forget(house.ctx, calm, keepingOf());
    expect(await world.isThere()).toBe(false);
    expect(await sql()`select 1 from audit_log where what = 'case_erased'`).toHaveLength(1);
  });

  test('does not come back with an older backup, nor does its record get lost', async () => {
    const old = await sql()`select * from cases`;
    await yearsPass();
    await night();
    await week();
    const entries = JSON.parse(JSON.stringify(await erasedHere(house.database.db)));
    const [left] = await sql()`select statistics from erasures`;
    // The database as it was before.
    await sql()`delete from erasures`;
    await sql()`insert into cases ${sql()(old as never)}`;
    expect(await world.isThere()).toBe(true);
    const list = {
      lakana: 'erased' as const,
      version: 2 as const,
      number: 2,
      at: house.clock.at().toISOString(),
      entries,
      held: { excluded: [], silent: [], apart: [] },
    };
    await followRestore(house.ctx, { asOf: house.clock.at(), list });
    expect(await world.isThere()).toBe(false);
    const [kept] = await sql()`select statistics, because, asked_by from erasures`;
    expect(kept).toMatchObject({ because: 'time_over', asked_by: null });
    expect(Buffer.from(kept?.statistics as Uint8Array)).toEqual(Buffer.from(left?.statistics as Uint8Array));
  });
});

describe('a case that is held', () => {
  test('is not told, not destroyed and not erased by two; two let it go, and its time counts again', async () => {
    expect(await holds(world.kadi, { do: 'hold', because: 'court' })).toBe('ok');
    expect(await holds(world.moussa, { do: 'hold', because: 'court' })).toBe('on_hold');
    expect(await world.asks(world.kadi)).toBe('on_hold');
    await yearsPass();
    expect(await night()).toBe(0);
    const shown = await world.as(world.oumou, (at, row) => retentionNow(at, row));
    expect(shown.cases).toMatchObject([{ reference, held: 'court', goesAt: null }]);
    expect(await holds(world.kadi, { do: 'agree' })).toBe('not_asked');
    expect(await holds(world.kadi, { do: 'lift' })).toBe('ok');
    expect(await holds(world.kadi, { do: 'agree' })).toBe('same_person');
    const namesake = await world.member('kadi  TRAORE', 'administrator');
    expect(await holds(namesake, { do: 'agree' })).toBe('same_person');
    expect(await holds(world.oumou, { do: 'keep' })).toBe('ok');
    expect(await holds(world.moussa, { do: 'agree' })).toBe('not_asked');
    expect(await holds(world.kadi, { do: 'lift' })).toBe('ok');
    expect(await night()).toBe(0);
    expect(await holds(world.moussa, { do: 'agree' })).toBe('ok');
    expect(await night()).toBe(1);
    await week();
    expect(await world.isThere()).toBe(false);
  });

  test('within the week is not destroyed, and those who were told hear that it is kept', async () => {
    await yearsPass();
    await night();
    expect(await holds(world.kadi, { do: 'hold', because: 'inquiry' })).toBe('ok');
    expect(boss.last()).toContain(`${reference} : n'est pas détruit`);
    await week();
    expect(await world.isThere()).toBe(true);
  });

  test('stops what two people wanted, and stops it at the last moment too', async () => {
    await world.wanted();
    expect(await holds(world.oumou, { do: 'hold', because: 'complaint' })).toBe('ok');
    expect(await world.isEnded()).toBe('held');
    await sql()`delete from case_holds`;
    await world.wanted();
    await sql()`insert into case_holds (case_id, because, held_by, held_at)
      select id, 'court', ${world.kadi}, now() from cases`;
    await world.pass(days(7) + hours(1));
    expect(await world.isThere()).toBe(true);
    expect(await world.isEnded()).toBe('held');
  });

  test('is for the team that may know of it', async () => {
    await sql()`update alerts set excluded = jsonb_build_array(${world.moussa}::text)`;
    expect(await holds(world.moussa, { do: 'hold', because: 'court' })).toBe('no_such');
    expect(await holds(world.kadi, { do: 'hold', because: 'court' })).toBe('ok');
    const shown = await world.as(world.moussa, (at, row) => retentionNow(at, row));
    expect(shown.cases).toEqual([]);
  });
});
