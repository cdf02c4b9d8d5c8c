/** What is wrong with a text before it counts: whatever the check of flows says with it and does not say without. */
import type { Problem } from '../../conversation/checks/problem.ts';
import { gained } from '../../conversation/said/gained.ts';
import { type TextValue, textAt, treeOf, withOwnTexts } from '../../conversation/said/own-texts.ts';
import { isOfSafety, losesHelp } from '../../conversation/said/safety-keys.ts';
import type { TextFiles } from '../../conversation/words/texts.ts';
import { versionOf } from '../changes/rows.ts';
import type { TextName } from '../changes/what-holds.ts';
import type { LivingContent } from '../ground/living-content.ts';
import { checkApart } from './check-thread.ts';

type Content = Pick<LivingContent, 'flows' | 'now' | 'ofFiles' | 'texts'>;

/** What is said where nothing is laid over the files. */
export const ofFilesAt = (
  content: Pick<Content, 'ofFiles'>,
  { language, key }: TextName,
): TextValue | undefined => textAt(content.ofFiles, language, key);

/** All texts with this one in its place; null: as the files say it, which may be nothing. */
export function withText(content: Content, name: TextName, text: TextValue | null): TextFiles {
  const value = text ?? ofFilesAt(content, name);
  const now = content.now();
  if (value !== undefined)
    return withOwnTexts(now, { [name.language]: treeOf([[name.key, value]]) } as TextFiles);
  return { ...now, [name.language]: without(now[name.language] ?? {}, name.key.split('.')) } as TextFiles;
}

function without(tree: Readonly<Record<string, unknown>>, [name = '', ...rest]: readonly string[]): object {
  const { [name]: found, ...others } = tree;
  if (rest.length === 0 || typeof found !== 'object' || found === null) return others;
  return { ...others, [name]: without(found as Readonly<Record<string, unknown>>, rest) };
}

/** What the check says of a text in its place, what is about itself first. */
export async function newProblems(
  content: Content,
  name: TextName,
  text: TextValue | null,
): Promise<Problem[]> {
  const files = withText(content, name, text);
  const said = (of: TextFiles) => versionOf(textAt(of, name.language, name.key));
  // What is said already was checked.
  if (said(files) === said(content.now())) return [];
  const found = await checkApart(content, files, languagesToLookAt(content, name.language));
  const isOwn = (each: Problem) => isAbout(each, name);
  return [...found.filter(isOwn), ...found.filter((each) => !isOwn(each))];
}

export const isAbout = ({ file, key }: Pick<Problem, 'file' | 'key'>, name: TextName): boolean =>
  file.startsWith(`locales/${name.language}/`) && (name.key === key || name.key.startsWith(`${key}_`));

/** A language is compared with the default one; all are, with that. */
function languagesToLookAt({ texts, now }: Content, language: string): string[] {
  const all = Object.keys(now());
  return language === texts.defaultLanguage
    ? all
    : all.filter((each) => each === language || each === texts.defaultLanguage);
}

/** Words of the files and of the room that bring help at once, in a language and in the default one. */
const helpWords = ({ texts, now, ofFiles }: Content, language: string): string[] =>
  [now(), ofFiles].flatMap((files) =>
    [language, texts.defaultLanguage].flatMap((each) => textAt(files, each, 'commands.sos.words') ?? []),
  );

/** Why a second person's yes is needed: what the text is about, a word of help that it loses, or what it gains. */
export function whySecond(
  content: Content,
  { language, key }: TextName,
  now: TextValue | undefined,
  text: TextValue | undefined,
): { isSafety: boolean; gains: string[] } {
  const isSafety = isOfSafety(key) || losesHelp(now, text, helpWords(content, language));
  return { isSafety, gains: gained(content.texts.reading.dictated, now, text) };
}
