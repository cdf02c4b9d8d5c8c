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
