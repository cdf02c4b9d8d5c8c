/** Whether every language says everything, with the same placeholders, and nothing that nobody asks for. */

import { remembered } from '../../kernel/remembered.ts';
import { chaptersOf, factKey, roomOf, titleKey } from '../chapters/chapters.ts';
import type { FlowValues, PlacedStep } from '../flows/compile.ts';
import { VOICE_KEYS } from '../flows/voice-keys.ts';
import { normalise } from '../reading/normalise.ts';
import { ANSWER_WORDS, BOT_KEYS, COMMANDS, FACTS, HEARD_WORDS } from '../words/bot-keys.ts';
import { PAGE_KEYS } from '../words/page-keys.ts';
import { PUBLIC_KEYS } from '../words/public-keys.ts';
import { isReviewed, type TextFiles } from '../words/texts.ts';
import { checkPlurals, type FlatTexts, stemOf } from './check-plurals.ts';
import type { Problem } from './problem.ts';
import { fileOfKey } from './problem.ts';
import { WORDING_KEYS } from './wording-rules.ts';

/** Files whose keys are all known here; others belong to the code that says them. */
const CHECKED_WHOLE = [
  ...['bot', 'commands', 'facts', 'language', 'lists', 'public', 'voice', 'wording'],
  ...Object.keys(PAGE_KEYS),
];

/** `report.danger.ask` → text, of one language. */
export const flatten = (content: unknown): FlatTexts =>
  typeof content === 'object' && content !== null ? flattened(content) : new Map();

/** Remembered with each file: of thousands of texts few are others at the next look. */
const flattened = remembered((content: object): FlatTexts => {
  const flat = new Map<string, string | readonly string[]>();
  for (const [name, value] of Object.entries(content)) {
    if (Array.isArray(value)) flat.set(name, value.map(String));
    else if (typeof value === 'object' && value !== null)
      for (const [key, text] of flattened(value)) flat.set(`${name}.${key}`, text);
    else flat.set(name, value === null ? '' : String(value));
  }
  return flat;
});

export function checkTexts(flows: FlowValues, files: TextFiles): Problem[] {
  // A draft is measured by what is signed, and not the other way round.
  const languages = Object.keys(files).toSorted(
    (one, other) => Number(isReviewed(files, other)) - Number(isReviewed(files, one)),
  );
  const all = new Map(languages.map((language) => [language, textsOf(files, language)]));
  const needed = neededKeys(flows);
  const everywhere = keysEverywhere(signedOf(files, all), needed);
  return languages.flatMap((language) => {
    const texts = all.get(language) ?? new Map();
    return [
      ...(isReviewed(files, language) ? missing(language, texts, everywhere, needed) : []),
      ...empty(language, texts),
      ...unused(flows, language, texts, needed),
      ...placeholders(language, texts, all),
      ...checkPlurals(language, texts),
      ...commandClashes(language, texts),
    ];
  });
}

/** The texts of a language by key, without its small words: those have a shape of their own (`small-words.ts`). */
export const textsOf = (files: TextFiles, language: string): FlatTexts => said(files[language] ?? NONE);

const NONE = {};

const said = remembered(({ small_words: _, ...texts }: TextFiles[string]) => flatten(texts));

/** What a draft says and no other is its own slip, and asked of nobody. */
export const signedOf = (files: TextFiles, all: ReadonlyMap<string, FlatTexts>): FlatTexts[] =>
  [...all].filter(([language]) => isReviewed(files, language)).map(([, texts]) => texts);

/** What the flows ask for, and what any of these languages says besides. */
export function keysEverywhere(all: Iterable<FlatTexts>, needed: ReadonlySet<string>): ReadonlySet<string> {
  const said = [...all].flatMap((texts) => [...texts.keys()].map((key) => stemOf(key, texts) ?? key));
  return new Set([...needed, ...said]);
}

/**
 * A question's name in the read-back, what officers read above the answer where that differs, and how it is asked about the
 * person for whom another one speaks.
 */
const OPTIONAL = ['short', 'officer', 'ask_other'] as const;

/** Every key that the flows, the lists and the engine ask for. Optional are `OPTIONAL` and options of yes_no. */
export function neededKeys(flows: FlowValues): Set<string> {
  return new Set([
    ...[...flows.steps.values()].flatMap(keysOfStep),
    ...[...flows.lists.values()].flatMap((list) =>
      Object.keys(list.entries).map((code) => `lists.${list.list}.${code}`),
    ),
    ...Object.keys(flows.knowledge.facts).map(factKey),
    ...roomKeys(flows),
    ...Object.keys(BOT_KEYS).map((key) => `bot.${key}`),
    ...VOICE_KEYS.map((key) => `voice.${key}`),
    ...[...COMMANDS, ...ANSWER_WORDS].flatMap((name) => [`commands.${name}.label`, `commands.${name}.words`]),
    ...HEARD_WORDS.map((name) => `commands.${name}.words`),
    ...Object.keys(PUBLIC_KEYS).map((key) => `public.${key}`),
    ...Object.entries(PAGE_KEYS).flatMap(([page, keys]) => Object.keys(keys).map((key) => `${page}.${key}`)),
    ...['name', 'reviewed', 'fallback', 'noscript', 'wordless'].map((key) => `language.${key}`),
    ...WORDING_KEYS,
  ]);
}

/** Words that say nothing of what is looked for, and those by which a chapter is found. */
function roomKeys(flows: FlowValues): string[] {
  const room = roomOf(flows);
  if (!room) return [];
  return [
    `${room.flow}.small_words`,
    `${room.flow}.asking_words`,
    ...chaptersOf(flows).map(({ path }) => `${path}.words`),
  ];
}

function keysOfStep({ path, step, flow, id }: PlacedStep): string[] {
  if (step.ask === 'statement') return step.quiet ? [] : [`${path}.say`];
  if (step.ask === 'screen') {
    const own = step.says.flatMap((line) => (typeof line === 'string' ? [`${path}.${line}`] : []));
    return [titleKey(path), ...own];
  }
  // Languages are called by their own name, of language.yaml.
  const isLanguage = flow === 'menu' && id === 'language';
  const options = 'options' in step && !isLanguage ? (step.options ?? []) : [];
  const more = step.ask === 'yes_no' && step.more ? [`${path}.more`] : [];
  return [`${path}.ask`, `${path}.help`, ...more, ...options.map((code) => `${path}.options.${code}`)];
}

function missing(
  language: string,
  texts: FlatTexts,
  everywhere: ReadonlySet<string>,
  needed: ReadonlySet<string>,
): Problem[] {
  return wantedOf(texts, everywhere)
    .filter((key) => !isSaid(texts, key))
    .map((key) => ({
      file: fileOfKey(language, key),
      key,
      problem: needed.has(key) ? 'this text is missing' : 'another language has this text',
      mend: WRITE,
    }));
}

const WRITE = 'write it, or take it out of every language';
/** Read by officers or in a browser: a language may be one in which reporters alone are spoken to, and have none of a file. */
const NOT_FOR_REPORTERS: readonly string[] = ['officer', ...Object.keys(PAGE_KEYS)];

const partOf = (key: string): string => key.split('.')[0] ?? '';

/** In the files of reporters: what officers read above an answer, of a messenger in trouble and of its numbers, or where they are not enrolled; and what `doctor` says of a messenger. */
const AMONG_REPORTERS = [
  /^[a-z_]+\.[a-z_]+\.officer$/,
  /^[a-z_]+\.(?:trouble|number|doctor)\./,
  /^service\.not_enrolled/,
];

/** Keys that a language should have: all that any language has, but what officers read if it has nothing for them. */
export function wantedOf(texts: FlatTexts, everywhere: ReadonlySet<string>): string[] {
  const begun = new Set([...texts.keys()].map(partOf));
  return [...everywhere].filter(
    (key) =>
      (begun.has(partOf(key)) || !NOT_FOR_REPORTERS.includes(partOf(key))) &&
      (begun.has('officer') || !AMONG_REPORTERS.some((each) => each.test(key))),
  );
}

/** Whether a language says what a key stands for, in one form or in several. */
export const isSaid = (texts: FlatTexts, key: string): boolean => texts.has(key) || texts.has(`${key}_other`);

function empty(language: string, texts: FlatTexts): Problem[] {
  // A language may have no word that a rule of wording looks for.
  const mayBeEmpty = (key: string) => key === 'language.fallback' || WORDING_KEYS.includes(key);
  return [...texts]
    .filter(([key, text]) => text.length === 0 && !mayBeEmpty(key))
    .map(([key]) => ({ file: fileOfKey(language, key), key, problem: 'this text is empty', mend: WRITE }));
}

function unused(
  flows: FlowValues,
  language: string,
  texts: FlatTexts,
  needed: ReadonlySet<string>,
): Problem[] {
  return [...texts.keys()]
    .filter((key) => {
      const [file = '', step = '', part = ''] = key.split('.');
      if (!CHECKED_WHOLE.includes(file) && !flows.flows.has(file)) return false;
      const placed = flows.steps.get(`${file}.${step}`);
      if (
        placed &&
        placed.step.ask !== 'statement' &&
        OPTIONAL.some((each) => key === `${placed.path}.${each}`)
      )
        return false;
      if (placed?.step.ask === 'yes_no' && part === 'options') return false;
      if (file === 'commands' && part === 'plain' && needed.has(`${file}.${step}.words`)) return false;
      return !needed.has(stemOf(key, texts) ?? key);
    })
    .map((key) => ({
      file: fileOfKey(language, key),
      key,
      problem: 'nobody asks for this text',
      mend: 'correct its name, or take it out',
    }));
}

const placeholdersOf = (text: string | readonly string[]): string[] =>
  [...String(text).matchAll(/\{\{\s*([^{}\s]+)\s*\}\}/g)].map((match) => match[1] ?? '').sort();

function placeholders(language: string, texts: FlatTexts, all: ReadonlyMap<string, FlatTexts>): Problem[] {
  return [...texts].flatMap(([key, text]): Problem[] => {
    const file = fileOfKey(language, key);
    const stem = stemOf(key, texts);
    // "1 question": a form may say the number in its words.
    const told = (of: string | readonly string[]) =>
      placeholdersOf(of).filter((name) => stem === undefined || name !== 'count');
    const mine = told(text);
    const allowed = allowedIn(stem ?? key, texts);
    const strange = allowed ? mine.filter((name) => !allowed.includes(name)) : [];
    const same = stem === undefined ? key : `${stem}_other`;
    const [other] = [...all].filter(([each, its]) => each !== language && its.has(same));
    const theirs = other ? told(other[1].get(same) ?? '') : mine;
    return [
      ...strange.map((name) => ({
        file,
        key,
        problem: `{{${name}}} is not filled in here`,
        mend: allowed?.length ? `use only: ${allowed.join(', ')}` : 'take it out',
      })),
      ...(mine.join() === theirs.join()
        ? []
        : [
            {
              file,
              key,
              problem: `its placeholders differ from those in ${other?.[0]}`,
              mend: 'use the same in every language',
            },
          ]),
    ];
  });
}

/** What notices say of a messenger that does not work; its own words stand in a file that says how officers call it. */
const IN_TROUBLE = ['at', 'channel', 'setting', 'works'];

/** What they say of its two numbers. */
const OF_NUMBERS = ['at', 'number'];

/** What is filled in a text; undefined: not known here. */
function allowedIn(key: string, texts: FlatTexts): readonly string[] | undefined {
  const [file = '', name = ''] = key.split('.');
  if (texts.has(`${file}.said`)) {
    // The messenger itself knows what it fills in there.
    if (name === 'doctor') return undefined;
    return name === 'trouble' ? IN_TROUBLE : name === 'number' ? OF_NUMBERS : [];
  }
  const ofPage = PAGE_KEYS[file]?.[key.slice(file.length + 1)];
  if (ofPage) return ofPage;
  if (file === 'public')
    return (PUBLIC_KEYS as Record<string, readonly string[]>)[key.slice(file.length + 1)] ?? [];
  if (file === 'bot') return [...((BOT_KEYS as Record<string, readonly string[]>)[name] ?? []), ...FACTS];
  if (['officer', 'status', 'service'].includes(file)) return undefined;
  // The secret code stands in a message of its own: `bot.code`.
  return CHECKED_WHOLE.includes(file) ? [] : FACTS.filter((fact) => fact !== 'code');
}

/** One word, one meaning: above all nothing but SOS may be said with an SOS word. */
function commandClashes(language: string, texts: FlatTexts): Problem[] {
  const meaning = new Map<string, string>();
  return [...COMMANDS, ...ANSWER_WORDS].flatMap((name): Problem[] => {
    const words = texts.get(`commands.${name}.words`) ?? [];
    const list = typeof words === 'string' ? [words] : words;
    return list.flatMap((word): Problem[] => {
      const plain = normalise(word);
      const other = meaning.get(plain);
      meaning.set(plain, other ?? name);
      const key = `commands.${name}.words`;
      const file = fileOfKey(language, key);
      if (plain === '')
        return [{ file, key, problem: `"${word}" has no letter or digit`, mend: 'take it out' }];
      if (other === undefined || other === name) return [];
      return [{ file, key, problem: `"${word}" already means ${other}`, mend: 'keep it in one of the two' }];
    });
  });
}
