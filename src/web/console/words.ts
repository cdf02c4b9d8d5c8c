/** The console's own words. What a case says comes from the case. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en } from './words-en.ts';
import { fr, type Words } from './words-fr.ts';

export type Language = 'fr' | 'en';

export const WORDS: Readonly<Record<Language, Words>> = { fr, en };

const WordsContext = createContext<{ words: Words; language: Language }>({ words: fr, language: 'fr' });
export const WordsProvider = WordsContext.Provider;
export const useWords = () => useContext(WordsContext);

type Holder = { isMine: boolean; takenBy: string | null };

/** The officer who has an alert. */
export function whoHasIt(words: Words, { isMine, takenBy }: Holder): string {
  if (isMine) return words.mine;
  return takenBy === null ? words.nobody : words.takenBy(takenBy);
}

/** The member who follows a case that nobody was paged for. */
export function whoFollows(words: Words, { isMine, takenBy }: Holder): string {
  if (isMine) return words.followedByMe;
  return takenBy === null ? words.followedByNobody : words.followedBy(takenBy);
}

/** "14:02", with the day if that is another one. */
export function sayTime(at: string, language: Language): string {
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
export function sayAge(at: string, language: Language): string {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(at).getTime()) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1_440)} ${language === 'fr' ? 'j' : 'd'}`;
}
