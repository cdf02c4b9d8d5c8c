/** A channel that does not work: who is told, through which other channel, how often, and when it is over. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPush } from '../../src/app/duty/officer-contacts.ts';
import type { Context } from '../../src/app/ground/context.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createChannelWatch } from '../../src/app/watch/channel-watch.ts';
import { createRoomWatch } from '../../src/app/watch/disk-watch.ts';
import { tellFalls } from '../../src/app/watch/falls.ts';
import { watchGuessing } from '../../src/app/watch/guessing.ts';
import type { Channel, ChannelHealth } from '../../src/channels/channel.ts';
import { afterClose } from '../../src/channels/whatsapp/after-close.ts';
import type { RoomState } from '../../src/db/disk-room.ts';
import { checkTroubles } from '../../src/doctor/channels.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let whatsapp: ReturnType<typeof whatsappOf>;
beforeEach(async () => {
  house = await openHouse();
  whatsapp = whatsappOf(house);
});
afterEach(() => house.close());

/** A WhatsApp of which only its health is looked at, by a service that looks when time has passed. */
function whatsappOf({ ctx, clock, phones, deliver }: House, others: readonly Channel[] = []) {
  let health: ChannelHealth = { state: 'up', since: clock.at() };
  let nowMs = 0;
  const channel = { ...phones.channel, kind: 'whatsapp' as const, health: () => health };
  let hurried = 0;
  const jobs = {
    ...ctx.jobs,
    async hurryEvidence() {
      hurried += 1;
    },
  };
  const inside: Context = {
    ...ctx,
    jobs,
    channels: new Map([...others, channel].map((each) => [each.kind, each])),
  };
  let look = createChannelWatch(inside);
  return {
    is(state: ChannelHealth['state'], lastError?: string): void {
      health = { state, since: clock.at(), ...(lastError ? { lastError } : {}) };
    },
    async passes(ms: number): Promise<void> {
      await look(nowMs);
      clock.advance(ms);
      nowMs += ms;
      await look(nowMs);
    },
    /** The service is started again; it remembers nothing but what is in the database. */
    restarts(): void {
      look = createChannelWatch(inside);
    },
    hurried: () => hurried,
    deliver,
  };
}

const about = (screen: string[]) => screen.filter((text) => text.includes('WhatsApp'));

test('files that wait since a cut are tried as soon as it is over, once', async () => {
  await whatsapp.passes(minutes(2));
  const before = whatsapp.hurried();
  whatsapp.is('starting');
  await whatsapp.passes(minutes(10));
  whatsapp.is('up');
  await whatsapp.passes(minutes(2));
  await whatsapp.passes(minutes(20));
  expect(whatsapp.hurried() - before).toBe(1);
});

describe('a number that WhatsApp has cut off', () => {
  test('is told to every officer at once, for each way in which that happens, with what to do', async () => {
    const kadi = await house.officer('Kadi');
    const ways: [number, string][] = [
      [401, 'a déconnectés'],
      [411, 'a déconnectés'],
      [440, 'un autre programme'],
      [402, 'a bloqué'],
      [403, 'a bloqué'],
      [406, 'a bloqué'],
      [405, 'trop ancien'],
    ];
    for (const [code, words] of ways) {
      const next = afterClose(code, 1, 0);
      whatsapp.is('down', next.do === 'stop' ? next.because : 'none');
      await whatsapp.passes(seconds(1));
      await house.deliver();
      expect(kadi.last(), String(code)).toContain(words);
      expect(kadi.last()).toContain('À faire');
      expect(kadi.last()).toMatch(/depuis \d\d:\d\d/);
      whatsapp.is('up');
      await whatsapp.passes(minutes(2));
      await house.deliver();
      // The same thing is not told twice within an hour.
      house.clock.advance(hours(1));
    }
  });

  test('is told in words, and rings as "alert" in no browser', async () => {
    const kadi = await house.officer('Kadi');
    const [officer] = await house.database.sql<{ id: OfficerId }[]>`select id from officers`;
    const push = await transact(house.ctx, (at) =>
      addPush(at, officer?.id as OfficerId, {
        endpoint: 'https://updates.push.services.mozilla.com/x',
        keys: { p256dh: 'x'.repeat(87), auth: 'x'.repeat(22) },
      }),
    );
    whatsapp.is('down', 'logged_out');
    await whatsapp.passes(seconds(1));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(1);
    expect(push).toBeDefined();
    expect(await house.database.sql`select 1 from deliveries where contact_id = ${push ?? ''}`).toHaveLength(
      0,
    );
  });

  test('is told once, however often the service is started again, and again for another reason', async () => {
    const kadi = await house.officer('Kadi');
    whatsapp.is('down', 'replaced');
    for (let n = 0; n < 3; n++) {
      await whatsapp.passes(minutes(10));
      whatsapp.restarts();
    }
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(1);
    whatsapp.is('down', 'logged_out');
    await whatsapp.passes(seconds(1));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(2);
    // Unlinked by the operator, who takes their time: everybody knows.
    whatsapp.is('down', 'not_linked');
    await whatsapp.passes(minutes(10));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(2);
  });

  test('is told to be back once it has worked for a minute, and that its phone has to be read', async () => {
    const kadi = await house.officer('Kadi');
    whatsapp.is('down', 'logged_out');
    await whatsapp.passes(minutes(20));
    await house.deliver();
    whatsapp.is('up');
    await whatsapp.passes(seconds(30));
    whatsapp.is('down', 'logged_out');
    await whatsapp.passes(seconds(30));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(1);
    whatsapp.is('up');
    whatsapp.restarts();
    await whatsapp.passes(minutes(2));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(2);
    expect(kadi.last()).toContain('WhatsApp marche de nouveau. Il était coupé depuis 14:00.');
    expect(kadi.last()).toContain('lisez sur le téléphone');
    await whatsapp.passes(minutes(60));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(2);
  });

  test('is told as soon as an officer can be told: by two processes, once, to an officer who enrols later', async () => {
    const other = whatsappOf(house);
    for (const each of [whatsapp, other]) each.is('down', 'refused');
    await Promise.all([whatsapp.passes(minutes(1)), other.passes(0)]);
    const kadi = await house.officer('Kadi');
    await Promise.all([whatsapp.passes(minutes(2)), other.passes(minutes(2))]);
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(1);
  });
});

describe('a channel that comes and goes', () => {
  /** Cut off, and up again for long enough to be said. */
  async function breaks(because = 'logged_out'): Promise<void> {
    whatsapp.is('down', because);
    await whatsapp.passes(minutes(2));
    await house.deliver();
    whatsapp.is('up');
    await whatsapp.passes(minutes(2));
    await house.deliver();
  }
  const known = async () =>
    (await house.database.sql`select told from channel_troubles`).map(({ told }) => told);

  test('is told once an hour, and once that it works, by whichever process; the next time says how often it was', async () => {
    const kadi = await house.officer('Kadi');
    await breaks();
    expect(about(kadi.screen())).toHaveLength(2);
    for (let n = 0; n < 5; n++) {
      await breaks();
      whatsapp.restarts();
    }
    expect(about(kadi.screen())).toHaveLength(2);
    // It is known here all the while, and doctor does not say that no one could be told.
    whatsapp.is('down', 'logged_out');
    await whatsapp.passes(seconds(1));
    expect(await known()).toEqual([0]);
    const [line] = await checkTroubles(
      { everyMessenger: [], timeZone: 'Africa/Bamako' },
      house.database.db,
      house.clock.at(),
    );
    expect(line?.detail).toMatch(/^does not work since .*; officers were told$/);
    // It stays so: told when the hour is over, although nothing else has happened since.
    await whatsapp.passes(minutes(30));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(2);
    for (let n = 0; n < 10; n++) await whatsapp.passes(minutes(1));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(3);
    expect(kadi.last()).toContain("C'est arrivé encore 6 fois depuis le dernier message, à 14:00.");
    whatsapp.is('up');
    await whatsapp.passes(minutes(2));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(4);
  });

  test('for another reason is told at once', async () => {
    const kadi = await house.officer('Kadi');
    await breaks('logged_out');
    whatsapp.is('down', 'replaced');
    await whatsapp.passes(seconds(1));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(3);
    expect(kadi.last()).toContain('un autre programme');
  });

  test('counts as told only once it has left: what was over before is told anew', async () => {
    const kadi = await house.officer('Kadi');
    whatsapp.is('down', 'logged_out');
    await whatsapp.passes(minutes(1));
    whatsapp.is('up');
    await whatsapp.passes(minutes(2));
    await house.deliver();
    expect(about(kadi.screen())).toEqual([]);
    whatsapp.is('down', 'logged_out');
    await whatsapp.passes(seconds(1));
    await house.deliver();
    expect(about(kadi.screen())).toHaveLength(1);
  });

  test('is told although a clock that stood ahead had told it in a time that has not come', async () => {
    const kadi = await house.officer('Kadi');
    await breaks();
    await house.database.sql`update told_notices set told_at = told_at + interval '400 days'`;
    await breaks();
    expect(about(kadi.screen())).toHaveLength(4);
  });
});

describe('what the service tells of itself', () => {
  const onScreen = (phone: { screen(): string[] }, words: string) =>
    phone.screen().filter((text) => text.includes(words));

  test('its falls, work put aside and a full disk: the same thing once an hour, and worse at once', async () => {
    const moussa = await house.supervisor('Moussa');
    const falls = (times: number) =>
      Array.from({ length: times }, () => ({ agoMs: 0, kind: 'ended' as const }));
    // Another machine, or this one after a power cut: its guardian knows of nothing.
    for (let n = 0; n < 3; n++) await tellFalls(house.ctx, falls(1), undefined);
    await house.deliver();
    expect(onScreen(moussa, 'relancé tout seul')).toHaveLength(1);
    await tellFalls(house.ctx, falls(3), undefined);
    await house.deliver();
    const all = moussa.screen().length;
    let state: RoomState = 'low';
    house.ctx.diskRoom = {
      state: () => state,
      look: async () => ({ free: 1_900_000_000, state, isAmple: state === 'plenty' }),
    };
    const looks = [createRoomWatch(house.ctx), createRoomWatch(house.ctx)];
    const becomes = async (next: RoomState) => {
      state = next;
      for (const look of [...looks, ...looks]) await look();
      await house.deliver();
    };
    for (const next of ['low', 'plenty', 'low', 'plenty', 'low', 'plenty', 'none'] as const)
      await becomes(next);
    // Low, room again, none: the two that came again are counted.
    expect(moussa.screen()).toHaveLength(all + 3);
    house.clock.advance(hours(1));
    await becomes('plenty');
    await becomes('low');
    expect(moussa.last()).toContain("C'est arrivé encore");
  });

  test('codes that are guessed: of two processes that see it at the same moment one tells it', async () => {
    const moussa = await house.supervisor('Moussa');
    await house.database.sql`insert into code_tries (address_index, tried_at)
      select '\\x00', ${house.clock.at()} from generate_series(1, 120)`;
    const now = house.clock.at();
    const told = await Promise.all([1, 2, 3, 4].map(() => watchGuessing(house.ctx, now)));
    expect(told.filter(Boolean)).toHaveLength(1);
    await house.deliver();
    expect(onScreen(moussa, 'codes secrets essayés')).toHaveLength(1);
  });
});

describe('what is said beside it of the other messengers', () => {
  const since = new Date(0);
  const other = (kind: string, health: Partial<ChannelHealth>): Channel => ({
    ...house.phones.channel,
    kind,
    health: () => ({ state: 'up', since, ...health }),
  });
  test.each<[string, Partial<ChannelHealth>, Partial<ChannelHealth>, string]>([
    ['both work', {}, {}, ' Telegram et Simulateur fonctionnent.'],
    ['one is without connection', {}, { state: 'down' }, ' Telegram fonctionne.'],
    ['one refuses our key', { state: 'down', fault: 'key' }, {}, ' Simulateur fonctionne.'],
    [
      'none works',
      { state: 'down' },
      { state: 'down', lastError: 'refused' },
      ' Aucune autre messagerie ne fonctionne.',
    ],
    [
      'one limits us',
      { lastError: 'restricted' },
      { state: 'down' },
      ' Aucune autre messagerie ne fonctionne.',
    ],
    ['another process has one', { isStandby: true }, { state: 'down' }, ''],
  ])('is true: %s', async (_what, telegram, simulator, words) => {
    const kadi = await house.officer('Kadi');
    const number = whatsappOf(house, [other('telegram', telegram), other('simulator', simulator)]);
    number.is('down', 'logged_out');
    await number.passes(seconds(1));
    await house.deliver();
    const [said] = about(kadi.screen());
    expect(said).toContain(`aucune alerte n'y part.${words}\nÀ faire`);
  });

  test('a messenger that has no words of its own for it is said to be cut off', async () => {
    const kadi = await house.officer('Kadi');
    const down = other('simulator', { state: 'down', lastError: 'replaced' });
    await createChannelWatch({ ...house.ctx, channels: new Map([['simulator', down]]) })(0);
    await house.deliver();
    expect(kadi.last()).toMatch(
      /^Simulateur est coupé depuis .* Aucune autre messagerie ne fonctionne\.\nÀ faire/,
    );
  });
});

describe('a channel without connection', () => {
  test('is told to supervisors after five minutes, once, and its end', async () => {
    const kadi = await house.officer('Kadi');
    house.clock.advance(seconds(1));
    const moussa = await house.supervisor('Moussa');
    whatsapp.is('starting', '408');
    await whatsapp.passes(minutes(4));
    whatsapp.is('up');
    await whatsapp.passes(seconds(10));
    whatsapp.is('starting', '408');
    await whatsapp.passes(minutes(4));
    await house.deliver();
    expect(about(moussa.screen())).toEqual([]);
    await whatsapp.passes(minutes(2));
    await whatsapp.passes(minutes(30));
    await house.deliver();
    expect(about(moussa.screen())).toHaveLength(1);
    expect(moussa.last()).toContain("n'a plus de connexion depuis 14:04");
    whatsapp.is('up');
    await whatsapp.passes(minutes(2));
    await house.deliver();
    expect(moussa.last()).toContain('Ce que des personnes ont écrit entre-temps arrive maintenant');
    expect(about(kadi.screen())).toEqual([]);
  });

  test('that is back before anybody has heard of it is told to no one', async () => {
    const moussa = await house.supervisor('Moussa');
    whatsapp.is('starting', '408');
    await whatsapp.passes(minutes(6));
    whatsapp.is('up');
    await whatsapp.passes(minutes(2));
    await house.deliver();
    expect(about(moussa.screen())).toEqual([]);
  });

  test('is told to every officer when there is no supervisor', async () => {
    const kadi = await house.officer('Kadi');
    whatsapp.is('down', 'not_linked');
    await whatsapp.passes(minutes(6));
    await house.deliver();
    expect(kadi.last()).toContain('./lakana whatsapp pair');
  });
});
