/** Forgetting while a reporter writes, with rows that cannot be carried, and with a clock that jumps. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../src/app/ground/context.ts';
import { createTimeGuard } from '../../src/app/ground/time-guard.ts';
import { openLive, sealLive } from '../../src/app/keys/epochs.ts';
import { reporterContext } from '../../src/app/records/reporter-link.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { runTimers } from '../../src/app/reporters/timers.ts';
import { eq } from '../../src/db/drizzle.cjs';
import { lockAlertById } from '../../src/db/locks.ts';
import { alerts } from '../../src/db/schema.ts';
import type { AlertId, EpochId } from '../../src/kernel/ids.ts';
import { after, days, hours, minutes } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { calm, type House, holdContacts, openHouse, referenceOn, somebodyWaits, until } from './house.ts';

let house: House;
let sql: House['database']['sql'];
beforeEach(async () => {
  house = await openHouse();
  sql = house.database.sql;
});
afterEach(() => house.close());

async function keyOf(day: string): Promise<'kept' | 'destroyed'> {
  const [row] = await sql`select wrapped_key is null as gone from epochs where day = ${day}`;
  return row?.gone ? 'destroyed' : 'kept';
}

describe('while a reporter writes', () => {
  test('what they write just then is not overwritten by what lay there before', async () => {
    const awa = house.person('Awa');
    await awa.says('SOS');
    house.clock.advance(days(1));
    const letGo = await holdContacts(house);
    const writing = awa.says('Kati, derrière le marché');
    await until(() => somebodyWaits(house));
    const forgetting = forget(house.ctx, calm, keepingOf());
    await until(() => somebodyWaits(house, 2));
    await letGo();
    await Promise.all([writing, forgetting]);
    await awa.says('retour');
    const { items } = await house.read(referenceOn(awa));
    expect(JSON.stringify(items)).toContain('Kati, derrière le marché');
    expect(awa.last()).toContain('Où êtes-vous');
  });

  test('a way back to the person that changes just then keeps the change', async () => {
    await house.person('Awa').says('SOS');
    const [alert] = await sql<{ id: AlertId }[]>`select id from alerts`;
    const id = alert?.id as AlertId;
    const sealedThen = house.clock.at();
    house.clock.advance(days(1));
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: isHeld, resolve: holds } = Promise.withResolvers<void>();
    // Begun before midnight, so that it seals under the same key as before.
    const writing = house.database.db.transaction(async (tx) => {
      await lockAlertById(tx, id);
      const link = { contactId: 'a-contact', mayWrite: false };
      const live = await sealLive(house.ctx, tx, sealedThen, reporterContext(id), link);
      await tx
        .update(alerts)
        .set({ epochId: live.epochId, reporterSealed: live.sealed })
        .where(eq(alerts.id, id));
      holds();
      await held;
    });
    await isHeld;
    const forgetting = forget(house.ctx, calm, keepingOf());
    await until(() => somebodyWaits(house));
    letGo();
    await Promise.all([writing, forgetting]);
    await forget(house.ctx, calm, keepingOf());
    expect(await link(id)).toEqual({ contactId: 'a-contact', mayWrite: false });
  });
});

describe('a key under which something still lies is not destroyed', () => {
  beforeEach(async () => {
    const kadi = await house.officer('Kadi');
    const awa = house.person('Awa');
    await awa.says('SOS');
    await house.cycle();
    await kadi.presses('Je prends');
    await kadi.presses('Mettre en sourdine');
    await awa.sends('photo', 'photo');
    await house.receive({
      channel: 'telegram',
      id: '1',
      address: 'Awa',
      content: { kind: 'text', text: 'Kati' },
    });
    await sql`
      insert into inbox (channel, message_index, received_at, state, epoch_id, body_sealed)
      select 'telegram', 'index', now(), 'parked', epoch_id, state_sealed from conversations limit 1`;
  });

  test.each(['conversations', 'alerts', 'deliveries', 'evidence', 'officer_contacts', 'inbox'])(
    'in %s',
    async (table) => {
      // Nothing in this table can be carried forward.
      await sql.unsafe(`
        create function stays() returns trigger language plpgsql as $$ begin return null; end $$;
        create trigger stays before update on ${table} for each row execute function stays()`);
      await sql`delete from inbox where state = 'parked' and ${table} <> 'inbox'`;
      for (let day = 0; day < 9; day++) {
        house.clock.advance(days(1));
        await forget(house.ctx, calm, keepingOf());
      }
      expect(await keyOf('2026-11-24')).toBe('kept');
      await sql.unsafe(`drop trigger stays on ${table}`);
      await sql`delete from inbox where state = 'parked'`;
      await forget(house.ctx, calm, keepingOf());
      expect(await keyOf('2026-11-24')).toBe('destroyed');
    },
  );

  test('and what cannot be read holds up no one else: they are carried forward, the other keys are destroyed', async () => {
    const binta = house.person('Binta');
    await binta.says('SOS');
    await sql`delete from inbox where state = 'parked'`;
    await sql`
      update conversations set state_sealed = ${randomBytes(64)}
      where contact_id = (select contact_id from conversations order by contact_id limit 1)`;
    for (let day = 0; day < 10; day++) {
      house.clock.advance(days(1));
      await forget(house.ctx, calm, keepingOf());
    }
    const rows = await sql`select count(*)::int as n from conversations c join epochs e on e.id = c.epoch_id
      where e.day = '2026-12-04'`;
    expect(rows).toMatchObject([{ n: 1 }]);
    expect(await keyOf('2026-11-24')).toBe('kept');
    expect(await keyOf('2026-11-26')).toBe('destroyed');
  });
});

describe('when the clock cannot be trusted', () => {
  /** A service with a stopwatch in hand, in which one reporter asked for help and another has a draft. */
  async function living(slept = 0) {
    const awa = house.person('Awa');
    await awa.says('SOS');
    const binta = house.person('Binta');
    await binta.says('/start');
    await binta.presses('Français');
    await binta.presses('Non, pas en ce moment');
    await binta.sends('photo', 'photo');
    if (slept > 0) house.clock.advance(slept);
    let watch = 0;
    const guard = createTimeGuard({
      lastAliveAt: after(house.clock.at(), -slept),
      startedAt: house.clock.at(),
      log: house.ctx.log,
      stopwatch: () => watch,
    });
    const cycle = async (ctx: Context = house.ctx) => {
      await runTimers(ctx, guard);
      await forget(ctx, guard, keepingOf());
    };
    return {
      cycle,
      forget: () => forget(house.ctx, guard, keepingOf()),
      jump: (ms: number) => house.clock.advance(ms),
      tick: (ms: number) => {
        house.clock.advance(ms);
        watch += ms;
      },
      async pass(ms: number) {
        for (let left = ms; left > 0; left -= hours(1)) {
          house.clock.advance(hours(1));
          watch += hours(1);
          await cycle();
        }
      },
    };
  }

  const remains = async () => {
    const [row] = await sql`select
      (select count(*)::int from cases where status = 'draft') as drafts,
      (select count(*)::int from inbox) as messages,
      (select count(*)::int from epochs where wrapped_key is null) as destroyed`;
    return { ...row };
  };
  const all = { drafts: 1, messages: 5, destroyed: 0 };

  test('nothing is erased after a year forward and back, and it is all carried forward meanwhile', async () => {
    const time = await living();
    await time.cycle();
    time.jump(days(365));
    await time.pass(hours(2));
    expect(await remains()).toEqual(all);
    expect(await daysOfConversations()).toEqual(['2027-11-24']);
    time.jump(-days(365));
    await time.pass(hours(2));
    expect(await remains()).toEqual(all);
    expect(await daysOfConversations()).toEqual(['2026-11-24']);
    await time.pass(hours(20));
    expect(await remains()).toEqual(all);
    // A day of calm later the key of the day that never was is destroyed: nothing is needed that lies under it.
    await time.pass(hours(3));
    expect(await keyOf('2027-11-24')).toBe('destroyed');
    expect(await remains()).toEqual({ ...all, destroyed: 1 });
    // And the draft has its 72 hours by the right clock.
    await time.pass(hours(40));
    expect(await remains()).toMatchObject({ drafts: 1 });
    await time.pass(hours(8));
    expect(await remains()).toMatchObject({ drafts: 0 });
  });

  test('nor after days in which no one was alive; a day of calm later what is over goes', async () => {
    const time = await living(days(9));
    await time.pass(hours(23));
    expect(await remains()).toEqual(all);
    expect(await keyOf('2026-11-24')).toBe('kept');
    expect(await daysOfConversations()).not.toContain('2026-11-24');
    await time.pass(hours(2));
    expect(await remains()).toMatchObject({ drafts: 0 });
    expect(await keyOf('2026-11-24')).toBe('destroyed');
  });

  test('a danger question is not left waiting for that', async () => {
    const time = await living();
    await time.cycle();
    time.jump(days(365));
    await time.cycle();
    const chaka = house.person('Chaka');
    await chaka.says('/start');
    await chaka.presses('Français');
    await chaka.sends('voice', 'note');
    time.tick(minutes(2));
    await time.cycle();
    expect(await sql`select count(*)::int as n from alerts`).toMatchObject([{ n: 2 }]);
  });

  test('carrying that takes long is not taken for a jump', async () => {
    const time = await living();
    await time.pass(hours(1));
    time.tick(days(8));
    const { epochs } = house.ctx;
    const slow: Context = {
      ...house.ctx,
      epochs: {
        ...epochs,
        byId: async (tx, id) => {
          time.tick(minutes(4));
          return epochs.byId(tx, id);
        },
      },
    };
    await time.cycle(slow);
    expect(await keyOf('2026-11-24')).toBe('destroyed');
  });
});

async function daysOfConversations(): Promise<string[]> {
  const rows = await sql<{ day: string }[]>`
    select distinct day from conversations c join epochs e on e.id = c.epoch_id order by day`;
  return rows.map(({ day }) => day);
}

async function link(id: AlertId): Promise<unknown> {
  const [row] = await sql<{ epochId: EpochId; sealed: Uint8Array }[]>`
    select epoch_id as "epochId", reporter_sealed as sealed from alerts`;
  return row && openLive(house.ctx, house.ctx.db, row, reporterContext(id));
}
