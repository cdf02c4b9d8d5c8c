/**
 * The hours at which a reporter agreed to be written to.
 *
 * Invariants: `night` begins in the evening and ends on the next day; times are those of the service's zone, whatever its
 * clocks do; what is named twice or touches is one span.
 */
import { Temporal } from 'temporal-polyfill';
import type { ContactHours } from '../kernel/vocabulary.ts';

/** From and to which hour of the day; the words that reporters choose from say the same. */
export const HOURS: Readonly<Record<ContactHours, readonly [from: number, to: number]>> = {
  morning: [6, 11],
  midday: [11, 14],
  afternoon: [14, 18],
  evening: [18, 22],
  night: [22, 6],
};

export type Span = { from: Date; to: Date };

/** The span of agreed hours in which `now` lies; undefined: it is outside of them. */
export function spanAt(hours: readonly ContactHours[], now: Date, timeZone: string): Span | undefined {
  return spansAround(hours, now, timeZone).find(({ from, to }) => from <= now && now < to);
}

/** When one may write next: `now` itself within the hours, else when they begin. Undefined: no hours are named. */
export function opensAt(hours: readonly ContactHours[], now: Date, timeZone: string): Date | undefined {
  if (spanAt(hours, now, timeZone)) return now;
  return spansAround(hours, now, timeZone).find(({ from }) => from > now)?.from;
}

/** Of the day before, this one and the next, in their order. */
function spansAround(hours: readonly ContactHours[], now: Date, timeZone: string): Span[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const at = (date: Temporal.PlainDate, hour: number): Date =>
    new Date(date.toZonedDateTime({ timeZone, plainTime: { hour } }).epochMilliseconds);
  const each = [-1, 0, 1].flatMap((days) => {
    const date = today.add({ days });
    return [...new Set(hours)].map((name): Span => {
      const [from, to] = HOURS[name];
      return { from: at(date, from), to: at(to > from ? date : date.add({ days: 1 }), to) };
    });
  });
  return joined(each.sort((one, other) => one.from.getTime() - other.from.getTime()));
}

function joined(spans: readonly Span[]): Span[] {
  const done: Span[] = [];
  for (const span of spans) {
    const last = done.at(-1);
    if (!last || span.from > last.to) done.push({ ...span });
    else if (span.to > last.to) last.to = span.to;
  }
  return done;
}
