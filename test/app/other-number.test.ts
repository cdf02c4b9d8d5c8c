/** A channel with two numbers of ours, one of which is cut off: from which one what leaves, and who is told of the other. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNumberWatch, lostBecause, whatNow } from '../../src/app/sending/number-watch.ts';
import { switchNumber } from '../../src/app/sending/other-number.ts';
import { wayOut } from '../../src/app/sending/which-number.ts';
import type { ChannelHealth, OurNumber, SendResult } from '../../src/channels/channel.ts';
import { afterClose } from '../../src/channels/whatsapp/after-close.ts';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';
import { seatInUse } from '../../src/messengers/whatsapp/seats.ts';
import { type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

const since = new Date(0);
const number = (name: string, health: Partial<ChannelHealth> = {}): OurNumber => ({
  name,
  shown: `+223 ${name}`,
  health: { state: 'up', since, ...health },
});
const BLOCKED = { state: 'down', lastError: 'refused' } as const;

describe('a message leaves', () => {
  const person = (knows: string | null) => ({ knows, isStaff: false });
  const officer = (knows: string | null) => ({ knows, isStaff: true });
  const both = [number('one'), number('two')];
  const firstIsGone = [number('one', BLOCKED), number('two')];
  it('to a person from the number that they wrote to, whichever is in use', () => {
    expect(wayOut(both, 'one', person('two'))).toEqual({ is: 'from', number: 'two' });
    expect(wayOut(both, 'two', person('one'))).toEqual({ is: 'from', number: 'one' });
    expect(wayOut(both, 'one', person(null))).toEqual({ is: 'from', number: 'one' });
  });
  it('to a person not from a number of which they were not told, once theirs is gone', () => {
    expect(wayOut(firstIsGone, 'two', person('one'))).toEqual({ is: 'not_told' });
    expect(wayOut([number('two')], 'two', person('one'))).toEqual({ is: 'not_told' });
  });
  it('to no one from another number as long as theirs only has no connection', () => {
    const cut = [number('one', { state: 'starting' }), number('two')];
    expect(wayOut(cut, 'one', person('one'))).toEqual({ is: 'from', number: 'one' });
  });
  it('as a page from whichever works, at once', () => {
    expect(wayOut(firstIsGone, 'one', officer('one'))).toEqual({ is: 'from', number: 'two' });
    const cut = [number('one', { state: 'starting' }), number('two')];
    expect(wayOut(cut, 'one', officer('one'))).toEqual({ is: 'from', number: 'two' });
    const restricted = [number('one', { lastError: 'restricted' }), number('two')];
    expect(wayOut(restricted, 'one', officer('one'))).toEqual({ is: 'from', number: 'two' });
  });
  it('from the only number there is, whatever has become of it: then it waits', () => {
    expect(wayOut([number('one', BLOCKED)], 'one', person('one'))).toEqual({ is: 'from', number: 'one' });
    expect(wayOut([], 'two', person('one'))).toEqual({ is: 'from', number: 'one' });
    expect(wayOut([], undefined, person(null))).toEqual({ is: 'from' });
  });
  it('as an answer from a number that WhatsApp restricts, to a person who has just written to it; unasked not', () => {
    const restricted = [number('one', { lastError: 'restricted' }), number('two')];
    expect(wayOut(restricted, 'two', { ...person('one'), isAnswer: true })).toEqual({
      is: 'from',
      number: 'one',
    });
    expect(wayOut(restricted, 'two', person('one'))).toEqual({ is: 'not_told' });
  });
});

describe('the service goes on with the other number', () => {
  const after = (code: number): ChannelHealth => {
    const next = afterClose(code, 1, 0);
    return next.do === 'stop'
      ? { state: 'down', since, lastError: next.because }
      : { state: 'starting', since };
  };
  it.each([
    [401, 'logged_out'],
    [411, 'logged_out'],
    [402, 'refused'],
    [403, 'refused'],
    [406, 'refused'],
    [405, undefined],
    [440, undefined],
    [428, undefined],
    [503, undefined],
  ])('when WhatsApp closes with %i: %s', (code, because) => {
    const cut = { ...number('one'), health: after(code) };
    expect(lostBecause(cut)).toBe(because);
    const to = number('two');
    expect(whatNow({ inUse: 'one' }, [cut, to], 0)).toEqual(because ? { to, because } : undefined);
  });
  it('when WhatsApp refuses messages of the first as restricted', () => {
    const to = number('two');
    const first = number('one', { lastError: 'restricted' });
    expect(whatNow({ inUse: 'one' }, [first, to], 0)).toEqual({ to, because: 'restricted' });
  });
  it('not while that one is not connected, restricted or cut off itself, and not if there is none', () => {
    const first = number('one', BLOCKED);
    for (const other of [BLOCKED, { state: 'starting' }, { lastError: 'restricted' }] as const)
      expect(whatNow({ inUse: 'one' }, [first, number('two', other)], 0)).toBeUndefined();
    expect(whatNow({ inUse: 'one' }, [first], 0)).toBeUndefined();
  });
  it('after five minutes if the first is not linked any more: it is mostly linked anew', () => {
    const to = number('two');
    expect(whatNow({ inUse: 'one' }, [to], minutes(5) - 1)).toBeUndefined();
    expect(whatNow({ inUse: 'one' }, [to], minutes(5))).toEqual({ to, because: 'not_linked' });
  });
  it('and commands find it: by its name, or where a number is missing', () => {
    const [one, two] = [{ name: 'one' }, { name: 'two' }];
    expect(seatInUse({ 1: one, 2: two }, 'two')).toBe(2);
    expect(seatInUse({ 2: two }, 'one')).toBe(1);
    expect(seatInUse({ 2: two }, undefined)).toBe(2);
    expect(seatInUse({}, undefined)).toBe(1);
  });
});

describe('people who know the first number', () => {
  let house: House;
  let numbers: OurNumber[];
  let sent: { to: string; from: string | undefined; text: string }[];
  let failing: SendResult | undefined;
  let watch: (nowMs: number) => Promise<void>;
  let kadi: Phone;
  let awa: Phone;
  let reference: string;

  beforeEach(async () => {
    house = await openHouse();
    // Ten to two.
    house.clock.advance(hours(24) - minutes(10));
    numbers = [number('one'), number('two')];
    sent = [];
    failing = undefined;
    const { channel } = house.phones;
    const { send } = channel;
    channel.numbers = () => numbers;
    channel.send = async (to, message, signal) => {
      sent.push({ to, from: message.from, text: message.text });
      return (to === 'Awa' && failing) || send(to, message, signal);
    };
    watch = createNumberWatch(house.ctx);
    await watch(0);
    kadi = await house.officer('Kadi');
    awa = house.person('Awa');
    await awa.says('SOS');
    reference = referenceOn(awa);
    await awa.says('À Kati');
    await house.cycle();
  });
  afterEach(() => house.close());

  const agrees = () => awa.presses('Oui');
  const agreesAtHours = async () => {
    await awa.presses('Seulement à certaines heures');
    await awa.presses("L'après-midi, 14 h à 18 h");
    await awa.presses('Terminé');
  };
  const words = () => /Vos deux mots : « (.+) »/.exec(awa.screen().join('\n'))?.[1] ?? 'none';
  /** WhatsApp blocks the first; what follows is seen in three looks. */
  const isBlocked = async (look = watch) => {
    numbers = [number('one', BLOCKED), number('two')];
    sent = [];
    house.clock.advance(1);
    for (const at of [1, 2, 3]) await look(seconds(at));
    await house.deliver();
  };
  const bySecond = (to = 'Awa') =>
    sent.filter((each) => each.to === to && each.from === 'two').map(({ text }) => text);
  const line = () =>
    `Ce numéro remplace l'ancien, qui ne marche plus. Vos deux mots : « ${words()} ».\nSi ce ne sont pas les vôtres, ne répondez pas.`;
  const pass = async (ms: number) => {
    house.clock.advance(ms);
    await house.deliver();
  };
  const writesTo = (to: string, text: string) =>
    house.receive({
      channel: house.phones.channel.kind,
      id: randomUUID(),
      address: 'Awa',
      to,
      content: { kind: 'text', text },
    });
  const failures = async () =>
    (await house.database.sql`select failure from deliveries where state = 'failed' order by id`).map(
      (row) => row.failure,
    );

  it('are told once, also when two processes look at the same moment', async () => {
    await agrees();
    const other = createNumberWatch(house.another());
    await isBlocked(async (at) => void (await Promise.all([watch(at), other(at)])));
    expect(bySecond()).toEqual([line()]);
    expect(await house.database.sql`select in_use, before, because from channel_numbers`).toMatchObject([
      { in_use: 'two', before: 'one', because: 'refused' },
    ]);
  });

  it('are told after all by the next process when the one that switched was killed before it told them', async () => {
    await agrees();
    numbers = [number('one', BLOCKED), number('two')];
    const to = number('two');
    expect(
      await switchNumber(house.ctx, house.phones.channel.kind, { before: 'one', to, because: 'refused' }),
    ).toBe(true);
    sent = [];
    await kadi.presses('Je prends');
    // Nothing from a number that she does not know.
    expect(bySecond()).toEqual([]);
    const next = createNumberWatch(house.ctx);
    await next(0);
    await next(seconds(1));
    await pass(seconds(15));
    await pass(seconds(15));
    expect(bySecond()[0]).toBe(line());
    expect(bySecond().slice(1)).toEqual([expect.stringContaining('bien reçu')]);
  });

  it('at certain hours are told in these, and what an officer sends leaves after that', async () => {
    await agreesAtHours();
    await isBlocked();
    await kadi.presses('Je prends');
    await pass(minutes(10) - seconds(1) - 1);
    expect(bySecond()).toEqual([]);
    await pass(seconds(1));
    await pass(seconds(15));
    expect(bySecond()).toEqual([line(), expect.stringContaining('bien reçu')]);
  });

  it('hear nothing of it if the case was closed before their hours', async () => {
    await agreesAtHours();
    await isBlocked();
    await kadi.presses('Je prends');
    await kadi.says(`clore ${reference}`);
    await house.database.sql`update alerts set state = 'closed', next_step_at = null, closed_at = now()`;
    await pass(minutes(10));
    expect(bySecond()).toEqual([]);
    expect(await failures()).toContain('withheld_closed');
  });

  it('and wrote to the second by themselves are answered by it, and not told of it any more', async () => {
    await agreesAtHours();
    await isBlocked();
    await writesTo('two', 'statut');
    await house.deliver();
    expect(bySecond().join('\n')).toContain(reference);
    await pass(minutes(10));
    expect(bySecond().join('\n')).not.toContain('remplace');
  });

  it.each([
    ['who said no', () => awa.presses('Non')],
    ['who said neither yes nor no', async () => undefined],
  ])('%s get nothing from the second, and who has the case is told', async (_who, answers) => {
    await answers();
    await kadi.presses('Je prends');
    await isBlocked();
    await kadi.says(`parler ${reference}`);
    await pass(minutes(1));
    expect(bySecond()).toEqual([]);
    expect(kadi.screen().join('\n')).toContain(`${reference} : le numéro que la personne connaît est coupé`);
  });

  it('who agreed and whose phone is not safe any more get nothing from the second, also if it was to leave already', async () => {
    await agreesAtHours();
    await isBlocked();
    // Said by the first, before it was cut off, and handled only now.
    await writesTo('one', "mon téléphone n'est plus sûr");
    await pass(minutes(10));
    expect(bySecond()).toEqual([]);
    await awa.says('statut');
    expect(awa.last()).not.toContain('deux mots');
  });

  it('and to whom WhatsApp refuses the line are named to who has the case', async () => {
    await agrees();
    await kadi.presses('Je prends');
    failing = { ok: false, reason: 'rejected', code: 'ack_463' };
    await isBlocked();
    expect(bySecond()).toEqual([line()]);
    expect(kadi.screen().join('\n')).toContain(`${reference} : le numéro que la personne connaît est coupé`);
  });

  it('get no answer twice: what may have arrived from the first is not said by the second', async () => {
    await agrees();
    failing = { ok: false, reason: 'ambiguous', code: 'timed_out' };
    await awa.says('Il y a deux voitures');
    const said = sent.at(-1)?.text ?? '';
    failing = undefined;
    await isBlocked();
    await pass(seconds(20));
    expect(bySecond()).toEqual([line()]);
    expect(said).not.toBe('');
    expect(await failures()).toContain('withheld_other_number');
  });

  it('are answered again by the first, when what was said in its first moments may not have arrived', async () => {
    await agrees();
    await house.database.sql`delete from channel_numbers`;
    failing = { ok: false, reason: 'ambiguous', code: 'closed' };
    await awa.says('Il y a deux voitures');
    failing = undefined;
    house.clock.advance(1);
    await createNumberWatch(house.ctx)(0);
    await pass(seconds(20));
    expect(awa.screen().join('\n')).toContain('nous avons gardé vos mots');
    expect(await failures()).toEqual([]);
  });

  it('wait for it as before if no second number is linked, and nothing is switched', async () => {
    await agrees();
    numbers = [number('one', BLOCKED)];
    for (const at of [1, 2, 400]) await watch(seconds(at));
    expect(await house.database.sql`select in_use from channel_numbers`).toEqual([{ in_use: 'one' }]);
  });

  it('are moved back when the second is blocked in turn and the first works again', async () => {
    await agrees();
    await isBlocked();
    numbers = [number('one'), number('two', BLOCKED)];
    sent = [];
    for (const at of [11, 12, 13]) await watch(seconds(at));
    await house.deliver();
    expect(sent.filter(({ to, from }) => to === 'Awa' && from === 'one').map(({ text }) => text)).toEqual([
      line(),
    ]);
  });

  it('stay with it when a number that came back stands by: nothing is switched by itself', async () => {
    await agrees();
    await isBlocked();
    numbers = [number('one'), number('two')];
    for (const at of [11, 12, 90]) await watch(seconds(at));
    expect(await house.database.sql`select in_use, told_of from channel_numbers`).toEqual([
      { in_use: 'two', told_of: 'one' },
    ]);
    // It is known that it has gone again.
    numbers = [number('one', BLOCKED), number('two')];
    await watch(seconds(91));
    expect(await house.database.sql`select told_because from channel_numbers`).toEqual([
      { told_because: 'refused' },
    ]);
  });
});
