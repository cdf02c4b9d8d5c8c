/**
 * What a person asks for by right in words of their own: that all be erased or kept, what is kept of them, that it be corrected,
 * not to be counted, not to be written to; or that it was a mistake.
 *
 * Invariants: a wish is only what consists of its words and of those that people put around a wish; "they erased my photos"
 * is none. What only begins like one, or has an order to us in it ("effacez", not "effacé"), is kept as words and offered as a button.
 * Linear in what was said.
 */
import { plainOf } from '../reading/normalise.ts';
import { soundsOf } from '../reading/sounds.ts';
import type { Command, HeardWord } from './bot-keys.ts';
import { saysOf } from './heard.ts';
import type { Texts } from './texts.ts';

/** In this order: "do not erase" has "erase" in it, "what you keep" has "keep". */
const WISHES = [
  ['access', 'asks_access', 'access_told'],
  ['keep', 'asks_keep', 'keep_told'],
  ['erase', 'asks_erase', 'erase_told'],
  ['quiet', 'asks_quiet', 'quiet_told'],
  ['objection', 'asks_objection', 'objection_told'],
  ['correction', 'asks_correction', 'correction_told'],
  ['mistake', 'says_mistake', undefined],
] as const satisfies readonly (readonly [Command, HeardWord, HeardWord | undefined])[];

export type Wish = (typeof WISHES)[number][0];

/** More words than this tell something. */
const MOST_WORDS = 18;
/** So many words behind a wish may say more of it. */
const MOST_OF_A_TELLING = 30;
/** No phrase of a list has more words. */
const LONGEST = 10;

/** The wish that the words are, and nothing else. `words`: normalised. */
export function wishOf(texts: Texts, words: string): Wish | undefined {
  const said = tokensOf(words, MOST_WORDS);
  if (!said) return undefined;
  return WISHES.find(([wish, asks]) => isMadeOf(said, known(texts, asks), aroundOf(texts, wish)))?.[0];
}

/**
 * That an alert which is out was raised by mistake: one phrase at least says so plainly, beside it only what calms and is polite.
 * "C'est bon", "ça va aller" say it to no one who may die of it. `words`: normalised.
 */
export function isFalseAlarm(texts: Texts, words: string): boolean {
  const said = tokensOf(words, MOST_WORDS);
  if (!said) return false;
  const around = [...aroundOf(texts, 'mistake'), known(texts, 'says_mistake')];
  return isMadeOf(said, known(texts, 'says_false_alarm'), around);
}

/** The wish that the words may be: they begin like one, or one of our orders stands in them. `words`: normalised. */
export function maybeWish(texts: Texts, words: string): Wish | undefined {
  const said = tokensOf(words, MOST_OF_A_TELLING);
  if (!said) return undefined;
  return WISHES.find(
    ([wish, asks, told]) =>
      told !== undefined &&
      // "My data was stolen": what is kept of them is only told of.
      ((wish !== 'access' && isBegunBy(said, known(texts, asks), aroundOf(texts, wish))) ||
        saysOf(texts, words, told)),
  )?.[0];
}

/** Words of both lists in one short message: what they ask for may be this. */
const HINTS = [
  ['erase', 'hint_erase', 'hint_own'],
  ['quiet', 'hint_write', 'hint_no'],
  ['objection', 'hint_count', 'hint_no'],
  ['correction', 'hint_correct', undefined],
  ['access', 'hint_read', 'hint_own'],
  ['person', 'hint_talk', 'hint_whom'],
  ['mistake', 'hint_mistake', undefined],
] as const satisfies readonly (readonly [Command, HeardWord, HeardWord | undefined])[];

/** Longer messages tell something. */
const MOST_OF_A_HINT = 12;

/** What short words may ask for, at the menu of a person whose case is with the team. `words`: normalised. */
export function hintOf(texts: Texts, words: string): (typeof HINTS)[number][0] | undefined {
  const said = tokensOf(words, MOST_OF_A_HINT);
  if (!said) return undefined;
  return HINTS.find(
    ([, what, of]) => holds(said, known(texts, what)) && (of === undefined || holds(said, known(texts, of))),
  )?.[0];
}

/** Whether a phrase of the list stands in the words, as they sound. `words`: normalised. */
export function soundsLike(texts: Texts, words: string, what: HeardWord): boolean {
  const said = tokensOf(words, MOST_OF_A_TELLING);
  return said !== undefined && holds(said, known(texts, what));
}

/** "Correct my name": what may be corrected stands around that wish only; "delete my name" is not "delete all". */
const aroundOf = (texts: Texts, wish: Wish): Phrases[] => [
  known(texts, 'around_wish'),
  ...(wish === 'correction' ? [known(texts, 'around_correction')] : []),
  ...(wish === 'mistake' ? [known(texts, 'courtesy')] : []),
];

/** Thanks, a greeting, an "ok": nothing that a person would have to read. */
export function isCourtesy(texts: Texts, words: string): boolean {
  const said = tokensOf(words, MOST_WORDS);
  if (!said) return words === '';
  const polite = known(texts, 'courtesy');
  return isMadeOf(said, polite, [polite]);
}

const tokensOf = (words: string, most: number): string[] | undefined => {
  if (words === '' || words.length > most * MOST_LETTERS) return undefined;
  const tokens = soundsOf(plainOf(words)).split(' ');
  return tokens.length <= most ? tokens : undefined;
};
const MOST_LETTERS = 20;

/** Phrases of the first kind and of the second, one of the first at least, and nothing else. */
function isMadeOf(said: readonly string[], asks: Phrases, around: readonly Phrases[]): boolean {
  const reached = reach(said, asks, around);
  return reached.wished[said.length] === true;
}

/** The words up to a phrase of the first kind are of the second. */
function isBegunBy(said: readonly string[], asks: Phrases, around: readonly Phrases[]): boolean {
  return reach(said, asks, around).wished.some((isSo) => isSo);
}

function reach(said: readonly string[], asks: Phrases, around: readonly Phrases[]) {
  const polite: boolean[] = [true];
  const wished: boolean[] = [false];
  for (let to = 1; to <= said.length; to++) {
    for (let from = Math.max(0, to - LONGEST); from < to; from++) {
      if (!polite[from] && !wished[from]) continue;
      const phrase = said.slice(from, to).join(' ');
      if (asks.has(phrase)) wished[to] = true;
      if (!around.some((phrases) => phrases.has(phrase))) continue;
      if (polite[from]) polite[to] = true;
      if (wished[from]) wished[to] = true;
    }
  }
  return { polite, wished };
}

const holds = (said: readonly string[], phrases: Phrases): boolean =>
  said.some((_, from) =>
    Array.from({ length: Math.min(LONGEST, said.length - from) }, (__, more) => from + more + 1).some((to) =>
      phrases.has(said.slice(from, to).join(' ')),
    ),
  );

type Phrases = ReadonlySet<string>;

const remembered = new WeakMap<object, Map<HeardWord, Phrases>>();

/** Of all languages on offer. */
function known(texts: Texts, what: HeardWord): Phrases {
  const all = remembered.get(texts.edition) ?? new Map<HeardWord, Phrases>();
  remembered.set(texts.edition, all);
  const phrases =
    all.get(what) ??
    new Set(texts.languages.flatMap((language) => (texts.heard(language).get(what) ?? []).map(soundsOf)));
  all.set(what, phrases);
  return phrases;
}
