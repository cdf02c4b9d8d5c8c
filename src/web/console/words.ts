/** The console's own words, of `locales/<language>/console.yaml`. What a case says comes from the case. */
import { files, languages } from 'virtual:words/console';
import type { CONSOLE_KEYS } from '../../conversation/words/console-keys.ts';
import { createPageWords, type Say } from '../page-words.ts';
import { type Part, partsAt } from './word-parts.ts';

export const words = createPageWords<typeof CONSOLE_KEYS>({ languages, files }, partsAt('sign_in'));
export const { useWords, WordsProvider } = words;
export type T = Say<typeof CONSOLE_KEYS>;

/** Every part, so that an upgrade of the service, which takes the old files away, finds nothing missing in an open page. */
export const everyPart = (): readonly Part[] => Object.keys(files[languages[0]?.code ?? ''] ?? {}) as Part[];

type Holder = { isMine: boolean; takenBy: string | null };

/** Who has an alert. */
export function whoHasIt(t: T, { isMine, takenBy }: Holder): string {
  if (isMine) return t('shell.who.taken_by_you');
  return takenBy === null ? t('shell.who.taken_by_nobody') : t('shell.who.taken_by', { name: takenBy });
}

/** Who follows a case that nobody was paged for. */
export function whoFollows(t: T, { isMine, takenBy }: Holder): string {
  if (isMine) return t('shell.who.followed_by_you');
  return takenBy === null ? t('shell.who.followed_by_nobody') : t('shell.who.followed_by', { name: takenBy });
}

/** "14:02", with the day if that is another one. */
export function sayTime(at: string, language: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
  });
}

/** "12 min", "3 h", "2 j". */
export function sayAge(at: string, t: T): string {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(at).getTime()) / 60_000));
  if (minutes < 60) return t('shell.age.minutes', { n: minutes });
  if (minutes < 48 * 60) return t('shell.age.hours', { n: Math.floor(minutes / 60) });
  return t('shell.age.days', { n: Math.floor(minutes / 1_440) });
}
