/**
 * Words as thumbs type them, compared by their bones: "jveu parlé a kelk1" has those of "je veux parler à quelqu'un". Letters
 * that are not heard go, letters that sound alike are one, and where a word ends does not matter, only that a phrase begins
 * and ends with one. Made for French on a phone; what it makes of other languages it makes of their lists too.
 *
 * Invariants: bones are for lists of harmless phrases (what is asked, what is agreed to), never for signs of danger; a phrase
 * of few bones is compared letter by letter elsewhere. Linear in what was said.
 */
import { plainOf } from '../reading/normalise.ts';
import type { Command, HeardWord } from './bot-keys.ts';
import type { Texts } from './texts.ts';

/** A phrase with fewer bones sounds like too much else; of those that only count together, a few will do. */
const FEWEST = 4;
const FEW = 2;
/** Three kinds of words that ask for a person only where all of them are said: "je veux", "parler", "à quelqu'un". */
export const TOGETHER = ['wants', 'talks', 'talks_to'] as const satisfies HeardWord[];
const OF_FEW_BONES: ReadonlySet<string> = new Set(TOGETHER);
/** No phrase has more words. */
const LONGEST = 10;
/** Longer messages tell something. */
const MOST_WORDS = 40;

const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/1$/, 'un'],
  [/ph/g, 'f'],
  [/qu?/g, 'k'],
  [/ch/g, '#'],
  [/s?c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/y/g, 'i'],
  [/z/g, 's'],
  [/gu(?=[ei])/g, 'g'],
  [/g(?=[ei])/g, 'j'],
  [/eau|au/g, 'o'],
  [/oi|oua|wa|oa/g, 'wa'],
  [/ou/g, 'u'],
  [/e[mn](?=[^aeiou]|$)/g, 'an'],
  [/(?:er|e[st]|ai[st]?)$/g, 'e'],
  [/oeu|eu|ei|ai/g, 'e'],
  [/h/g, ''],
];
/** They are hardly heard beside others: "c'est" is "c". */
const UNHEARD = new Set(['est', 'es', 'et', 'ai', 'y', 'a', 'e']);
/** Written with their first letters. */
const SHORTENED: Readonly<Record<string, string>> = {
  vs: 'vous',
  ns: 'nous',
  pr: 'pour',
  mw: 'moi',
  tt: 'tout',
  mn: 'mon',
  wi: 'oui',
};

/** A last letter that is not heard, or not always. */
const unended = (word: string): string => (word.length > 2 ? word.replace(/[stdxp]$/, '') : word);

/** What is left of one word. */
function bonesOf(word: string): string {
  if (UNHEARD.has(word)) return '';
  if (word === 'c') return 's';
  const whole = SHORTENED[word] ?? word;
  const alike = ALIKE.reduce((letters, [from, to]) => letters.replace(from, to), whole);
  const heard = [...unended(alike)].filter((letter) => letter !== 'e');
  return unended(heard.filter((letter, at) => letter !== heard[at - 1]).join(''));
}

type Phrases = ReadonlySet<string>;
const known = new WeakMap<object, Map<HeardWord | Command, Phrases>>();

/** The bones of a list's phrases, of all languages on offer. */
function phrasesOf(texts: Texts, what: HeardWord | Command): Phrases {
  const all = known.get(texts.edition) ?? new Map<HeardWord | Command, Phrases>();
  known.set(texts.edition, all);
  const phrases =
    all.get(what) ??
    new Set(
      texts.languages
        .flatMap((language) => texts.heard(language).get(what) ?? [])
        .map((phrase) => phrase.split(' ').map(bonesOf).join(''))
        .filter((bones) => bones.length >= (OF_FEW_BONES.has(what) ? FEW : FEWEST)),
    );
  all.set(what, phrases);
  return phrases;
}

const tokensOf = (words: string): string[] => {
  const tokens = plainOf(words).split(' ', MOST_WORDS + 1);
  return tokens.length > MOST_WORDS ? [] : tokens.map(bonesOf);
};

/** Where phrases end that begin with this word: the number of the word behind each. */
function* endsFrom(tokens: readonly string[], from: number, isPhrase: (bones: string) => boolean) {
  let bones = '';
  for (let to = from; to < Math.min(tokens.length, from + LONGEST); to++) {
    bones += tokens[to] ?? '';
    if (isPhrase(bones)) yield to + 1;
  }
}

/** Whether a phrase of the list stands somewhere in the words. */
export function isTypedIn(texts: Texts, words: string, what: HeardWord | Command): boolean {
  const phrases = phrasesOf(texts, what);
  const tokens = tokensOf(words);
  return tokens.some((_, from) => !endsFrom(tokens, from, (bones) => phrases.has(bones)).next().done);
}

/** Whether the words are phrases of these lists, one after the other, and nothing else. `isAlso`: words that count as they are. */
export function isTypedOnly(
  texts: Texts,
  words: string,
  kinds: readonly (HeardWord | Command)[],
  isAlso: (part: string) => boolean,
): boolean {
  const plain = plainOf(words).split(' ', MOST_WORDS + 1);
  const tokens = tokensOf(words);
  const lists = kinds.map((what) => phrasesOf(texts, what));
  const reach = [true, ...tokens.map(() => false)];
  tokens.forEach((_, from) => {
    if (!reach[from]) return;
    for (const to of endsFrom(tokens, from, (bones) => lists.some((phrases) => phrases.has(bones))))
      reach[to] = true;
    for (let to = from + 1; to <= Math.min(tokens.length, from + LONGEST); to++)
      if (isAlso(plain.slice(from, to).join(' '))) reach[to] = true;
  });
  return tokens.length > 0 && reach[tokens.length] === true;
}
