/**
 * Texts that are replaced while people talk: every part that holds them reads the newest at each look.
 *
 * Invariant: one look reads one state of all texts; a step of a conversation, which waits for nothing, is said in one.
 */
import type { Texts } from '../words/texts.ts';

export type LivingTexts = {
  /** To be handed on, once. */
  texts: Texts;
  replace(next: Texts): void;
};

export function livingTexts(first: Texts): LivingTexts {
  let now = first;
  return {
    texts: {
      get languages() {
        return now.languages;
      },
      get folders() {
        return now.folders;
      },
      get defaultLanguage() {
        return now.defaultLanguage;
      },
      get drafts() {
        return now.drafts;
      },
      get edition() {
        return now.edition;
      },
      get reading() {
        return now.reading;
      },
      says: (...asked) => now.says(...asked),
      t: (...asked) => now.t(...asked),
      template: (...asked) => now.template(...asked),
      nth: (...asked) => now.nth(...asked),
      has: (...asked) => now.has(...asked),
      commandWords: (language) => now.commandWords(language),
      plainWords: (language) => now.plainWords(language),
      heard: (language) => now.heard(language),
      list: (...asked) => now.list(...asked),
      keys: (language) => now.keys(language),
    },
    replace(next) {
      now = next;
    },
  };
}
