/**
 * Words as they sound, for comparing: "éfacé", "effacez" and "efacer" are the same, "m'écrivez" is "mecrivez". Made for how
 * French is typed on phones; what it makes of other languages it makes of their lists too.
 */
const VOWEL = /^[aeiouyh]/;
/** Letters that are written before a word with an apostrophe, or with none. */
const ELIDED = /^[cdjlmnst]$/;

/** `words`: without accents (`plainOf`). */
export function soundsOf(words: string): string {
  const said: string[] = [];
  let before = '';
  for (const word of words.split(' ')) {
    if (before === '' && ELIDED.test(word)) {
      before = word;
      continue;
    }
    if (before !== '' && !VOWEL.test(word)) {
      said.push(before);
      before = ELIDED.test(word) ? word : '';
      if (before !== '') continue;
    }
    said.push(soundOf(before + word));
    before = '';
  }
  if (before !== '') said.push(before);
  return said.join(' ');
}

/** Shorter words are told apart by each of their letters: "j'ai" is not "je". */
const SHORT = 3;

function soundOf(word: string): string {
  if (word.length <= SHORT) return word === 'que' ? 'ke' : word;
  const letters = word
    .replace(/ph/g, 'f')
    .replace(/qu?/g, 'k')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/c(?!h)/g, 'k')
    .replace(/y/g, 'i')
    .replace(/z/g, 's')
    .replace(/eau|au/g, 'o')
    .replace(/ai|ei/g, 'e');
  const once = [...letters].filter((letter, at, all) => letter !== all[at - 1]).join('');
  return once.replace(/(...)[rstdx]$/, '$1');
}

/**
 * Words as they are spelt by ear: "menas de mor" is "menace de mort", "jveu mourir" is "je veux mourir". Rougher than `soundsOf`:
 * only for phrases of several words, which mean the same however they are heard.
 */
export const rough = (words: string): string =>
  words
    .replace(/(^| )(?:je|j)(?= ?[^aeiouyh ])/g, '$1')
    .split(' ')
    .map(roughly)
    .filter((word) => word !== '')
    .join(' ');

function roughly(word: string): string {
  const heard = word
    .replace(/ph/g, 'f')
    .replace(/qu?/g, 'k')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/ss/g, 's')
    .replace(/c(?!h)/g, 'k')
    .replace(/y/g, 'i')
    .replace(/eau|au/g, 'o')
    .replace(/(?:er|ez|ai|et)$/g, 'e');
  const once = [...heard].filter((letter, at, all) => letter !== all[at - 1]).join('');
  return mute(once);
}

/** Letters at the end that nobody hears; of a word some letters stay. */
function mute(word: string): string {
  let to = word.length;
  while (to > SHORT && MUTE.has(word.charAt(to - 1))) to -= 1;
  return word.slice(0, to);
}
const MUTE: ReadonlySet<string> = new Set(['e', 's', 't', 'd', 'x', 'p', 'z']);

/** Doubled letters count once: "kidnapé", "aretter". */
export function loose(words: string): string {
  let said = '';
  let last = '';
  for (const letter of words) {
    if (letter !== last || letter < 'a' || letter > 'z') said += letter;
    last = letter;
  }
  return said;
}
