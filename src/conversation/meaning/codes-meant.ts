/**
 * Which answers of a list words mean that are none of its labels: "menace de mort", "ils m'ont frappé", "police et djihadistes".
 *
 * Invariants: a "not" leaves open what is meant, and so do words that mean two answers where one is to be chosen: nothing is
 * chosen then, and the words are kept. The longest phrase counts, and none that lies within it.
 */
import { codesAt } from '../asking/codes.ts';
import { placedAt, type View } from '../asking/turn.ts';
import type { CodeWords } from '../reading/code-words.ts';
import { plainOf } from '../reading/normalise.ts';
import { rough } from '../reading/sounds.ts';

/** More words than this tell something. */
const MOST_WORDS = 12;

type Phrase = { phrase: string; code: string };

/** The codes that the words mean at the present question, of those that can be its answer. `words`: normalised. */
export function codesMeant(view: View, words: string): string[] {
  const placed = placedAt(view);
  const { answers, codes } = view.deps.texts.reading;
  const said = plainOf(words);
  if (said.split(' ').length > MOST_WORDS || answers.saysNo(said)) return [];
  const offered = codesAt(view, placed);
  const list = 'list' in placed.step ? placed.step.list : undefined;
  const known = [...phrasesOf(codes, list ?? placed.path), ...kindsOf(view, codes, list)];
  const heard = ` ${rough(said)} `;
  const found = known.filter(({ phrase, code }) => offered.includes(code) && heard.includes(` ${phrase} `));
  const isWithin = ({ phrase, code }: Phrase) =>
    found.some(
      (other) => other.code !== code && other.phrase.length > phrase.length && isPart(phrase, other.phrase),
    );
  return [...new Set(found.filter((each) => !isWithin(each)).map(({ code }) => code))];
}

const isPart = (phrase: string, whole: string): boolean => ` ${whole} `.includes(` ${phrase} `);

/** Subjects are told by what happened, too: each kind has its subject. */
function kindsOf({ deps: { flows } }: View, codes: CodeWords, list: string | undefined): Phrase[] {
  if (list !== SUBJECTS) return [];
  const kinds = flows.lists.get(KINDS)?.entries ?? {};
  return phrasesOf(codes, KINDS).flatMap(({ phrase, code }) => {
    const subject = kinds[code]?.menu;
    return subject === undefined ? [] : [{ phrase, code: subject }];
  });
}
const SUBJECTS = 'threat_groups';
const KINDS = 'threat_types';

const known = new WeakMap<CodeWords, Map<string, readonly Phrase[]>>();

/** As they sound; made once. */
function phrasesOf(codes: CodeWords, list: string): readonly Phrase[] {
  const made = known.get(codes) ?? new Map<string, readonly Phrase[]>();
  known.set(codes, made);
  const phrases =
    made.get(list) ?? (codes.get(list) ?? []).map(([phrase, code]) => ({ phrase: rough(phrase), code }));
  made.set(list, phrases);
  return phrases;
}
