/** A contact card as phones send it (vCard, RFC 6350), as words for a reader. Linear in its length. */

/** What is worth reading of a card: names, numbers, addresses, a note. Pictures and marks of programs are not. */
const READ: ReadonlySet<string> = new Set(['FN', 'ORG', 'TITLE', 'TEL', 'EMAIL', 'ADR', 'NOTE', 'URL']);
const LONGEST_CARD = 20_000;

/** Name and number first, then what else the card says, each once: "Moussa, +223 70 00 00 00". */
export function wordsOfCard(known: readonly (string | null | undefined)[], vcard?: string | null): string {
  const said = [...known, ...linesOf(vcard ?? '')];
  const words: string[] = [];
  for (const each of said) {
    const word = each?.trim();
    if (word && !words.some((other) => comparable(other) === comparable(word))) words.push(word);
  }
  return words.join(', ');
}

/** Numbers are the same however they are spaced. */
const comparable = (word: string): string =>
  /^[+\d\s().-]+$/.test(word) ? word.replace(/[^\d]/g, '') : word.toLowerCase();

function linesOf(vcard: string): string[] {
  // A long line goes on in the next one, after a space.
  const lines = vcard
    .slice(0, LONGEST_CARD)
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    const [property = ''] = line.slice(0, colon).split(';');
    const name = property.slice(property.indexOf('.') + 1).toUpperCase();
    return colon > 0 && READ.has(name) ? [readable(line.slice(colon + 1))] : [];
  });
}

/** Parts of an address and escaped signs as one line. */
const readable = (value: string): string =>
  value
    .replace(/\\n/gi, ' ')
    .replace(/\\([,;\\])/g, '$1')
    .split(';')
    .filter((part) => part.trim() !== '')
    .join(' ');
