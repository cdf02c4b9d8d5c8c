/** Phones that send faster than anybody writes: what becomes of their messages, and of everybody else's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { escalateDue } from '../../src/app/alerts/escalate.ts';
import { keepFailed } from '../../src/app/alerts/failing-messages.ts';
import { createUnderWay, keyOf } from '../../src/app/ground/under-way.ts';
import { type Backlog, createBacklog } from '../../src/app/intake/backlog.ts';
import { createIntake } from '../../src/app/intake/intake.ts';
import { arrivalOf } from '../../src/app/keys/addresses.ts';
import type { Receive } from '../../src/channels/channel.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { type House, holdContacts, openHouse, referenceOn, until } from '../app/house.ts';
import { textOf } from '../end-to-end/world.ts';

let house: House;
/** What the backlog tells the time by. */
let stopwatch = 0;
let backlog: Backlog;
let receive: Receive;
beforeEach(async () => {
  house = await openHouse({ floodPerMinute: 1_000_000 });
  stopwatch = 0;
  await starts();
});
afterEach(() => house.close());

/** The service, or the next run of it. */
async function starts(): Promise<void> {
  backlog = createBacklog(house.ctx, () => stopwatch);
  receive = createIntake(house.ctx, createUnderWay(), { backlog });
  await backlog.begin();
}

let sent = 0;
async function says(address: string, text: string, id = `m${sent++}`): Promise<void> {
  await receive({ channel: 'telegram', id, address, content: { kind: 'text', text } });
}

const wordsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `mot ${from + n}.`);

/** As a messenger hands on what lies there: one after the other begun, none waited for. */
const floods = (address: string, words: readonly string[]) =>
  Promise.all(words.map((word) => says(address, word)));

/** What handles the messages that wait. */
const kept = (ctx = house.ctx) => createIntake(ctx, createUnderWay(), { isKept: true });

/** One round of what waits; how many messages were handled in it. */
const oneRound = async (handle = kept()): Promise<number> => (await backlog.catchUp(handle)).over;

async function catchesUp(): Promise<void> {
  while ((await oneRound()) > 0);
  await house.deliver();
}

const waiting = async (): Promise<number> => {
  const [row] = await house.database.sql`select count(*)::int as count from inbox where state = 'waiting'`;
  return row?.count ?? 0;
};

/** The words of a flood in a case, in the order in which they lie there. */
const keptIn = async (reference: string): Promise<string[]> =>
  textOf((await house.read(reference)).items).match(/mot \d+\./g) ?? [];

describe('a stranger’s phone', () => {
  it('that sends thirty messages at once is kept word by word, in order, and handled later', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await house.deliver();
    await floods('Awa', wordsOf(1, 30));
    expect(await waiting()).toBeGreaterThan(25);
    await catchesUp();
    expect(await waiting()).toBe(0);
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 30));
  });

  it('that wrote "erase" before a cry for help which passed it is not shown as forced to', async () => {
    const kadi = await house.officer('Kadi');
    const at = house.clock.at().getTime();
    const writes = (text: string, second: number) =>
      receive({
        channel: 'telegram',
        id: `at ${second}`,
        address: 'Awa',
        content: { kind: 'text', text },
        sentAt: new Date(at + seconds(second)),
      });
    await says('Awa', 'bonjour');
    await floods('Awa', wordsOf(1, 8));
    await writes('effacer', 1);
    await writes('SOS', 2);
    await catchesUp();
    while ((await escalateDue(house.ctx)) > 0);
    await house.deliver();
    expect(kadi.last()).toContain("« Effacer » a été écrit avant l'alerte");
    await writes('effacer', 3);
    await catchesUp();
    expect(kadi.last()).toMatch(/« Effacer » a été écrit\. Peut-être sous contrainte/);
  });

  it('cannot keep a cry for help waiting while what was kept is handled', async () => {
    const binta = house.person('Binta');
    await Promise.all(Array.from({ length: 30 }, (_, n) => floods(`Ennemi ${n}`, wordsOf(1, 70))));
    const { promise: mended, resolve } = Promise.withResolvers<void>();
    await backlog.catchUp(() => mended);
    await says('Binta', 'SOS');
    await house.deliver();
    expect(referenceOn(binta)).not.toBe('none');
    resolve();
    await backlog.idle();
  });

  it('leaves nothing of what waits to be read in the database', async () => {
    await floods('Awa', wordsOf(1, 20));
    const rows = await house.database.sql`select inbox::text as row from inbox where state = 'waiting'`;
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows)
      expect(Buffer.from(String(row)).toString()).not.toMatch(/mot|Awa|6d6f74|417761/);
  });

  it('cannot, with fifty others, keep a cry for help waiting, nor what follows it', async () => {
    const binta = house.person('Binta');
    const flood = Promise.all(Array.from({ length: 50 }, (_, n) => floods(`Ennemi ${n}`, wordsOf(1, 8))));
    await says('Binta', 'SOS');
    await flood;
    await house.deliver();
    const reference = referenceOn(binta);
    expect(reference).not.toBe('none');
    const before = await waiting();
    expect(before).toBeGreaterThan(200);
    for (const words of ['je suis à Kati', 'mot 1.', 'mot 2.', 'mot 3.', 'mot 4.'])
      await says('Binta', words);
    for (let n = 0; n < 3; n++) await oneRound();
    expect(await keptIn(reference)).toEqual(wordsOf(1, 4));
    expect(await waiting()).toBeGreaterThan(before / 2);
  });

  it.each([
    [60, 1],
    [20, 6],
  ])('is one of %i that write at once: %i of them are begun beside a cry for help', async (phones, begun) => {
    const binta = house.person('Binta');
    const all = Promise.all(Array.from({ length: phones }, (_, n) => says(`Ennemi ${n}`, 'bonjour')));
    await says('Binta', 'SOS');
    await all;
    await house.deliver();
    expect(referenceOn(binta)).not.toBe('none');
    expect(await waiting()).toBe(phones - begun);
    await catchesUp();
    expect(house.person('Ennemi 0').screen()).toHaveLength(1);
    expect(await waiting()).toBe(0);
  });

  it('gets its own cry for help through at once, whatever of it waits', async () => {
    const kadi = await house.officer('Kadi');
    const awa = house.person('Awa');
    await floods('Awa', wordsOf(1, 70));
    await says('Awa', 'au secours !!');
    await house.cycle();
    expect(referenceOn(awa)).not.toBe('none');
    expect(kadi.screen().join('\n')).toContain(referenceOn(awa));
  });

  it('cannot make cries for help of a flood: six a minute pass, the others wait their turn', async () => {
    const kadi = await house.officer('Kadi');
    await floods(
      'Awa',
      Array.from({ length: 60 }, () => 'SOS'),
    );
    expect(await waiting()).toBeGreaterThan(45);
    await house.cycle();
    house.clock.advance(seconds(2));
    await house.cycle();
    expect(kadi.screen().join('\n')).toContain(referenceOn(house.person('Awa')));
  });

  it('that sends more than anybody can is told that the rest is not kept, and it is not', async () => {
    const awa = house.person('Awa');
    await floods('Awa', wordsOf(1, 700));
    for (let n = 0; n < 3; n++) await says('Awa', 'encore');
    await house.deliver();
    expect(await waiting()).toBe(500);
    const told = awa.screen().filter((text) => text.includes("n'est pas gardé"));
    expect(told).toEqual([
      "Vous envoyez trop de messages à la fois. Ce que vous envoyez maintenant n'est pas gardé.\n" +
        'Attendez quelques minutes, puis envoyez-le de nouveau. SOS passe tout de suite.',
    ]);
  });

  it('cannot fill the disk with long messages', async () => {
    await floods(
      'Awa',
      Array.from({ length: 60 }, () => 'ü'.repeat(24_000)),
    );
    const [row] = await house.database.sql`select sum(length(body_sealed))::int as bytes from inbox`;
    expect(row?.bytes).toBeLessThan(3_000_000);
  });

  it('finds its messages in order after a restart, what comes then behind what came before', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await floods('Awa', wordsOf(1, 15));
    stopwatch = minutes(10);
    await starts();
    await floods('Awa', wordsOf(16, 20));
    await catchesUp();
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 20));
  });

  it('is handled once although the messenger delivers again what waits, or what was handled', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    const again = () => Promise.all(wordsOf(1, 20).map((word, n) => says('Awa', word, `same ${n}`)));
    await again();
    await again();
    await catchesUp();
    await again();
    await catchesUp();
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 20));
  });

  it('that sends what makes the program fail holds up only itself, and that for three tries', async () => {
    const awa = house.person('Awa');
    await floods('Awa', wordsOf(1, 10));
    const handle = kept({
      ...house.ctx,
      conversation: {
        ...house.ctx.conversation,
        triage: () => {
          throw new Error('a bug');
        },
      },
    });
    await floods('Binta', ['SOS', ...wordsOf(1, 10)]);
    for (let n = 0; n < 12; n++) {
      stopwatch += seconds(11);
      await oneRound(handle);
    }
    stopwatch += seconds(11);
    await catchesUp();
    expect(await waiting()).toBe(0);
    expect(awa.screen().length).toBeGreaterThan(0);
  });

  it('loses nothing of what failed once and comes again behind a flood', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await floods('Awa', wordsOf(1, 5));
    const failing = createIntake(
      {
        ...house.ctx,
        db: new Proxy(house.ctx.db, {
          get: (db, name) =>
            name === 'transaction' ? () => Promise.reject(new Error('a bug')) : Reflect.get(db, name),
        }),
      },
      createUnderWay(),
    );
    const again = { channel: 'telegram', id: 'failed', address: 'Awa' } as const;
    const content = { kind: 'text', text: 'mot 6.' } as const;
    await keepFailed(house.ctx, { ...again, content }, new Error('a bug'));
    await expect(failing({ ...again, content })).rejects.toThrow();
    await receive({ ...again, content });
    await catchesUp();
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 6));
  });

  it('whose message takes long, or may be why the service fell, holds up itself and no one else', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await house.deliver();
    // More than are handled at the same time.
    const names = Array.from({ length: 13 }, (_, n) => `Ennemi ${n}`);
    const known = new Map<string, number>();
    for (const address of names) {
      await says(address, 'bonjour');
      await floods(address, wordsOf(1, 2));
      const id = `last of ${address}`;
      const content = { kind: 'text', text: 'mot 3.' } as const;
      await receive({ channel: 'telegram', id, address, content });
      // Of five it takes long, and was not under way when the service fell: more than have their turn at the same time.
      if (names.indexOf(address) >= 5)
        known.set(keyOf(arrivalOf(house.ctx, { channel: 'telegram', id, address, content })), 1);
    }
    await floods('Awa', wordsOf(1, 8));
    const all = await waiting();
    const underWay = createUnderWay(undefined, known);
    backlog = createBacklog({ ...house.ctx, underWay }, () => stopwatch);
    const handle = createIntake(house.ctx, underWay, { isKept: true });
    const { promise: mended, resolve } = Promise.withResolvers<void>();
    const held: Receive = async (message) => {
      if (message.id.startsWith('last')) await mended;
      await handle(message);
    };
    await until(async () => {
      stopwatch += 250;
      await backlog.catchUp(held);
      return (await waiting()) === names.length;
    });
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 8));
    expect(all).toBeGreaterThan(20);
    resolve();
    // One at a time, those that may be why.
    await until(async () => {
      await backlog.catchUp(held);
      await backlog.idle();
      return (await waiting()) === 0;
    });
  });

  it('keeps its order when the service fell in the middle of it, on whatever else it fell', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await house.deliver();
    const keyOfMessage = (address: string, id: string) =>
      keyOf(arrivalOf(house.ctx, { channel: 'telegram', id, address, content: { kind: 'text', text: '' } }));
    // Under way at the fall were a message of each: Awa's stands last among them.
    const others = Array.from({ length: 10 }, (_, n) => `Autre ${n}`);
    const fallen = [...others, 'Awa'].map((name) => [keyOfMessage(name, `fallen ${name}`), 1] as const);
    const { ctx } = house;
    receive = createIntake(ctx, createUnderWay(undefined, new Map(fallen)), { backlog });
    await Promise.all([
      ...others.map((name) => says(name, 'bonjour', `fallen ${name}`)),
      says('Awa', 'mot 1.', 'fallen Awa'),
      ...wordsOf(2, 5).map((word) => says('Awa', word)),
    ]);
    await catchesUp();
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 5));
  });

  it('keeps its order also where what came before its suspect message waits', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await house.deliver();
    await floods('Awa', wordsOf(1, 9));
    expect(await waiting()).toBeGreaterThan(0);
    const message = { channel: 'telegram', id: 'fallen', address: 'Awa' } as const;
    const key = keyOf(arrivalOf(house.ctx, { ...message, content: { kind: 'text', text: '' } }));
    receive = createIntake(house.ctx, createUnderWay(undefined, new Map([[key, 1]])), { backlog });
    await Promise.all([says('Awa', 'mot 10.', 'fallen'), says('Awa', 'mot 11.')]);
    await catchesUp();
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 11));
  });

  it('finds what waited handled once after the server key was changed', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await floods('Awa', wordsOf(1, 20));
    await house.database.sql`update inbox set message_index = sha256(message_index) where state = 'waiting'`;
    await catchesUp();
    expect(await waiting()).toBe(0);
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 20));
  });

  it('and an intruder who writes a row that cannot be read hold up no one', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await floods('Awa', wordsOf(1, 10));
    await house.database
      .sql`insert into inbox (channel, message_index, received_at, state, waiting_from, waiting_no, epoch_id, body_sealed)
      select 'telegram', sha256(message_index), received_at, 'waiting', sha256(waiting_from), 0, epoch_id, '\\x00' from inbox
      where state = 'waiting'`;
    await catchesUp();
    expect(await waiting()).toBe(0);
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 10));
  });

  it('never has a promise taken back: what is kept stays kept when it comes again behind too much', async () => {
    await floods('Awa', wordsOf(1, 500));
    const before = await waiting();
    await Promise.all(wordsOf(501, 520).map((word, n) => says('Awa', word, `late ${n}`)));
    const rows = await house.database.sql`select message_index from inbox where state = 'waiting' limit 1`;
    expect(rows).toHaveLength(1);
    stopwatch += minutes(2);
    const first = sent - 500 + 20;
    await says('Awa', 'mot 21.', `m${first}`);
    expect(await waiting()).toBeGreaterThanOrEqual(before);
  });

  it('is handled one message at a time, whichever way it came', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    const release = await holdContacts(house);
    const first = says('Awa', 'mot 1.');
    // It is kept once the first is committed, not before: if that one were lost it would come again, behind this one.
    const second = says('Awa', 'mot 2.');
    expect(await oneRound()).toBe(0);
    expect(await waiting()).toBe(0);
    await release();
    await Promise.all([first, second]);
    await catchesUp();
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 2));
  });

  it('gets its turn, however many others have few that wait', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await house.deliver();
    await floods('Awa', wordsOf(1, 8));
    for (let round = 0; round < 12; round++) {
      stopwatch += 250;
      await Promise.all(
        Array.from({ length: 6 }, (_, n) => floods(`Ennemi ${n}`, wordsOf(1, round === 0 ? 5 : 2))),
      );
      await oneRound();
    }
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 8));
  });

  it('cannot make an officer wait: theirs comes first', async () => {
    await house.officer('Kadi');
    await floods('Kadi', wordsOf(1, 9));
    await Promise.all(Array.from({ length: 12 }, (_, n) => floods(`Ennemi ${n}`, wordsOf(1, 5))));
    const before = await waiting();
    await oneRound();
    const rows = await house.database.sql`select from inbox join contacts on address_index = waiting_from
      join officer_contacts on contact_id = contacts.id`;
    expect(rows.length).toBeLessThan(9);
    expect(await waiting()).toBeLessThan(before);
  });

  it('is marked before its words are read, so that one that ends the service is counted', async () => {
    const begun: string[] = [];
    const marks = { begins: (key: string) => void begun.push(key), ends: () => undefined };
    const texts = {
      ...house.ctx.texts,
      commandWords: () => {
        throw new Error(`read after ${begun.length} marks`);
      },
    };
    const reading = createIntake(house.ctx, createUnderWay(marks), {
      backlog: createBacklog({ ...house.ctx, texts }),
    });
    await reading({
      channel: 'telegram',
      id: 'x',
      address: 'Awa',
      content: { kind: 'text', text: 'mot' },
    }).catch(() => undefined);
    expect(begun).toHaveLength(1);
  });

  it('is not told that what is kept is not saved, when the database goes away meanwhile', async () => {
    await floods('Awa', wordsOf(1, 5));
    const told: string[] = [];
    const away = kept({
      ...house.ctx,
      unsaved: { ...house.ctx.unsaved, tell: async ({ id }) => void told.push(id) },
      db: new Proxy(house.ctx.db, {
        get: (db, name) =>
          name === 'transaction'
            ? () => Promise.reject(Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' }))
            : Reflect.get(db, name),
      }),
    });
    expect(await oneRound(away)).toBe(0);
    expect(told).toEqual([]);
    await catchesUp();
    expect(await waiting()).toBe(0);
  });

  it('in a group, is answered once, and nothing of it is kept', async () => {
    const group = house.person('Groupe');
    await Promise.all(
      Array.from({ length: 700 }, (_, n) =>
        receive({ channel: 'telegram', id: `g${n}`, address: 'Groupe', content: { kind: 'group' } }),
      ),
    );
    await catchesUp();
    expect(group.screen()).toEqual(['Nous répondons seulement en privé. Écrivez-nous directement.']);
  });

  it('that writes as fast as people do waits for nothing', async () => {
    for (let n = 1; n <= 65; n++) {
      stopwatch += seconds(1);
      await says('Awa', `mot ${n}.`);
    }
    expect(await waiting()).toBe(0);
  });
});
