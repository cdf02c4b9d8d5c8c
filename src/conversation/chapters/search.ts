/**
 * Which chapters fit a question typed in plain words. An index of all chapters in each language on offer, made once.
 *
 * Invariant: what is searched for is kept nowhere, and the work over it is bounded: few words of a message are looked at.
 */
import MiniSearch, { type SearchResult } from 'minisearch';
import type { Flows } from '../flows/compile.ts';
import { plain } from '../reading/normalise.ts';
import type { Texts } from '../words/texts.ts';
import { chaptersOf, linesOf, titleKey } from './chapters.ts';

/** Chapters by their first page, the best first; none if nothing fits. */
export type Search = (text: string, language: string) => string[];

/** More than these tell nothing more. */
const MOST_CHARACTERS = 300;
const MOST_WORDS = 24;
/** So many chapters are offered. */
const MOST_FOUND = 3;
/** What is found by the words of another language weighs so much. */
const OTHER_LANGUAGE = 0.8;
/** A chapter that fits much less than the best one is not offered. */
const NEAR = 0.35;

const known = new WeakMap<Texts, { flows: Flows; search: Search }>();

/** The search over these texts; built at the first call. */
export function searchOf(flows: Flows, texts: Texts): Search {
  const found = known.get(texts);
  if (found?.flows === flows) return found.search;
  const search = createSearch(flows, texts);
  known.set(texts, { flows, search });
  return search;
}

type Entry = { id: string; title: string; words: string; text: string };

function createSearch(flows: Flows, texts: Texts): Search {
  const small = new Map(texts.languages.map((language) => [language, smallWords(texts, language)]));
  const indexes = texts.languages.map((language) => ({
    language,
    index: indexOf(flows, texts, language, small.get(language) ?? new Set()),
  }));
  return (text, language) => {
    const query = queryOf(text, small.get(language) ?? new Set());
    if (query === '') return [];
    const scores = new Map<string, number>();
    for (const { language: each, index } of indexes) {
      const weight = each === language ? 1 : OTHER_LANGUAGE;
      for (const found of index.search(query).filter((result) => isFit(result, query)))
        scores.set(found.id, Math.max(scores.get(found.id) ?? 0, found.score * weight));
    }
    const best = [...scores].sort((a, b) => b[1] - a[1]);
    const least = (best[0]?.[1] ?? 0) * NEAR;
    return best
      .filter(([, score]) => score >= least)
      .slice(0, MOST_FOUND)
      .map(([id]) => id);
  };
}

/**
 * Better nothing than a chapter that has one word of a question by chance: one of its title or of the words by which it is
 * looked for must be asked, or two words of its sentences, or the only word that is asked, as it is written.
 */
function isFit({ match, queryTerms }: SearchResult, query: string): boolean {
  if (Object.values(match).some((fields) => fields.includes('words') || fields.includes('title')))
    return true;
  return queryTerms.length > 1 || query in match;
}

/** Words that say nothing of what is looked for, in the language that is spoken: "un" is no United Nations in French. */
function smallWords(texts: Texts, language: string): ReadonlySet<string> {
  const own = texts.list(language, SMALL_WORDS);
  return new Set((own.length > 0 ? own : texts.list(texts.defaultLanguage, SMALL_WORDS)).map(plain));
}
const SMALL_WORDS = 'mechanism.small_words';

function queryOf(text: string, small: ReadonlySet<string>): string {
  const words = plain(text.slice(0, MOST_CHARACTERS)).split(' ').slice(0, MOST_WORDS);
  return words.filter((word) => !small.has(word) && !isNumber(word)).join(' ');
}

/** Of a telephone, a house: no chapter is about it. A year may be that of a law. */
const isNumber = (word: string): boolean => /^\d+$/.test(word) && !/^(19|20)\d\d$/.test(word);

function indexOf(
  flows: Flows,
  texts: Texts,
  language: string,
  small: ReadonlySet<string>,
): MiniSearch<Entry> {
  const index = new MiniSearch<Entry>({
    fields: ['title', 'words', 'text'],
    tokenize: (text) => plain(text).split(' '),
    processTerm: (term) => (term.length < 2 || small.has(term) ? null : term),
    searchOptions: {
      boost: { title: 3, words: 4 },
      prefix: (term) => term.length >= 4,
      fuzzy: (term) => (term.length >= 5 ? 0.2 : false),
    },
  });
  index.addAll(
    chaptersOf(flows).map(({ path, pages }) => ({
      id: path,
      title: pages.map((page) => texts.t(language, titleKey(page))).join(' '),
      words: texts.list(language, `${path}.words`).join(' '),
      text: pages.map((page) => textOf(flows, texts, language, page)).join(' '),
    })),
  );
  return index;
}

function textOf(flows: Flows, texts: Texts, language: string, page: string): string {
  const placed = flows.steps.get(page);
  const lines = placed ? linesOf(flows, placed, 'marked', () => undefined) : [];
  return lines.map(({ key }) => texts.t(language, key)).join(' ');
}
