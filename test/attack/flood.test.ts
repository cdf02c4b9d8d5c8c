/** Phones that send faster than anybody writes: what becomes of their messages, and of everybody else's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Backlog, createBacklog } from '../../src/app/backlog.ts';
import { createIntake } from '../../src/app/intake.ts';
import { createUnderWay } from '../../src/app/under-way.ts';
import type { Receive } from '../../src/channels/channel.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { type House, openHouse, referenceOn } from '../app/house.ts';

let house: House;
/** What the backlog tells the time by. */
let stopwatch = 0;
let backlog: Backlog;
let receive: Receive;
beforeEach(async () => {
  house = await openHouse({ floodPerMinute: 1_000_000 });
  stopwatch = 0;
  starts();
});
afterEach(() => house.close());

/** The service, or the next run of it. */
function starts(): void {
  backlog = createBacklog(house.ctx, () => stopwatch);
  receive = createIntake(house.ctx, createUnderWay(), backlog);
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

async function catchesUp(): Promise<void> {
  while ((await backlog.catchUp(createIntake(house.ctx))) > 0);
  await house.deliver();
}

const waiting = async (): Promise<number> => {
  const [row] = await house.database.sql`select count(*)::int as count from inbox where state = 'waiting'`;
  return row?.count ?? 0;
};

/** The words of a flood in a case, in the order in which they lie there. */
const keptIn = async (reference: string): Promise<string[]> =>
  JSON.stringify((await house.read(reference)).items).match(/mot \d+\./g) ?? [];

describe('a stranger’s phone', () => {
  it('that sends forty messages at once is kept word by word, in order, and handled later', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await house.deliver();
    await floods('Awa', wordsOf(1, 40));
    expect(await waiting()).toBeGreaterThan(35);
    await catchesUp();
    expect(await waiting()).toBe(0);
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 40));
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
    let isOver = false;
    const flood = Promise.all(
      Array.from({ length: 50 }, (_, n) => floods(`Ennemi ${n}`, wordsOf(1, 8))),
    ).then(() => {
      isOver = true;
    });
    await says('Binta', 'SOS');
    expect(isOver).toBe(false);
    await flood;
    await house.deliver();
    const reference = referenceOn(binta);
    expect(reference).not.toBe('none');
    const before = await waiting();
    expect(before).toBeGreaterThan(200);
    for (const words of ['je suis à Kati', 'mot 1.', 'mot 2.', 'mot 3.', 'mot 4.'])
      await says('Binta', words);
    await backlog.catchUp(createIntake(house.ctx));
    expect(await keptIn(reference)).toEqual(wordsOf(1, 4));
    expect(await waiting()).toBeGreaterThan(before - 20);
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
    await floods('Awa', wordsOf(1, 30));
    stopwatch = minutes(10);
    starts();
    await backlog.catchUp(async () => {
      throw new Error('not now');
    });
    await floods('Awa', wordsOf(31, 40));
    await catchesUp();
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 40));
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
    const handle = createIntake({
      ...house.ctx,
      conversation: {
        ...house.ctx.conversation,
        triage: () => {
          throw new Error('a bug');
        },
      },
    });
    await floods('Binta', ['SOS', ...wordsOf(1, 10)]);
    for (let n = 0; n < 12; n++) await backlog.catchUp(handle);
    await catchesUp();
    expect(await waiting()).toBe(0);
    expect(awa.screen().length).toBeGreaterThan(0);
  });

  it('that writes as fast as people do waits for nothing', async () => {
    const awa = house.person('Awa');
    await says('Awa', 'SOS');
    await house.deliver();
    for (let n = 1; n <= 65; n++) {
      stopwatch += seconds(1);
      await says('Awa', `mot ${n}.`);
    }
    expect(await waiting()).toBe(0);
    expect(await keptIn(referenceOn(awa))).toEqual(wordsOf(1, 65));
  });
});
