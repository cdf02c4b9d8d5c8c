/**
 * Flows and texts of a running service. Flows stay as they were at the start; texts are replaced as one value, by what was
 * changed in the room (`src/app/texts`).
 *
 * Invariant: what is put here was checked as `flows check` checks it.
 */
import { isDeepStrictEqual } from 'node:util';
import { livingTexts } from '../../conversation/said/living-texts.ts';
import { withOwnTexts } from '../../conversation/said/own-texts.ts';
import type { TextFiles, Texts } from '../../conversation/words/texts.ts';
import type { FlowContent } from './load-flows.ts';

export type LivingContent = Omit<FlowContent, 'rebuild'> & {
  /** What the files say: the program's, and the installation's. */
  readonly ofFiles: TextFiles;
  /** What is said now; as files, and as a value of its own for what is made of it once (an index). */
  now(): TextFiles;
  current(): Texts;
  /** What would be said with this over the files. */
  with(texts: TextFiles): TextFiles;
  /** Says this over the files from now on. */
  lay(texts: TextFiles): void;
};

export function createLivingContent({ rebuild, ...content }: FlowContent): LivingContent {
  const living = livingTexts(content.texts);
  let now = content.textFiles;
  let current = content.texts;
  let laid: TextFiles = {};
  return {
    ...content,
    texts: living.texts,
    ofFiles: content.textFiles,
    now: () => now,
    current: () => current,
    with: (texts) => withOwnTexts(content.textFiles, texts),
    lay(texts) {
      // At most looks there is nothing new.
      if (isDeepStrictEqual(texts, laid)) return;
      const next = withOwnTexts(content.textFiles, texts);
      current = rebuild(next);
      living.replace(current);
      now = next;
      laid = texts;
    },
  };
}
