/**
 * Texts by language and key, of the files in `locales/`.
 *
 * Invariant: a key never reaches a person. What a language lacks comes from its fallback, then from the default
 * language; what all lack is an error in tests and at the check, and nothing (an empty text) in service.
 */
import { createInstance, type i18n } from 'i18next';
import { LakanaError } from '../../kernel/errors.ts';
import { remembered } from '../../kernel/remembered.ts';
import { normalise, plain } from '../reading/normalise.ts';
import { createReading, type Reading } from '../reading/read.ts';
import { readSmallWords } from '../reading/small-words.ts';
import { filled } from './filled.ts';

/** What the files say: for each language, by file name without ending, the parsed content. */
export type TextFiles = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export type Texts = {
  /** Enabled languages, in the order in which they are offered. */
  readonly languages: readonly string[];
  readonly defaultLanguage: string;
  /** Those of them whose texts no native speaker has read and signed. */
  readonly drafts: readonly string[];
  /** Another one whenever any text is another one, for parts that remember what follows from texts. */
  readonly edition: object;
  /** The text of a key (`bot.help`, `report.danger.ask`) with its placeholders filled. */
  t(language: string, key: string, params?: Readonly<Record<string, string | number>>): string;
  /** The form of a key for the n-th of something (`officer.nth`), with `{{count}}` filled. */
  nth(language: string, key: string, n: number): string;
  /** The text of a key as it is written, with its placeholders; undefined: there is none, or it has a form for each number. */
  template(language: string, key: string): string | undefined;
  /** Whether this very language has the key. */
  has(language: string, key: string): boolean;
  /** Whether something is said for the key: by this language, or by those that speak where it lacks a text. */
  says(language: string, key: string): boolean;
  /** Normalised words by command (`sos`, `back`, `yes`, …), of `commands.yaml`. */
  commandWords(language: string): ReadonlyMap<string, readonly string[]>;
  /** Of the commands' words those that count also at a question for words (`plain` of `commands.yaml`). */
  plainWords(language: string): ReadonlyMap<string, readonly string[]>;
  /** Every language there is a folder for: danger is heard in all of them, on offer or not. */
  folders: readonly string[];
  /** The same words as they are heard in the middle of a message: Bambara's letters in their plain form. */
  heard(language: string): ReadonlyMap<string, readonly string[]>;
  /** The words of a list (`wording.telling`) of this very language; none if it has no such list. */
  list(language: string, key: string): readonly string[];
  /** What is read out of people's words, in every language there is a folder for. */
  readonly reading: Reading;
  /** Every text key of a language. */
  keys(language: string): readonly string[];
};

export type TextOptions = {
  /** Default: every language there is a folder for. */
  languages?: readonly string[];
  defaultLanguage: string;
  /** What happens to a key that no language has; default `blank`. */
  missing?: 'throw' | 'blank';
};

/** Whether a native speaker has read and signed all texts of a language: `reviewed` of its `language.yaml`. */
export function isReviewed(files: TextFiles, language: string): boolean {
  return (files[language]?.language as { reviewed?: unknown } | undefined)?.reviewed === true;
}

/** Builds the texts. Throws if an enabled language has no files. */
export function createTexts(files: TextFiles, options: TextOptions): Texts {
  const languages = options.languages ?? Object.keys(files);
  for (const language of [...languages, options.defaultLanguage]) {
    if (files[language]) continue;
    throw new LakanaError(
      'language_missing',
      `no folder locales/${language}; add it or take it off LANGUAGES`,
    );
  }
  const said = withoutSmallWords(files);
  const instance = build(said, options);
  const folders = Object.keys(files);
  const commands = new Map(folders.map((language) => [language, commandsIn(files[language])]));
  const keys = new Map(languages.map((language) => [language, leaves(said[language] ?? {})]));
  const keySets = new Map([...keys].map(([language, all]) => [language, new Set(all)]));
  const has = (language: string, key: string): boolean =>
    keySets.get(language)?.has(key) ?? instance.exists(key, { lng: language, fallbackLng: [] });
  // Most texts have no placeholder: looked up directly, which is some ten times faster.
  const ready = new Map(languages.map((language) => [language, plainTexts(said[language] ?? {})]));
  const translate = (language: string, key: string, params?: Readonly<Record<string, string | number>>) => {
    const whole = ready.get(language)?.get(key);
    if (whole !== undefined && params?.count === undefined) return whole;
    // i18next chooses the text (fallback, plural) and fills nothing in: its patterns are slow on words that strangers chose.
    const { count } = params ?? {};
    const chosen = {
      ...(count === undefined ? {} : { count: Number(count) }),
      lng: language,
      defaultValue: '',
    };
    const text = instance.t(key, { ...chosen, skipInterpolation: true });
    if (typeof text === 'string' && (text !== '' || instance.exists(key, { lng: language })))
      return filled(text, params);
    if (options.missing === 'throw')
      throw new LakanaError('text_missing', `no text for ${key} in ${language}`);
    return '';
  };
  return {
    languages,
    folders,
    defaultLanguage: options.defaultLanguage,
    drafts: languages.filter((language) => !isReviewed(files, language)),
    edition: instance,
    t: translate,
    nth: (language, key, n) =>
      filled(
        instance.t(key, {
          lng: language,
          count: n,
          ordinal: true,
          defaultValue: '',
          skipInterpolation: true,
        }),
        {
          count: n,
        },
      ),
    template(language, key) {
      const text = instance.t(key, { lng: language, defaultValue: '', skipInterpolation: true });
      return typeof text === 'string' && text !== '' ? text : undefined;
    },
    has,
    says: (language, key) => has(language, key) || instance.exists(key, { lng: language }),
    commandWords: (language) => commands.get(language)?.words ?? new Map(),
    plainWords: (language) => commands.get(language)?.plainWords ?? new Map(),
    heard: (language) => commands.get(language)?.heard ?? new Map(),
    list: (language, key) => listOf(files[language], key),
    reading: createReading(readSmallWords(files)),
    keys: (language) => keys.get(language) ?? [],
  };
}

/** Small words are read, and never said. */
function withoutSmallWords(files: TextFiles): TextFiles {
  return Object.fromEntries(
    Object.entries(files).map(([language, { small_words: _, ...said }]) => [language, said]),
  );
}

function listOf(content: unknown, key: string): readonly string[] {
  const found = key
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], content);
  return Array.isArray(found) ? found.map(String) : [];
}

function build(files: TextFiles, options: TextOptions): i18n {
  const instance = createInstance();
  void instance.init({
    initAsync: false,
    lng: options.defaultLanguage,
    fallbackLng: (code) =>
      [fallbackOf(files, code), options.defaultLanguage].filter((each) => each !== undefined),
    resources: Object.fromEntries(
      Object.entries(files).map(([language, content]) => [language, { translation: content as object }]),
    ),
    nsSeparator: false,
    returnNull: false,
  });
  return instance;
}

function fallbackOf(files: TextFiles, language: string): string | undefined {
  const about = files[language]?.language as { fallback?: unknown } | undefined;
  return typeof about?.fallback === 'string' ? about.fallback : undefined;
}

type Commands = Record<string, Record<string, unknown> | undefined>;

const commandsIn = (content: TextFiles[string] | undefined) =>
  wordsOf((content?.commands ?? NO_COMMANDS) as Commands);

const NO_COMMANDS = {};

/** Thousands of words, which stay as they are while other texts are changed. */
const wordsOf = remembered((commands: Commands) => ({
  words: readWords(commands, 'words'),
  plainWords: readWords(commands, 'plain'),
  heard: readWords(commands, 'words', plain),
}));

function readWords(
  commands: Commands,
  part: 'words' | 'plain',
  as: (text: string) => string = normalise,
): Map<string, readonly string[]> {
  return new Map(
    Object.entries(commands).map(([name, command]) => {
      const list = command?.[part];
      const all = Array.isArray(list) ? list : [];
      return [name, all.map((each) => as(String(each))).filter((each) => each !== '')];
    }),
  );
}

const isTree = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every key of what stands in it, whose own keys are remembered with each file. */
const leaves = remembered((node: object): readonly string[] =>
  Object.entries(node).flatMap(([name, value]) =>
    isTree(value) ? leaves(value).map((key) => `${name}.${key}`) : [name],
  ),
);

const plainTexts = remembered((content: object): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(content)) {
    if (typeof value === 'object' && value !== null)
      for (const [key, text] of plainTexts(value)) found.set(`${name}.${key}`, text);
    else if (typeof value === 'string' && value !== '' && !value.includes('{{')) found.set(name, value);
  }
  return found;
});
