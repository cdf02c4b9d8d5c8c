import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cover, onCallAt, type Rota, rotaSchema, shiftsOf } from '../../src/alerts/rota.ts';
import type { CoverId, OfficerId } from '../../src/kernel/ids.ts';
import { everyMinute, wallClock } from './wall-clock.ts';

const ZONES = ['Africa/Bamako', 'Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
const BEGIN = Date.parse('2026-11-01T12:00:00Z');
const TWO_YEARS = 731 * 1440;
const TEAM = ['awa', 'binta', 'cheick', 'demba'] as OfficerId[];

const two = (n: number) => String(n).padStart(2, '0');
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
const weekday = fc.integer({ min: 1, max: 7 });
const date = fc
  .integer({ min: 2, max: 500 })
  .map((n) => new Date(BEGIN + n * 86_400_000).toISOString().slice(0, 10));
const officers = fc.array(fc.constantFrom(...TEAM), { minLength: 1, maxLength: 4 });
const handOver = fc.oneof(
  fc.record({ kind: fc.constant('hours' as const), every: fc.integer({ min: 1, max: 50 }), at: time }),
  fc.record({ kind: fc.constant('days' as const), every: fc.integer({ min: 1, max: 5 }), at: time }),
  fc.record({
    kind: fc.constant('weeks' as const),
    every: fc.integer({ min: 1, max: 4 }),
    day: weekday,
    at: time,
  }),
  fc.record({
    kind: fc.constant('times' as const),
    times: fc.uniqueArray(fc.record({ day: weekday, at: time }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ day, at }) => `${day} ${at}`,
    }),
  }),
);
const window = fc.record({ days: fc.uniqueArray(weekday, { minLength: 1 }), from: time, to: time });
const layer = fc.record(
  { officers, handOver, from: date, until: date, only: fc.array(window, { minLength: 1, maxLength: 2 }) },
  { requiredKeys: ['officers', 'handOver', 'from'] },
);
const cover = fc
  .record({
    officerId: fc.constantFrom(...TEAM),
    insteadOf: fc.option(fc.constantFrom(...TEAM), { nil: undefined }),
    start: fc.integer({ min: 0, max: TWO_YEARS }),
    length: fc.integer({ min: 1, max: 20_000 }),
  })
  .map(
    ({ officerId, insteadOf, start, length }): Cover => ({
      id: 'c' as CoverId,
      rota: 'office',
      officerId,
      ...(insteadOf ? { insteadOf } : {}),
      startsAt: new Date(BEGIN + start * 60_000),
      endsAt: new Date(BEGIN + (start + length) * 60_000),
    }),
  );
/** Two people swap: each has the other's time. */
const swap = fc.tuple(cover, cover).map(([one, other]): Cover[] => [
  { ...one, officerId: TEAM[0] as OfficerId, insteadOf: TEAM[1] as OfficerId },
  { ...other, officerId: TEAM[1] as OfficerId, insteadOf: TEAM[0] as OfficerId },
]);

describe.each(ZONES)('who is on call in %s', (timeZone) => {
  it('is the same as a person finds who looks at the clock every minute of two years', () => {
    const clock = wallClock(timeZone, BEGIN, TWO_YEARS);
    const rota = fc
      .array(layer, { minLength: 1, maxLength: 3 })
      .map((layers): Rota => rotaSchema.parse({ name: 'office', timeZone, layers }));
    const covers = fc
      .tuple(fc.array(cover, { maxLength: 4 }), swap)
      .map(([some, swapped]) => [...some, ...swapped]);
    fc.assert(
      fc.property(
        rota,
        covers,
        fc.array(fc.integer({ min: 0, max: TWO_YEARS - 1 }), { maxLength: 20 }),
        (office, all, looked) => {
          const shifts = shiftsOf(office, all, new Date(BEGIN), new Date(BEGIN + TWO_YEARS * 60_000));
          let n = 0;
          const wanted = new Map<number, string>();
          const at = new Set(looked);
          everyMinute(office, all, clock, (minute, people) => {
            const ms = BEGIN + minute * 60_000;
            while (ms >= (shifts[n]?.end.getTime() ?? Infinity)) n += 1;
            if (shifts[n]?.officers.join() !== people)
              throw new Error(`${clock.shown(minute)}: ${shifts[n]?.officers.join()}, and not ${people}`);
            if (at.has(minute)) wanted.set(minute, people);
          });
          for (const [minute, people] of wanted)
            expect(onCallAt(office, all, new Date(BEGIN + minute * 60_000)).join()).toBe(people);
        },
      ),
      { numRuns: 8 },
    );
  });
});

/** Awa and Binta in turn, a day each, handed over at `at`. */
const daily = (timeZone: string, at: string, from: string): Rota => ({
  name: 'office',
  timeZone,
  layers: [{ officers: [...TEAM.slice(0, 2)], handOver: { kind: 'days', every: 1, at }, from }],
});
const shiftsOn = (rota: Rota, from: string, to: string) =>
  shiftsOf(rota, [], new Date(from), new Date(to)).map(
    ({ officers: who, start, end }) =>
      `${who} ${start.toISOString().slice(5, 16)} ${end.toISOString().slice(5, 16)}`,
  );

describe('on the days on which clocks are moved', () => {
  it('Europe, 28 March 2027: a hand-over at 08:00 stays at 08:00, and the shift is an hour shorter', () => {
    const rota = daily('Europe/Paris', '08:00', '2027-03-26');
    expect(shiftsOn(rota, '2027-03-27T07:00Z', '2027-03-29T06:00Z')).toEqual([
      'binta 03-27T07:00 03-28T06:00',
      'awa 03-28T06:00 03-29T06:00',
    ]);
  });

  it('Europe, 28 March 2027: a hand-over at 02:30, which is left out, is at 03:30', () => {
    const rota = daily('Europe/Paris', '02:30', '2027-03-26');
    expect(shiftsOn(rota, '2027-03-27T01:30Z', '2027-03-29T00:30Z')).toEqual([
      'binta 03-27T01:30 03-28T01:30',
      'awa 03-28T01:30 03-29T00:30',
    ]);
  });

  it('Europe, 31 October 2027: a hand-over at 02:30, which comes twice, is at the first', () => {
    const rota = daily('Europe/Paris', '02:30', '2027-10-29');
    expect(shiftsOn(rota, '2027-10-30T00:30Z', '2027-11-01T01:30Z')).toEqual([
      'binta 10-30T00:30 10-31T00:30',
      'awa 10-31T00:30 11-01T01:30',
    ]);
  });

  it('America, 14 March 2027: a hand-over at 08:00 stays at 08:00', () => {
    const rota = daily('America/New_York', '08:00', '2027-03-12');
    expect(shiftsOn(rota, '2027-03-13T13:00Z', '2027-03-15T12:00Z')).toEqual([
      'binta 03-13T13:00 03-14T12:00',
      'awa 03-14T12:00 03-15T12:00',
    ]);
  });

  it('America, 7 November 2027: a night shift from 22:00 to 06:00 is nine hours long', () => {
    const rota: Rota = {
      name: 'night',
      timeZone: 'America/New_York',
      layers: [
        {
          officers: ['awa'],
          handOver: { kind: 'days', every: 1, at: '12:00' },
          from: '2027-11-01',
          only: [{ days: [6], from: '22:00', to: '06:00' }],
        },
      ],
    };
    expect(shiftsOn(rota, '2027-11-06T12:00Z', '2027-11-07T20:00Z')).toEqual([
      ' 11-06T12:00 11-07T02:00',
      'awa 11-07T02:00 11-07T11:00',
      ' 11-07T11:00 11-07T20:00',
    ]);
  });

  it('hand-overs every 12 hours count the hours that pass', () => {
    const rota: Rota = {
      name: 'office',
      timeZone: 'Europe/Paris',
      layers: [
        {
          officers: TEAM.slice(0, 2),
          handOver: { kind: 'hours', every: 12, at: '08:00' },
          from: '2027-03-27',
        },
      ],
    };
    expect(shiftsOn(rota, '2027-03-27T07:00Z', '2027-03-28T19:00Z')).toEqual([
      'awa 03-27T07:00 03-27T19:00',
      'binta 03-27T19:00 03-28T07:00',
      'awa 03-28T07:00 03-28T19:00',
    ]);
  });
});

describe('a cover', () => {
  const rota = daily('Africa/Bamako', '08:00', '2026-11-02');
  const [awa, binta, cheick] = TEAM as [OfficerId, OfficerId, OfficerId];
  const on = (officerId: OfficerId, insteadOf?: OfficerId): Cover => ({
    id: 'c' as CoverId,
    rota: 'office',
    officerId,
    ...(insteadOf ? { insteadOf } : {}),
    startsAt: new Date('2026-11-02T12:00Z'),
    endsAt: new Date('2026-11-03T12:00Z'),
  });
  const noon = new Date('2026-11-02T12:00Z');

  it('takes one officer’s place, and only theirs', () => {
    expect(onCallAt(rota, [on(cheick, awa)], noon)).toEqual([cheick]);
    expect(onCallAt(rota, [on(cheick, awa)], new Date('2026-11-03T11:00Z'))).toEqual([binta]);
  });

  it('comes besides the officers on call if it takes no officer’s place', () => {
    expect(onCallAt(rota, [on(cheick)], noon)).toEqual([awa, cheick]);
  });

  it('can itself be covered, and no officer stands twice', () => {
    expect(onCallAt(rota, [on(cheick, awa), on(binta, cheick)], noon)).toEqual([binta]);
    expect(onCallAt(rota, [on(awa)], noon)).toEqual([awa]);
  });
});

it('two years of shifts are found at once', () => {
  const rota = daily('Europe/Paris', '08:00', '2026-11-02');
  const shifts = shiftsOf(rota, [], new Date(BEGIN), new Date(BEGIN + TWO_YEARS * 60_000));
  expect(shifts.length).toBeGreaterThan(720);
});
