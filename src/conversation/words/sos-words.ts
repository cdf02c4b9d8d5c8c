/** SOS as people type it in fear, told from other words in linear work. */

/**
 * SOS again and again, stammered or spaced: "s o s", "sosss soos", "SOSSOS". Between two o there are two s at least, or it
 * would be "so so". Written so that no s can belong to two places: a looser pattern tries them all, and a hundred letters
 * hold the processor for minutes (`test/attack/patterns.test.ts`).
 */
const STAMMERED = /^s+ ?o+(?: ?(?:s+ s+|ss+) ?o+)* ?s+ ?$/;

export const isStammeredSos = (words: string): boolean => STAMMERED.test(words);

/** "au secouuurs" as "au secours": of three or more of the same letter one is left. */
export function calmed(words: string): string {
  let calm = '';
  for (let from = 0; from < words.length; ) {
    const letter = String.fromCodePoint(words.codePointAt(from) ?? 0);
    let to = from + letter.length;
    while (words.startsWith(letter, to)) to += letter.length;
    const isLong = to - from >= 3 * letter.length && /\p{L}/u.test(letter);
    calm += isLong ? letter : words.slice(from, to);
    from = to;
  }
  return calm;
}

/** Longest chain of words that is looked at: "sos sos aidez moi au secours". */
const MOST_WORDS = 12;
/** No command word is longer. */
const LONGEST_WORD = 60;

/** Whether it is one SOS word after the other and nothing else: "au secours au secours", "sos aidez moi". */
export function isChainOf(isWord: (words: string) => boolean, words: string): boolean {
  if (words.length > MOST_WORDS * LONGEST_WORD) return false;
  const tokens = words.split(' ');
  if (tokens.length > MOST_WORDS) return false;
  const reach = [true, ...tokens.map(() => false)];
  for (let to = 1; to <= tokens.length; to++)
    for (let from = 0; from < to; from++)
      if (reach[from] && isWord(tokens.slice(from, to).join(' '))) reach[to] = true;
  return reach[tokens.length] === true;
}
