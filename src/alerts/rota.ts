/**
 * Rotas: who is on call when. Pure.
 *
 * A rota has layers; a later layer stands in front of the earlier ones while it applies (nights over a week, holidays
 * over both). Further people to be called have a rota of their own: a step of a policy can name several. Covers are
 * applied in the order in which they were made.
 *
 * Invariants: times are those of the rota's clock on the wall: a hand-over at 08:00 is at 08:00 on either side of
 * daylight saving; one at a time that the clock leaves out is as much later, one at a time that comes twice is at the
 * first. Only a hand-over every so many hours counts hours that pass.
 */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { CoverId, OfficerId } from '../kernel/ids.ts';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** 1 is Monday, 7 is Sunday. */
const weekday = z.number().int().min(1).max(7);
const every = z.number().int().min(1).max(366);

const handOverSchema = z.discriminatedUnion('kind', [
  /** Each so many hours, as they pass, from the first day's `at` on. */
  z.object({ kind: z.literal('hours'), every, at: clockTime }),
  z.object({ kind: z.literal('days'), every, at: clockTime }),
  z.object({ kind: z.literal('weeks'), every, day: weekday, at: clockTime }),
  /** At each of these times of the week. */
  z.object({ kind: z.literal('times'), times: z.array(z.object({ day: weekday, at: clockTime })).min(1) }),
]);

/** On these weekdays from `from` until `to`; a `to` that is not later is on the next day. */
export const windowSchema = z.object({ days: z.array(weekday).min(1), from: clockTime, to: clockTime });

const layerSchema = z.object({
  officers: z.array(z.string()).min(1).max(100),
  handOver: handOverSchema,
  /** First and (excluded) last day. The first turn begins with the first hand-over that is not before. */
  from: day,
  until: day.optional(),
  /** Absent: always. */
  only: z.array(windowSchema).min(1).optional(),
});
export type Layer = z.infer<typeof layerSchema>;
export type HandOver = Layer['handOver'];
export type Window = NonNullable<Layer['only']>[number];

export const rotaSchema = z.object({
  name: z.string().min(1).max(60),
  timeZone: z.string(),
  layers: z.array(layerSchema).min(1).max(20),
});
export type Rota = z.infer<typeof rotaSchema>;

export type Cover = {
  id: CoverId;
  rota: string;
  officerId: OfficerId;
  /** Absent: besides the officers on call. An officer who is not on call at that time is not replaced. */
  insteadOf?: OfficerId;
  startsAt: Date;
  endsAt: Date;
};

/** A time during which the same people are on call. */
export type Shift = { officers: OfficerId[]; start: Date; end: Date };

type Span = { start: number; end: number };
type Turn = Span & { officer: OfficerId };

/** Who is on call at this instant. */
export function onCallAt(rota: Rota, covers: readonly Cover[], at: Date): OfficerId[] {
  const ms = at.getTime();
  return peopleAt(layersBetween(rota, ms, ms + 1), coversOf(rota, covers), ms);
}

/** Everybody's shifts between two instants, in order and without holes: a time without anybody has no officers. */
export function shiftsOf(rota: Rota, covers: readonly Cover[], from: Date, to: Date): Shift[] {
  const [begin, end] = [from.getTime(), to.getTime()];
  const layers = layersBetween(rota, begin, end);
  const ours = coversOf(rota, covers);
  const edges = new Set([begin]);
  const spans = [
    ...layers.flat(),
    ...ours.map(({ startsAt, endsAt }) => ({ start: startsAt.getTime(), end: endsAt.getTime() })),
  ];
  for (const span of spans)
    for (const edge of [span.start, span.end]) if (edge > begin && edge < end) edges.add(edge);
  const points = [...edges].sort((a, b) => a - b);
  const shifts: Shift[] = [];
  for (const [n, point] of points.entries()) {
    const officers = peopleAt(layers, ours, point);
    const until = new Date(points[n + 1] ?? end);
    const last = shifts.at(-1);
    if (last && last.officers.join() === officers.join()) last.end = until;
    else shifts.push({ officers, start: new Date(point), end: until });
  }
  return shifts;
}

function coversOf(rota: Rota, covers: readonly Cover[]): Cover[] {
  return covers.filter((cover) => cover.rota === rota.name);
}

function peopleAt(layers: readonly (readonly Turn[])[], covers: readonly Cover[], ms: number): OfficerId[] {
  const turn = layers.map((turns) => turnAt(turns, ms)).findLast((each) => each !== undefined);
  let people = turn ? [turn.officer] : [];
  for (const { officerId, insteadOf, startsAt, endsAt } of covers) {
    if (ms < startsAt.getTime() || ms >= endsAt.getTime()) continue;
    if (insteadOf === undefined) people = [...people, officerId];
    else people = people.map((id) => (id === insteadOf ? officerId : id));
  }
  return [...new Set(people)];
}

/** The turn that holds this instant; they are in order and do not overlap. */
function turnAt(turns: readonly Turn[], ms: number): Turn | undefined {
  let [low, high] = [0, turns.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const turn = turns[middle];
    if (!turn) return undefined;
    if (ms < turn.start) high = middle - 1;
    else if (ms >= turn.end) low = middle + 1;
    else return turn;
  }
  return undefined;
}

/** Of each layer its turns that touch this time, cut to when the layer applies. */
function layersBetween({ layers, timeZone }: Rota, from: number, to: number): Turn[][] {
  return layers.map((layer) => {
    const begin = Math.max(from, instant(layer.from, '00:00', timeZone));
    const end = layer.until === undefined ? to : Math.min(to, instant(layer.until, '00:00', timeZone));
    if (begin >= end) return [];
    const turns = turnsBetween(layer, timeZone, begin, end);
    return layer.only ? cut(turns, windowsBetween(layer.only, timeZone, begin, end)) : turns;
  });
}

function turnsBetween(layer: Layer, timeZone: string, from: number, to: number): Turn[] {
  const { officers } = layer;
  const boundary = boundariesOf(layer, timeZone);
  const turns: Turn[] = [];
  for (let n = Math.max(0, boundary.near(from)); ; n++) {
    const start = boundary.at(n);
    if (start >= to) return turns;
    const end = boundary.at(n + 1);
    const officer = officers[n % officers.length] as OfficerId;
    if (end > from) turns.push({ start: Math.max(start, from), end: Math.min(end, to), officer });
  }
}

/** Hand-overs by number: when the n-th one is, and one that is surely not after an instant. */
type Boundaries = { at(n: number): number; near(ms: number): number };

const DAY_MS = 86_400_000;

function boundariesOf({ handOver, from }: Layer, timeZone: string): Boundaries {
  const first = Temporal.PlainDate.from(from);
  const daysTo = (ms: number) => (ms - instant(from, '00:00', timeZone)) / DAY_MS;
  switch (handOver.kind) {
    case 'hours': {
      const start = instant(from, handOver.at, timeZone);
      const length = handOver.every * 3_600_000;
      return { at: (n) => start + n * length, near: (ms) => Math.floor((ms - start) / length) };
    }
    case 'days':
      return {
        at: (n) => instant(first.add({ days: n * handOver.every }), handOver.at, timeZone),
        near: (ms) => Math.floor(daysTo(ms) / handOver.every) - 2,
      };
    case 'weeks': {
      const begin = onWeekday(first, handOver.day);
      return {
        at: (n) => instant(begin.add({ weeks: n * handOver.every }), handOver.at, timeZone),
        near: (ms) => Math.floor(daysTo(ms) / (7 * handOver.every)) - 2,
      };
    }
    case 'times': {
      const dates = handOver.times
        .map(({ day: on, at }) => ({ date: onWeekday(first, on), at }))
        .sort((a, b) => Temporal.PlainDate.compare(a.date, b.date) || (a.at < b.at ? -1 : 1));
      const at = (n: number): number => {
        const { date, at: time } = dates[n % dates.length] ?? { date: first, at: '00:00' };
        return instant(date.add({ weeks: Math.floor(n / dates.length) }), time, timeZone);
      };
      return { at, near: (ms) => (Math.floor(daysTo(ms) / 7) - 2) * dates.length };
    }
  }
}

/** The first such weekday that is not before a date. */
function onWeekday(date: Temporal.PlainDate, wanted: number): Temporal.PlainDate {
  return date.add({ days: (wanted - date.dayOfWeek + 7) % 7 });
}

/** Whether one of the windows is open at this instant. */
export function isOpenAt(windows: readonly Window[], timeZone: string, at: Date): boolean {
  const ms = at.getTime();
  return windowsBetween(windows, timeZone, ms, ms + 1).some(({ start, end }) => start <= ms && ms < end);
}

/** The times at which at least one of the windows is open, in order and joined where they touch. */
function windowsBetween(windows: readonly Window[], timeZone: string, from: number, to: number): Span[] {
  const spans: Span[] = [];
  let date = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .subtract({ days: 1 });
  for (; instant(date, '00:00', timeZone) < to; date = date.add({ days: 1 }))
    for (const { days, from: opens, to: closes } of windows) {
      if (!days.includes(date.dayOfWeek)) continue;
      const last = closes > opens ? date : date.add({ days: 1 });
      spans.push({ start: instant(date, opens, timeZone), end: instant(last, closes, timeZone) });
    }
  const joined: Span[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    if (before && span.start <= before.end) before.end = Math.max(before.end, span.end);
    else joined.push({ ...span });
  }
  return joined;
}

function cut(turns: readonly Turn[], windows: readonly Span[]): Turn[] {
  const parts: Turn[] = [];
  let first = 0;
  for (const turn of turns) {
    while ((windows[first]?.end ?? Infinity) <= turn.start) first += 1;
    for (let n = first; n < windows.length; n++) {
      const window = windows[n];
      if (!window || window.start >= turn.end) break;
      parts.push({
        officer: turn.officer,
        start: Math.max(turn.start, window.start),
        end: Math.min(turn.end, window.end),
      });
    }
  }
  return parts;
}

/** Wall-clock time as an instant, in ms since 1970. Kept: making one takes longer than everything around it. */
function instant(date: Temporal.PlainDate | string, time: string, timeZone: string): number {
  const key = `${timeZone} ${date} ${time}`;
  const known = instants.get(key);
  if (known !== undefined) return known;
  const made = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone, {
    disambiguation: 'compatible',
  }).epochMilliseconds;
  if (instants.size >= INSTANTS) instants.clear();
  instants.set(key, made);
  return made;
}
const INSTANTS = 20_000;
const instants = new Map<string, number>();
