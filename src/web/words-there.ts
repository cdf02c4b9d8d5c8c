/**
 * Which words of a page are there, and the way to the others.
 *
 * An upgrade of the service takes the old words away. Where nothing can be said without them the page is loaded anew, once;
 * when only another language cannot come, the page says so and stays as it is: the person may be writing.
 */
import { createInstance } from 'i18next';
import { loadAnew } from './load-anew.ts';
import { type Built, languageHere, wordsAt } from './word-files.ts';

/** `parts`: those that the page shows at first. */
export function createWordsThere(built: Built, parts: readonly string[]) {
  const i18n = createInstance();
  /** What was needed in one language is needed in another one, too. */
  const needed = new Set(parts);
  /** Hear whether words that were needed are gone, and the page was not loaded anew. */
  const lostHearers = new Set<(is: boolean) => void>();
  const tellLost = (is: boolean) => {
    for (const hears of lostHearers) hears(is);
  };

  /** Resolves when these parts can be shown; fails when one is gone. */
  async function fetchParts(language: string, wanted: Iterable<string>): Promise<void> {
    const missing = [...wanted].filter((part) => !i18n.hasResourceBundle(language, part));
    await Promise.all(
      missing.map(async (part) => {
        const words = await wordsAt(built.files[language]?.[part] ?? '');
        i18n.addResourceBundle(language, part, words[part]);
      }),
    );
  }

  return {
    i18n,
    lostHearers,

    /**
     * Resolves when the page can say what it shows at first. `wished`: the language that was chosen before. False: its words
     * are gone; it is loaded anew, or that did not help, and what stands in the page itself stays.
     */
    async begin(wished?: string): Promise<boolean> {
      const language = languageHere(built, wished);
      await i18n.init({
        lng: language,
        load: 'currentOnly',
        fallbackLng: false,
        resources: {},
        ns: Object.keys(built.files[language] ?? {}),
        defaultNS: parts[0] ?? '',
        // `case.level`: the part stands before the first dot.
        nsSeparator: '.',
        keySeparator: '.',
        returnNull: false,
      });
      try {
        await fetchParts(language, parts);
        return true;
      } catch {
        await loadAnew();
        return false;
      }
    },

    /** Whether these further parts can be shown, when that is known. */
    async need(wanted: readonly string[]): Promise<boolean> {
      for (const part of wanted) needed.add(part);
      try {
        await fetchParts(i18n.language, wanted);
        return true;
      } catch {
        if (!(await loadAnew())) tellLost(true);
        return false;
      }
    },

    /** Shows the page in another language once its words are there. */
    async choose(language: string): Promise<void> {
      try {
        await fetchParts(language, needed);
      } catch {
        tellLost(true);
        return;
      }
      tellLost(false);
      await i18n.changeLanguage(language);
    },

    /** Asks for parts before they are needed. `everywhere`: in every language, for who chooses another one later. */
    ahead(wanted: readonly string[], everywhere = false): void {
      const languages = everywhere ? built.languages.map(({ code }) => code) : [i18n.language];
      // What is gone is missed when it is needed.
      for (const language of languages) void fetchParts(language, wanted).catch(() => undefined);
    },
  };
}
