/**
 * Words that tell the holder of a phone who wrote there, or why. Pure, and small enough for the officers' room, which warns
 * of them in an officer's own words.
 */

/** In every language; what else tells in one stands in its `wording.yaml`. Beginnings of words; `=` before one: the whole word. */
const EVERYWHERE: readonly string[] = [
  ...['=cndh', '=mnpddh', 'lakana', '=sos', 'polic', 'alert', '=onu', '=ong', '=ngo'],
];

/** The first word of a text that gives something away; undefined: none does. `telling`: of its language. */
export function tellingWord(
  text: string,
  telling: readonly string[],
  names: readonly string[] = [],
): string | undefined {
  const plain = text.toLowerCase();
  const words = plain.split(/[^\p{L}\p{N}]+/u);
  const tells = (word: string) =>
    [...EVERYWHERE, ...telling].some((each) =>
      each.startsWith('=') ? word === each.slice(1) : word.startsWith(each),
    );
  return words.find(tells) ?? names.find((name) => plain.includes(name.toLowerCase()));
}
