/**
 * A slow and simple reading of rotas, for comparing: every minute of two years is looked at, one after the other, with
 * what a clock on the wall shows then. It knows nothing of the calendar but what `Intl` prints.
 */
import type { Cover, Layer, Rota } from '../../src/alerts/rota.ts';

const MINUTE = 60_000;
/** No clock in the world was moved at another minute than a quarter of an hour in these years. */
const QUARTER = 15;

export type WallClock = {
  /** Ms since 1970 of minute 0. */
  begin: number;
  minutes: number;
  /** "2027-03-28 08:00" of each minute. */
  shown(minute: number): string;
  /** The first minute at which the clock shows this, which is a quarter of an hour; as much later as is left out, if it never does. */
  minuteOf(date: string, time: string): number;
};

export function wallClock(timeZone: string, begin: number, minutes: number): WallClock {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const quarters: string[] = [];
  const first = new Map<string, number>();
  for (let minute = 0; minute < minutes; minute += QUARTER) {
    const text = format.format(begin + minute * MINUTE);
    quarters.push(text);
    if (!first.has(text)) first.set(text, minute);
  }
  const shown = (minute: number): string =>
    plus(quarters[Math.floor(minute / QUARTER)] ?? '', minute % QUARTER);
  const last = shown(minutes - 1);
  return {
    begin,
    minutes,
    shown,
    minuteOf(date, time) {
      if (Number(time.slice(3)) % QUARTER !== 0) throw new Error(`no quarter of an hour: ${time}`);
      const found = first.get(`${date} ${time}`);
      if (found !== undefined) return found;
      // Left out: as long after the last minute before it as the clock would have gone on to show it.
      for (let early = 1; early <= 180; early++) {
        const before = first.get(`${date} ${minus(time, early)}`);
        if (before !== undefined) return before + early;
      }
      return time === '24:00' || `${date} ${time}` > last ? minutes : -1;
    },
  };
}

/** The same hour, so many minutes later. */
function plus(text: string, minutes: number): string {
  const minute = Number(text.slice(14, 16)) + minutes;
  if (minute < 60) return `${text.slice(0, 14)}${String(minute).padStart(2, '0')}`;
  throw new Error(`a quarter that crosses the hour: ${text}`);
}

function minus(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const left = hour * 60 + minute - minutes;
  return `${String(Math.floor(left / 60)).padStart(2, '0')}:${String(((left % 60) + 60) % 60).padStart(2, '0')}`;
}

/** Dates as text, one after the other. */
function datesFrom(date: string, count: number): string[] {
  const start = Date.parse(`${date}T00:00:00Z`);
  return Array.from({ length: count }, (_, n) =>
    new Date(start + n * 1440 * MINUTE).toISOString().slice(0, 10),
  );
}

const weekdayOf = (date: string): number => ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;

/** Minutes at which the layer is handed over, from its first day on. */
function handOvers(layer: Layer, clock: WallClock): number[] {
  const { handOver, from } = layer;
  const dates = datesFrom(from, Math.ceil(clock.minutes / 1440) + 10);
  const at = (date: string, time: string) => clock.minuteOf(date, time);
  switch (handOver.kind) {
    case 'hours': {
      const found: number[] = [];
      for (let minute = at(from, handOver.at); minute < clock.minutes; minute += handOver.every * 60)
        found.push(minute);
      return found;
    }
    case 'days':
      return dates.filter((_, n) => n % handOver.every === 0).map((date) => at(date, handOver.at));
    case 'weeks':
      return dates
        .filter((date) => weekdayOf(date) === handOver.day)
        .filter((_, n) => n % handOver.every === 0)
        .map((date) => at(date, handOver.at));
    case 'times':
      return dates
        .flatMap((date) =>
          handOver.times.filter(({ day }) => day === weekdayOf(date)).map((each) => at(date, each.at)),
        )
        .sort((a, b) => a - b);
  }
}

/** The holder of the layer at each minute; -1: no officer. */
function layerByMinute(layer: Layer, clock: WallClock): Int16Array {
  const who = new Int16Array(clock.minutes).fill(-1);
  const changes = new Map<number, number>();
  for (const minute of handOvers(layer, clock)) changes.set(minute, (changes.get(minute) ?? 0) + 1);
  const isOpen = windowsByMinute(layer, clock);
  let turn = -1;
  let applies = false;
  for (let minute = 0; minute < clock.minutes; minute++) {
    turn += changes.get(minute) ?? 0;
    if (minute % QUARTER === 0) {
      const date = clock.shown(minute).slice(0, 10);
      applies = date >= layer.from && (layer.until === undefined || date < layer.until);
    }
    if (turn >= 0 && applies && isOpen[minute]) who[minute] = turn % layer.officers.length;
  }
  return who;
}

function windowsByMinute(layer: Layer, clock: WallClock): Uint8Array {
  const open = new Uint8Array(clock.minutes).fill(layer.only ? 0 : 1);
  if (!layer.only) return open;
  const dates = datesFrom(clock.shown(0).slice(0, 10), Math.ceil(clock.minutes / 1440) + 1);
  for (const [n, date] of dates.entries())
    for (const { days, from, to } of layer.only) {
      if (!days.includes(weekdayOf(date))) continue;
      const last = to > from ? date : (dates[n + 1] ?? '9999-12-31');
      const begin = Math.max(0, clock.minuteOf(date, from));
      const end = last === '9999-12-31' ? clock.minutes : clock.minuteOf(last, to);
      for (let minute = begin; minute < Math.min(end, clock.minutes); minute++) open[minute] = 1;
    }
  return open;
}

/** Calls `look` with who is on call at every minute, as text. */
export function everyMinute(
  rota: Rota,
  covers: readonly Cover[],
  clock: WallClock,
  look: (minute: number, people: string) => void,
): void {
  const layers = rota.layers.map((layer) => ({ layer, who: layerByMinute(layer, clock) }));
  for (let minute = 0; minute < clock.minutes; minute++) {
    let people: string[] = [];
    for (const { layer, who } of layers) {
      const turn = who[minute] ?? -1;
      if (turn >= 0) people = [layer.officers[turn] ?? ''];
    }
    const ms = clock.begin + minute * MINUTE;
    for (const { officerId, insteadOf, startsAt, endsAt } of covers) {
      if (ms < startsAt.getTime() || ms >= endsAt.getTime()) continue;
      if (insteadOf === undefined) people.push(officerId);
      else people = people.map((id) => (id === insteadOf ? officerId : id));
    }
    look(minute, people.length < 2 ? (people[0] ?? '') : [...new Set(people)].join());
  }
}
