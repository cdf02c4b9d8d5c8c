/**
 * What a page says: i18next chooses the text (language, plural), whose parts are fetched when they are first needed.
 *
 * Invariant: a key never reaches a person, and what people wrote is never looked through for placeholders.
 */
import { createInstance } from 'i18next';
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { filled } from '../conversation/words/filled.ts';
import { type Built, languageHere, wordsAt } from './word-files.ts';

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
  of(group: GroupOf<keyof K>, word: string): string | undefined;
};

/** The words of one page. `parts`: those it shows at first. */
export function createPageWords<K extends Keys>(built: Built, parts: readonly string[]) {
  const i18n = createInstance();
  const addressOf = (language: string, part: string): string => built.files[language]?.[part] ?? '';
  i18n.use({
    type: 'backend',
    read(language: string, part: string, done: (error: null, content: object) => void) {
      void wordsAt(addressOf(language, part)).then((content) => done(null, content));
    },
  });

  const sayIn = (language: string): Say<K> => {
    const t = i18n.getFixedT(language);
    const say = (key: string, params: Params = {}): string => {
      const { count } = params;
      const plural = count === undefined ? {} : { count: Number(count) };
      const text = t(key, { ...plural, defaultValue: '', skipInterpolation: true });
      return filled(String(text), params);
    };
    const of = (group: string, word: string) => {
      const key = `${group}.${word}`;
      return /^\w+$/.test(word) && i18n.exists(key, { lng: language }) ? say(key) : undefined;
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

    /** Resolves when the page can say what it shows at first. `wished`: the language that was chosen before. */
    async begin(wished?: string): Promise<void> {
      await i18n.init({
        lng: languageHere(built, wished),
        load: 'currentOnly',
        fallbackLng: false,
        ns: [...parts],
        defaultNS: parts[0] ?? '',
        // `case.level`: the part stands before the first dot.
        nsSeparator: '.',
        keySeparator: '.',
        partialBundledLanguages: true,
        returnNull: false,
      });
    },

    /** The language, what to say with, and the way to another one, which shows once its words are there. */
    useLanguage(): { language: string; t: Say<K>; choose: (language: string) => void } {
      const [shown, show] = useState(() => ({ language: i18n.language, t: sayIn(i18n.language) }));
      useEffect(() => {
        const changed = (language: string) => show({ language, t: sayIn(language) });
        i18n.on('languageChanged', changed);
        return () => i18n.off('languageChanged', changed);
      }, []);
      return { ...shown, choose: (language) => void i18n.changeLanguage(language) };
    },

    /** Whether these further parts can be shown; asks for those that are not there yet. */
    useParts(needed: readonly string[]): boolean {
      const all = needed.join(' ');
      const isThere = () =>
        all.split(' ').every((part) => part === '' || i18n.hasResourceBundle(i18n.language, part));
      const [ready, setReady] = useState(isThere() ? all : undefined);
      useEffect(() => {
        let isLeft = false;
        void i18n.loadNamespaces(all.split(' ').filter((part) => part !== '')).then(() => {
          if (!isLeft) setReady(all);
        });
        return () => {
          isLeft = true;
        };
      }, [all]);
      return ready === all || isThere();
    },

    /** Asks for parts before they are needed. */
    ahead: (needed: readonly string[]): void => void i18n.loadNamespaces([...needed]),
  };
}
