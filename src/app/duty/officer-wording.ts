/** How things are said to officers: levels, times, ordinals, in their language. */
import type { EnrolledOfficer } from '../../db/officers.ts';
import { calendarDay, clockTime } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';

/** Says one text of `locales/<language>/officer.yaml`. */
export function officerText(
  ctx: Pick<Context, 'texts'>,
  language: string,
  key: string,
  params: Record<string, string | number> = {},
): string {
  return ctx.texts.t(language, `officer.${key}`, params);
}

/** "14:02", and the date before it if it was another day. */
export function sayTime(at: Date, now: Date, timeZone: string): string {
  const time = clockTime(at, timeZone);
  const day = calendarDay(at, timeZone);
  if (day === calendarDay(now, timeZone)) return time;
  const [, month, date] = day.split('-');
  return `${date}/${month} ${time}`;
}

/** "3e" in French, "3rd" in English. */
export function ordinal({ texts }: Pick<Context, 'texts'>, language: string, n: number): string {
  return texts.nth(language, 'officer.nth', n);
}

/** The language an officer is spoken to in. */
export function languageOfOfficer(
  ctx: Pick<Context, 'settings'>,
  officer: Pick<EnrolledOfficer, 'language'>,
): string {
  return ctx.settings.languages.includes(officer.language) ? officer.language : ctx.settings.defaultLanguage;
}
