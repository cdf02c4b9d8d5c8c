/**
 * Whom it is about, and how old they are, in a person's own words: "mon mari", "on est 5", "il a 15 ans".
 *
 * Invariant: nothing is chosen where the words are a cry for help, say of whom it is not, or leave open which of several.
 */

import { placedAt, type View } from '../asking/turn.ts';
import { saidAge, tellsUnder18 } from '../reading/ages.ts';
import { plainOf } from '../reading/normalise.ts';
import type { HeardWord } from '../words/bot-keys.ts';
import { holdsSos } from '../words/cry.ts';
import { asksFor, isOnly, saysOf } from '../words/heard.ts';
import type { Texts } from '../words/texts.ts';
import type { Meant } from './meant.ts';

/** Whom it is about, in their own words, which are kept: the officer reads them beside the code. */
export function concerned(view: View, text: string, words: string): Meant | undefined {
  const { texts } = view.deps;
  if (holdsSos(texts, text) || excludes(view, words)) return undefined;
  if (isOnly(texts, words, 'is_self')) return { id: 'self' };
  const { ages } = texts.reading;
  if (tellsUnder18(ages, text)) return { id: 'self_under_18', said: text };
  const isRelative = asksFor(texts, words, 'is_relative');
  const isDefender = saysOf(texts, words, 'is_defender');
  const { beginsWithSelf, ofOthers } = texts.reading.answers;
  const said = plainOf(words);
  if (beginsWithSelf(said)) {
    // "Moi et mon frère": which of them, only they can say.
    if (isRelative || said.split(' ').some((word) => ofOthers.has(word))) return undefined;
    if (saidAge(ages, text) === 'under_18') return { id: 'self_under_18', said: text };
    return isDefender ? { id: 'self', said: text } : undefined;
  }
  if (isDefender) return { id: 'other_defender', said: text };
  if (isRelative) return { id: 'family_of_defender', said: text };
  if (words.split(' ').length > MOST_WORDS_OF_MANY) return undefined;
  // "Le président de notre association" is one person.
  if (isOfMany(view, words, 'is_organisation')) return { id: 'organisation', said: text };
  if (isOfMany(view, words, 'is_group')) return { id: 'group', said: text };
  return isOfMany(view, words, 'is_other') ? { id: 'other_person', said: text } : undefined;
}

/** "Pas un proche", "n'appelez pas mon mari": says of whom it is not. */
function excludes({ deps: { texts } }: View, words: string): boolean {
  const [first = ''] = words.split(' ');
  const isNo = texts.languages.some((each) => texts.commandWords(each).get('no')?.includes(first));
  // "N" alone is "my" in Bambara.
  const isPas = first.length > 2 && !isNo && texts.reading.answers.saysNo(plainOf(first));
  return isPas || saysOf(texts, words, 'stop_calling');
}

/** The question whether the person concerned is under 18. */
export const UNDER_18 = 'other_under_18';

/** How old they are said to be, where that is asked: it decides, whatever yes or no stands before it. */
export function agedAt(view: View, text: string): Meant | undefined {
  if (placedAt(view).id !== UNDER_18) return undefined;
  const age = saidAge(view.deps.texts.reading.ages, text);
  return age && { id: age === 'under_18' ? 'yes' : 'no', said: text };
}

/** More words tell something. */
const MOST_WORDS_OF_MANY = 7;

const isOfMany = ({ deps: { texts } }: View, words: string, what: HeardWord): boolean =>
  isSaidOfMany(texts, words, what) ||
  // "On est 5".
  isSaidOfMany(texts, withNumberAsMany(words), what) ||
  texts.languages.some((language) =>
    (texts.heard(language).get(what) ?? []).some((phrase) =>
      OF_MANY.some((before) => plainOf(words) === `${before} ${phrase}`),
    ),
  );

/** "On est 5" as "on est plusieurs". */
function withNumberAsMany(words: string): string {
  const tokens = words.split(' ');
  const at = tokens.findIndex((token) => /^\d+$/.test(token));
  return at === -1 ? words : tokens.with(at, 'plusieurs').join(' ');
}

const isSaidOfMany = (texts: Texts, words: string, what: HeardWord): boolean =>
  asksFor(texts, words, what) && isOnly(texts, words, what, 'around_who', 'around_yes');

const OF_MANY = ['c est', 'cest', 'c', 'pour', 'c est pour', 'de', 'il s agit de', 'its', 'it is', 'for'];
