/**
 * What is said of the service to those who answer for it, as a value: a key of the locales, and what is filled in. One line is read in English in
 * a terminal, and in the room in the language of the member.
 *
 * Invariant: a sentence stands in `locales/` and nowhere else. The types know each key with its placeholders; what is no text
 * (a version, a path, a fingerprint, a command) is filled in.
 */
import { createInstance, type i18n } from 'i18next';
import { DIAGNOSIS_KEYS } from '../../conversation/diagnosis/diagnosis-keys.ts';
import { filled } from '../../conversation/words/filled.ts';
import { LOCALES } from '../../kernel/project.ts';
import { readLineFiles } from './line-files.ts';

export type Line = (Keyed | AsIs) & {
  /** What is said in its place to a person who sits at no terminal of this machine: without how much waits, say. */
  inRoom?: Line;
};
type Keyed = { key: string; params: Readonly<Record<string, Param>>; folder: string };
type AsIs = { asIs: string };

/** What is filled in; several things have commas between them, or semicolons. */
type Param = string | number | Line | { all: readonly (string | Line)[]; by: ',' | ';' };

type Keys = Readonly<Record<string, readonly string[]>>;
type Given<P extends readonly string[]> = P extends readonly []
  ? []
  : [params: Readonly<Record<P[number], Param>>];

/** Makes lines of some keys: those of a messenger are its own. `under`: where they stand (`diagnosis`, `pigeon.doctor`). */
export const linesUnder =
  <const T extends Keys>(under: string, _keys: T, folder = LOCALES) =>
  <K extends keyof T & string>(key: K, ...[params]: Given<T[K]>): Line => ({
    key: `${under}.${key}`,
    params: params ?? {},
    folder,
  });

/** A line of `diagnosis.yaml`. */
export const line = linesUnder('diagnosis', DIAGNOSIS_KEYS);

/** What is the same in every language: a version, a name, a setting; or what only a terminal shows. */
export const asIs = (words: string): Line => ({ asIs: words });

/** Several in one, with semicolons between them. */
export const listed = (all: readonly Line[]): Line => line('all', { all: { all, by: ';' } });

/** A line that says in the room something else than in a terminal. */
export const otherInRoom = (inTerminal: Line, inRoom: Line): Line => ({ ...inTerminal, inRoom });

/** What a check is called: in the words of the locales, or by itself if it is a setting or a messenger. */
export function nameLine(name: string): Line {
  const key = `names.${name.replaceAll(' ', '_')}`;
  return key in DIAGNOSIS_KEYS ? { key: `diagnosis.${key}`, params: {}, folder: LOCALES } : asIs(name);
}

/** As an operator reads it in a terminal. */
export const inEnglish = (said: Line): string => sayLine(said, ENGLISH);

/** As a member reads it in the room. */
export const sayInRoom = (said: Line, language: string): string => sayLine(said, language, true);

const ENGLISH = 'en';

/** The language in which lines are said to a person who reads this one. */
export function languageOfLines(wished: string, defaultLanguage: string): string {
  const there = Object.keys(readLineFiles(LOCALES, 'diagnosis'));
  return [wished, defaultLanguage].find((each) => there.includes(each)) ?? ENGLISH;
}

function sayLine(given: Line, language: string, isInRoom = false): string {
  const said = (isInRoom && given.inRoom) || given;
  if ('asIs' in said) return said.asIs;
  const { key, params, folder } = said;
  const count = Number(params.count);
  const text = wordsOf(folder, key.split('.')[0] ?? '').t(key, {
    lng: language,
    skipInterpolation: true,
    ...(Number.isNaN(count) ? {} : { count }),
  });
  const words = Object.entries(params).map(([name, param]) => [name, sayParam(param, language, isInRoom)]);
  return filled(text, Object.fromEntries(words));
}

function sayParam(param: Param, language: string, isInRoom: boolean): string {
  if (typeof param !== 'object') return String(param);
  if (!('all' in param)) return sayLine(param, language, isInRoom);
  const between = param.by === ',' ? ', ' : sayLine(line('between'), language);
  return param.all.map((each) => sayParam(each, language, isInRoom)).join(between);
}

const known = new Map<string, i18n>();

/** The texts of a file in every language that has it. */
function wordsOf(folder: string, file: string): i18n {
  const name = `${folder} ${file}`;
  const found = known.get(name);
  if (found) return found;
  const made = createInstance();
  const read = Object.entries(readLineFiles(folder, file));
  void made.init({
    initAsync: false,
    lng: ENGLISH,
    fallbackLng: ENGLISH,
    nsSeparator: false,
    returnNull: false,
    resources: Object.fromEntries(
      read.map(([language, content]) => [language, { translation: { [file]: content } }]),
    ),
  });
  known.set(name, made);
  return made;
}
