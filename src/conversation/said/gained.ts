/**
 * What a text gains that people could call or open: numbers, and whatever looks like an address. A person who types a number of
 * their own into a sentence that seems harmless would be called by people in danger.
 *
 * A net that is wide: a time or a year counts too, and so does a number in whatever signs, or in words (`dictated` in
 * `locales/<language>/small_words.yaml`). Linear in the length of the text.
 */
import { withoutUnseen } from '../../kernel/unicode.ts';
import type { DictatedWords } from '../reading/numbers.ts';
import { addressesInWords, numbersInWords, romanNumbers, withPlainNumbers } from './number-words.ts';
import type { TextValue } from './own-texts.ts';

/** Signs within addresses, also those of other scripts that look like them. */
const WITHIN = /[.:/@\\。．｡․‧·∙⋅・⸳⁄∕⧸]/u;

/** The numbers and addresses of a text after it was changed that were not in it before, each once. */
export function gained(
  dictated: DictatedWords,
  before: TextValue | null | undefined,
  after: TextValue | null | undefined,
): string[] {
  const had = new Set(openables(dictated, before));
  return [...new Set(openables(dictated, after))].filter((each) => !had.has(each));
}

/** A number as it is dialled: digits that only spaces and the like stand between. */
const NUMBER = /\d+(?:[\s.()\-–—/]{1,3}\d+)*/g;

function openables(dictated: DictatedWords, text: TextValue | null | undefined): string[] {
  const said = [text ?? '']
    .flat()
    .join('\n')
    .replace(/\{\{[^{}]*\}\}/g, ' ');
  const written = withPlainNumbers(withoutUnseen(said));
  const plain = written.toLowerCase();
  const numbers = (plain.match(NUMBER) ?? []).map((number) => number.replace(/\D/g, ''));
  return [
    ...plain.split(/\s/u).map(bare).filter(isAddress),
    ...torn(written.split(/\s+/u)),
    ...plain.split(/[^\p{L}\p{M}]+/u).filter(isOfTwoScripts),
    ...numbers,
    ...romanNumbers(written),
    ...numbersInWords(dictated, plain),
    ...addressesInWords(dictated, plain),
  ];
}

/** An address with a space beside its dot: no sentence begins there, for what follows is small. */
function torn(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1] ?? '';
    const isAtEnd = /[\p{L}\p{N}]\.$/u.test(word.slice(-3)) && /^[\p{Ll}\p{N}]/u.test(next);
    return isAtEnd || /^\.[\p{L}\p{N}]/u.test(next) ? [`${word} ${next}`] : [];
  });
}

/** Letters of another script that look like ours, within a word. */
const isOfTwoScripts = (word: string): boolean =>
  /\p{Script=Latin}/u.test(word) && /[^\p{Script=Latin}\p{M}]/u.test(word);

/** Without the commas and brackets around it. */
function bare(word: string): string {
  const signs = [...word];
  const isOf = (sign: string) => /[\p{L}\p{N}@/]/u.test(sign);
  const from = signs.findIndex(isOf);
  return from < 0 ? '' : signs.slice(from, signs.findLastIndex(isOf) + 1).join('');
}

const isAddress = (word: string): boolean => {
  const [first = '', ...rest] = word.split(WITHIN);
  return rest.some((part) => part !== '') && (first !== '' || /^[@/]/.test(word));
};
