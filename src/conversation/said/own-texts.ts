/**
 * Texts over texts, key by key: what an installation says differently from the program.
 *
 * Invariant: an office that says a few things differently says only these: every other key stays that of the files below, so that an
 * update of the program brings its new and mended sentences all the same.
 */
import type { TextFiles } from '../words/texts.ts';

/** A text, or the words of a list, by file and key (`report.danger.ask`). */
export type TextValue = string | readonly string[];

/** `files`, and over them `own`; a language that only `own` has is added. */
export function withOwnTexts(files: TextFiles, own: TextFiles): TextFiles {
  const languages = [...new Set([...Object.keys(files), ...Object.keys(own)])];
  return Object.fromEntries(
    languages.map((language) => [language, over(files[language] ?? {}, own[language] ?? {})]),
  );
}

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function over(below: Node, above: Node): Node {
  // What nobody says differently is the same value, and what follows from it is known.
  if (Object.keys(above).length === 0) return below;
  const result: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    if (value === null || value === undefined) continue;
    const under = Object.hasOwn(below, name) ? below[name] : undefined;
    Object.defineProperty(result, name, {
      value: isNode(value) ? over(isNode(under) ? under : {}, value) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

/** One language's texts by key as the tree that a file is: `report.danger.ask` stands under `report`, `danger`. */
export function treeOf(texts: Iterable<readonly [key: string, value: TextValue]>): Node {
  let tree: Node = {};
  for (const [key, value] of texts) tree = over(tree, branch(key.split('.'), value));
  return tree;
}

function branch([name = '', ...rest]: readonly string[], value: TextValue): Node {
  return { [name]: rest.length === 0 ? value : branch(rest, value) };
}

/** What stands under a key; undefined: nothing, or more than a text. */
export function textAt(files: TextFiles, language: string, key: string): TextValue | undefined {
  let at: unknown = files[language];
  for (const name of key.split('.')) at = isNode(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  if (Array.isArray(at)) return at.map(String);
  return at === undefined || at === null || isNode(at) ? undefined : String(at);
}
