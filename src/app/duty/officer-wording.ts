/** How things are said to officers: levels, times, ordinals, in their language. */
import { normalise } from '../../conversation/reading/normalise.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import { calendarDay, clockTime } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';

/** Says one text of `locales/<language>/officer.yaml`, or `of` another file there: a messenger's own. */
export function officerText(
  ctx: Pick<Context, 'texts'>,
  language: string,
  key: string,
  params: Record<string, string | number> = {},
  of = 'officer',
): string {
  return ctx.texts.t(language, `${of}.${key}`, params);
}

/** What a phrase says to the reporter, without its time, quoted. */
export const phraseInQuotes = (ctx: Pick<Context, 'texts'>, language: string, phrase: string): string =>
  officerText(ctx, language, 'phrase.quoted', { words: ctx.texts.t(language, `status.phrase_${phrase}`) });

/** Whether there is such a text of a messenger's own. */
export const hasOwnText = ({ texts }: Pick<Context, 'texts'>, kind: ChannelKind, key: string): boolean =>
  texts.has(texts.defaultLanguage, `${kind}.${key}`);

/** What a channel is called. */
export function channelName(
  ctx: Pick<Context, 'texts'>,
  language: string,
  kind: ChannelKind | undefined,
): string {
  if (kind === undefined) return '?';
  return hasOwnText(ctx, kind, 'name')
    ? officerText(ctx, language, 'name', {}, kind)
    : officerText(ctx, language, `contact.way_${kind}`);
}

/** What officers may write for a channel, normalised. */
export function channelWords(ctx: Pick<Context, 'texts'>, language: string, kind: ChannelKind): string[] {
  const { texts } = ctx;
  const [own, way] = [`${kind}.said`, `officer.words.way_${kind}`];
  const key = [own, way].find((each) => texts.has(texts.defaultLanguage, each));
  return key === undefined ? [] : texts.t(language, key).split(',').map(normalise);
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
