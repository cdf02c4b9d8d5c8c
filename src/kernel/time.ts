/** Durations in milliseconds, and adding them to an instant. */
export const seconds = (n: number): number => n * 1_000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

/** The instant `ms` milliseconds after `at`. */
export function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** Making a formatter takes longer than everything else about a message: each is made once. */
function formatterCache(locale: string, options: Intl.DateTimeFormatOptions) {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (timeZone: string): Intl.DateTimeFormat => {
    const known = made.get(timeZone) ?? new Intl.DateTimeFormat(locale, { timeZone, ...options });
    made.set(timeZone, known);
    return known;
  };
}

const clockFormat = formatterCache('fr-FR', { hour: '2-digit', minute: '2-digit' });
const dayFormat = formatterCache('sv-SE', {});

/** "14:02" in the given IANA time zone: how times are said to people. */
export function clockTime(at: Date, timeZone: string): string {
  return clockFormat(timeZone).format(at);
}

/** Calendar day `YYYY-MM-DD` in the given IANA time zone. */
export function calendarDay(at: Date, timeZone: string): string {
  return dayFormat(timeZone).format(at);
}

/** Whether this is a day that the calendar has, as `YYYY-MM-DD`. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const read = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
}

/** Whole days from one calendar day to another; negative if the other comes before it. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / days(1));

/** The calendar day so many days after another. */
export const dayAfter = (day: string, n: number): string =>
  after(new Date(`${day}T00:00:00Z`), days(n))
    .toISOString()
    .slice(0, 10);
