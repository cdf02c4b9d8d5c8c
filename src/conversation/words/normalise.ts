/**
 * Makes what people type comparable: phones put in capitals, accents, curly apostrophes, invisible direction
 * marks, keycap digits and emoji, and nobody should have to care.
 */
import { digitsToAscii, normalForm } from '../../kernel/unicode.ts';
import { NUMBER_WORDS } from './number-words.ts';

/** Zero-width and direction marks, variation selectors, the keycap ring, soft hyphen. */
const INVISIBLE = /[\p{Cf}\u115F\u1160\u17B4\u17B5]|\u034F|\u20E3|[\uFE00-\uFE0F]|[\u180B-\u180F]/gu;

/** Lower case, no accents, no punctuation or emoji, single spaces: for comparing only, never for keeping. */
export function normalise(text: string): string {
  const plain = text.replace(/🆘/gu, ' sos ').replace(INVISIBLE, '');
  const lower = digitsToAscii(normalForm('NFKC', plain))
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae');
  return normalForm('NFD', lower)
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\s+/g, ' ');
}

/** Whether a text shows nothing at all. */
export function isBlank(text: string): boolean {
  return text.replace(INVISIBLE, '').trim() === '';
}

/** What a person wrote, for keeping: without characters that show nothing or turn the text around. */
export function clean(text: string): string {
  return text.replaceAll('\0', '').replace(TURNING, '').trim();
}
/** Joiners and variation selectors belong to emoji and scripts: they stay. NUL cannot be stored as text in PostgreSQL. */
const TURNING = /[\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu;

/** Words that may stand around numbers without changing what is meant. */
const FILLER = new Set([
  'n',
  'no',
  'nos',
  'o',
  'num',
  'numero',
  'numeros',
  'number',
  'numbers',
  'option',
  'options',
  'choix',
  'reponse',
  'reponses',
  'answer',
  'le',
  'la',
  'les',
  'the',
  'et',
  'and',
  'puis',
  'plus',
  'then',
  'c',
  'est',
  'cest',
  'je',
  'choisis',
  'prends',
  'svp',
  'stp',
  'merci',
  'please',
  'pls',
]);

/**
 * The numbers a message consists of ("1", "1️⃣", "un", "n°2", "1 et 3", "1,3"); nothing if it says anything
 * else. Order kept, each once.
 */
export function readNumbers(text: string): number[] | undefined {
  const found = new Set<number>();
  for (const token of normalise(text).split(' ')) {
    if (FILLER.has(token)) continue;
    const value = /^\d{1,3}$/.test(token) ? Number(token) : (NUMBER_WORDS[token] ?? prefixed(token));
    if (value === undefined) return undefined;
    found.add(value);
  }
  return found.size > 0 ? [...found] : undefined;
}

function prefixed(token: string): number | undefined {
  const match = /^(?:n|no|num)(\d{1,3})$/.exec(token);
  return match ? Number(match[1]) : undefined;
}
