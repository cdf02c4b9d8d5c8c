/**
 * Numbers that are not written in digits: in circles, on keys, in the figures of other scripts, or in words; and addresses in words.
 *
 * Linear in the length of the text.
 */
import { fold } from '../../kernel/fold.ts';
import { digitsToAscii, normalForm } from '../../kernel/unicode.ts';
import type { DictatedWords } from '../reading/numbers.ts';

/** Signs of a number that Unicode does not take apart: where they begin, how many there are, and the number of the first. */
const RUNS = [
  [0x2160, 12, 1],
  [0x2170, 12, 1],
  [0x24eb, 10, 11],
  [0x24f5, 10, 1],
  [0x24ff, 1, 0],
  [0x2776, 10, 1],
  [0x2780, 10, 1],
  [0x278a, 10, 1],
  [0x3021, 9, 1],
  [0x3007, 1, 0],
  [0x1f10b, 1, 0],
  [0x1f10c, 1, 0],
] as const;

const NUMERIC = /[\p{No}\p{Nl}]/gu;
/** What is drawn around or over a figure: a key, a ring, an accent. */
const OVER_IT = /(\p{N})\p{M}+/gu;

/** A text with every sign of a number as digits; one whose number is not known is one all the same. */
export function withPlainNumbers(text: string): string {
  const known = text.replace(NUMERIC, (sign) => String(numberOf(sign) ?? sign));
  const composed = normalForm('NFKC', known).replace(NUMERIC, (sign) => String(sign.codePointAt(0)));
  return digitsToAscii(composed.replace(CHINESE, (sign) => String(FIGURES.indexOf(sign)))).replace(
    OVER_IT,
    '$1',
  );
}

/** Letters by their kind, though each is a figure: zero to ten. */
const FIGURES = '零一二三四五六七八九十';
const CHINESE = /[零一二三四五六七八九十]/gu;

function numberOf(sign: string): number | undefined {
  const code = sign.codePointAt(0) ?? 0;
  const run = RUNS.find(([from, count]) => code >= from && code < from + count);
  return run && run[2] + code - run[0];
}

/** Fewer are an amount, and no number to call. */
const IN_A_ROW = 3;

/** Rows of three and more words for numbers; figures between them count as words. */
export function numbersInWords({ words, between }: DictatedWords, text: string): string[] {
  const found: string[] = [];
  let row: string[] = [];
  const end = () => {
    if (row.length >= IN_A_ROW && row.some((word) => words.has(word))) found.push(row.join(' '));
    row = [];
  };
  for (const word of fold(text).split(/[^\p{L}\p{N}]+/u)) {
    if (word === '' || between.has(word)) continue;
    if (words.has(word) || /^\d+$/.test(word)) row.push(word);
    else end();
  }
  end();
  return found;
}

/** Rows of three and more numbers as the Romans wrote them; one alone is a letter or a century. */
export function romanNumbers(text: string): string[] {
  const found: string[] = [];
  let row: string[] = [];
  const end = () => {
    if (row.length >= IN_A_ROW) found.push(row.join(' ').toLowerCase());
    row = [];
  };
  for (const word of text.split(/[^\p{L}\p{N}]+/u)) {
    if (/^[IVXLC]+$/.test(word)) row.push(word);
    else if (word !== '') end();
  }
  end();
  return found;
}

/** What people say for the signs of an address (`dictated.address`): "arobase", "point org". */
export function addressesInWords({ address }: DictatedWords, text: string): string[] {
  const said = ` ${fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .join(' ')} `;
  return address.filter((phrase) => said.includes(` ${phrase} `));
}
