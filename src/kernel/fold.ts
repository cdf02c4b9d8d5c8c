/**
 * Finding again what another person wrote, on another keyboard.
 *
 * What is sought and what is searched are folded alike: case, accents (in one sign or two), ligatures, apostrophes, dashes,
 * spaces, signs that nobody sees, the letters of Bambara and its neighbours, and how a number is grouped do not matter.
 * For comparing only, never for keeping. Pure; runs in a browser too.
 */
import { digitsToAscii, normalForm } from './unicode.ts';

const UNSEEN = /\p{Cf}/gu;
const APOSTROPHES = /['`´‘’‛ʹʻʼʽʾʿˈ′‵ꞌ＇]/gu;
/** Brackets and the plus of a number too. */
const GAPS = /[\s\p{Pd}\u2212+()]+/gu;
const LETTERS = /[œæßøđłıɛǝəɔɓɗɣƙƴʉɩʋ]/gu;
/** As people write them who have no such keys. */
const PLAIN: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ı: 'i',
  ɛ: 'e',
  ǝ: 'e',
  ə: 'e',
  ɔ: 'o',
  ɓ: 'b',
  ɗ: 'd',
  ɣ: 'g',
  ƙ: 'k',
  ƴ: 'y',
  ʉ: 'u',
  ɩ: 'i',
  ʋ: 'v',
};
/** These are written in more than one way. */
const MANY = /[ɲŋ]/u;
const NY = ['ny', 'n', 'gn'] as const;
const NG = ['n', 'ng'] as const;

/** A text as it is compared; ɲ and ŋ in their commonest spelling. */
export const fold = (text: string): string => spelled(folded(text), NY[0], NG[0]);

/** What a text is searched as, by `soughtIn`: folded, then the other ways in which some of it may be written. */
export function searchable(text: string): string {
  const plain = folded(text);
  const others = plain
    .split(' ')
    .filter((word) => MANY.test(word))
    .flatMap(spellings);
  return [fold(text), ...others, ...numbersIn(plain), ...platesIn(plain)].join('\n');
}

/** Whether something `searchable` has all of these words. */
export function soughtIn(sought: string): (searched: string) => boolean {
  const plain = folded(sought, "'");
  const ways = [plain, grouped(plain)].map((way) => way.split(' ').map(soughtAs));
  return (searched) =>
    ways.some((words) => words.every((spelt) => spelt.some((word) => searched.includes(word))));
}

/**
 * The people who are called so: by full name, else by the first word of it; as it is written, else folded. Several: it
 * is not clear who is meant.
 */
export function peopleCalled<T extends { name: string }>(people: readonly T[], wanted: string): T[] {
  const asWritten = (name: string) => normalForm('NFC', name).trim().toLowerCase();
  const firstOf = (name: string) => name.split(/\s+/)[0] ?? '';
  for (const part of [(name: string) => name, firstOf])
    for (const as of [asWritten, fold]) {
      const found = people.filter(({ name }) => part(as(name)) === as(wanted));
      if (found.length > 0) return found;
    }
  return [];
}

/** The ways in which a word may have been written: without its apostrophes, or with a space there; a number without 223. */
function soughtAs(word: string): string[] {
  const ways = [word.replaceAll("'", ''), word.replaceAll("'", ' ').trim(), word.replace(COUNTRY, '')];
  return [...new Set(ways)].filter((way) => !way.includes("'")).flatMap(spellings);
}

/** Before the eight digits of a number of Mali. */
const COUNTRY = /^(?:00)?223(?=\d{8}$)/;

/** All but the letters that are written in many ways. */
function folded(text: string, apostrophe = ''): string {
  const bare = text.replace(UNSEEN, '').replace(APOSTROPHES, apostrophe);
  const lower = normalForm('NFKC', bare).toLowerCase();
  return digitsToAscii(normalForm('NFKD', lower))
    .replace(/\p{M}/gu, '')
    .replace(LETTERS, (letter) => PLAIN[letter] ?? letter)
    .replace(GAPS, ' ')
    .trim();
}

const spelled = (text: string, ny: string, ng: string): string =>
  text.replaceAll('ɲ', ny).replaceAll('ŋ', ng);

/** An n that is sung before them is often left out. */
const spellings = (word: string): string[] =>
  MANY.test(word)
    ? [word, word.replace(/n([ɲŋ])/gu, '$1')].flatMap((said) =>
        NY.flatMap((ny) => NG.map((ng) => spelled(said, ny, ng))),
      )
    : [word];

/** What stands between the groups of one number. */
const GROUPS = /^[ .,/]{1,3}$/;

/** A text cut at its numbers, in turns: what is none, a number in one piece, ... */
function cutAtNumbers(text: string): string[] {
  const parts = text.split(/(\d+)/);
  const cut = [parts[0] ?? ''];
  for (let n = 1; n < parts.length; n += 2) {
    const gap = cut.at(-1) ?? '';
    if (cut.length > 1 && GROUPS.test(gap)) {
      cut.pop();
      cut.push(`${cut.pop()}${parts[n]}`);
    } else cut.push(parts[n] ?? '');
    cut.push(parts[n + 1] ?? '');
  }
  return cut;
}

const grouped = (text: string): string => cutAtNumbers(text).join('');
const numbersIn = (text: string): string[] => cutAtNumbers(text).filter((_, n) => n % 2 === 1);

const isShort = (word = ''): boolean => /^\p{L}{1,3}$/u.test(word);

/** Numbers in one piece with the short words beside them: "ak 1234 md" is ak1234md, as plates of cars are written. */
function platesIn(text: string): string[] {
  const words = grouped(text).split(/[^\p{L}\d]/u);
  const found = words.filter(Boolean).map((word, n, all) => {
    if (!/\d/.test(word)) return '';
    const [before = '', behind = ''] = [all[n - 1], all[n + 1]].map((each) => (isShort(each) ? each : ''));
    return before || behind ? `${before}${word}${behind}` : '';
  });
  return found.filter(Boolean);
}
