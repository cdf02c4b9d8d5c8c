/**
 * What a page says: i18next chooses the text (language, plural), whose parts are fetched when they are first needed (`words-there.ts`).
 *
 * Invariant: a key never reaches a person, and what people wrote is never looked through for placeholders.
 */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { filled } from '../conversation/words/filled.ts';
import type { Built } from './word-files.ts';
import { createWordsThere } from './words-there.ts';

/** The texts of a page with the placeholders of each (`src/conversation/words/…-keys.ts`). */
type Keys = Readonly<Record<string, readonly string[]>>;
type Params = Readonly<Record<string, string | number>>;

/** Keys that begin alike: `case.events` of `case.events.raised`. */
type GroupOf<Key> = Key extends `${infer Part}.${infer Group}.${string}` ? `${Part}.${Group}` : never;

export type Say<K extends Keys> = {
  /** One text, with its placeholders filled. */
  <Key extends keyof K & string>(
    key: Key,
    ...params: K[Key] extends readonly [] ? [] : [Readonly<Record<K[Key][number], string | number>>]
  ): string;
  /** A text for a word that came from elsewhere (`events`, `paged`); undefined: there is none. */
  of(group: GroupOf<keyof K>, word: string, params?: Params): string | undefined;
};

/** The words of one page. `parts`: those it shows at first. */
export function createPageWords<K extends Keys>(built: Built, parts: readonly string[]) {
  const there = createWordsThere(built, parts);
  const { i18n } = there;

  const sayIn = (language: string): Say<K> => {
    const t = i18n.getFixedT(language);
    const say = (key: string, params: Params = {}): string => {
      const { count } = params;
      const plural = count === undefined ? {} : { count: Number(count) };
      const text = t(key, { ...plural, defaultValue: '', skipInterpolation: true });
      return filled(String(text), params);
    };
    const of = (group: string, word: string, params?: Params) => {
      const key = `${group}.${word}`;
      return /^\w+$/.test(word) && i18n.exists(key, { lng: language }) ? say(key, params) : undefined;
    };
    return Object.assign(say, { of }) as Say<K>;
  };

  const Context = createContext<{ t: Say<K>; language: string } | undefined>(undefined);

  return {
    languages: built.languages,
    WordsProvider: Context.Provider,

    /** What to say with in a part of the page, and in which language. */
    useWords(): { t: Say<K>; language: string } {
      const words = useContext(Context);
      if (!words) throw new Error('outside of WordsProvider');
      return words;
    },

    begin: there.begin,
    choose: there.choose,
    ahead: there.ahead,

    /** The language, and what to say with. `isLost`: words that were needed are gone, and only loading the page anew helps. */
    useLanguage(): { language: string; t: Say<K>; isLost: boolean } {
      const [isLost, setIsLost] = useState(false);
      const [shown, show] = useState(() => ({ language: i18n.language, t: sayIn(i18n.language) }));
      useEffect(() => {
        const changed = (language: string) => show({ language, t: sayIn(language) });
        i18n.on('languageChanged', changed);
        there.lostHearers.add(setIsLost);
        return () => {
          i18n.off('languageChanged', changed);
          there.lostHearers.delete(setIsLost);
        };
      }, []);
      return { ...shown, isLost };
    },

    /** Whether these further parts can be shown; asks for those that are not there yet. */
    useParts(needed: readonly string[]): boolean {
      const all = needed.join(' ');
      const isThere = () =>
        all.split(' ').every((part) => part === '' || i18n.hasResourceBundle(i18n.language, part));
      const [ready, setReady] = useState(isThere() ? all : undefined);
      useEffect(() => {
        let isLeft = false;
        const wanted = all.split(' ').filter((part) => part !== '');
        void there.need(wanted).then((areThere) => {
          if (areThere && !isLeft) setReady(all);
        });
        return () => {
          isLeft = true;
        };
      }, [all]);
      return ready === all || isThere();
    },
  };
}
