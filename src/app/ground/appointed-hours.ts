/**
 * What is done at an appointed hour, when the service, or its database, was away at that hour: pg-boss hands over the
 * latest one that was missed, and this says how late it is.
 */
import { Temporal } from 'temporal-polyfill';
import { calendarDay, hours } from '../../kernel/time.ts';

/** The digest's hour, as cron in the service's time zone. */
export const DIGEST_AT = '0 8 * * *';

/** An exercise so much later still finds people awake who expect it; after that it is said that there was none. */
const STILL_EXPECTED = hours(3);

/** Whether an exercise that was due at `dueAt` may begin now. */
export const isStillExpected = (dueAt: Date, now: Date): boolean =>
  now.getTime() - dueAt.getTime() <= STILL_EXPECTED;

/** Whether today's digest was due already. Before its hour, what a missed one would have said comes with the next. */
export function isDigestDue(now: Date, timeZone: string): boolean {
  const due = lastAppointed(DIGEST_AT, now, timeZone);
  return calendarDay(due, timeZone) === calendarDay(now, timeZone);
}

/** The latest hour up to `now` of a daily (`0 8 * * *`) or weekly (`0 10 * * 2`) appointment; sunday is 0. */
export function lastAppointed(cron: string, now: Date, timeZone: string): Date {
  const [minute, hour, , , weekday] = cron.split(' ').map(Number);
  const plainTime = Temporal.PlainTime.from({ hour: hour ?? 0, minute: minute ?? 0 });
  const isItsDay = (date: Temporal.PlainDate) => Number.isNaN(weekday) || date.dayOfWeek % 7 === weekday;
  let date = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  for (;;) {
    const at = date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
    if (isItsDay(date) && at <= now.getTime()) return new Date(at);
    date = date.subtract({ days: 1 });
  }
}
