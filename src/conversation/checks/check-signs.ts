/**
 * What no text may hold, of the files or of the room: signs that no one sees or that turn the reading direction (they make a number read
 * as another one), markup, which some messengers show as it stands and others obey, and more than a message can carry.
 */
import { PAGE_KEYS } from '../words/page-keys.ts';
import type { TextFiles } from '../words/texts.ts';
import { flatten } from './check-texts.ts';
import type { Problem } from './problem.ts';
import { fileOfKey } from './problem.ts';

/** Control signs but the end of a line, what shows nothing, halves of signs, private ones. A space that does not break is a space. */
const UNSEEN =
  /(?!\n)\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}|\p{Cn}|\u034F|[\u115F\u1160\u2028\u2029\u3164\uFFA0]|[\uFE00-\uFE0F]/u;
/** Tags, names of signs, and a sign before a letter that some messengers take for emphasis. */
const MARKUP = [/<\/?[A-Za-z][^<>]*>/, /&#?[0-9A-Za-z]{1,31};/, /(?:^|[\s(«"'])[*_~][\p{L}\p{N}]/u];
/** Links and code. */
const PAIRS = ['](', '```'];
/** Longer than what may stand in place of a placeholder. */
const FILLED = '1234 5678 1234 5678';
/** Words that are understood, and by which texts are checked: sent to nobody. */
const NOT_SENT = ['commands', 'wording'];

export function checkSigns(files: TextFiles, longest: number): Problem[] {
  return Object.keys(files).flatMap((language) =>
    [...flatten(files[language])].flatMap(([key, text]) => {
      const about = { file: fileOfKey(language, key), key };
      return wrongIn(key, [text].flat().join('\n'), longest).map((each) => ({ ...about, ...each }));
    }),
  );
}

function wrongIn(key: string, text: string, longest: number): Pick<Problem, 'problem' | 'mend'>[] {
  const [file = ''] = key.split('.');
  const unseen = UNSEEN.exec(text)?.[0];
  const bare = text.replace(/\{\{[^{}]*\}\}/g, FILLED);
  // Pages show text as text, and words are never sent.
  const markup = file in PAGE_KEYS || NOT_SENT.includes(file) ? undefined : markupIn(bare);
  return [
    ...(unseen === undefined
      ? []
      : [{ problem: `has a sign that nobody sees (${codePoint(unseen)})`, mend: 'take it out' }]),
    ...(markup === undefined
      ? []
      : [{ problem: `holds markup (${markup.slice(0, 20)})`, mend: 'write it in words alone' }]),
    ...(NOT_SENT.includes(file) || bare.length <= longest
      ? []
      : [{ problem: `longer than ${longest} characters`, mend: 'say it shorter' }]),
  ];
}

const markupIn = (text: string): string | undefined =>
  MARKUP.map((pattern) => pattern.exec(text)?.[0].trim()).find((found) => found !== undefined) ??
  PAIRS.find((pair) => text.includes(pair));

const codePoint = (sign: string): string =>
  `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
