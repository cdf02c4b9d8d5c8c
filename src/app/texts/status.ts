/** How far each language is: what reporters read of it. */

import { textAt } from '../../conversation/said/own-texts.ts';
import { isReviewed } from '../../conversation/words/texts.ts';
import { isRead, nameOf } from '../changes/states.ts';
import type { Context } from '../ground/context.ts';
import { benchOf } from './bench.ts';
import { fileOf, keysToWorkOn, OF_THE_OFFICE, textsToWorkOn } from './keys.ts';

export type TextStatus = {
  language: string;
  name: string;
  /** Texts that reporters read or are understood by. */
  keys: number;
  /** Read by a native speaker: all of them if the language is signed, else those that a person read in the room. */
  reviewed: number;
  /** There, and nobody has read them. */
  drafts: number;
  /** Said in the language to which this one falls back. */
  missing: number;
  /** Recorded. */
  voices: number;
};

/** `voicesOf`: how many recordings a language has. */
export function statusOf(
  ctx: Pick<Context, 'content'>,
  voicesOf: (language: string) => number = () => 0,
): TextStatus[] {
  const { content } = ctx;
  const { states } = benchOf(ctx);
  const files = content.now();
  return Object.keys(files).map((language) => {
    const texts = textsToWorkOn(files, language);
    const keys = [...keysToWorkOn(files, language, content.texts.defaultLanguage).keys()].filter(
      (key) => fileOf(key) !== OF_THE_OFFICE,
    );
    const there = keys.filter((key) => texts.has(key));
    const isSigned = isReviewed(files, language);
    const read = there.filter((key) => {
      const state = states.get(nameOf({ language, key }));
      if (state && isRead(state, texts.get(key))) return true;
      // What the room says otherwise nobody has signed.
      return isSigned && !(state?.said && state.said.text !== null);
    }).length;
    return {
      language,
      name: String(textAt(files, language, 'language.name') ?? language),
      keys: keys.length,
      reviewed: read,
      drafts: there.length - read,
      missing: keys.length - there.length,
      voices: voicesOf(language),
    };
  });
}
