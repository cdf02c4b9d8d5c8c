/** Which texts there are to work on, in each language. */
import { type FlatTexts, stemOf } from '../../conversation/checks/check-plurals.ts';
import { textsOf } from '../../conversation/checks/check-texts.ts';
import type { TextValue } from '../../conversation/said/own-texts.ts';
import { PAGE_KEYS } from '../../conversation/words/page-keys.ts';
import type { TextFiles } from '../../conversation/words/texts.ts';
import { remembered } from '../../kernel/remembered.ts';

/** No texts: the signature of a whole language, where it falls back to, a number. */
const NO_TEXTS = ['language.reviewed', 'language.fallback', 'wording.longest_sentence'];

/** What people on duty read: a language may be one in which reporters alone are spoken to. */
export const OF_THE_OFFICE = 'officer';

/** One language as texts by key, without what the program alone says, and its small words. */
export const textsToWorkOn = (files: TextFiles, language: string): FlatTexts =>
  toWorkOn(textsOf(files, language));

const toWorkOn = remembered(
  (texts: FlatTexts): FlatTexts =>
    new Map([...texts].filter(([key]) => !NO_TEXTS.includes(key) && !isOfTheProgram(key))),
);

/** What is built into the pages of a browser, and what `doctor` says of a messenger: no installation says it otherwise. */
const isOfTheProgram = (key: string): boolean => fileOf(key) in PAGE_KEYS || DOCTOR.test(key);
const DOCTOR = /^[a-z_]+\.doctor\./;

/**
 * Every key of a language: its own, and those of the default language that it could say. A text that counts stands there once
 * for each form of this language.
 */
export function keysToWorkOn(
  files: TextFiles,
  language: string,
  defaultLanguage: string,
): ReadonlyMap<string, Kind> {
  const known = keysBy(textsToWorkOn(files, language))(textsToWorkOn(files, defaultLanguage));
  const keys =
    known.get(language) ??
    keysOf(language, textsToWorkOn(files, language), textsToWorkOn(files, defaultLanguage));
  known.set(language, keys);
  return keys;
}

type Kind = 'text' | 'list';

/** By the texts of the language, those of the default language, and the language itself. */
const keysBy = remembered((_own: FlatTexts) =>
  remembered((_model: FlatTexts) => new Map<string, ReadonlyMap<string, Kind>>()),
);

function keysOf(language: string, own: FlatTexts, model: FlatTexts): Map<string, Kind> {
  const keys = new Map<string, Kind>();
  const isBegun = [...own.keys()].some((key) => fileOf(key) === OF_THE_OFFICE);
  for (const [key, text] of [...model, ...own]) {
    if (fileOf(key) === OF_THE_OFFICE && !isBegun) continue;
    const of = model.has(key) ? model : own;
    const stem = stemOf(key, of);
    for (const each of stem === undefined ? [key] : formsOf(stem, language)) keys.set(each, kindOf(text));
  }
  return keys;
}

const kindOf = (text: TextValue): Kind => (typeof text === 'string' ? 'text' : 'list');

function formsOf(stem: string, language: string): string[] {
  const type = stem.endsWith('_ordinal') ? 'ordinal' : 'cardinal';
  const forms = new Intl.PluralRules(language, { type }).resolvedOptions().pluralCategories;
  return forms.map((form) => `${stem}_${form}`);
}

/** What stands beside a text for who works on it: the same key of the default language, or its `other` form. */
export function modelOf(model: FlatTexts, key: string): TextValue | undefined {
  return model.get(key) ?? model.get(key.replace(/_(zero|one|two|few|many)$/, '_other'));
}

/** `report` of `report.danger.ask`. */
export const fileOf = (key: string): string => key.split('.')[0] ?? '';
