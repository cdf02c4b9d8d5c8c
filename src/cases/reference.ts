/**
 * Case references: `TAKO-4827`.
 *
 * Invariants: random, so a reference tells neither order nor number nor anything about a case; it can be said
 * aloud in French and Bambara (open syllables of sounds that both write alike: no C, G, H, J, Q, U, V, W, X,
 * Z, and neither E nor U); it is no word that hurts, frightens or names a place or a people. It is no secret:
 * pages carry it, and it opens nothing.
 */
import { randomInt } from 'node:crypto';
import { normalForm } from '../kernel/unicode.ts';

const CONSONANTS = 'BDFKLMNPRSTY';
const VOWELS = 'AIO';

/** Insults, bodies, illness, death, sorcery, armed movements, peoples and places of Mali. Reviewed by hand. */
const AVOIDED = new Set(
  (
    'BABA BABI BANA BANI BARO BIDI BILO BIPI BISA BISO BITA BITO BOBO BODA BOLI BOKO BOSO BOYO DADA DINA DODO FADA ' +
    'FANA FAPI FATO FIFI FODA FOFO FOLA FOLI FORO KAKA KAKI KAPO KANI KATI KAFI KILA KILI KITA KOKI KOMA KOMO KONA ' +
    'KORO KOTI LOLO LOPA MALI MASO MATA MITA MOLO MOPI MORI MORO MOSI NANA NARA NARO NANI NIKA NIKI NIKO NINI ' +
    'PAKO PAPA PAPI PATI PIDO PINA PINO PIPA PIPI PIPO PITO PODA POPO PORO RATA RATI SADI SADO SALI SALO SAMO SARO SAYA ' +
    'SAYI SIDA SIDI SIBI SOLO SOMA SOMO SOSO TARI TARO TATI TITI TOMA TORO TOTO YAYA YORO'
  ).split(' '),
);

const SYLLABLES = [...CONSONANTS].flatMap((consonant) => [...VOWELS].map((vowel) => consonant + vowel));
const WORDS = SYLLABLES.flatMap((first) => SYLLABLES.map((second) => first + second)).filter(
  (word) => !AVOIDED.has(word),
);
const KNOWN = new Set(WORDS);
/** However it is spaced or accented, nobody writes one in more characters. */
const LONGEST = 100;

/** How many references there are: more than ten million, so that guessing finds none. */
export const REFERENCE_COUNT = WORDS.length * 10_000;

/**
 * A fresh random reference. `random(n)` gives a whole number from 0 to n - 1; default: the system's secure
 * random source. Whether it is free is the caller's to see.
 */
export function newReference(random: (below: number) => number = (below) => randomInt(below)): string {
  return `${WORDS[random(WORDS.length)]}-${String(random(10_000)).padStart(4, '0')}`;
}

/**
 * Reads a reference as people write it ("tako 4827", "Tako4827", "TAK0–4827"); undefined if it is none.
 * Letters and digits that look alike are read as what belongs in their place.
 */
export function parseReference(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const characters = normalForm('NFKD', text)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  if (characters.length !== 8) return undefined;
  const word = characters.slice(0, 4).replace(/0/g, 'O').replace(/1/g, 'I');
  const digits = characters.slice(4).replace(/O/g, '0').replace(/[IL]/g, '1');
  const isReference = KNOWN.has(word) && /^\d{4}$/.test(digits);
  return isReference ? `${word}-${digits}` : undefined;
}
